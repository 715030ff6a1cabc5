//! Every situation a procedure can reach: its state and the counters that bound what may follow.
//! Guards are taken as open; what can neither bound nor be counted is left out of the counters.

use super::{Check, On};
use crate::definition::{Action, Procedure};
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use std::collections::HashMap;

/// Situations walked at most.
pub(super) const MOST: usize = 200_000;

/// Longest way told.
const TOLD: usize = 12;

/// A state and how often each counted action was done, capped where more makes no difference: the bits
/// of one number, the state above all, so that millions of them are told apart quickly.
type Situation = u128;

/// Bits kept for the state.
const STATE: u32 = 16;

/// All situations with the ways between them.
pub(super) struct Walk<'a> {
    pub states: Vec<&'a str>,
    /// State of each situation; 0 is the first.
    pub at: Vec<u32>,
    pub complete: bool,
    actions: Vec<&'a str>,
    ways: Vec<Way>,
    /// Where the ways of each situation end among all; they begin where those of the one before end.
    ends: Vec<usize>,
}

/// A way out of a situation.
#[derive(Clone, Copy)]
struct Way {
    action: u32,
    to: u32,
}

impl Walk<'_> {
    /// The situations that may follow one.
    pub fn next(&self, situation: usize) -> impl DoubleEndedIterator<Item = usize> {
        self.ways(situation).iter().map(|way| way.to as usize)
    }

    /// The state of a situation, by its position.
    pub fn state(&self, situation: usize) -> usize {
        self.at.get(situation).map_or(usize::MAX, |it| *it as usize)
    }

    fn ways(&self, situation: usize) -> &[Way] {
        let begin = situation.checked_sub(1).and_then(|it| self.ends.get(it)).copied();
        let end = self.ends.get(situation).copied();
        end.and_then(|end| self.ways.get(begin.unwrap_or(0)..end)).unwrap_or_default()
    }
}

/// An action as the walk sees it.
struct Step {
    action: u32,
    from: Vec<usize>,
    to: Option<usize>,
    counter: Option<Counter>,
    at_most: Option<u32>,
    after: Vec<(Counter, u32)>,
}

/// How often an action was done, among the bits of a situation.
#[derive(Clone, Copy)]
struct Counter {
    shift: u32,
    cap: u32,
    /// Whether it starts anew with each stay.
    per_stay: bool,
}

impl Counter {
    fn bits(self) -> u32 {
        u32::BITS - self.cap.leading_zeros()
    }

    fn mask(self) -> Situation {
        ((1 << self.bits()) - 1) << self.shift
    }

    fn of(self, situation: Situation) -> u32 {
        u32::try_from((situation & self.mask()) >> self.shift).unwrap_or(u32::MAX)
    }
}

struct Model<'a> {
    states: Vec<&'a str>,
    actions: Vec<&'a str>,
    steps: Vec<Step>,
    /// The bits of the counters that start anew with each stay.
    stays: Situation,
}

pub(super) fn walk<'a>(on: &On<'a>) -> Option<Walk<'a>> {
    let Some(model) = Model::new(on) else { return Some(Walk::none()) };
    let entry = model.states.iter().position(|state| Some(*state) == on.graph.entry)?;
    let steps: Vec<Vec<&Step>> = (0..model.states.len()).map(|at| model.from(at)).collect();
    let mut list: IndexSet<Situation, FxBuildHasher> = std::iter::once(placed(entry)).collect();
    let (mut ways, mut ends) = (Vec::new(), Vec::new());
    while let Some(situation) = list.get_index(ends.len()).copied().filter(|_| list.len() <= MOST) {
        for step in steps.get(state(situation)).into_iter().flatten() {
            let Some(after) = model.after(situation, step) else { continue };
            let to = u32::try_from(list.insert_full(after).0).unwrap_or(u32::MAX);
            ways.push(Way { action: step.action, to });
        }
        ends.push(ways.len());
    }
    Some(Walk {
        complete: list.len() <= MOST,
        at: list.iter().map(|it| u32::try_from(state(*it)).unwrap_or(u32::MAX)).collect(),
        states: model.states,
        actions: model.actions,
        ways,
        ends,
    })
}

/// The situation of a state in which nothing was done yet.
fn placed(state: usize) -> Situation {
    (state as Situation) << (Situation::BITS - STATE)
}

/// The state of a situation.
fn state(situation: Situation) -> usize {
    usize::try_from(situation >> (Situation::BITS - STATE)).unwrap_or(usize::MAX)
}

impl Walk<'_> {
    /// Of what cannot be walked.
    fn none() -> Self {
        let (states, actions, at) = (Vec::new(), Vec::new(), Vec::new());
        Self { states, at, complete: false, actions, ways: Vec::new(), ends: Vec::new() }
    }
}

