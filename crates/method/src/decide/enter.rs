//! Entering a state: waits, budgets, owner, clock, and the effects of actions and states.

use super::{Effect, Form, Step, ToOpen, World, clock, who};
use crate::definition::{Effect as Written, State, ValueOf, Who};
use model::cases::{Asker, CaseState, FieldValue, Wait};
use model::ids::PostId;

/// Moves a case into the state `to`.
pub(super) fn enter(step: &Step<'_>, case: &mut CaseState, to: &str, effects: &mut Vec<Effect>) {
    let Some(state) = step.procedure.states.get(to) else { return };
    let now = step.world.now;
    let resumed = end_wait(case, to, now);
    let from = std::mem::replace(&mut case.state, to.to_owned());
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
            let for_whom = state.waits.join(", ");
            let state = to.to_owned();
            case.waits.push(Wait { state, back_to: from, for_whom, from: now, until: None });
        }
        case.owner = owner(step.world, state, case);
        if state.awaits_verdict && case.answered_at.is_none() {
            case.answered_at = Some(now);
        }
    }
    self::effects(step, case, &state.then, effects);
    clock::reprice(step.world, step.procedure, case);
}

/// Ends the wait that lasts; true when the case comes back to the state it waited from.
fn end_wait(case: &mut CaseState, to: &str, now: jiff::Timestamp) -> bool {
    let Some(wait) = case.waits.last_mut().filter(|wait| wait.until.is_none()) else {
        return false;
    };
    wait.until = Some(now);
    wait.back_to == to
}

fn begin_budget(case: &mut CaseState, to: &str, state: &State, now: jiff::Timestamp) {
    case.entered.insert(to.to_owned(), now);
    case.extensions.remove(to);
    if state.dispatches {
        case.dispatches += 1;
    }
}

/// A pending approval lapses when the case leaves the states its action is possible in.
fn lapse(step: &Step<'_>, case: &mut CaseState, effects: &mut Vec<Effect>) {
    let lapses = case.pending.as_ref().is_some_and(|pending| {
        let action = step.procedure.actions.get(&pending.action);
        !action.is_some_and(|action| action.from.contains(&case.state))
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
        let Some(FieldValue::Int(days)) = case.fields.get(field) else { continue };
        let span = format!("{days} wd");
        let state = step.procedure.states.get(&case.state);
        let origin = state.and_then(|it| it.limit.as_ref()).and_then(|limit| match limit {
            crate::definition::Limit::Span(_, from) | crate::definition::Limit::Named(_, from) => {
                from.clone()
            }
            _ => None,
        });
        let origin = origin.unwrap_or_else(|| case.state.clone());
        case.extensions.entry(origin).or_default().push(span.clone());
        case.promise_extensions.push(span);
    }
}

/// What the effects of an action or a state come to for this case.
pub(super) fn effects(
    step: &Step<'_>,
    case: &CaseState,
    written: &[Written],
    effects: &mut Vec<Effect>,
) {
    for effect in written {
        match effect {
            Written::Notify(whom) => effects.push(tell(step.world, case, whom)),
            Written::Open { procedure, each, asker, child, with } => {
                for member in members(case, each.as_deref()) {
                    let form = with
                        .iter()
                        .filter_map(|(field, value)| {
                            Some((field.clone(), value_of(case, value, member.as_ref())?))
                        })
                        .collect::<Form>();
                    effects.push(Effect::Open(Box::new(ToOpen {
                        procedure: procedure.clone(),
                        asker: asker_of(case, asker.as_ref()),
                        place: case.place,
                        child: *child,
                        form,
                    })));
                }
            }
            Written::Release(procedure) => effects.push(Effect::Release(Some(procedure.clone()))),
            Written::Extend(_) => {}
        }
    }
}

fn tell(world: &World<'_>, case: &CaseState, whom: &[Who]) -> Effect {
    let mut posts: Vec<PostId> = whom
        .iter()
        .filter(|who| **who != Who::Asker || matches!(case.asker, Asker::Post { .. }))
        .filter_map(|who| who::exactly(world, case, who))
        .collect();
    posts.sort();
    posts.dedup();
    let resident = matches!(case.asker, Asker::Resident { .. });
    Effect::Tell { posts, asker: resident && whom.contains(&Who::Asker) }
}

/// One child for each member of a field; one in all when no field is named.
fn members(case: &CaseState, each: Option<&str>) -> Vec<Option<FieldValue>> {
    match each.map(|field| case.fields.get(field)) {
        None => vec![None],
        Some(None) => Vec::new(),
        Some(Some(FieldValue::List(list))) => list.iter().cloned().map(Some).collect(),
        Some(Some(one)) => vec![Some(one.clone())],
    }
}

fn value_of(
    case: &CaseState,
    value: &ValueOf,
    member: Option<&FieldValue>,
) -> Option<serde_json::Value> {
    match value {
        ValueOf::Literal(literal) => Some(literal.clone()),
        // A private text is named by entry and field: whoever opens the case copies it.
        ValueOf::Field(field) if field == "place" => Some(case.place.to_string().into()),
        ValueOf::Field(field) => match case.fields.get(field)? {
            FieldValue::Private { private } => {
                Some(serde_json::json!({ "private": private, "field": field }))
            }
            value => serde_json::to_value(value).ok(),
        },
        ValueOf::Each => serde_json::to_value(member?).ok(),
    }
}

fn asker_of(case: &CaseState, party: Option<&Who>) -> Asker {
    match party {
        Some(Who::Asker) => case.asker,
        _ => case.owner.map_or(Asker::None, |post| Asker::Post { post }),
    }
}
