//! Entering a state: waits, budgets, owner, clock, ballot.

use super::{Effect, Refusal, Step, World, ballot, clock, who};
use crate::definition::{Effect as Written, State};
use model::cases::{CaseState, FieldValue, Wait};
use model::ids::PostId;

/// Moves a case into the state `to`.
pub(super) fn enter(
    step: &Step<'_>,
    case: &mut CaseState,
    to: &str,
    effects: &mut Vec<Effect>,
) -> Result<(), Refusal> {
    let Some(state) = step.procedure.states.get(to) else { return Ok(()) };
    let now = step.world.now;
    let resumed = end_wait(case, to, now);
    carry_floor(case, (to, state), resumed.then_some(now));
    let from = std::mem::replace(&mut case.state, to.into());
    let reopened = case.end.take().is_some();
    case.since = now;
    case.counts.values_mut().for_each(|count| count.stay = 0);
    case.clock = None;
    lapse(step, case, effects);
    if let Some(end) = state.end {
        case.end = Some(end);
        case.ended_at = Some(now);
        case.owner = None;
        effects.push(Effect::Release(None));
    } else {
        if reopened {
            case.ended_at = None;
            clock::begin_promise(step.world, step.procedure, case);
        }
        if !resumed {
            begin_budget(case, to, state, now);
        }
        if !state.waits.is_empty() {
            let for_whom = state.waits.join(", ").into();
            let state = to.into();
            case.waits.push(Wait { state, back_to: from, for_whom, from: now, until: None });
        }
        case.owner = owner(step.world, state, case);
        if state.awaits_verdict && case.answered_at.is_none() {
            case.answered_at = Some(now);
        }
    }
    super::effects::effects(step, case, &state.then, effects)?;
    clock::reprice(step.world, step.procedure, case);
    ballot::call(step.world, case, state, effects);
    Ok(())
}

/// Ends the wait that lasts; true when the case comes back to the state it waited from.
fn end_wait(case: &mut CaseState, to: &str, now: jiff::Timestamp) -> bool {
    let Some(wait) = case.waits.last_mut().filter(|wait| wait.until.is_none()) else {
        return false;
    };
    wait.until = Some(now);
    wait.back_to == to
}

/// What a move left standing stands for one stay; a pause within it moves it by its length.
fn carry_floor(
    case: &mut CaseState,
    (to, state): (&str, &State),
    resumed: Option<jiff::Timestamp>,
) {
    let Some(kept) = case.kept.as_mut().filter(|_| state.waits.is_empty()) else { return };
    let floor = kept.due_at.take().filter(|(of, _)| of == to);
    let paused = case.waits.last().zip(resumed).map(|(wait, now)| now.duration_since(wait.from));
    kept.due_at = floor.zip(paused).map(|((of, at), by)| (of, at + by));
}

fn begin_budget(case: &mut CaseState, to: &str, state: &State, now: jiff::Timestamp) {
    case.entered.insert(to.into(), now);
    case.extensions.remove(to);
    if state.dispatches {
        case.dispatches += 1;
    }
}

/// A pending approval lapses when the case leaves the states its action is possible in.
fn lapse(step: &Step<'_>, case: &mut CaseState, effects: &mut Vec<Effect>) {
    let lapses = case.pending.as_ref().is_some_and(|pending| {
        let action = step.procedure.actions.get(&pending.action);
        !action.is_some_and(|action| action.starts_in(&case.state))
    });
    if lapses {
        case.pending = None;
        effects.push(Effect::Release(Some("approval".to_owned())));
    }
}

/// The post that owns the case in a state.
pub(super) fn owner(world: &World<'_>, state: &State, case: &CaseState) -> Option<PostId> {
    state.owner.as_ref().and_then(|who| who::resolve(world, case, who))
}

/// `extend = field`: so many working days for the running budget and for the promise.
pub(super) fn extend(step: &Step<'_>, case: &mut CaseState) {
    for effect in &step.action.then {
        let Written::Extend(field) = effect else { continue };
        let Some(FieldValue::Int(days)) = case.fields.get(field.as_str()) else { continue };
        let span = format!("{days} wd");
        let state = step.procedure.states.get(case.state.as_str());
        let origin = state.and_then(|it| it.limit.as_ref()).and_then(|limit| match limit {
            crate::definition::Limit::Span(_, from) | crate::definition::Limit::Named(_, from) => {
                from.clone()
            }
            _ => None,
        });
        let origin = origin.unwrap_or_else(|| case.state.to_string());
        case.extensions.entry(origin.into()).or_default().push(span.clone());
        case.promise_extensions.push(span);
    }
}
