//! Every situation a procedure can reach: its state and the counters that bound what may follow.
//! Guards are taken as open; what can neither bound nor be counted is left out of the counters.

use super::{Check, On};
use std::collections::HashMap;

/// Situations walked at most.
pub(super) const MOST: usize = 200_000;

/// Longest way told.
const TOLD: usize = 12;

/// A state and how often each counted action was done, capped where more makes no difference.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Situation {
    state: usize,
    counts: Vec<u8>,
}

/// All situations with the ways between them.
pub(super) struct Walk<'a> {
    pub states: Vec<&'a str>,
    /// State of each situation; 0 is the first.
    pub at: Vec<usize>,
    /// The ways out of each: action, and the situation it leads to.
    pub next: Vec<Vec<(&'a str, usize)>>,
    pub complete: bool,
}

/// An action as the walk sees it.
struct Step<'a> {
    id: &'a str,
    from: Vec<usize>,
    to: Option<usize>,
    counter: Option<usize>,
    at_most: Option<u8>,
    after: Vec<(usize, u8)>,
}

struct Model<'a> {
    states: Vec<&'a str>,
    steps: Vec<Step<'a>>,
    /// Cap of each counter, and whether it starts anew with each stay.
    counters: Vec<(u8, bool)>,
}

pub(super) fn walk<'a>(on: &On<'a>) -> Option<Walk<'a>> {
    let model = Model::new(on);
    let entry = model.states.iter().position(|state| Some(*state) == on.graph.entry)?;
    let first = Situation { state: entry, counts: vec![0; model.counters.len()] };
    let mut known = HashMap::from([(first.clone(), 0)]);
    let mut list = vec![first];
    let mut next: Vec<Vec<(&str, usize)>> = Vec::new();
    while let Some(situation) = list.get(next.len()).cloned() {
        let mut ways = Vec::new();
        for step in &model.steps {
            let Some(after) = model.after(&situation, step) else { continue };
            let fresh = list.len();
            let target = *known.entry(after).or_insert_with_key(|after| {
                list.push(after.clone());
                fresh
            });
            ways.push((step.id, target));
        }
        next.push(ways);
        if list.len() > MOST {
            break;
        }
    }
    let complete = list.len() <= MOST;
    next.resize(list.len(), Vec::new());
    Some(Walk {
        at: list.iter().map(|it| it.state).collect(),
        states: model.states,
        next,
        complete,
    })
}

impl<'a> Model<'a> {
    fn new(on: &On<'a>) -> Self {
        let procedure = on.procedure;
        let states: Vec<&str> = procedure.states.keys().map(String::as_str).collect();
        let position = |id: &str| states.iter().position(|state| *state == id);
        let needed =
            |id: &str| procedure.actions.values().filter_map(|it| it.after.get(id)).max().copied();
        let mut counters = Vec::new();
        let mut counter = HashMap::new();
        for (id, action) in &procedure.actions {
            let bound = action.at_most.filter(|_| action.to.is_some()).max(needed(id));
            if let Some(bound) = bound {
                counter.insert(id.as_str(), counters.len());
                let cap = bound.max(action.at_most.unwrap_or(0));
                counters.push((u8::try_from(cap).unwrap_or(u8::MAX), action.per_stay));
            }
        }
        let small = |it: u32| u8::try_from(it).unwrap_or(u8::MAX);
        let step = |(id, action): (&'a String, &'a crate::definition::Action)| Step {
            id,
            from: action.from.iter().filter_map(|from| position(from)).collect(),
            to: action.to.as_deref().and_then(position),
            counter: counter.get(id.as_str()).copied(),
            at_most: action.at_most.map(small),
            after: action
                .after
                .iter()
                .filter_map(|(id, count)| Some((*counter.get(id.as_str())?, small(*count))))
                .collect(),
        };
        let steps: Vec<_> = procedure
            .actions
            .iter()
            .map(step)
            .filter(|step| step.to.is_some() || step.counter.is_some())
            .collect();
        Self { states, steps, counters }
    }

    /// What a step makes of a situation, if it may be taken there.
    fn after(&self, situation: &Situation, step: &Step<'_>) -> Option<Situation> {
        let count = |counter: usize| situation.counts.get(counter).copied().unwrap_or(0);
        let used_up = step.counter.zip(step.at_most).is_some_and(|(at, most)| count(at) >= most);
        let earned = step.after.iter().all(|(counter, needed)| count(*counter) >= *needed);
        if !step.from.contains(&situation.state) || used_up || !earned {
            return None;
        }
        let mut counts = situation.counts.clone();
        if let Some((counter, (cap, _))) =
            step.counter.and_then(|at| Some((counts.get_mut(at)?, self.counters.get(at)?)))
        {
            *counter = counter.saturating_add(1).min(*cap);
        }
        if step.to.is_some() {
            for (count, (_, per_stay)) in counts.iter_mut().zip(&self.counters) {
                *count *= u8::from(!per_stay);
            }
        }
        Some(Situation { state: step.to.unwrap_or(situation.state), counts })
    }
}

pub(super) fn check(on: &On<'_>, walk: &Walk<'_>) {
    if !walk.complete {
        on.add(Check::TooMany, &[], &[&on.procedure.id, &MOST.to_string()]);
        return;
    }
    let free = can_end(on, walk);
    let mut told: Vec<usize> = Vec::new();
    for (situation, state) in walk.at.iter().enumerate() {
        let stuck = !free.get(situation).copied().unwrap_or(true);
        if stuck && !told.contains(state) {
            told.push(*state);
            let id = walk.states.get(*state).copied().unwrap_or_default();
            // Where no bound is to blame, `no_way_out` has said it.
            if on.graph.reach(id, |_| true).iter().any(|it| on.graph.is_end(it)) {
                on.add(Check::Stuck, &["state", id], &[id, &way_to(walk, situation)]);
            }
        }
    }
}

/// Which situations lead to an end, found backwards from the ends.
fn can_end(on: &On<'_>, walk: &Walk<'_>) -> Vec<bool> {
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); walk.at.len()];
    for (from, ways) in walk.next.iter().enumerate() {
        for (_, to) in ways {
            if let Some(list) = before.get_mut(*to) {
                list.push(from);
            }
        }
    }
    let is_end = |state: &usize| walk.states.get(*state).is_some_and(|id| on.graph.is_end(id));
    let mut free: Vec<bool> = walk.at.iter().map(is_end).collect();
    let mut next: Vec<usize> = (0..free.len()).filter(|it| free.get(*it) == Some(&true)).collect();
    while let Some(situation) = next.pop() {
        for from in before.get(situation).into_iter().flatten() {
            if let Some(mark) = free.get_mut(*from).filter(|mark| !**mark) {
                *mark = true;
                next.push(*from);
            }
        }
    }
    free
}

/// The actions of a shortest way to a situation.
fn way_to(walk: &Walk<'_>, target: usize) -> String {
    let mut came: HashMap<usize, (usize, &str)> = HashMap::new();
    let mut queue = std::collections::VecDeque::from([0]);
    while let Some(at) = queue.pop_front() {
        for (action, to) in walk.next.get(at).into_iter().flatten() {
            if *to != 0 && !came.contains_key(to) {
                came.insert(*to, (at, action));
                queue.push_back(*to);
            }
        }
    }
    let back = std::iter::successors(came.get(&target), |(from, _)| came.get(from));
    let mut way: Vec<&str> = back.map(|(_, action)| *action).collect();
    if way.len() > TOLD {
        way.truncate(TOLD);
        way.push("…");
    }
    way.reverse();
    way.join(" → ")
}
