//! How urgent a case looks to its reader: staff follow the stage's clock, the asker the promise.

use crate::Work;
use calendar::{Colour, Interval, Unit};
use jiff::Timestamp;
use model::cases::CaseState;

/// Whose dates a reader follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The stages' own.
    Staff,
    /// The promise only.
    Asker,
}

/// How urgent a case looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Urgency {
    /// Now.
    pub colour: Colour,
    /// When it turns, or turned, yellow; none where nothing is due.
    pub yellow_at: Option<Timestamp>,
}

/// How urgent a case looks to a reader now.
pub(super) fn urgency(work: &Work, case: &CaseState, reader: Reader) -> Urgency {
    let dates = match reader {
        Reader::Staff => case.clock.as_ref().map(|clock| (case.since, clock.due_at)),
        Reader::Asker => promised(case),
    };
    let Some((since, due)) = dates else {
        return Urgency { colour: Colour::Green, yellow_at: None };
    };
    let yellow = work.shelf.calendar.yellow_at(&[Interval::since(since)], Unit::Workday, due);
    Urgency { colour: Colour::at(work.now(), yellow, due), yellow_at: Some(yellow) }
}

/// The promise while it runs: not while the case waits, nor once it is answered.
fn promised(case: &CaseState) -> Option<(Timestamp, Timestamp)> {
    let runs = case.clock.as_ref().is_some_and(|clock| clock.running);
    let promise = case.promise.as_ref().filter(|_| runs && case.answered_at.is_none())?;
    Some((promise.since, promise.at))
}

/// The word of a colour.
pub(super) fn word(colour: Colour) -> &'static str {
    match colour {
        Colour::Green => "green",
        Colour::Yellow => "yellow",
        Colour::Red => "red",
    }
}
