//! Phrases: words that are ready for an answer, a call or a letter.

use super::keys::Keys;
use super::tree::Node;
use crate::check::{Check, Found};
use crate::definition::{Named, Phrase, unknown_slot};
use model::desk::Purpose;

const KEYS: [&str; 5] = ["title", "use", "words", "procedure", "matter"];

/// All phrases of a pack. What they name is judged by `check`.
pub(super) fn all(node: &Node, found: &Found) -> Named<Phrase> {
    let phrase = |(id, node): (&str, &Node)| (id.to_owned(), one(node, found));
    Keys::open(node, found).entries().map(phrase).collect()
}

fn one(node: &Node, found: &Found) -> Phrase {
    let keys = Keys::new(node, &KEYS, found);
    for key in ["use", "words"] {
        if !keys.has(key) {
            found.add(Check::MissingKey, keys.at, &[key]);
        }
    }
    let own = |key| keys.text(key).map(str::to_owned);
    let words = own("words").unwrap_or_default();
    if let Some(slot) = unknown_slot(&words) {
        found.add(Check::UnknownRef, keys.mark("words"), &[&format!("{{{slot}}}")]);
    }
    Phrase {
        title: keys.title(),
        purpose: keys.word("use", &Purpose::WORDS).unwrap_or(Purpose::Answer),
        words,
        procedure: own("procedure"),
        matter: own("matter"),
    }
}
