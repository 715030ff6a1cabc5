//! Organisations, posts, persons and who holds what. Everything about who may, who must and who
//! serves is read from here; whatever changes it is followed by asking all open cases again.

mod absence;
mod administrators;
mod call;
mod desk;
mod hand_over;
mod holdings;
mod list;
mod mask;
mod orgs;
mod persons;
mod posts;
mod visits;

pub use absence::{SetAbsence, set_absence};
pub(crate) use call::calls_to;
pub use call::{Called, Line, Pair, Switchboard};
pub(crate) use desk::keep_desk;
pub use hand_over::{HandOver, HandedOver, Move, hand_over};
pub use holdings::{Appoint, Dismiss, NewPerson, add_people, appoint, appoint_all, dismiss};
pub(crate) use holdings::{appoint_by_act, dismiss_by_act};
pub use list::{Holder, PostQuery, PostView, list_posts};
pub use mask::{mask_address, mask_name, mask_phone};
pub use orgs::{DissolveOrg, NewOrg, OrgQuery, OrgView, add_orgs, dissolve_org, list_orgs};
pub use persons::{HeldPost, PersonQuery, PersonView, list_people};
pub use posts::{EndPost, NewPost, create_posts, end_post};
pub use visits::{NewVisit, VisitCount, VisitQuery, count_visits, record_visit};

use crate::{County, Error, Once, Result, Work};
use jiff::civil::Date;
use model::PostId;
use model::access::Actor;
use model::people::Selection;
use rowdb::{BoxFuture, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// The title of a role in the current pack.
pub(crate) fn role_title(work: &Work, role: &str) -> String {
    let known = work.shelf.current.as_ref().and_then(|pack| pack.roles.get(role));
    known.map_or_else(|| role.to_owned(), |role| role.title.clone())
}

/// A post by its organisation, or else its place, and the title of its role today.
pub(crate) fn post_title(work: &Work, post: PostId) -> String {
    titled(work, post, |role| Some(role_title(work, role)))
}

/// The same with the title that a role has elsewhere, in the pack of an older case.
pub(crate) fn titled(
    work: &Work,
    post: PostId,
    title: impl FnOnce(&str) -> Option<String>,
) -> String {
    let network = &work.shelf.network;
    let Some(held) = network.post(post) else { return String::new() };
    let org = held.org.and_then(|it| network.org(it)).map(|it| it.name.as_str());
    let place = held.place.and_then(|it| network.place(it)).map(|it| it.name.as_str());
    format!("{}{}", org.or(place).unwrap_or_default(), title(&held.role).unwrap_or_default())
}

/// The word of a way in which holders are found.
pub(crate) fn selection_word(selection: Selection) -> &'static str {
    match selection {
        Selection::SelfNominated => "self_nominated",
        Selection::Recommended => "recommended",
        Selection::Appointed => "appointed",
        Selection::Recruited => "recruited",
    }
}

/// Whether something that ends on `end` still exists on `day`.
pub(crate) fn lasts(end: Option<Date>, day: Date) -> bool {
    end.is_none_or(|end| day < end)
}

/// Refuses a day in the past; the program itself may write history.
pub(crate) fn not_past(work: &Work, field: &str, day: Date) -> Result<()> {
    if day >= work.today() || matches!(work.actor, Actor::System { .. }) {
        return Ok(());
    }
    Err(Error::field(field, "past", "不能是过去的日子", "not in the past"))
}

impl County {
    /// Runs a use case that changes who answers, then asks all open cases again who owns them.
    pub async fn run_and_renew<T, F>(
        self: &Arc<Self>,
        actor: Actor,
        once: Option<Once>,
        f: F,
    ) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
        F: for<'a> Fn(&'a mut Tx, Work) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
    {
        let answer = self.run_once(actor, once, f).await?;
        crate::cases::renew_all(self).await?;
        Ok(answer)
    }
}
