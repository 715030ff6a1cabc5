//! Names inside a procedure, and whether its ways lead in, out and not for ever round.

use super::{Check, On};
use crate::definition::Limit;

pub(super) fn check(on: &On<'_>) {
    names(on);
    if !on.procedure.actions.contains_key("open") {
        on.add(Check::MissingKey, &["action"], &["open"]);
        return;
    }
    ways(on);
    loops(on);
    instant(on);
}

fn names(on: &On<'_>) {
    let procedure = on.procedure;
    let missing = |known: bool, path: &[&str], name: &str| {
        if !known {
            on.add(Check::UnknownRef, path, &[name]);
        }
    };
    let state = |name: &str| procedure.states.contains_key(name);
    let action = |name: &str| procedure.actions.contains_key(name);
    for (id, it) in &procedure.states {
        for (key, list) in [("late", &it.late), ("joined", &it.joined)] {
            list.iter().for_each(|name| missing(action(name), &["state", id, key], name));
        }
        for (key, list) in ["passed", "failed", "void"].into_iter().zip(&it.outcomes) {
            list.iter().for_each(|name| missing(action(name), &["state", id, key], name));
        }
        if let Some(limit) = &it.limit {
            limit_names(on, limit, &["state", id, "limit"]);
        }
        if let Some(stage) = &it.stage {
            missing(procedure.stages.contains(stage), &["state", id, "stage"], stage);
        }
    }
    for (id, it) in &procedure.actions {
        it.from.iter().for_each(|name| missing(state(name), &["action", id, "from"], name));
        it.to.iter().for_each(|name| missing(state(name), &["action", id, "to"], name));
        it.after.keys().for_each(|name| missing(action(name), &["action", id, "after"], name));
        it.not_by.iter().for_each(|name| missing(action(name), &["action", id, "not_by"], name));
        if let Some((_, Some(from))) = &it.within {
            missing(state(from), &["action", id, "within"], from);
        }
        if let Some(field) = &it.becomes {
            missing(on.pack.fields.contains_key(field), &["action", id, "becomes"], field);
        }
    }
    if let Some(limit) = &procedure.promise {
        limit_names(on, limit, &["promise"]);
    }
    if let Some(catalogue) = &procedure.matters {
        missing(on.pack.matters.contains_key(catalogue), &["matters"], catalogue);
    }
}

fn limit_names(on: &On<'_>, limit: &Limit, path: &[&str]) {
    let origin = match limit {
        Limit::Named(name, origin) => {
            if !on.procedure.limits.contains_key(name) {
                on.add(Check::UnknownRef, path, &[name]);
            }
            origin
        }
        Limit::Span(_, origin) => origin,
        Limit::Until(field) => {
            let kind = on.pack.fields.get(field).map(|field| field.kind);
            if !matches!(kind, Some(crate::definition::Kind::Date | crate::definition::Kind::Time))
            {
                on.add(Check::UnknownRef, path, &[field]);
            }
            &None
        }
        Limit::Parent => &None,
    };
    if let Some(origin) = origin.as_ref().filter(|it| !on.procedure.states.contains_key(*it)) {
        on.add(Check::UnknownRef, path, &[origin]);
    }
}

/// An end that only the program gives, or that a procedure merely inherits, needs no way in.
fn ways(on: &On<'_>) {
    let reached = on.graph.reached();
    for (id, state) in &on.procedure.states {
        if !reached.contains(id.as_str()) {
            let given = state.end == Some(model::cases::End::Imported);
            let inherited = state.end.is_some() && is_inherited(on, id);
            if !given && !inherited {
                on.add(Check::Unreachable, &["state", id], &[id]);
            }
            continue;
        }
        let ends = on.graph.reach(id, |_| true);
        if !ends.iter().any(|it| on.graph.is_end(it)) {
            on.add(Check::NoWayOut, &["state", id], &[id]);
        }
    }
}

/// Ends come from `every`; giving them other words does not claim a way to them.
fn is_inherited(on: &On<'_>, id: &str) -> bool {
    on.is_common(&["state", id, "end"])
}

fn loops(on: &On<'_>) {
    let unbounded = |edge: &super::graph::Edge<'_>| {
        let action = edge.action;
        (action.at_most.is_none() || action.per_stay) && action.approval.is_none()
    };
    let mut told: Vec<String> = Vec::new();
    for edge in on.graph.edges.iter().filter(|edge| unbounded(edge)) {
        let back = if edge.from == edge.to {
            Some(edge.to.to_owned())
        } else {
            on.graph.way(edge.to, edge.from, unbounded)
        };
        let Some(back) = back else { continue };
        // One way round is told once, from its first state in the file.
        let mut states: Vec<&str> = back.split(' ').step_by(2).collect();
        states.sort_unstable();
        states.dedup();
        let key = states.join(" ");
        if !told.contains(&key) {
            told.push(key);
            let way = format!("{} -{}-> {back}", edge.from, edge.id);
            on.add(Check::LoopUnbounded, &["action", edge.id], &[&way]);
        }
    }
}

fn instant(on: &On<'_>) {
    let next = |state: &str| {
        let joined = &on.graph.state(state)?.joined;
        let to = on.procedure.actions.get(joined.first()?)?.to.as_deref()?;
        on.procedure.states.get_key_value(to).map(|(id, _)| id.as_str())
    };
    for start in on.procedure.states.keys() {
        let mut at = next(start);
        let mut way = vec![start.as_str()];
        while let Some(state) = at.filter(|_| way.len() <= on.procedure.states.len()) {
            way.push(state);
            if state == start {
                on.add(Check::InstantLoop, &["state", start, "joined"], &[&way.join(" → ")]);
                break;
            }
            at = next(state);
        }
    }
}
