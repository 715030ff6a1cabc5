//! Every problem of a pack at once, as a compiler reports them: file, line, what is wrong, what to
//! do. Problems of form are found while reading; what the pack means is judged here.

mod effects;
mod ends;
mod flow;
mod forms;
mod graph;
mod life;
mod moved;
mod network;
mod owners;
mod phrases;
mod privacy;
mod problem;
mod rounds;
mod situations;
mod texts;
mod timers;
mod unused;
mod wording;

pub use moved::since;
pub use network::against;
pub(crate) use problem::Found;
pub use problem::{Language, Problem, Severity};
pub(crate) use wording::Check;

use crate::definition::{Pack, Procedure};
use crate::read::tree::Node;
use graph::Graph;
use rayon::prelude::*;

/// The fields that each state of a procedure surely holds, however it was reached.
pub(crate) fn held(
    procedure: &Procedure,
) -> std::collections::BTreeMap<&str, std::collections::BTreeSet<&str>> {
    Graph::new(procedure).set_in()
}

pub(crate) use effects::before as in_all;

/// Everything that can be said of a typed pack without a territory; the procedures side by side.
pub(crate) fn all(pack: &Pack, root: &Node, found: &Found) {
    pack.procedures.par_iter().for_each(|(id, procedure)| {
        let Some(node) = root.get(&["procedures", id]) else { return };
        let graph = Graph::new(procedure);
        each(&On { pack, procedure, node, graph: &graph, found });
    });
    effects::openings(pack, root, found);
    rounds::check(pack, root, found);
    privacy::pack(pack, root, found);
    phrases::check(pack, root, found);
    texts::check(pack, root, found);
    unused::check(pack, root, found);
}

fn each(on: &On<'_>) {
    flow::check(on);
    owners::check(on);
    timers::check(on);
    ends::check(on);
    forms::check(on);
    effects::check(on);
    rounds::ballots(on);
    if let Some(walk) = situations::walk(on) {
        situations::check(on, &walk);
        life::report(on, &walk);
    }
    privacy::procedure(on);
}

/// A procedure under examination.
#[derive(Clone, Copy)]
struct On<'a> {
    pack: &'a Pack,
    procedure: &'a Procedure,
    node: &'a Node,
    graph: &'a Graph<'a>,
    found: &'a Found,
}

impl On<'_> {
    /// Reports at a path of the procedure's file.
    fn add(&self, check: Check, path: &[&str], args: &[&str]) {
        self.found.add(check, self.node.mark(path), args);
    }

    /// Whether what stands at a path came from `every`, word for word.
    fn is_common(&self, path: &[&str]) -> bool {
        self.found.path(self.node.mark(path).file).ends_with("procedures/every.toml")
    }

    fn has(&self, path: &[&str]) -> bool {
        self.node.get(path).is_some()
    }
}

#[cfg(test)]
mod tests;
