//! Packs as a hurried hand leaves them: a line lost, a word for another, a number changed. Whatever
//! still loads decides without panic and keeps one owner and one clock in every procedure.

use super::random::{filled, one_owner_one_clock};
use super::*;
use crate::definition::AskerOf;
use proptest::prelude::*;
use proptest::sample::Index;

/// What a hand may do to one file.
#[derive(Clone, Debug)]
enum Slip {
    /// A line is lost.
    Line(Index),
    /// One word stands for another of the same file.
    Word(Index, Index),
    /// A number is another.
    Number(Index, u8),
}

fn slips() -> impl Strategy<Value = Slip> {
    prop_oneof![
        any::<Index>().prop_map(Slip::Line),
        (any::<Index>(), any::<Index>()).prop_map(|(at, by)| Slip::Word(at, by)),
        (any::<Index>(), 0..9u8).prop_map(|(at, by)| Slip::Number(at, by)),
    ]
}

/// Where the words of a text begin and end.
fn spans(text: &str, of: impl Fn(char) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut spans = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), '\n')]) {
        match (of(letter), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                spans.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    spans
}

fn slipped(text: &str, slip: &Slip) -> String {
    let mut changed = text.to_owned();
    match slip {
        Slip::Line(at) => {
            let mut lines: Vec<&str> = text.lines().collect();
            lines.remove(at.index(lines.len()));
            changed = lines.join("\n");
        }
        Slip::Word(at, by) => {
            let words = spans(text, |it| it.is_ascii_lowercase() || it == '_');
            let (at, by) = (at.get(&words).clone(), by.get(&words).clone());
            changed.replace_range(at, text.get(by).unwrap());
        }
        Slip::Number(at, by) => {
            let numbers = spans(text, |it| it.is_ascii_digit());
            if !numbers.is_empty() {
                changed.replace_range(at.get(&numbers).clone(), &by.to_string());
            }
        }
    }
    changed
}

fn asker(of: AskerOf) -> Asker {
    match of {
        AskerOf::Resident => Asker::Resident { person: Some(id(500)), hiding: Default::default() },
        AskerOf::Post | AskerOf::Parent => Asker::Post { post: id(DESK) },
        AskerOf::Unit => Asker::Unit { org: id(WATER) },
        AskerOf::None => Asker::None,
    }
}

/// Goes through a procedure by chance: what is done is done by the clock, which may do everything.
fn walk(pack: &Pack, procedure: &str, steps: &[Index]) {
    let mut now = at("2026-09-18T09:00");
    let start = World { pack, ..world(&TOWN, "2026-09-18T09:00") };
    let defined = &pack.procedures[procedure];
    let opening = Opening {
        procedure: procedure.to_owned(),
        matter: None,
        asker: asker(defined.asker),
        by: Doer::Clock,
        form: filled(&start, &defined.actions["open"].asks),
        ..opening(None)
    };
    let Ok(opened) = open(&start, &opening) else { return };
    let mut case = opened.state;
    one_owner_one_clock(&start, &case);
    for step in steps {
        now += jiff::SignedDuration::from_hours(7);
        let world = World { now, ..start };
        let names: Vec<&String> = defined.actions.keys().collect();
        let action = (*step.get(&names)).clone();
        let form = filled(&world, &defined.actions[&action].asks);
        let command = Command { action, by: Doer::Clock, form, entry: id(9001) };
        let clock = tick(&world, &case, id(9002)).map(|(_, decision)| decision.state);
        let after = clock.or_else(|| decide(&world, &case, &command).ok().map(|it| it.state));
        let Some(after) = after else { continue };
        case = after;
        case.children.clear();
        one_owner_one_clock(&world, &case);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn a_pack_with_slips_does_not_load_or_keeps_its_promises(
        file in any::<Index>(),
        slips in prop::collection::vec(slips(), 1..4),
        steps in prop::collection::vec(any::<Index>(), 30),
    ) {
        let mut files = files("base").unwrap();
        let procedures = |path: &str| path.starts_with("procedures/") && !path.contains("every");
        let paths: Vec<usize> =
            (0..files.len()).filter(|at| procedures(&files[*at].0)).collect();
        let file = &mut files[*file.get(&paths)].1;
        for slip in &slips {
            *file = slipped(file, slip);
        }
        let loaded = read::load("base", &|id| (id == "base").then(|| files.clone()));
        let Some(pack) = loaded.pack else { return Ok(()) };
        for procedure in pack.procedures.keys() {
            walk(&pack, procedure, &steps);
        }
    }
}
