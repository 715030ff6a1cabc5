//! Absences: while the principal is away the deputies answer in order.

use super::desk::{self, Leave};
use crate::{Error, Result, Work};
use jiff::civil::Date;
use model::PersonId;
use model::access::{Operation, Standing};
use model::journal::Event;
use model::people::Absence;
use rowdb::Tx;
use serde::{Deserialize, Serialize};

/// The longest absence in days; whoever is away longer gives up the post.
const LONGEST: i32 = 366;

/// Somebody will be away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetAbsence {
    /// Who.
    pub person: PersonId,
    /// First day away.
    pub from: Date,
    /// First day back.
    pub until: Date,
}

/// Notes an absence: one's own, or anybody's by the system administrator. Follow with renewal of the
/// open cases.
pub async fn set_absence(tx: &mut Tx, work: &mut Work, request: &SetAbsence) -> Result<()> {
    work.may(Operation::SetAbsence)?;
    let SetAbsence { person, from, until } = *request;
    if work.standing() == Standing::Staff && work.actor.person() != Some(person) {
        return Err(Error::Forbidden { operation: Operation::SetAbsence });
    }
    let days = from.until(until).map_or(0, |span| span.get_days());
    if !(1..=LONGEST).contains(&days) || until <= work.today() {
        let chinese = "请假须为1至366天,且尚未结束";
        return Err(Error::field("until", "out_of_range", chinese, "1 to 366 days, not over yet"));
    }
    let posts = work.shelf.network.posts_of(person, from);
    let leave = Leave { posts: &posts, person: Some(person), from, until: Some(until) };
    desk::keep(work, &leave)?;
    let absence = Absence { person, from, until };
    work.record(tx, person.0, Event::AbsenceSet { absence }).await?;
    Ok(())
}
