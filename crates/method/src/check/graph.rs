//! A procedure as a graph of states and the actions that lead from one to another. Guards are
//! taken as open.

use crate::definition::{Action, Procedure, State};
use std::collections::BTreeSet;

/// A way from one state to another.
pub(super) struct Edge<'a> {
    pub from: &'a str,
    pub to: &'a str,
    pub id: &'a str,
    pub action: &'a Action,
}

/// States, and ways between those that exist.
pub(super) struct Graph<'a> {
    pub procedure: &'a Procedure,
    pub edges: Vec<Edge<'a>>,
    /// The state `open` leads to.
    pub entry: Option<&'a str>,
}

impl<'a> Graph<'a> {
    pub fn new(procedure: &'a Procedure) -> Self {
        let known = |id: &str| procedure.states.get_key_value(id).map(|(id, _)| id.as_str());
        let entry = procedure.actions.get("open").and_then(|it| known(it.to.as_deref()?));
        let ways = procedure.actions.iter().flat_map(|(id, action)| {
            let to = action.to.as_deref().and_then(known);
            let from = action.from.iter().filter_map(move |from| known(from));
            from.zip(std::iter::repeat(to))
                .filter_map(move |(from, to)| Some(Edge { from, to: to?, id, action }))
        });
        Self { procedure, edges: ways.collect(), entry }
    }

    pub fn state(&self, id: &str) -> Option<&'a State> {
        self.procedure.states.get(id)
    }

    pub fn is_end(&self, id: &str) -> bool {
        self.state(id).is_some_and(|state| state.end.is_some())
    }

    pub fn into(&self, state: &str) -> impl Iterator<Item = &Edge<'a>> {
        self.edges.iter().filter(move |edge| edge.to == state)
    }

    /// States that can be reached from `start` by edges that `may` be taken, `start` included.
    pub fn reach(&self, start: &'a str, may: impl Fn(&Edge<'a>) -> bool) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::from([start]);
        let mut next = vec![start];
        while let Some(state) = next.pop() {
            for edge in self.edges.iter().filter(|edge| edge.from == state && may(edge)) {
                if seen.insert(edge.to) {
                    next.push(edge.to);
                }
            }
        }
        seen
    }

    /// States on some way from `open`.
    pub fn reached(&self) -> BTreeSet<&'a str> {
        self.entry.map(|entry| self.reach(entry, |_| true)).unwrap_or_default()
    }

    /// Whether every way from `open` to `state` passes `origin`.
    pub fn always_passes(&self, state: &str, origin: &str) -> bool {
        match self.entry {
            Some(entry) if entry != origin => {
                state == origin || !self.reach(entry, |edge| edge.to != origin).contains(state)
            }
            _ => true,
        }
    }

    /// The shortest way from one state to another, as `state -action-> state`.
    pub fn way(&self, from: &'a str, to: &str, may: impl Fn(&Edge<'a>) -> bool) -> Option<String> {
        let mut ways: Vec<(&str, String)> = vec![(from, from.to_owned())];
        let mut next = 0;
        while let Some((state, way)) = ways.get(next).cloned() {
            for edge in self.edges.iter().filter(|edge| edge.from == state && may(edge)) {
                let longer = format!("{way} -{}-> {}", edge.id, edge.to);
                if edge.to == to {
                    return Some(longer);
                }
                if ways.iter().all(|(seen, _)| *seen != edge.to) {
                    ways.push((edge.to, longer));
                }
            }
            next += 1;
        }
        None
    }

    /// Fields that are set in `state` however it was reached; `None` where nothing leads.
    pub fn set_in(&self) -> std::collections::BTreeMap<&'a str, BTreeSet<&'a str>> {
        let mut sets = std::collections::BTreeMap::new();
        let (Some(entry), Some(open)) = (self.entry, self.procedure.actions.get("open")) else {
            return sets;
        };
        sets.insert(entry, sets_of(open));
        loop {
            let mut changed = false;
            for edge in &self.edges {
                let Some(before) = sets.get(edge.from) else { continue };
                let coming: BTreeSet<_> = before.union(&sets_of(edge.action)).copied().collect();
                let met = match sets.get(edge.to) {
                    Some(now) => now.intersection(&coming).copied().collect(),
                    None => coming,
                };
                changed |= sets.get(edge.to) != Some(&met);
                sets.insert(edge.to, met);
            }
            if !changed {
                return sets;
            }
        }
    }
}

/// What doing an action surely sets.
pub(super) fn sets_of(action: &Action) -> BTreeSet<&str> {
    let asked = action.asks.iter().filter(|ask| !ask.optional).map(|ask| ask.field.as_str());
    asked.chain(action.becomes.as_deref()).chain(["place"]).collect()
}
