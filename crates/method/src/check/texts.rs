//! Words: what the asker reads is there and plain, and other languages lie under paths that exist.

use super::{Check, Found};
use crate::definition::{AskerOf, Pack, Procedure};
use crate::read::tree::{Mark, Node};
use std::collections::BTreeSet;

/// Words of the house that an asker should not have to read.
const HOUSE: [&str; 8] = ["挂账", "剔除", "督办", "退单", "兜底", "销号", "工单", "承办岗位"];

/// Most characters of what the asker reads.
const LONGEST: usize = 30;

pub(super) fn check(pack: &Pack, root: &Node, found: &Found) {
    for (id, procedure) in &pack.procedures {
        shown(procedure, root, &["procedures", id], found);
    }
    let paths = translatable(pack);
    for (language, texts) in &pack.texts {
        for path in texts.keys().filter(|path| !paths.contains(*path)) {
            // `every` is gone into the others, its translations serve them all.
            if !path.starts_with("procedures.every.") {
                let at = text_mark(root, language, path);
                found.add(Check::TextUnknown, at, &[language, path]);
            }
        }
        // Only the pack that inherits from none must be translated whole.
        if root.get(&["extends"]).is_none() {
            let at = root.mark(&["texts", language]);
            for path in paths.iter().filter(|path| pack.text(language, path).is_none()) {
                found.add(Check::TranslationMissing, at, &[language, path]);
            }
        }
    }
}

fn text_mark(root: &Node, language: &str, path: &str) -> Mark {
    let keys: Vec<&str> = ["texts", language].into_iter().chain(path.split('.')).collect();
    root.mark(&keys)
}

fn shown(procedure: &Procedure, root: &Node, path: &[&str], found: &Found) {
    for (id, state) in &procedure.states {
        let at = root.mark(&[path, &["state", id]].concat());
        match &state.shown {
            None if state.end.is_none() && procedure.asker == AskerOf::Resident => {
                found.add(Check::ShownMissing, at, &[id]);
            }
            Some(text)
                if text.chars().count() > LONGEST || HOUSE.iter().any(|it| text.contains(it)) =>
            {
                found.add(Check::InnerWords, at, &[text]);
            }
            _ => {}
        }
        if state.end.is_none() && state.stage.is_none() && !procedure.stages.is_empty() {
            found.add(Check::MissingKey, at, &["stage"]);
        }
    }
}

/// Paths of everything that has words.
fn translatable(pack: &Pack) -> BTreeSet<String> {
    let mut paths = BTreeSet::from(["pack.title".to_owned()]);
    let built_in = |id: &str| BUILT_IN.contains(&id);
    paths.extend(pack.levels.iter().map(|level| format!("levels.{}", level.id)));
    paths.extend(pack.roles.keys().map(|id| format!("roles.{id}.title")));
    paths.extend(pack.services.keys().map(|id| format!("services.{id}")));
    paths.extend(pack.phrases.keys().map(|id| format!("phrases.{id}.title")));
    for (id, field) in pack.fields.iter().filter(|(id, _)| !built_in(id)) {
        paths.insert(format!("fields.{id}.title"));
        paths.extend(field.choices.keys().map(|choice| format!("fields.{id}.choices.{choice}")));
    }
    for (catalogue, matters) in &pack.matters {
        paths.extend(matters.keys().map(|id| format!("matters.{catalogue}.{id}.title")));
    }
    pack.procedures.values().for_each(|it| of_procedure(it, &mut paths));
    of_areas(pack, &mut paths);
    paths
}

/// Titles of what stands beside procedures, and the choices of ballots by their position.
fn of_areas(pack: &Pack, paths: &mut BTreeSet<String>) {
    let mut titles = |area: &str, ids: Vec<&String>| {
        paths.extend(ids.into_iter().map(|id| format!("{area}.{id}.title")));
    };
    titles("registers", pack.registers.keys().collect());
    titles("ledgers", pack.ledgers.keys().collect());
    titles("gatherings", pack.gatherings.keys().collect());
    titles("cycles", pack.cycles.keys().collect());
    titles("indicators", pack.indicators.keys().collect());
    titles("boards", pack.boards.keys().collect());
    for (id, gathering) in &pack.gatherings {
        let choices = gathering.ballot.iter().flat_map(|it| 0..it.choices.len());
        paths.extend(choices.map(|at| format!("gatherings.{id}.choices.{at}")));
    }
}

/// Built-in fields are translated by the program.
const BUILT_IN: [&str; 15] = [
    "title",
    "body",
    "place",
    "point",
    "photos",
    "contact",
    "matter",
    "reason",
    "note",
    "words",
    "summary",
    "stars",
    "contacted",
    "door",
    "receipt",
];

fn of_procedure(procedure: &Procedure, paths: &mut BTreeSet<String>) {
    let id = &procedure.id;
    paths.insert(format!("procedures.{id}.title"));
    paths.insert(format!("procedures.{id}.why"));
    paths.extend((0..procedure.stages.len()).map(|at| format!("procedures.{id}.stages.{at}")));
    for (state, it) in &procedure.states {
        paths.insert(format!("procedures.{id}.state.{state}.title"));
        if it.shown.is_some() {
            paths.insert(format!("procedures.{id}.state.{state}.shown"));
        }
    }
    for (action, it) in &procedure.actions {
        paths.insert(format!("procedures.{id}.action.{action}.title"));
        if it.says.is_some() {
            paths.insert(format!("procedures.{id}.action.{action}.says"));
        }
    }
}
