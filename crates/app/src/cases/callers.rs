//! Whoever calls the duty desk: earlier cases by telephone number. Nothing is told that the desk does
//! not see in its lists; the number is compared, never shown.

use super::list::{Line, line};
use super::sight::{Sight, sight};
use crate::access::{normal_phone, phone_key};
use crate::{Error, Result, Work};
use model::access::{Actor, Operation};
use rowdb::Tx;
use std::collections::BTreeSet;
use store::cases::{CaseFilter, Listed};

/// So many cases are told.
const MOST: usize = 20;

/// Cases of whoever is reached by a number, the newest first: all of a resident who registered it,
/// and open ones in which it was given. For the duty desk only: a number that somebody can ask for
/// tells who asked.
pub async fn by_contact(tx: &mut Tx, work: &mut Work, phone: &str) -> Result<Vec<Line>> {
    work.may(Operation::ListByContact)?;
    if !is_desk(work) {
        let (zh, en) = ("只有值班岗可以按电话查找", "only the duty desk looks up callers");
        return Err(Error::rule("desk_only", zh, en));
    }
    let phone = normal_phone(phone)?;
    let mut found = registered(tx, work, &phone).await?;
    let known: BTreeSet<_> = found.iter().map(|it| it.case.id).collect();
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    for id in store::cases::by_contact(tx, &phone, most).await? {
        let case = store::cases::get(tx, id).await?.filter(|_| !known.contains(&id));
        let Some(case) = case else { continue };
        let title = store::journal::private_value(tx, case.entry, "title").await?;
        found.push(Listed { case, title });
    }
    found.retain(|it| sight(work, &it.case) == Sight::Full);
    found.sort_by_key(|it| std::cmp::Reverse((it.case.state.opened_at, it.case.id)));
    found.into_iter().take(MOST).map(|it| line(work, it)).collect()
}

fn is_desk(work: &Work) -> bool {
    let Actor::Staff { post, .. } = &work.actor else { return true };
    let network = &work.shelf.network;
    let desk = network.fallback().split('@').next();
    network.post(*post).is_some_and(|it| desk == Some(it.role.as_str()))
}

/// The cases of a resident who logs in by this number, but not what was asked anonymously.
async fn registered(tx: &mut Tx, work: &Work, phone: &str) -> Result<Vec<Listed>> {
    let resident = store::access::resident_by_key(tx, &phone_key(work, phone)).await?;
    let Some(resident) = resident else { return Ok(Vec::new()) };
    let filter = CaseFilter::new().asker(resident.person);
    Ok(store::cases::page(tx, &filter, MOST).await?.items)
}
