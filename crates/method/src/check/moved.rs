//! What a new version owes the cases that run on an older one: a successor for every open state that
//! is gone.

use super::{Check, Found, Problem};
use crate::definition::{Pack, Procedure};
use crate::read::tree::Mark;

/// The problems of a version for cases that run on an older one of the same pack. They do not keep
/// it from loading: such cases go on to their end as they are, but cannot go over.
pub fn since(old: &Pack, new: &Pack) -> Vec<Problem> {
    let mut found = Found::default();
    let file = found.file(&format!("{}/pack.toml", new.id));
    let at = Mark { file, line: 0, column: 0 };
    for (id, procedure) in &old.procedures {
        let open = procedure.states.iter().filter(|(_, it)| it.end.is_none());
        for (state, _) in open.filter(|(state, _)| !continued(new, id, state)) {
            found.add(Check::MovesMissing, at, &[id, state]);
        }
    }
    found.sorted()
}

fn continued(new: &Pack, procedure: &str, state: &str) -> bool {
    let Some(now) = new.procedures.get(procedure) else { return false };
    let open =
        |it: &Procedure, state: &str| it.states.get(state).is_some_and(|it| it.end.is_none());
    let named = new.moves.get(procedure).and_then(|it| it.get(state));
    open(now, state) || named.is_some_and(|it| open(now, it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{load, tests::small};

    fn version(change: impl Fn(&str) -> String) -> Pack {
        let find = |id: &str| {
            let files = small(id)?.into_iter();
            Some(files.map(|(name, text)| (name, change(&text))).collect())
        };
        let loaded = load("small", &find);
        loaded.pack.unwrap_or_else(|| panic!("{:#?}", loaded.problems))
    }

    #[test]
    fn a_state_that_is_gone_needs_a_successor() {
        let old = version(str::to_owned);
        assert!(since(&old, &old).is_empty());
        let renamed = |text: &str| text.replace("shelved", "parked");
        let new = version(renamed);
        let problems = since(&old, &new);
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert_eq!(problems[0].check, "moves_missing");
        assert!(problems[0].message[0].contains("shelved"));
        let named = |text: &str| match text.contains("version") && text.contains("fallback") {
            true => format!("{}\n[moves.wish]\nshelved = \"parked\"\n", renamed(text)),
            false => renamed(text),
        };
        assert!(since(&old, &version(named)).is_empty());
    }
}
