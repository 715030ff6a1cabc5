//! Queueing what an act tells the asker, in its transaction; and how far each message has come.

use super::verdict;
use crate::access::normal_phone;
use crate::cases::visible;
use crate::{Result, Work};
use jiff::Timestamp;
use model::CaseId;
use model::access::Operation;
use model::cases::{Asker, CaseState, Hiding};
use model::messages::{Delivery, MessageKind};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use store::cases::Case;
use uuid::Uuid;

/// Whom a case of the asker's waits for, in the pack's word.
const ASKER: &str = "asker";

/// Tells the asker that a request was taken in.
pub(crate) async fn tell_opened(tx: &mut Tx, work: &mut Work, case: &Case) -> Result<()> {
    // What another case opened is the house's own division of work.
    match case.state.end.is_none() && case.link.is_none() {
        true => tell(tx, work, case, MessageKind::Accepted).await,
        false => Ok(()),
    }
}

/// Tells the asker what an act came to, if that is the asker's to know at once.
pub(crate) async fn tell_acted(
    tx: &mut Tx,
    work: &mut Work,
    (before, after): (&CaseState, &Case),
) -> Result<()> {
    match news(before, &after.state) {
        Some(kind) => tell(tx, work, after, kind).await,
        None => Ok(()),
    }
}

fn news(before: &CaseState, after: &CaseState) -> Option<MessageKind> {
    let waits = |state: &CaseState| state.waiting().is_some_and(|wait| wait.for_whom == ASKER);
    if after.end.is_some() {
        return None;
    }
    if after.answered_at.is_some() && after.answered_at != before.answered_at {
        return Some(MessageKind::Answered);
    }
    let open_again = before.end.is_some() || before.answered_at.is_some();
    if open_again && after.answered_at.is_none() {
        return Some(MessageKind::Reopened);
    }
    (waits(after) && !waits(before)).then_some(MessageKind::Paused)
}

async fn tell(tx: &mut Tx, work: &mut Work, case: &Case, kind: MessageKind) -> Result<()> {
    if !work.tells || phone_of(tx, case).await?.is_none() {
        return Ok(());
    }
    let id: Uuid = work.draw.id();
    store::messages::enqueue(tx, id, (case.id, kind), work.now()).await?;
    match kind {
        MessageKind::Answered => verdict::keep(tx, work, case).await,
        _ => Ok(()),
    }
}

/// The telephone of whoever asked: the resident's own, else the contact given. None of somebody who
/// asked anonymously.
pub(super) async fn phone_of(tx: &mut Tx, case: &Case) -> Result<Option<String>> {
    let Asker::Resident { person, hiding } = case.state.asker else { return Ok(None) };
    if hiding == Hiding::Anonymous {
        return Ok(None);
    }
    let own = match person {
        Some(person) => store::people::contact(tx, person).await?.phone,
        None => None,
    };
    let said = match own {
        Some(phone) => Some(phone),
        None => store::journal::private_value(tx, case.entry, "contact").await?,
    };
    Ok(said.and_then(|it| normal_phone(&it).ok()))
}

/// A message of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// What was told.
    pub kind: MessageKind,
    /// How far it has come.
    pub state: Delivery,
    /// When the act was done that it tells of.
    pub made_at: Timestamp,
    /// Since when it is so far.
    pub changed_at: Timestamp,
    /// How often it was tried.
    pub tries: i64,
}

/// The messages of a case, as long as they are kept.
pub async fn list_messages(tx: &mut Tx, work: &mut Work, id: &CaseId) -> Result<Vec<MessageView>> {
    work.may(Operation::ListMessages)?;
    let case = visible(tx, work, *id).await?;
    let found = store::messages::of_case(tx, case.id).await?.into_iter();
    let view = |it: store::messages::Message| MessageView {
        kind: it.kind,
        state: it.state,
        made_at: it.made_at,
        changed_at: it.changed_at,
        tries: it.tries,
    };
    Ok(found.map(view).collect())
}
