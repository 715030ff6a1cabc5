//! Joining a similar open case: the joined request keeps its own number and verdict, moves with the
//! other until that is answered, and can be taken out again.

use super::act::visible;
use super::carry::{FOLLOW, record_act};
use super::open::{How, record};
use super::show::{CaseView, view};
use crate::{Error, Result, Work};
use method::decide::{Decision, Form};
use model::CaseId;
use model::access::{Actor, Operation};
use model::cases::{Asker, CaseState, FieldValue, Hiding};
use model::journal::{Event, Link};
use rowdb::Tx;
use std::collections::BTreeMap;
use store::cases::Case;

/// Joins an open case with words of one's own (`words?`).
pub async fn join(tx: &mut Tx, work: &mut Work, id: CaseId, form: &Form) -> Result<CaseView> {
    work.may(Operation::JoinCase)?;
    let case = joinable(tx, id).await?;
    let person = match work.actor {
        Actor::Resident { person } => Some(person),
        _ => None,
    };
    if person.is_some() && already(tx, &case, person).await? {
        let (zh, en) = ("您已经加入这件诉求", "you have joined this case already");
        return Err(Error::rule("already_joined", zh, en));
    }
    let (joined, entry) = (work.draw.id(), work.draw.entry());
    let asker = Asker::Resident { person, hiding: Hiding::Named };
    let mut decision = Decision::plain(with_asker(&case.state, asker, work.now()));
    decision.private = words(form)?;
    for field in decision.private.keys() {
        decision.state.fields.insert(field.as_str().into(), FieldValue::Private { private: entry });
    }
    let how = How {
        hiding: Hiding::Named,
        point: None,
        channel: "join".to_owned(),
        source: None,
        link: Some((case.id, Link::Joined)),
    };
    let joined = record(tx, work, (joined, entry), decision, how).await?;
    view(tx, work, &joined).await
}

/// A case that may be joined: open, a resident's, not sensitive, not joined itself.
async fn joinable(tx: &mut Tx, id: CaseId) -> Result<Case> {
    let case = store::cases::get(tx, id).await?;
    let case = case.filter(|it| !it.sensitive && it.link != Some(Link::Joined));
    let case = case.ok_or_else(|| Error::not_found("case", id))?;
    let residents = matches!(case.state.asker, Asker::Resident { .. });
    if case.state.end.is_some() || !residents || case.state.answered_at.is_some() {
        let (zh, en) = ("这件诉求已答复或办结,请另行提交", "this case is answered; open your own");
        return Err(Error::rule("not_joinable", zh, en));
    }
    Ok(case)
}

async fn already(tx: &mut Tx, case: &Case, person: Option<model::PersonId>) -> Result<bool> {
    let is = |state: &CaseState| matches!(state.asker, Asker::Resident { person: asker, .. } if asker == person);
    let joined = store::cases::children(tx, case.id).await?;
    Ok(is(&case.state) || joined.iter().any(|it| it.state.end.is_none() && is(&it.state)))
}

fn words(form: &Form) -> Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for (field, value) in form {
        let text = value.as_str().map(str::trim).filter(|it| it.chars().count() <= 1000);
        match (field.as_str(), text) {
            ("title" | "body" | "contact", Some(text)) => {
                texts.insert(field.clone(), text.to_owned());
            }
            _ => return Err(Error::field(field, "unknown", "表单没有这一项", "no such field")),
        }
    }
    Ok(texts)
}

/// The state of a joined request: where the other stands, with an asker and a history of its own.
fn with_asker(state: &CaseState, asker: Asker, now: jiff::Timestamp) -> CaseState {
    let mut own = state.clone();
    own.asker = asker;
    own.opened_at = now;
    own.counts = BTreeMap::new();
    own.done_by = BTreeMap::new();
    own.children = BTreeMap::new();
    own.pending = None;
    own.verdict = None;
    own.contacted = None;
    own.dispatches = 0;
    own.source_due = None;
    own.fields.retain(|_, value| !matches!(value, FieldValue::Private { .. }));
    own
}

/// After an act on a case, the requests joined to it move along, as long as they are not answered.
pub(super) async fn follow(tx: &mut Tx, work: &mut Work, case: &Case) -> Result<()> {
    let resident = matches!(case.state.asker, Asker::Resident { .. });
    if !resident || case.link == Some(Link::Joined) || case.state.end.is_some() {
        return Ok(());
    }
    for id in store::cases::joined(tx, case.id).await? {
        let Some(joined) = store::cases::get(tx, id).await? else { continue };
        if joined.state.end.is_none() && joined.state.answered_at.is_none() {
            let state = moved(&joined.state, &case.state);
            let entry = work.draw.entry();
            record_act(tx, work, &joined, (FOLLOW, entry), &Decision::plain(state)).await?;
        }
    }
    Ok(())
}

/// Where the other case stands, with what is the joined request's own.
fn moved(own: &CaseState, other: &CaseState) -> CaseState {
    let mut state = own.clone();
    state.pack.clone_from(&other.pack);
    state.state.clone_from(&other.state);
    state.owner = other.owner;
    state.clock.clone_from(&other.clock);
    state.promise.clone_from(&other.promise);
    state.entered.clone_from(&other.entered);
    state.waits.clone_from(&other.waits);
    state.kept.clone_from(&other.kept);
    state.since = other.since;
    state.matter.clone_from(&other.matter);
    state.place = other.place;
    state.answered_at = other.answered_at;
    for (field, value) in &other.fields {
        if !matches!(value, FieldValue::Private { .. }) {
            state.fields.insert(field.clone(), value.clone());
        }
    }
    state
}

/// Takes a joined request out again: it stands alone where it is.
pub async fn unjoin(tx: &mut Tx, work: &mut Work, id: CaseId) -> Result<CaseView> {
    work.may(Operation::UnjoinCase)?;
    let mut case = visible(tx, work, id).await?;
    let (Some(Link::Joined), Some(from)) = (case.link, case.parent) else {
        let (zh, en) = ("这件诉求没有并入其他诉求", "this case is joined to none");
        return Err(Error::rule("not_joined", zh, en));
    };
    let entry = work.draw.entry();
    let revision = case.revision + 1;
    let at = work.now().max(case.changed_at);
    let about = (Some(id.0), Some(revision), at);
    work.record_as(tx, entry, about, Event::CaseUnjoined { case: id, from }).await?;
    case.link = None;
    case.parent = None;
    case.revision = revision;
    case.changed_at = at;
    view(tx, work, &case).await
}
