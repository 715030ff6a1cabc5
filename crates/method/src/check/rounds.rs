//! Ballots, cycles and figures: whether they make sense, and reward no effort that nobody needs.

use super::{Check, Found, On};
use crate::definition::{Cycle, Effect, Indicator, Kind, Limit, Pack};
use crate::read::tree::Node;

/// A ballot closes with the clock and by nothing else, and every outcome leads out.
pub(super) fn ballots(on: &On<'_>) {
    for (id, state) in &on.procedure.states {
        let keys = ["passed", "failed", "void"];
        if state.ballot.is_none() {
            for key in keys.into_iter().filter(|key| on.has(&["state", id, key])) {
                on.add(Check::UnknownKey, &["state", id, key], &[key]);
            }
            continue;
        }
        if !state.late.iter().all(|it| it == "remind") {
            on.add(Check::BallotBypassed, &["state", id, "late"], &[id, "late"]);
        }
        for (key, list) in keys.into_iter().zip(&state.outcomes) {
            let last = list.last().and_then(|it| on.procedure.actions.get(it));
            let leaves = last.and_then(|it| it.to.as_ref()).is_some_and(|to| to != id);
            if !leaves {
                on.add(Check::BallotBypassed, &["state", id, key], &[id, key]);
            }
        }
        for edge in on.graph.edges.iter().filter(|edge| edge.from == id && edge.to != id) {
            let counted = state.outcomes.iter().flatten().any(|it| it == edge.id);
            let withdrawn = edge.id == "withdraw" && on.is_common(&["action", edge.id, "to"]);
            if !counted && !withdrawn {
                on.add(Check::BallotBypassed, &["action", edge.id], &[id, edge.id]);
            }
        }
    }
}

pub(super) fn check(pack: &Pack, root: &Node, found: &Found) {
    for (id, cycle) in &pack.cycles {
        overlap(pack, (id, cycle), root, found);
    }
    for (id, indicator) in &pack.indicators {
        effort(pack, (id, indicator), root, found);
    }
    let used = |board: &String| {
        let mut all = pack.procedures.values().flat_map(super::effects::all);
        all.any(|(_, it)| matches!(it, Effect::Publish { board: named, .. } if named == board))
    };
    for id in pack.boards.keys().filter(|id| !used(id)) {
        found.add(Check::Unused, root.mark(&["boards", id]), &[id]);
    }
}

/// A cycle that comes round before what it opened can be done.
fn overlap(pack: &Pack, (id, cycle): (&String, &Cycle), root: &Node, found: &Found) {
    for effect in &cycle.then {
        let Effect::Open { procedure: child, .. } = effect else { continue };
        let Some(procedure) = pack.procedures.get(child) else { continue };
        let graph = super::Graph::new(procedure);
        let node = root.mark(&["cycles", id]);
        let on = On { pack, procedure, node: root, graph: &graph, found };
        let first = graph.entry.and_then(|it| graph.state(it)).and_then(|it| it.limit.as_ref());
        // A date is given with each opening.
        let first = first.filter(|it| !matches!(it, Limit::Until(_)));
        let most = first.and_then(|limit| super::timers::span(&on, limit));
        if most.is_some_and(|it| super::timers::days(it) > f64::from(cycle.every.days())) {
            found.add(Check::CycleOverlap, node, &[id, child]);
        }
    }
}

/// What a figure may not reward: photos, or how often somebody did something that asks nothing.
fn effort(pack: &Pack, (id, indicator): (&String, &Indicator), root: &Node, found: &Found) {
    let at = root.mark(&["indicators", id, "is"]);
    for action in indicator.is.counted() {
        let asked =
            indicator.of.iter().filter_map(|of| pack.procedures.get(of)?.actions.get(action));
        let empty = asked.flat_map(|it| &it.asks).all(|ask| {
            let kind = pack.fields.get(&ask.field).map(|it| it.kind);
            matches!(kind, Some(Kind::Photo | Kind::File | Kind::Point))
        });
        if empty {
            found.add(Check::CountsEffort, at, &[id, action]);
        }
    }
    let photos = |field: &&str| {
        let kind = pack.fields.get(*field).map(|it| it.kind);
        matches!(kind, Some(Kind::Photo | Kind::File))
    };
    for field in indicator.is.reads().into_iter().filter(photos) {
        found.add(Check::CountsEffort, at, &[id, field]);
    }
}
