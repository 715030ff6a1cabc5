//! Long work that goes on after its request was answered: what is under way, and how it ended. Kept in
//! memory: what must last is an entry.

use crate::auth::Caller;
use app::Error;
use app::cases::MovedCases;
use jiff::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// So many of a kind are remembered.
const MOST: usize = 20;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A backup.
    Backup,
    /// A comparison of the tables with the journal.
    Verification,
    /// Cases going over to another version of the pack.
    Moves,
}

/// How it stands.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// It goes on.
    Running,
    /// A backup lies there, as its entry says.
    Kept,
    /// What a comparison found.
    Compared(Vec<String>),
    /// How many cases went over, and why others stayed.
    Moved(MovedCases),
    /// It could not be done; why.
    Failed(String),
}

/// One piece of long work.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub id: Uuid,
    pub kind: Kind,
    /// The client's key: the same request is not a second piece of work.
    pub key: Option<String>,
    /// Who asked for it.
    pub by: Option<String>,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Entries done, or cases gone through.
    pub entries: u64,
    pub outcome: Outcome,
}

impl Run {
    /// One that begins now.
    pub(crate) fn new(
        (id, kind): (Uuid, Kind),
        (caller, by): (&Caller, Option<String>),
        started_at: Timestamp,
    ) -> Self {
        let (key, ended_at, entries) = (caller.key.clone(), None, 0);
        Self { id, kind, key, by, started_at, ended_at, entries, outcome: Outcome::Running }
    }
}

/// All pieces, the newest last.
#[derive(Default)]
pub(crate) struct Runs(Mutex<Vec<Run>>);

impl Runs {
    fn all(&self) -> MutexGuard<'_, Vec<Run>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a piece; the id of an earlier one with the same key, and whether it is new.
    pub(crate) fn begin(&self, run: Run) -> Result<(Uuid, bool), Error> {
        let mut all = self.all();
        let known =
            all.iter().find(|it| it.kind == run.kind && it.key.is_some() && it.key == run.key);
        if let Some(known) = known {
            return Ok((known.id, false));
        }
        let running = |it: &Run| it.kind == run.kind && matches!(it.outcome, Outcome::Running);
        if all.iter().any(running) {
            let (zh, en) = ("上一次还在进行,请等它结束", "one is under way: wait for its end");
            return Err(Error::rule("running_already", zh, en));
        }
        let id = run.id;
        all.push(run);
        let surplus = all.len().saturating_sub(2 * MOST);
        all.drain(..surplus);
        Ok((id, true))
    }

    /// Notes how far it is.
    pub(crate) fn done(&self, id: Uuid, entries: u64) {
        self.change(id, |run| run.entries = entries);
    }

    /// Notes how it ended.
    pub(crate) fn end(&self, id: Uuid, outcome: Outcome, at: Timestamp) {
        self.change(id, |run| (run.outcome, run.ended_at) = (outcome, Some(at)));
    }

    fn change(&self, id: Uuid, f: impl FnOnce(&mut Run)) {
        if let Some(run) = self.all().iter_mut().find(|it| it.id == id) {
            f(run);
        }
    }

    /// Those of a kind, the newest first.
    pub(crate) fn of(&self, kind: Kind) -> Vec<Run> {
        self.all().iter().rev().filter(|it| it.kind == kind).take(MOST).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(n: u128, key: Option<&str>) -> Run {
        Run {
            id: Uuid::from_u128(n),
            kind: Kind::Backup,
            key: key.map(str::to_owned),
            by: None,
            started_at: Timestamp::UNIX_EPOCH,
            ended_at: None,
            entries: 0,
            outcome: Outcome::Running,
        }
    }

    #[test]
    fn one_of_a_kind_runs_at_a_time_and_a_repeated_request_is_the_same() {
        let runs = Runs::default();
        assert_eq!(runs.begin(run(1, Some("a"))).unwrap(), (Uuid::from_u128(1), true));
        assert_eq!(runs.begin(run(2, Some("a"))).unwrap(), (Uuid::from_u128(1), false));
        let refused = runs.begin(run(3, None)).unwrap_err();
        assert!(matches!(refused, Error::Rule { code: "running_already", .. }));
        let other = Run { kind: Kind::Verification, ..run(4, None) };
        assert!(runs.begin(other).unwrap().1);
        runs.end(Uuid::from_u128(1), Outcome::Failed("full".to_owned()), Timestamp::UNIX_EPOCH);
        assert!(runs.begin(run(5, None)).unwrap().1);
        let ids: Vec<u128> = runs.of(Kind::Backup).iter().map(|it| it.id.as_u128()).collect();
        assert_eq!(ids, [5, 1]);
    }
}