impl<'a> Model<'a> {
    /// None where the counters are so many that no number holds them.
    fn new(on: &On<'a>) -> Option<Self> {
        let procedure = on.procedure;
        let states: Vec<&str> = procedure.states.keys().map(String::as_str).collect();
        u16::try_from(states.len()).ok()?;
        let position = |id: &str| states.iter().position(|state| *state == id);
        let counters = counters(procedure)?;
        let counter = |id: &str| counters.get(id).copied();
        let step = |(at, (id, action)): (usize, (&'a String, &'a Action))| Step {
            action: u32::try_from(at).unwrap_or(u32::MAX),
            from: action.from.iter().filter_map(|from| position(from)).collect(),
            to: action.to.as_deref().and_then(position),
            counter: counter(id),
            at_most: action.at_most,
            after: action
                .after
                .iter()
                .filter_map(|(id, count)| Some((counter(id)?, *count)))
                .collect(),
        };
        let steps = procedure.actions.iter().enumerate().map(step);
        let steps = steps.filter(|step| step.to.is_some() || step.counter.is_some()).collect();
        let stays = counters.values().filter(|it| it.per_stay);
        let stays = stays.fold(0, |bits, it| bits | it.mask());
        let actions = procedure.actions.keys().map(String::as_str).collect();
        Some(Self { states, actions, steps, stays })
    }

    /// The steps that begin in a state.
    fn from(&self, state: usize) -> Vec<&Step> {
        self.steps.iter().filter(|it| it.from.contains(&state)).collect()
    }

    /// What a step of its state makes of a situation, if it may be taken.
    fn after(&self, situation: Situation, step: &Step) -> Option<Situation> {
        let done = step.counter.map_or(0, |it| it.of(situation));
        let used_up = step.at_most.is_some_and(|most| step.counter.is_some() && done >= most);
        let earned = step.after.iter().all(|(counter, needed)| counter.of(situation) >= *needed);
        if used_up || !earned {
            return None;
        }
        let counted = step.counter.filter(|it| done < it.cap).map_or(0, |it| 1 << it.shift);
        let after = situation + counted;
        let Some(to) = step.to else { return Some(after) };
        let counts = placed(1) - 1;
        Some(after & counts & !self.stays | placed(to))
    }
}

/// The counters that bound something, by action; none where no number holds them all.
fn counters(procedure: &Procedure) -> Option<HashMap<&str, Counter>> {
    let needed =
        |id: &str| procedure.actions.values().filter_map(|it| it.after.get(id)).max().copied();
    let (mut counters, mut shift) = (HashMap::new(), 0);
    for (id, action) in &procedure.actions {
        let bound = action.at_most.filter(|_| action.to.is_some()).max(needed(id));
        let Some(bound) = bound else { continue };
        // More often than that is not walked anyway; so many bits still fit one number.
        let cap = bound.max(action.at_most.unwrap_or(0)).min(u32::from(u8::MAX));
        let counter = Counter { shift, cap, per_stay: action.per_stay };
        shift += counter.bits();
        counters.insert(id.as_str(), counter);
    }
    (shift <= Situation::BITS - STATE).then_some(counters)
}

pub(super) fn check(on: &On<'_>, walk: &Walk<'_>) {
    if !walk.complete {
        on.add(Check::TooMany, &[], &[&on.procedure.id, &MOST.to_string()]);
        return;
    }
    let free = can_end(on, walk);
    let mut told: Vec<usize> = Vec::new();
    let stuck = (0..free.len()).filter(|it| free.get(*it) == Some(&false));
    for situation in stuck {
        let state = walk.state(situation);
        if !told.contains(&state) {
            told.push(state);
            let id = walk.states.get(state).copied().unwrap_or_default();
            // Where no bound is to blame, `no_way_out` has said it.
            if on.graph.reach(id, |_| true).iter().any(|it| on.graph.is_end(it)) {
                on.add(Check::Stuck, &["state", id], &[id, &way_to(walk, situation)]);
            }
        }
    }
}

/// Which situations lead to an end. Most ways lead to what was found later, so that a few rounds from the
/// last situation to the first tell it.
fn can_end(on: &On<'_>, walk: &Walk<'_>) -> Vec<bool> {
    let ends: Vec<bool> = walk.states.iter().map(|id| on.graph.is_end(id)).collect();
    let is_end = |at: usize| ends.get(walk.state(at)) == Some(&true);
    let mut free: Vec<bool> = (0..walk.at.len()).map(is_end).collect();
    loop {
        let before = free.iter().filter(|it| **it).count();
        for at in (0..free.len()).rev() {
            let leads = |free: &[bool]| walk.next(at).any(|to| free.get(to) == Some(&true));
            if free.get(at) == Some(&false)
                && leads(&free)
                && let Some(mark) = free.get_mut(at)
            {
                *mark = true;
            }
        }
        if free.iter().filter(|it| **it).count() == before {
            return free;
        }
    }
}

/// The actions of a shortest way to a situation.
fn way_to(walk: &Walk<'_>, target: usize) -> String {
    let mut came: HashMap<usize, (usize, u32)> = HashMap::new();
    let mut queue = std::collections::VecDeque::from([0]);
    while let Some(at) = queue.pop_front() {
        for Way { action, to } in walk.ways(at).iter().copied() {
            let to = to as usize;
            if to != 0 && !came.contains_key(&to) {
                came.insert(to, (at, action));
                queue.push_back(to);
            }
        }
    }
    let back = std::iter::successors(came.get(&target), |(from, _)| came.get(from));
    let named = back.filter_map(|(_, action)| walk.actions.get(*action as usize).copied());
    let mut way: Vec<&str> = named.collect();
    if way.len() > TOLD {
        way.truncate(TOLD);
        way.push("…");
    }
    way.reverse();
    way.join(" → ")
}
