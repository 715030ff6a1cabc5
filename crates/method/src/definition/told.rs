//! What a pack says, each word under the path by which another language tells it.

use super::{Gathering, Named, Pack, Procedure};
use std::collections::BTreeSet;

/// Built-in fields, which no pack names, with their English titles.
const BUILT_IN: [(&str, &str); 15] = [
    ("title", "Title"),
    ("body", "What is the matter"),
    ("place", "Place"),
    ("point", "Spot on the map"),
    ("photos", "Photos"),
    ("contact", "Contact"),
    ("matter", "Matter"),
    ("reason", "Reason"),
    ("note", "Note"),
    ("words", "Words"),
    ("summary", "Summary for everybody"),
    ("stars", "Stars"),
    ("contacted", "Whether somebody got in touch"),
    ("door", "Door"),
    ("receipt", "Receipt"),
];

/// Is shown a path and the words that stand there, which it may change.
type Visit<'a> = dyn FnMut(&str, &mut String) + 'a;

impl Pack {
    /// The words of a path in another language; what a procedure has from `every` is told there.
    pub fn text(&self, language: &str, path: &str) -> Option<&str> {
        let texts = self.texts.get(language)?;
        let common = || {
            let (_, rest) = path.strip_prefix("procedures.")?.split_once('.')?;
            texts.get(&format!("procedures.every.{rest}"))
        };
        texts.get(path).or_else(common).map(String::as_str)
    }

    /// The pack in English, for reading only; what nobody has translated stays Chinese.
    #[must_use]
    pub fn in_english(&self) -> Self {
        let mut told = self.clone();
        words(&mut told, &mut |path, words| {
            if let Some(text) = self.text("en", path) {
                text.clone_into(words);
            }
        });
        for (id, title) in BUILT_IN {
            if let Some(field) = told.fields.get_mut(id) {
                title.clone_into(&mut field.title);
            }
        }
        told
    }

    /// Paths of everything that has words.
    pub(crate) fn paths(&self) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        words(&mut self.clone(), &mut |path, _| {
            paths.insert(path.to_owned());
        });
        paths
    }
}

fn words(pack: &mut Pack, visit: &mut Visit<'_>) {
    visit("pack.title", &mut pack.title);
    pack.levels.iter_mut().for_each(|it| visit(&format!("levels.{}", it.id), &mut it.title));
    pack.services.iter_mut().for_each(|(id, title)| visit(&format!("services.{id}"), title));
    titles("roles", &mut pack.roles, |it| &mut it.title, visit);
    titles("phrases", &mut pack.phrases, |it| &mut it.title, visit);
    titles("registers", &mut pack.registers, |it| &mut it.title, visit);
    titles("ledgers", &mut pack.ledgers, |it| &mut it.title, visit);
    titles("gatherings", &mut pack.gatherings, |it| &mut it.title, visit);
    titles("cycles", &mut pack.cycles, |it| &mut it.title, visit);
    titles("indicators", &mut pack.indicators, |it| &mut it.title, visit);
    titles("boards", &mut pack.boards, |it| &mut it.title, visit);
    for (catalogue, matters) in &mut pack.matters {
        titles(&format!("matters.{catalogue}"), matters, |it| &mut it.title, visit);
    }
    let own = pack.fields.iter_mut().filter(|(id, _)| !BUILT_IN.iter().any(|(it, _)| it == id));
    for (id, field) in own {
        visit(&format!("fields.{id}.title"), &mut field.title);
        for (choice, title) in &mut field.choices {
            visit(&format!("fields.{id}.choices.{choice}"), title);
        }
    }
    pack.gatherings.iter_mut().for_each(|(id, it)| choices(id, it, visit));
    pack.procedures.values_mut().for_each(|it| of_procedure(it, visit));
}

fn titles<T>(
    area: &str,
    all: &mut Named<T>,
    title: impl Fn(&mut T) -> &mut String,
    visit: &mut Visit<'_>,
) {
    all.iter_mut().for_each(|(id, it)| visit(&format!("{area}.{id}.title"), title(it)));
}

/// What may be chosen in a ballot, by its position.
fn choices(id: &str, gathering: &mut Gathering, visit: &mut Visit<'_>) {
    let choices = gathering.ballot.iter_mut().flat_map(|it| it.choices.iter_mut().enumerate());
    choices.for_each(|(at, it)| visit(&format!("gatherings.{id}.choices.{at}"), it));
}

fn of_procedure(procedure: &mut Procedure, visit: &mut Visit<'_>) {
    let path = format!("procedures.{}", procedure.id);
    visit(&format!("{path}.title"), &mut procedure.title);
    visit(&format!("{path}.why"), &mut procedure.why);
    let stages = procedure.stages.clone();
    for (at, stage) in procedure.stages.iter_mut().enumerate() {
        visit(&format!("{path}.stages.{at}"), stage);
    }
    for (id, state) in &mut procedure.states {
        visit(&format!("{path}.state.{id}.title"), &mut state.title);
        state.shown.iter_mut().for_each(|it| visit(&format!("{path}.state.{id}.shown"), it));
        // A state names its stage by the words.
        let stage = state.stage.as_ref().and_then(|it| stages.iter().position(|of| of == it));
        state.stage = stage.and_then(|at| procedure.stages.get(at)).cloned().or(state.stage.take());
    }
    for (id, action) in &mut procedure.actions {
        visit(&format!("{path}.action.{id}.title"), &mut action.title);
        action.says.iter_mut().for_each(|it| visit(&format!("{path}.action.{id}.says"), it));
    }
}
