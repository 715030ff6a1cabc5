//! Closed means solved: each end may be entered only as promise 2 allows.

use super::graph::Edge;
use super::{Check, On};
use crate::definition::{Action, AskerOf, By, Kind, VerdictBy, Who};
use model::cases::End;

pub(super) fn check(on: &On<'_>) {
    if on.procedure.asker == AskerOf::Resident {
        if on.procedure.verdict == VerdictBy::None {
            on.add(Check::NoVerdict, &["verdict"], &[]);
        }
        if !on.has(&["promise"]) {
            on.add(Check::NoPromise, &[], &[]);
        }
    }
    for edge in &on.graph.edges {
        let Some(end) = on.graph.state(edge.to).and_then(|state| state.end) else { continue };
        let Some(check) = broken(on, edge, end) else { continue };
        on.add(check, &["action", edge.id], &[edge.id]);
    }
}

/// The promise that a way to an end breaks.
fn broken(on: &On<'_>, edge: &Edge<'_>, end: End) -> Option<Check> {
    let action = edge.action;
    let asks = |test: &dyn Fn(&str, Kind) -> bool| {
        action.asks.iter().filter(|ask| !ask.optional).any(|ask| {
            on.pack.fields.get(&ask.field).is_some_and(|field| test(&ask.field, field.kind))
        })
    };
    let (kept, check) = match end {
        End::Solved => (has_verdict(on, edge), Check::Verdict),
        End::Decided => (on.procedure.verdict == VerdictBy::None, Check::Verdict),
        End::Unsolved => (is_reviewed(on, edge) || is_voted(on, edge, true), Check::Unsolved),
        End::Unreached => (is_attempted(on, action), Check::Unreached),
        End::Excluded => (action.approval.is_some() || is_voted(on, edge, false), Check::Excluded),
        End::Withdrawn => (is_askers(action), Check::Withdrawn),
        End::Merged => (asks(&|_, kind| kind == Kind::Case), Check::Merged),
        End::Referred => (asks(&|id, _| id == "receipt"), Check::Referred),
        End::Imported => (false, Check::Imported),
    };
    (!kept).then_some(check)
}

/// Whether whoever has the verdict gives it on this way: the asker, or the ballot that has carried.
fn has_verdict(on: &On<'_>, edge: &Edge<'_>) -> bool {
    match &on.procedure.verdict {
        VerdictBy::Asker => is_askers(edge.action),
        VerdictBy::Ballot(kind) => on.graph.state(edge.from).is_some_and(|state| {
            let [passed, ..] = &state.outcomes;
            state.ballot.as_ref() == Some(kind) && passed.iter().any(|it| it == edge.id)
        }),
        VerdictBy::None => false,
    }
}

/// Whether a ballot that did not carry leads here: the one that has the verdict says that it is not
/// solved; any other only that it is not wanted.
fn is_voted(on: &On<'_>, edge: &Edge<'_>, verdict: bool) -> bool {
    let state = on.graph.state(edge.from);
    state.and_then(|it| Some((it, it.ballot.as_ref()?))).is_some_and(|(state, kind)| {
        let [_, failed, void] = &state.outcomes;
        let judges = on.procedure.verdict == VerdictBy::Ballot(kind.clone());
        judges == verdict && failed.iter().chain(void).any(|it| it == edge.id)
    })
}

/// The asker's word: the asker alone does it, it is recorded as the asker's, or needs the asker too.
fn is_askers(action: &Action) -> bool {
    let asker = By::Who(Who::Asker);
    action.by == [asker.clone()]
        || action.voice == Some(Who::Asker)
        || (action.all && action.by.contains(&asker))
}

/// Three recorded attempts, made by an action that stays.
fn is_attempted(on: &On<'_>, action: &Action) -> bool {
    action.after.iter().any(|(id, count)| {
        *count >= 3 && on.procedure.actions.get(id).is_some_and(|it| it.to.is_none())
    })
}

/// Approved, or said by another post than any that handles: those whose post a field of the case
/// names.
fn is_reviewed(on: &On<'_>, edge: &Edge<'_>) -> bool {
    let handlers: Vec<&Who> = on
        .procedure
        .states
        .values()
        .filter(|state| state.dispatches)
        .filter_map(|state| state.owner.as_ref())
        .collect();
    let owner = on.graph.state(edge.from).and_then(|state| state.owner.as_ref());
    edge.action.approval.is_some()
        || edge.action.by.iter().all(|by| match by {
            By::Clock | By::Who(Who::Asker) => false,
            By::Who(Who::Owner) => owner.is_some_and(|owner| !handlers.contains(&owner)),
            By::Who(who) => !handlers.contains(&who),
        }) && !handlers.is_empty()
}
