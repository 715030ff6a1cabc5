//! The longest lawful life of a case by its limits alone, with its path: a report for whoever
//! signs the pack.

use super::situations::Walk;
use super::timers::{days, span};
use super::{Check, On};
use crate::definition::Limit;

pub(super) fn report(on: &On<'_>, walk: &Walk<'_>) {
    if !walk.complete || walk.at.is_empty() {
        return;
    }
    let stays = Stays::new(on, walk);
    let mut best: Vec<(f64, Option<usize>)> = vec![(0.0, None); walk.at.len()];
    let mut done = vec![false; walk.at.len()];
    for at in finished(walk) {
        let mut longest = (0.0, None);
        // A situation still under way closes a circle, which `loop_unbounded` judges.
        for to in walk.next(at).filter(|to| done.get(*to) == Some(&true)) {
            let stay = stays.between(walk.state(at), walk.state(to));
            let rest = best.get(to).map_or(0.0, |it| it.0) + stay;
            if rest > longest.0 {
                longest = (rest, Some(to));
            }
        }
        if let (Some(slot), Some(done)) = (best.get_mut(at), done.get_mut(at)) {
            (*slot, *done) = (longest, true);
        }
    }
    let life = best.first().map_or(0.0, |it| it.0) + budget(on, walk, walk.state(0));
    let path = path(walk, &best);
    on.add(Check::LongestLife, &[], &[&on.procedure.id, &format!("{life:.0}"), &path]);
}

/// Situations in the order in which a depth-first walk leaves them.
fn finished(walk: &Walk<'_>) -> Vec<usize> {
    let mut seen = vec![false; walk.at.len()];
    let mut order = Vec::with_capacity(walk.at.len());
    let mut stack = vec![(0, walk.next(0))];
    if let Some(first) = seen.first_mut() {
        *first = true;
    }
    while let Some((at, ways)) = stack.last_mut() {
        match ways.next() {
            None => {
                order.push(*at);
                stack.pop();
            }
            Some(to) => {
                if let Some(mark) = seen.get_mut(to).filter(|mark| !**mark) {
                    *mark = true;
                    stack.push((to, walk.next(to)));
                }
            }
        }
    }
    order
}

/// Days that entering a state from another may add, by their positions.
struct Stays {
    states: usize,
    days: Vec<f64>,
}

impl Stays {
    fn new(on: &On<'_>, walk: &Walk<'_>) -> Self {
        let states = walk.states.len();
        let pairs = (0..states).flat_map(|from| (0..states).map(move |to| (from, to)));
        Self { states, days: pairs.map(|(from, to)| stay(on, walk, from, to)).collect() }
    }

    fn between(&self, from: usize, to: usize) -> f64 {
        self.days.get(from * self.states + to).copied().unwrap_or(0.0)
    }
}

/// Days that entering `to` from `from` may add: nothing when a budget is merely resumed.
fn stay(on: &On<'_>, walk: &Walk<'_>, from: usize, to: usize) -> f64 {
    let (Some(came), Some(state)) = (named(on, walk, from), named(on, walk, to)) else {
        return 0.0;
    };
    let origin = match &state.limit {
        Some(Limit::Span(_, origin) | Limit::Named(_, origin)) => origin.as_deref(),
        _ => None,
    };
    let resumed = !came.waits.is_empty() && state.waits.is_empty();
    let running = origin.is_some_and(|origin| walk.states.get(from).copied() != Some(origin));
    if from == to || resumed || running { 0.0 } else { budget(on, walk, to) }
}

fn named<'a>(on: &On<'a>, walk: &Walk<'_>, state: usize) -> Option<&'a crate::definition::State> {
    on.procedure.states.get(*walk.states.get(state)?)
}

fn budget(on: &On<'_>, walk: &Walk<'_>, state: usize) -> f64 {
    let limit = named(on, walk, state).and_then(|state| state.limit.as_ref());
    limit.and_then(|limit| span(on, limit)).map_or(0.0, days)
}

fn path(walk: &Walk<'_>, best: &[(f64, Option<usize>)]) -> String {
    let mut states: Vec<&str> = Vec::new();
    let situations = std::iter::successors(Some(0), |at| best.get(*at).and_then(|it| it.1));
    for situation in situations {
        let state = walk.states.get(walk.state(situation)).copied();
        if state != states.last().copied() {
            states.extend(state);
        }
    }
    states.join(" → ")
}
