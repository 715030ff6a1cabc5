//! What came of a run, and how it is counted while it lasts.

use super::measure::{Hours, Queue, Spread};
use jiff::{SignedDuration, Timestamp};
use model::cases::{CaseState, End};
use model::ids::PostId;
use serde::Serialize;
use std::collections::BTreeMap;

/// What came of one run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Its seed.
    pub seed: u64,
    /// Its first instant.
    pub from: Timestamp,
    /// When the last case came from outside; load and queues are measured until then.
    pub last: Timestamp,
    /// When the run was broken off; what is open then has not ended.
    pub until: Timestamp,
    /// By procedure.
    pub procedures: BTreeMap<String, ProcedureOutcome>,
    /// By role.
    pub roles: BTreeMap<String, RoleOutcome>,
    /// Posts that had something to do, the one with the most load first.
    pub posts: Vec<PostOutcome>,
    /// What was tried and refused.
    pub refusals: Vec<Refused>,
    /// Decisions taken.
    pub decisions: u64,
}

/// The cases of a procedure.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ProcedureOutcome {
    /// Cases opened, from outside or by other cases.
    pub opened: u64,
    /// Cases that have ended.
    pub ended: u64,
    /// Cases that are open when the run is broken off.
    pub open: u64,
    /// Ends by their word; `dropped` are those whose parent no longer wanted them.
    pub ends: BTreeMap<&'static str, u64>,
    /// Cases whose promise was missed; where none is made, those with a stage that was overdue.
    pub late: u64,
    /// Times a unit gave a case back to whoever had dispatched it.
    pub returned: u64,
    /// Times the asker said that it is not solved.
    pub rejected: u64,
    /// Times an ended case was reopened.
    pub reopened: u64,
    /// Acts and openings that were refused on submission.
    pub refused: u64,
    /// From lying before a post until it is begun.
    pub wait: Hours,
    /// From opening to end.
    pub to_end: Hours,
    /// By state.
    pub states: BTreeMap<String, StateOutcome>,
}

/// Stays in a state.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StateOutcome {
    /// Stays that were over.
    pub stays: u64,
    /// Stays whose limit ran out.
    pub overdue: u64,
    /// From lying before a post until it is begun.
    pub wait: Hours,
    /// How long they lasted.
    pub stay: Hours,
}

/// The posts of a role.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RoleOutcome {
    /// Posts that are held.
    pub posts: usize,
    /// Those that had something to do.
    pub worked: usize,
    /// Share of their working time that the posts which had something to do were at work.
    pub load: f64,
    /// The same of the busiest.
    pub most_load: f64,
    /// The mean queue of all of them together.
    pub queue: f64,
    /// The longest queue of any.
    pub longest: usize,
}

/// A post; where a person holds several, they are one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PostOutcome {
    /// The post.
    pub post: PostId,
    /// Its role.
    pub role: String,
    /// How many work there at once.
    pub holders: u32,
    /// What was begun.
    pub done: u64,
    /// Share of their working time in which they were at work.
    pub load: f64,
    /// What lay there and was not begun.
    pub queue: Queue,
    /// How long.
    pub wait: Hours,
}

/// An action that was refused on submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The procedure.
    pub procedure: String,
    /// The action; `open` for an opening.
    pub action: String,
    /// The rule that said no.
    pub code: &'static str,
    /// How often.
    pub times: u64,
}

/// Counts of a procedure while it runs.
#[derive(Default)]
pub(super) struct Tally {
    pub outcome: ProcedureOutcome,
    pub wait: Spread,
    to_end: Spread,
    states: BTreeMap<String, Stays>,
}

#[derive(Default)]
struct Stays {
    overdue: u64,
    wait: Spread,
    stay: Spread,
}

/// All counts while it runs.
#[derive(Default)]
pub(super) struct Tallies {
    by_procedure: BTreeMap<String, Tally>,
    refused: BTreeMap<(String, String, &'static str), u64>,
    pub decisions: u64,
}

/// The word for a child that nobody wants any more.
const DROPPED: &str = "dropped";

impl Tallies {
    pub fn of(&mut self, procedure: &str) -> &mut Tally {
        if !self.by_procedure.contains_key(procedure) {
            self.by_procedure.insert(procedure.to_owned(), Tally::default());
        }
        self.by_procedure.entry(procedure.to_owned()).or_default()
    }

    pub fn refused(&mut self, procedure: &str, action: &str, code: &'static str) {
        self.of(procedure).outcome.refused += 1;
        *self.refused.entry((procedure.to_owned(), action.to_owned(), code)).or_default() += 1;
    }

    pub fn refusals(&self) -> Vec<Refused> {
        let refused =
            |((procedure, action, code), times): (&(String, String, &'static str), &u64)| {
                let (procedure, action) = (procedure.clone(), action.clone());
                Refused { procedure, action, code, times: *times }
            };
        let mut refusals: Vec<Refused> = self.refused.iter().map(refused).collect();
        refusals.sort_by_key(|it| std::cmp::Reverse(it.times));
        refusals
    }

    pub fn outcomes(self) -> BTreeMap<String, ProcedureOutcome> {
        self.by_procedure.into_iter().map(|(id, tally)| (id, tally.close())).collect()
    }
}

impl Tally {
    fn state(&mut self, state: &str) -> &mut Stays {
        if !self.states.contains_key(state) {
            self.states.insert(state.to_owned(), Stays::default());
        }
        self.states.entry(state.to_owned()).or_default()
    }

    pub fn waited(&mut self, state: &str, wait: SignedDuration) {
        self.wait.add(wait);
        self.state(state).wait.add(wait);
    }

    pub fn overdue(&mut self, state: &str) {
        self.state(state).overdue += 1;
    }

    /// Counts what an act changed.
    pub fn acted(&mut self, (before, after): (&CaseState, &CaseState), now: Timestamp) {
        if before.verdict != after.verdict && after.verdict.is_some_and(|it| !it.solved) {
            self.outcome.rejected += 1;
        }
        match (before.end, after.end) {
            (None, Some(end)) => self.ended(after, (end.as_str(), now)),
            (Some(end), None) => self.reopened(end),
            _ => {}
        }
        if before.end.is_none() && (before.state != after.state || before.since != after.since) {
            self.state(&before.state).stay.add(now.duration_since(before.since));
        }
    }

    /// A child whose parent no longer wants it.
    pub fn dropped(&mut self, case: &CaseState, now: Timestamp) {
        self.ended(case, (DROPPED, now));
    }

    fn ended(&mut self, case: &CaseState, (end, now): (&'static str, Timestamp)) {
        self.outcome.ended += 1;
        *self.outcome.ends.entry(end).or_default() += 1;
        self.to_end.add(now.duration_since(case.opened_at));
    }

    fn reopened(&mut self, end: End) {
        self.outcome.reopened += 1;
        self.outcome.ended -= 1;
        if let Some(count) = self.outcome.ends.get_mut(end.as_str()) {
            *count -= 1;
        }
    }

    fn close(self) -> ProcedureOutcome {
        let states = self.states.into_iter().map(|(id, it)| {
            let (wait, stay) = (it.wait.hours(), it.stay.hours());
            (id, StateOutcome { stays: stay.n, overdue: it.overdue, wait, stay })
        });
        ProcedureOutcome {
            wait: self.wait.hours(),
            to_end: self.to_end.hours(),
            states: states.collect(),
            ..self.outcome
        }
    }
}
