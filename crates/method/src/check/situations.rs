//! Every situation a procedure can reach: its state and the counters that bound what may follow.
//! Guards are taken as open; what can neither bound nor be counted is left out of the counters.

use super::{Check, On};
use std::collections::HashMap;

/// Situations walked at most.
pub(super) const MOST: usize = 200_000;

/// Longest way told.
const TOLD: usize = 12;

/// A state and how often each counted action was done, capped where more makes no difference: the
/// digits of one number, the state above all, so that millions of them are told apart quickly.
type Situation = u128;

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
    counter: Option<Counter>,
    at_most: Option<u32>,
    after: Vec<(Counter, u32)>,
}

/// How often an action was done, as a digit of a situation.
#[derive(Clone, Copy)]
struct Counter {
    /// What one of it is worth.
    one: u128,
    cap: u32,
    /// Whether it starts anew with each stay.
    per_stay: bool,
}

impl Counter {
    fn of(self, situation: Situation) -> u32 {
        let digit = situation / self.one % (u128::from(self.cap) + 1);
        u32::try_from(digit).unwrap_or(u32::MAX)
    }
}

struct Model<'a> {
    states: Vec<&'a str>,
    steps: Vec<Step<'a>>,
    counters: Vec<Counter>,
    /// What one state is worth.
    state: u128,
}

pub(super) fn walk<'a>(on: &On<'a>) -> Option<Walk<'a>> {
    let Some(model) = Model::new(on) else {
        return Some(Walk { states: vec![], at: vec![], next: vec![], complete: false });
    };
    let entry = model.states.iter().position(|state| Some(*state) == on.graph.entry)?;
    let first = model.state * u128::try_from(entry).ok()?;
    let steps: Vec<Vec<&Step<'_>>> = (0..model.states.len()).map(|at| model.from(at)).collect();
    let mut known = HashMap::from([(first, 0)]);
    let mut list = vec![first];
    let mut next: Vec<Vec<(&str, usize)>> = Vec::new();
    while let Some(situation) = list.get(next.len()).copied() {
        let mut ways = Vec::new();
        for step in steps.get(model.at(situation)).into_iter().flatten() {
            let Some(after) = model.after(situation, step) else { continue };
            let fresh = list.len();
            let target = *known.entry(after).or_insert_with(|| {
                list.push(after);
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
        at: list.iter().map(|it| model.at(*it)).collect(),
        states: model.states,
        next,
        complete,
    })
}

impl<'a> Model<'a> {
    /// None where the counters are so many that no number holds them.
    fn new(on: &On<'a>) -> Option<Self> {
        let procedure = on.procedure;
        let states: Vec<&str> = procedure.states.keys().map(String::as_str).collect();
        let position = |id: &str| states.iter().position(|state| *state == id);
        let needed =
            |id: &str| procedure.actions.values().filter_map(|it| it.after.get(id)).max().copied();
        let (mut counters, mut counter, mut one) = (Vec::new(), HashMap::new(), 1_u128);
        for (id, action) in &procedure.actions {
            let bound = action.at_most.filter(|_| action.to.is_some()).max(needed(id));
            if let Some(bound) = bound {
                // More often than that is not walked anyway; so many digits still fit one number.
                let cap = bound.max(action.at_most.unwrap_or(0)).min(u32::from(u8::MAX));
                let it = Counter { one, cap, per_stay: action.per_stay };
                one = one.checked_mul(u128::from(cap) + 1)?;
                counter.insert(id.as_str(), it);
                counters.push(it);
            }
        }
        let step = |(id, action): (&'a String, &'a crate::definition::Action)| Step {
            id,
            from: action.from.iter().filter_map(|from| position(from)).collect(),
            to: action.to.as_deref().and_then(position),
            counter: counter.get(id.as_str()).copied(),
            at_most: action.at_most,
            after: action
                .after
                .iter()
                .filter_map(|(id, count)| Some((*counter.get(id.as_str())?, *count)))
                .collect(),
        };
        let steps: Vec<_> = procedure
            .actions
            .iter()
            .map(step)
            .filter(|step| step.to.is_some() || step.counter.is_some())
            .collect();
        one.checked_mul(u128::try_from(states.len()).ok()?)?;
        Some(Self { states, steps, counters, state: one })
    }

    /// The state of a situation.
    fn at(&self, situation: Situation) -> usize {
        usize::try_from(situation / self.state).unwrap_or(usize::MAX)
    }

    /// The steps that begin in a state.
    fn from(&self, state: usize) -> Vec<&Step<'a>> {
        self.steps.iter().filter(|it| it.from.contains(&state)).collect()
    }

    /// What a step of its state makes of a situation, if it may be taken.
    fn after(&self, situation: Situation, step: &Step<'_>) -> Option<Situation> {
        let done = step.counter.map_or(0, |it| it.of(situation));
        let used_up = step.at_most.is_some_and(|most| step.counter.is_some() && done >= most);
        let earned = step.after.iter().all(|(counter, needed)| counter.of(situation) >= *needed);
        if used_up || !earned {
            return None;
        }
        let mut after = situation;
        if let Some(counter) = step.counter.filter(|it| done < it.cap) {
            after += counter.one;
        }
        let Some(to) = step.to else { return Some(after) };
        for counter in self.counters.iter().filter(|it| it.per_stay) {
            after -= counter.one * u128::from(counter.of(after));
        }
        Some(after % self.state + self.state * u128::try_from(to).ok()?)
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
