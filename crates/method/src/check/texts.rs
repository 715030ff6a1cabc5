//! Words: what the asker reads is there and plain, and other languages lie under paths that exist.

use super::{Check, Found};
use crate::definition::{AskerOf, Pack, Procedure};
use crate::read::tree::{Mark, Node};

/// Words of the house that an asker should not have to read.
const HOUSE: [&str; 8] = ["挂账", "剔除", "督办", "退单", "兜底", "销号", "工单", "承办岗位"];

/// Most characters of what the asker reads.
const LONGEST: usize = 30;

pub(super) fn check(pack: &Pack, root: &Node, found: &Found) {
    for (id, procedure) in &pack.procedures {
        shown(procedure, root, &["procedures", id], found);
    }
    let paths = pack.paths();
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
