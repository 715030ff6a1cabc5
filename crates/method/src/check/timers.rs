//! What the clock does: ladders, waits, origins, dates and windows.

use super::graph::Edge;
use super::{Check, On};
use crate::definition::{Action, By, Limit, State};
use calendar::{Span, Unit};

pub(super) fn check(on: &On<'_>) {
    for (id, state) in &on.procedure.states {
        for (key, ladder) in [("late", &state.late), ("joined", &state.joined)] {
            self::ladder(on, id, key, ladder);
        }
        for (key, ladder) in ["passed", "failed", "void"].into_iter().zip(&state.outcomes) {
            self::ladder(on, id, key, ladder);
        }
        if state.end.is_none() && state.late.is_empty() && !on.has(&["state", id, "ballot"]) {
            on.add(Check::NoConsequence, &["state", id], &[id, "—"]);
        }
        if !state.waits.is_empty() {
            wait(on, id, state);
        }
        if let Some(limit) = &state.limit {
            origin(on, id, limit, &["state", id, "limit"]);
            stale(on, id, limit);
            promise(on, id, state, limit);
        }
    }
    for (id, action) in &on.procedure.actions {
        never_done(on, id, action);
        if let Some((span, from)) = &action.within {
            window(on, id, action, (*span, from.as_deref()));
        }
    }
}

fn ladder(on: &On<'_>, state: &str, key: &str, ladder: &[String]) {
    let path = ["state", state, key];
    for (at, id) in ladder.iter().enumerate() {
        let Some(action) = on.procedure.actions.get(id) else { continue };
        if let Some(why) = refusal(action, state) {
            on.add(Check::ClockCannot, &path, &[id, why]);
        }
        let before = ladder.get(..at).unwrap_or_default();
        if at + 1 == ladder.len() && can_fail(on, action, before) {
            on.add(Check::NoConsequence, &path, &[key, id]);
        }
    }
}

/// The key that keeps the clock from doing an action here.
fn refusal(action: &Action, state: &str) -> Option<&'static str> {
    let rules = [
        (!action.from.iter().any(|from| from == state), "from"),
        (action.asks.iter().any(|ask| !ask.optional), "asks"),
        (action.approval.is_some(), "approval"),
        (!action.not_by.is_empty(), "not_by"),
        (action.all, "all"),
        (action.becomes.is_some(), "becomes"),
    ];
    rules.into_iter().find(|(hit, _)| *hit).map(|(_, key)| key)
}

/// Whether the last rung may be refused. Counting what a rung before has done to its bound is sure:
/// that rung goes first until then.
fn can_fail(on: &On<'_>, action: &Action, before: &[String]) -> bool {
    let earned = |(name, count): (&String, &u32)| {
        let bound = on.procedure.actions.get(name).and_then(|it| it.at_most);
        before.contains(name) && bound.is_some_and(|bound| bound >= *count)
    };
    action.when.is_some()
        || action.within.is_some()
        || action.at_most.is_some()
        || !action.after.iter().all(earned)
}

fn never_done(on: &On<'_>, id: &str, action: &Action) {
    let named = || {
        let mut ladders =
            on.procedure.states.values().flat_map(|it| {
                it.late.iter().chain(&it.joined).chain(it.outcomes.iter().flatten())
            });
        ladders.any(|it| it == id)
    };
    if id != "open" && action.by == [By::Clock] && !on.is_common(&["action", id]) && !named() {
        on.add(Check::NeverDone, &["action", id], &[id]);
    }
}

fn wait(on: &On<'_>, id: &str, state: &State) {
    let path = ["state", id, "waits"];
    let conditions = state.waits.iter().any(|it| it == "conditions");
    let bounded = |edge: &Edge<'_>| edge.action.at_most.is_some() && !edge.action.per_stay;
    for edge in on.graph.into(id) {
        let again = on.graph.reach(edge.to, |it| !bounded(it)).contains(edge.from);
        let open = if conditions {
            edge.action.approval.is_none()
        } else {
            !bounded(edge) && edge.action.approval.is_none() && again
        };
        if open {
            on.add(Check::WaitUnbounded, &path, &[id, edge.id]);
        }
    }
    let last = state.late.last().and_then(|it| on.procedure.actions.get(it));
    if last.is_some_and(|it| it.to.is_none() || it.to.as_deref() == Some(id)) {
        on.add(Check::WaitUnbounded, &path, &[id, "late"]);
    }
    for edge in on.graph.edges.iter().filter(|edge| edge.from == id) {
        if !conditions && edge.action.by.iter().any(|by| is_other(by, &state.waits)) {
            let voiced = edge.action.voice.is_some();
            if !voiced && !on.is_common(&["action", edge.id, "from"]) {
                on.add(Check::WaitCutShort, &["action", edge.id], &[id, edge.id]);
            }
        }
    }
}

