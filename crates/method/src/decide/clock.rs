//! One clock, one promise: when the stage and the promise are due, as functions of what the case
//! has spent, so that a new calendar, an extension or another matter re-prices only what remains.

use super::World;
use crate::definition::{Limit, Matter, Procedure, State};
use calendar::{Due, Interval, Span};
use jiff::Timestamp;
use model::cases::{CaseState, FieldValue, Promise, StageClock, Wait};

/// Reckons promise and stage clock anew. The rung of the ladder is kept.
pub(super) fn reprice(world: &World<'_>, procedure: &Procedure, case: &mut CaseState) {
    if case.end.is_some() {
        case.clock = None;
        return;
    }
    reprice_promise(world, procedure, case);
    let Some(state) = procedure.states.get(case.state.as_str()) else { return };
    let mut due = due(world, procedure, state, case);
    if let Some(floor) = case.kept.as_ref().and_then(|it| it.floor(&case.state)) {
        due.at = due.at.max(floor);
    }
    let before = case.clock.take().filter(|clock| clock.rung > 0);
    // A stage that is late at its entry rings at once, not in the past.
    let first = due.at.max(case.since);
    let (rung, timer_at) = before.map_or((0, first), |clock| (clock.rung, clock.timer_at));
    case.clock = Some(StageClock {
        due_at: due.at,
        running: state.waits.is_empty(),
        estimated: due.estimated,
        timer_at,
        rung,
    });
}

/// After the clock has acted and the stay goes on: the next rung, `again` (or the limit) later.
pub(super) fn next_rung(world: &World<'_>, state: &State, case: &mut CaseState, rang: Timestamp) {
    let procedure = world.pack.procedures.get(case.procedure.as_str());
    let limit = match (&state.again, &state.limit) {
        (Some(again), _) => Some(*again),
        (None, Some(limit)) => procedure.and_then(|it| span(world, it, case, limit)),
        _ => None,
    };
    let Some(clock) = &mut case.clock else { return };
    let day: Option<Span> = "1 wd".parse().ok();
    clock.rung += 1;
    let from = rang.max(case.since);
    let next = limit.or(day).map_or(from, |span| world.calendar.due(from, span).at);
    // A step that is over already would ring at once, again and again, after a long stop.
    clock.timer_at = if next > world.now {
        next
    } else {
        limit.or(day).map_or(next, |span| world.calendar.due(world.now, span).at)
    };
}

fn reprice_promise(world: &World<'_>, procedure: &Procedure, case: &mut CaseState) {
    let Some(before) = &case.promise else { return };
    let since = before.since;
    let kept = case.kept.as_ref().and_then(|it| it.promise.as_ref()?.parse().ok());
    let limit = || span(world, procedure, case, procedure.promise.as_ref()?);
    let at = match (case.source_due, kept.or_else(limit)) {
        (Some(at), _) => Due { at, estimated: false },
        (None, Some(span)) => {
            let longer = parse(&case.promise_extensions);
            running(world, case, since, span, &longer)
        }
        (None, None) => return,
    };
    case.promise = Some(Promise { at: at.at, since, estimated: at.estimated });
}

/// The promise follows the pack again: the matter is another one, or it begins anew.
pub(super) fn forget_promise(case: &mut CaseState) {
    if let Some(kept) = &mut case.kept {
        kept.promise = None;
    }
}

/// Begins the promise: at the opening, and again when an ended case is reopened.
pub(super) fn begin_promise(world: &World<'_>, procedure: &Procedure, case: &mut CaseState) {
    let begun = Promise { at: world.now, since: world.now, estimated: false };
    case.promise = procedure.promise.as_ref().map(|_| begun);
    case.promise_extensions.clear();
    forget_promise(case);
    reprice_promise(world, procedure, case);
}

/// The budget of a limit, the matter's override first.
pub(super) fn span(
    world: &World<'_>,
    procedure: &Procedure,
    case: &CaseState,
    limit: &Limit,
) -> Option<Span> {
    match limit {
        Limit::Span(span, _) => Some(*span),
        Limit::Named(name, _) => {
            let own = case.limits.get(name.as_str()).and_then(|it| it.parse().ok());
            let matter = matter(world, procedure, case).and_then(|it| it.limits.get(name));
            own.or_else(|| matter.or_else(|| procedure.limits.get(name)).copied())
        }
        Limit::Until(_) | Limit::Parent => None,
    }
}

