//! Ballots of a case: called when a state is entered, counted when its clock has run out.

use super::effects::Scene;
use super::{Effect, World};
use crate::definition::{Ballot, State};
use model::cases::CaseState;
use model::effects::Tally;

/// Calls the ballot of a state that was entered; it closes with the state's clock.
pub(super) fn call(
    world: &World<'_>,
    case: &mut CaseState,
    state: &State,
    effects: &mut Vec<Effect>,
) {
    let Some(kind) = &state.ballot else { return };
    case.ballot = Some(model::cases::Ballot { kind: kind.clone(), since: world.now, tally: None });
    let closes = case.clock.as_ref().map(|clock| clock.due_at);
    let call = Scene { world, case }.call(kind, case.place, (world.now, closes));
    effects.push(Effect::Call(call));
}

/// Counts: what came of it is kept with the case, and the actions it leads to are told.
pub(super) fn close<'a>(
    world: &World<'_>,
    case: &mut CaseState,
    state: &'a State,
) -> Option<&'a [String]> {
    let ballot = world.pack.gatherings.get(state.ballot.as_ref()?)?.ballot.as_ref()?;
    let tally = world.facts.tally.clone().unwrap_or_default();
    let [passed, failed, void] = &state.outcomes;
    let outcome = match outcome(ballot, &tally) {
        Outcome::Passed => passed,
        Outcome::Failed => failed,
        Outcome::Void => void,
    };
    if let Some(open) = &mut case.ballot {
        open.tally = Some(tally);
    }
    Some(outcome)
}

/// What a ballot came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Enough took part, and enough of them said yes.
    Passed,
    /// Enough took part.
    Failed,
    /// Too few took part.
    Void,
}

/// What a ballot came to, by its quorum and what it takes to pass.
pub fn outcome(ballot: &Ballot, tally: &Tally) -> Outcome {
    let Tally { called, cast, .. } = *tally;
    if !ballot.quorum.reached(cast, called, cast) {
        return Outcome::Void;
    }
    match ballot.passes.reached(yes(ballot, tally), called, cast) {
        true => Outcome::Passed,
        false => Outcome::Failed,
    }
}

/// How many said yes.
pub(super) fn yes(ballot: &Ballot, tally: &Tally) -> u32 {
    ballot.yes.iter().filter_map(|choice| tally.votes.get(*choice)).sum()
}
