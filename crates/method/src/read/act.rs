//! Actions: forms, bounds, approvals.

use super::keys::Keys;
use super::procedure::Reader;
use super::tree::Node;
use super::words::{Vocabulary, window};
use crate::check::{Check, Found};
use crate::definition::{Action, Ask, By};

pub(super) const ACTION: [&str; 18] = [
    "title", "from", "to", "by", "voice", "asks", "fill", "at_most", "per", "after", "within",
    "when", "says", "approval", "not_by", "all", "becomes", "then",
];

impl Reader<'_> {
    pub(super) fn action(&self, id: &str, node: &Node) -> Action {
        let keys = Keys::new(node, &ACTION, self.found);
        if id != "open" && !keys.has("from") {
            self.found.add(Check::MissingKey, node.at, &["from"]);
        }
        for key in ["by", "to"] {
            if id == "open" && !keys.has(key) {
                self.found.add(Check::MissingKey, node.at, &[key]);
            }
        }
        if id == "open" && keys.has("from") {
            self.found.add(Check::UnknownKey, keys.mark("from"), &["from"]);
        }
        if keys.has("says") && !keys.has("when") {
            self.found.add(Check::MissingKey, keys.mark("says"), &["when"]);
        }
        Action {
            title: keys.title(),
            from: keys.strings("from"),
            to: keys.text("to").map(str::to_owned),
            by: self.by(&keys),
            voice: self.words.whose(&keys, "voice").into_iter().next(),
            asks: asks(&keys, self.words, self.found),
            fill: keys.map("fill", "\"matter.unit\"", |node| node.text().map(str::to_owned)),
            at_most: keys.count("at_most"),
            per_stay: keys.word("per", &[("case", false), ("stay", true)]).unwrap_or(false),
            after: keys.map("after", "1 … 1000", count),
            within: self.within(&keys),
            when: None,
            says: keys.text("says").map(str::to_owned),
            approval: self.approval(&keys),
            not_by: keys.strings("not_by"),
            all: keys.flag("all"),
            becomes: keys.text("becomes").map(str::to_owned),
            then: self.effects().read(&keys),
        }
    }

    fn by(&self, keys: &Keys<'_>) -> Vec<By> {
        if keys.get("by").and_then(Node::text) == Some("clock") {
            return vec![By::Clock];
        }
        self.words.whose(keys, "by").into_iter().map(By::Who).collect()
    }

    fn within(&self, keys: &Keys<'_>) -> Option<(calendar::Span, Option<String>)> {
        let window = window(keys.text("within")?);
        if window.is_none() {
            let forms = "2 wd · 2 wd from STATE";
            self.found.add(Check::WrongType, keys.mark("within"), &["within", forms]);
        }
        window
    }

    fn approval(&self, keys: &Keys<'_>) -> Option<(crate::definition::Who, calendar::Span)> {
        match self.words.approval(keys.text("approval")?) {
            Ok(approval) => Some(approval),
            Err(part) => {
                let forms = format!("WHO within 2 wd ({part})");
                self.found.add(Check::WrongType, keys.mark("approval"), &["approval", &forms]);
                None
            }
        }
    }
}

/// A form: fields in order, `?` = optional.
pub(super) fn asks(keys: &Keys<'_>, words: &Vocabulary, found: &Found) -> Vec<Ask> {
    let mut asks: Vec<Ask> = Vec::new();
    for (text, at) in keys.names("asks") {
        let (field, optional) = text.strip_suffix('?').map_or((text, false), |field| (field, true));
        if !words.fields.contains_key(field) {
            found.add(Check::UnknownRef, at, &[field]);
        } else if asks.iter().any(|ask| ask.field == field) {
            found.add(Check::WrongType, at, &["asks", "≠"]);
        } else {
            asks.push(Ask { field: field.to_owned(), optional });
        }
    }
    asks
}

fn count(node: &Node) -> Option<u32> {
    match node.value {
        super::tree::Value::Int(it) => u32::try_from(it).ok().filter(|it| *it > 0),
        _ => None,
    }
}