/// The matter of a case in its catalogue.
pub(super) fn matter<'a>(
    world: &World<'a>,
    procedure: &Procedure,
    case: &CaseState,
) -> Option<&'a Matter> {
    let catalogue = world.pack.matters.get(procedure.matters.as_ref()?)?;
    catalogue.get(case.matter.as_ref()?.as_str())
}

fn due(world: &World<'_>, procedure: &Procedure, state: &State, case: &CaseState) -> Due {
    let far = Due { at: case.since, estimated: false };
    let Some(limit) = &state.limit else { return far };
    match limit {
        Limit::Until(field) => {
            Due { at: until(case, field).unwrap_or(case.since), estimated: false }
        }
        Limit::Parent => Due { at: world.parent_due.unwrap_or(case.since), estimated: false },
        Limit::Span(_, from) | Limit::Named(_, from) => {
            let Some(budget) = span(world, procedure, case, limit) else { return far };
            if !state.waits.is_empty() {
                return world.calendar.due(case.since, budget);
            }
            let origin = from.as_deref().unwrap_or(&case.state);
            let since = case.entered.get(origin).copied().unwrap_or(case.since);
            let longer = case.extensions.get(origin).map(|it| parse(it)).unwrap_or_default();
            let due = running(world, case, since, budget, &longer);
            capped(due, case)
        }
    }
}

/// The intervals in which the budget of a case's state was used until `now`; none where the state is
/// bound by a date or by another case.
pub fn worked(procedure: &Procedure, case: &CaseState, now: Timestamp) -> Option<Vec<Interval>> {
    let state = procedure.states.get(case.state.as_str())?;
    let (Limit::Span(_, from) | Limit::Named(_, from)) = state.limit.as_ref()? else { return None };
    if !state.waits.is_empty() {
        return Some(vec![Interval::since(case.since)]);
    }
    let origin = from.as_deref().unwrap_or(&case.state);
    let since = case.entered.get(origin).copied().unwrap_or(case.since);
    Some(work(since, &case.waits, now))
}

/// No stage outlasts the promise, while the promise still lies ahead and nothing was answered yet.
fn capped(due: Due, case: &CaseState) -> Due {
    match case.promise.as_ref().filter(|_| case.answered_at.is_none()) {
        Some(promise) if promise.at > case.since && promise.at < due.at => {
            Due { at: promise.at, estimated: promise.estimated }
        }
        _ => due,
    }
}

/// When a budget that began at `since` is due, with the waits since then taken out.
fn running(
    world: &World<'_>,
    case: &CaseState,
    since: Timestamp,
    budget: Span,
    longer: &[Span],
) -> Due {
    let work = work(since, &case.waits, world.now);
    world.calendar.due_with(&work, budget, longer).unwrap_or(Due { at: since, estimated: false })
}

/// The intervals in which the clock ran; a wait that lasts is taken to end now, so that a due date
/// can be named while nothing runs.
fn work(since: Timestamp, waits: &[Wait], now: Timestamp) -> Vec<Interval> {
    let mut from = since;
    let mut intervals = Vec::new();
    for wait in waits.iter().filter(|wait| wait.until.is_none_or(|until| until > since)) {
        let start = wait.from.max(since);
        if start > from {
            intervals.push(Interval::between(from, start));
        } else if intervals.is_empty() {
            intervals.push(Interval::between(from, from));
        }
        from = wait.until.unwrap_or(now).max(from);
    }
    intervals.push(Interval::since(from));
    intervals
}

fn parse(spans: &[String]) -> Vec<Span> {
    spans.iter().filter_map(|span| span.parse().ok()).collect()
}

/// The instant a date or time field names: a date lasts until its day ends.
pub(super) fn until(case: &CaseState, field: &str) -> Option<Timestamp> {
    let FieldValue::Text(text) = case.fields.get(field)? else { return None };
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    text.parse().ok().map(calendar::end_of_day)
}
