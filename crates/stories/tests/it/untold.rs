//! Transitions of the shipped packs that no story takes: `packs/untold.txt`, which only shrinks.

use crate::{pack, root};
use ::stories::runner::Told;
use ::stories::shipped;
use method::definition::Procedure;
use std::collections::BTreeSet;

const HEAD: &str =
    "# Transitions of the shipped packs that no story takes yet; this list only shrinks.
# Written anew by the test when it differs, to target/untold.txt.
";

/// Compares what no story takes with the list that is kept.
pub fn compare(told: &Told) {
    let untold = untold(told);
    let written = std::fs::read_to_string(root().join("packs/untold.txt")).unwrap_or_default();
    if written == untold {
        return;
    }
    let new = root().join("target/untold.txt");
    std::fs::write(&new, &untold).unwrap();
    let (old, now): (BTreeSet<&str>, BTreeSet<&str>) =
        (written.lines().collect(), untold.lines().collect());
    let list = |some: Vec<&&str>| some.into_iter().copied().collect::<Vec<_>>().join("\n");
    panic!(
        "packs/untold.txt is not true. Write a story for what is new:\n{}\nand strike out what is \
         told now (or copy {}):\n{}",
        list(now.difference(&old).collect()),
        new.display(),
        list(old.difference(&now).collect())
    );
}

/// What a county only inherits counts for `base` alone.
fn untold(told: &Told) -> String {
    let mut ids: Vec<String> = shipped::all_packs().into_keys().collect();
    ids.sort_by_key(|id| (id != "base", id.clone()));
    let (mut seen, mut out) = (BTreeSet::new(), HEAD.to_owned());
    for id in ids {
        let loaded = pack(&id).pack.unwrap();
        let lines: Vec<String> =
            loaded.procedures.values().flat_map(|it| lines(it, told)).collect();
        for line in lines.into_iter().filter(|it| seen.insert(it.clone())) {
            out += &format!("{id} {line}\n");
        }
    }
    out
}

/// Moves by the state they begin in; rights that stay where they are once.
fn lines(procedure: &Procedure, told: &Told) -> Vec<String> {
    let of = &procedure.id;
    let is_told =
        |from: &String, action: &String| told.contains(&(of.clone(), from.clone(), action.clone()));
    let mut untold = Vec::new();
    for (id, action) in procedure.actions.iter().filter(|(id, _)| *id != "open") {
        match &action.to {
            None if action.from.iter().any(|from| is_told(from, id)) => {}
            None => untold.push(format!("{of}: {id}")),
            Some(to) => {
                let untaken = action.from.iter().filter(|from| !is_told(from, id));
                untold.extend(untaken.map(|from| format!("{of}: {from} --({id})--> {to}")));
            }
        }
    }
    untold
}