/// Whether somebody may do it who is not waited for.
fn is_other(by: &By, waits: &[String]) -> bool {
    use crate::definition::Who;
    match by {
        By::Clock => false,
        By::Who(Who::Asker) => !waits.iter().any(|it| it == "asker"),
        By::Who(Who::Field(field)) => !waits.contains(field),
        By::Who(_) => true,
    }
}

fn origin(on: &On<'_>, state: &str, limit: &Limit, path: &[&str]) {
    let (Limit::Span(_, Some(origin)) | Limit::Named(_, Some(origin))) = limit else { return };
    if on.procedure.states.contains_key(origin) && !on.graph.always_passes(state, origin) {
        on.add(Check::LimitOrigin, path, &[state, origin]);
    }
}

/// A date that was asked for one stay may be past in the next.
fn stale(on: &On<'_>, state: &str, limit: &Limit) {
    let Limit::Until(field) = limit else { return };
    let returns = on.graph.reach(state_key(on, state), |_| true);
    for edge in on.graph.into(state) {
        let asks = edge.action.asks.iter().any(|ask| ask.field == *field && !ask.optional);
        let guarded =
            edge.action.when.as_ref().is_some_and(|it| it.reads().contains(&field.as_str()));
        if !asks && !guarded && returns.contains(edge.from) {
            on.add(Check::StaleDate, &["action", edge.id], &[state, field]);
        }
    }
}

fn state_key<'a>(on: &On<'a>, state: &'a str) -> &'a str {
    on.procedure.states.get_key_value(state).map_or(state, |(id, _)| id.as_str())
}

fn window(on: &On<'_>, id: &str, action: &Action, (span, from): (Span, Option<&str>)) {
    let path = ["action", id, "within"];
    for state in &action.from {
        if let Some(origin) = from
            && on.procedure.states.contains_key(origin)
            && !on.graph.always_passes(state, origin)
        {
            on.add(Check::LimitOrigin, &path, &[id, origin]);
        }
    }
    let outlived = |state: &String| {
        let state = on.graph.state(state)?;
        let leaves = state.late.first().and_then(|it| on.procedure.actions.get(it))?.to.is_some();
        let stay = self::span(on, state.limit.as_ref()?)?;
        Some(leaves && from.is_none() && longer(span, stay)?)
    };
    let all = !action.from.is_empty() && action.from.iter().all(|it| outlived(it) == Some(true));
    if all {
        on.add(Check::WindowDead, &path, &[id]);
    }
}

fn promise(on: &On<'_>, id: &str, state: &State, limit: &Limit) {
    let Some(promise) = on.procedure.promise.as_ref().and_then(|it| span(on, it)) else { return };
    let stage = span(on, limit);
    if state.waits.is_empty()
        && !state.awaits_verdict
        && stage.and_then(|it| longer(it, promise)) == Some(true)
    {
        on.add(Check::OutlastsPromise, &["state", id, "limit"], &[id]);
    }
}

/// The span a limit stands for by default.
pub(super) fn span(on: &On<'_>, limit: &Limit) -> Option<Span> {
    match limit {
        Limit::Span(span, _) => Some(*span),
        Limit::Named(name, _) => on.procedure.limits.get(name).copied(),
        Limit::Until(field) => on.pack.fields.get(field)?.max_span,
        Limit::Parent => None,
    }
}

/// Whether one span is longer than another of the same clock.
fn longer(one: Span, other: Span) -> Option<bool> {
    (one.unit().is_working() == other.unit().is_working()).then(|| days(one) > days(other))
}

/// A span in calendar days, about: a working day is 8 hours, five are a week.
pub(super) fn days(span: Span) -> f64 {
    let one = match span.unit() {
        Unit::Minute => 1.0 / 1440.0,
        Unit::Hour => 1.0 / 24.0,
        Unit::Day => 1.0,
        Unit::Month => 30.4,
        Unit::Year => 365.0,
        Unit::WorkHour => 1.4 / 8.0,
        Unit::Workday => 1.4,
    };
    f64::from(span.count()) * one
}
