//! The rules an act must pass, in order: state, doer, bounds, guard, approval, children.

use super::form::Read;
use super::scope::CaseScope;
use super::{Approval, Decision, Doer, Refusal, Step, clock, who};
use crate::definition::{By, Who};
use calendar::Span;
use model::Name;
use model::cases::{CaseState, End, FieldValue};
use model::ids::PostId;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn state(step: &Step<'_>, case: &CaseState) -> Result<(), Refusal> {
    if step.action.starts_in(&case.state) {
        return Ok(());
    }
    if case.end.is_some() {
        return Err(Refusal::Ended);
    }
    Err(Refusal::WrongState { state: case.state.to_string() })
}

pub(super) fn doer(step: &Step<'_>, case: &CaseState) -> Result<(), Refusal> {
    let may = match step.by {
        // The clock acts only where the pack names the action in `late`, `joined` or the like.
        Doer::Clock | Doer::Granted { .. } => true,
        _ => step.action.by.iter().any(|by| match by {
            By::Who(who) => who::is(step.world, case, who, step.by),
            By::Clock => false,
        }),
    };
    if !may {
        return Err(Refusal::NotYours);
    }
    let Doer::Post(post) = step.by else { return Ok(()) };
    if step.action.all && said(step, case).contains(&post) {
        return Err(Refusal::Exhausted { at_most: 1 });
    }
    for action in &step.action.not_by {
        let did = case.done_by.get(action.as_str()).into_iter().flatten();
        if did.into_iter().any(|before| same_hand(step, *before, post)) {
            return Err(Refusal::DidBefore { action: action.clone() });
        }
    }
    Ok(())
}

/// 会签: the posts that have signed in this stay.
fn said<'a>(step: &Step<'_>, case: &'a CaseState) -> &'a [PostId] {
    let all = case.done_by.get(step.id).map_or(&[][..], Vec::as_slice);
    let stay = usize::try_from(case.count(step.id).stay).unwrap_or(0);
    all.get(all.len().saturating_sub(stay)..).unwrap_or_default()
}

/// The same post, or two posts held by one person today.
fn same_hand(step: &Step<'_>, one: PostId, other: PostId) -> bool {
    let day = step.world.today();
    let person = |post| step.world.network.person(post, day);
    one == other || (person(one).is_some() && person(one) == person(other))
}

pub(super) fn bounds(step: &Step<'_>, case: &CaseState) -> Result<(), Refusal> {
    let done = case.count(step.id);
    if let Some(at_most) = step.action.at_most {
        let so_often = if step.action.per_stay { done.stay } else { done.case };
        if so_often >= at_most {
            return Err(Refusal::Exhausted { at_most });
        }
    }
    for (action, times) in &step.action.after {
        let count = case.count(action);
        let stays = step.procedure.actions.get(action).is_some_and(|it| it.per_stay);
        let done = if stays { count.stay } else { count.case };
        if done < *times {
            return Err(Refusal::TooEarly { action: action.clone(), times: *times });
        }
    }
    window(step, case)
}

fn window(step: &Step<'_>, case: &CaseState) -> Result<(), Refusal> {
    let Some((span, from)) = &step.action.within else { return Ok(()) };
    let since = match from {
        Some(state) => case.entered.get(state.as_str()).copied().unwrap_or(case.since),
        None => case.ended_at.unwrap_or(case.since),
    };
    let closes = step.world.calendar.due(since, *span).at;
    if step.world.now > closes {
        return Err(Refusal::WindowClosed { at: closes });
    }
    Ok(())
}

pub(super) fn guard(
    step: &Step<'_>,
    case: &CaseState,
    asked: &BTreeMap<Name, FieldValue>,
) -> Result<(), Refusal> {
    let Some(guard) = &step.action.when else { return Ok(()) };
    let scope = CaseScope { world: step.world, procedure: step.procedure, case, asked };
    if guard.holds(&scope) {
        return Ok(());
    }
    let path = format!("procedures.{}.action.{}.says", step.procedure.id, step.id);
    let english = step.world.pack.text("en", &path).map(str::to_owned);
    let says = [step.action.says.clone(), english];
    Err(Refusal::Guard { rule: guard.source().to_owned(), says })
}

/// What a guard reads from registers, as it was when it was tried: `item.status` → value.
pub(super) fn facts(
    step: &Step<'_>,
    fields: &BTreeMap<Name, FieldValue>,
) -> BTreeMap<Name, FieldValue> {
    let columns = step.action.when.iter().flat_map(|guard| guard.columns());
    let read = columns.filter_map(|(field, column)| {
        let value = step.world.facts.row(fields.get(field)?)?.get(column)?;
        Some((format!("{field}.{column}").into(), value.clone()))
    });
    read.collect()
}

/// `solved` and `decided` wait for the children; every other end drops them.
pub(super) fn children(step: &Step<'_>, case: &CaseState) -> Result<(), Refusal> {
    let to = step.action.to.as_ref().and_then(|to| step.procedure.states.get(to));
    let waits = matches!(to.and_then(|to| to.end), Some(End::Solved | End::Decided));
    let pending = case.pending.as_ref().map_or(0, |_| 1);
    let open = case.children.values().sum::<u32>().saturating_sub(pending);
    if waits && open > 0 {
        return Err(Refusal::ChildrenOpen { open });
    }
    Ok(())
}

pub(super) fn approval(
    step: &Step<'_>,
    case: &CaseState,
    read: Read,
    who: &Who,
    (asked, within): (PostId, Span),
) -> Result<Decision, Refusal> {
    if let Some(pending) = &case.pending {
        return Err(Refusal::ApprovalPending { action: pending.action.clone() });
    }
    let approver = other_than(step, case, who, asked);
    let approval =
        Approval { action: step.id.to_owned(), form: read.values.clone(), asked, approver, within };
    let mut state = case.clone();
    clock::reprice(step.world, step.procedure, &mut state);
    Ok(Decision {
        state,
        private: read.private,
        form: read.values,
        facts: BTreeMap::new(),
        voice: None,
        effects: Vec::new(),
        approval: Some(approval),
    })
}

/// Four eyes: the approver is another person than the requester, else the next up.
fn other_than(step: &Step<'_>, case: &CaseState, who: &Who, asked: PostId) -> PostId {
    let day = step.world.today();
    let mut excluded: BTreeSet<uuid::Uuid> = case.about.clone();
    excluded.insert(asked.0);
    let network = step.world.network;
    if let Some(person) = network.person(asked, day) {
        excluded.extend(network.posts_of(person, day).into_iter().map(|post| post.0));
    }
    let mut apart = case.clone();
    apart.about = excluded;
    who::resolve(step.world, &apart, who).unwrap_or(asked)
}
