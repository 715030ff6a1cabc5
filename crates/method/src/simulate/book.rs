//! A pack with the habits of a county worked into it: what may be done in each state, how often, and how
//! long it takes. Made once a run.

use super::habits::{Habits, Spot, Time, usual};
use crate::definition::{Action, At, By, Kind, Pack, Procedure, State, Who};
use model::cases::End;
use rustc_hash::FxHashMap;

/// All states of all procedures.
pub(super) struct Book<'a>(FxHashMap<&'a str, FxHashMap<&'a str, Stay<'a>>>);

/// A state.
pub(super) struct Stay<'a> {
    /// What may be done in it by somebody, however seldom.
    pub ways: Vec<Way<'a>>,
    /// Whether it is a unit's, to which the case was dispatched.
    pub away: bool,
}

/// An action in a state.
pub(super) struct Way<'a> {
    pub id: &'a str,
    pub action: &'a Action,
    pub weight: f64,
    pub time: Time,
    /// Whether the case leaves the state by it.
    pub moves: bool,
}

impl<'a> Book<'a> {
    pub fn new(pack: &'a Pack, habits: &Habits) -> Self {
        let procedure = |(id, procedure): (&'a String, &'a Procedure)| {
            let states = procedure.states.iter();
            let stay = |(state, defined): (&'a String, &'a State)| {
                (state.as_str(), Stay::new(pack, habits, procedure, (state, defined)))
            };
            (id.as_str(), states.map(stay).collect())
        };
        Self(pack.procedures.iter().map(procedure).collect())
    }

    pub fn stay(&self, procedure: &str, state: &str) -> Option<&Stay<'a>> {
        self.0.get(procedure)?.get(state)
    }
}

impl<'a> Stay<'a> {
    fn new(
        pack: &Pack,
        habits: &Habits,
        procedure: &'a Procedure,
        (id, state): (&'a str, &'a State),
    ) -> Self {
        let here = Here { procedure, id, state };
        let ways = here.ways().map(|(action, defined)| {
            let spot = Spot {
                procedure: procedure.id.clone(),
                state: id.to_owned(),
                action: action.to_owned(),
            };
            let weight = habits.weights.get(&spot).copied();
            Way {
                id: action,
                action: defined,
                weight: weight.unwrap_or_else(|| here.weight(defined)),
                time: habits.times.get(&spot).copied().unwrap_or_else(|| by_form(pack, defined)),
                moves: here.moves(defined),
            }
        });
        let ways = ways.filter(|way| way.weight > 0.0).collect();
        Self { ways, away: state.owner.as_ref().is_some_and(of_unit) }
    }
}

/// A state in its procedure.
struct Here<'a> {
    procedure: &'a Procedure,
    id: &'a str,
    state: &'a State,
}

impl<'a> Here<'a> {
    /// What somebody may do here; what the clock alone may do is not waited for.
    fn ways(&self) -> impl Iterator<Item = (&'a str, &'a Action)> {
        let by_hand = |action: &Action| action.by.iter().any(|by| matches!(by, By::Who(_)));
        let here = self.id;
        let ways = self.procedure.actions.iter().map(|(id, action)| (id.as_str(), action));
        ways.filter(move |(id, action)| {
            *id != "open" && by_hand(action) && action.from.iter().any(|from| from == here)
        })
    }

    /// What is done where nothing is known: each that leads forward alike; where none does, each that
    /// leads anywhere in the house; in a wait only what is waited for.
    fn weight(&self, action: &Action) -> f64 {
        let likely = if self.state.end.is_some() {
            false
        } else if !self.state.waits.is_empty() {
            self.moves(action) && self.awaited(action) && !self.gives_up(action)
        } else if self.ways().any(|(_, other)| self.forward(other)) {
            self.forward(action)
        } else {
            self.moves(action) && !self.gives_up(action)
        };
        f64::from(u8::from(likely))
    }

    fn target(&self, action: &Action) -> Option<&'a State> {
        self.procedure.states.get(action.to.as_ref()?)
    }

    fn moves(&self, action: &Action) -> bool {
        action.to.as_ref().is_some_and(|to| to != self.id)
    }

    /// To a good end, or to a state that comes later and is no wait; an answer leads on to no other state.
    fn forward(&self, action: &Action) -> bool {
        let order = |id: &str| self.procedure.states.get_index_of(id);
        let Some(target) = self.target(action) else { return false };
        match target.end {
            Some(end) => matches!(end, End::Solved | End::Decided),
            None => {
                target.waits.is_empty()
                    && !self.state.awaits_verdict
                    && action.to.as_ref().and_then(|to| order(to)) > order(self.id)
            }
        }
    }

    fn gives_up(&self, action: &Action) -> bool {
        self.target(action).and_then(|it| it.end).is_some_and(End::leaves_denominator)
    }

    fn awaited(&self, action: &Action) -> bool {
        action.by.iter().any(|by| match by {
            By::Who(who) => self.state.waits.contains(&who.to_string()),
            By::Clock => false,
        })
    }
}

/// Whether an owner is named by the unit in a field of the case.
fn of_unit(owner: &Who) -> bool {
    matches!(owner, Who::Field(_) | Who::Role { at: At::Field(_), .. })
}

fn by_form(pack: &Pack, action: &Action) -> Time {
    let required = action.asks.iter().filter(|ask| !ask.optional);
    let kinds = required.filter_map(|ask| pack.fields.get(&ask.field)).map(|field| field.kind);
    let (texts, values): (Vec<Kind>, Vec<Kind>) = kinds.partition(|kind| *kind == Kind::Text);
    usual(values.len(), texts.len())
}
