//! Taking typed values out of a table, and reporting every one that is missing, mistyped or
//! unknown. What is wrong comes out as absent, so that reading goes on.

use super::tree::{Mark, Node, Table, Value};
use crate::check::{Check, Found};
use crate::definition::Named;
use std::str::FromStr;

/// A table that is being read.
#[derive(Clone, Copy)]
pub(super) struct Keys<'a> {
    pub at: Mark,
    pub found: &'a Found,
    table: Option<&'a Table>,
}

impl<'a> Keys<'a> {
    /// The table of `node`, of which only the keys `known` may be there.
    pub fn new(node: &'a Node, known: &[&str], found: &'a Found) -> Self {
        let keys = Self::open(node, found);
        for (key, value) in keys.table.into_iter().flatten() {
            if !known.contains(&key.as_str()) {
                found.add(Check::UnknownKey, value.at, &[key]);
            }
        }
        keys
    }

    /// The table of `node`, with any keys.
    pub fn open(node: &'a Node, found: &'a Found) -> Self {
        if node.table().is_none() {
            found.add(Check::WrongType, node.at, &["", "{ … }"]);
        }
        Self { at: node.at, found, table: node.table() }
    }

    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.table?.get(key)
    }

    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub fn mark(&self, key: &str) -> Mark {
        self.get(key).map_or(self.at, |node| node.at)
    }

    /// All entries, with ids that are fit to be ids.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Node)> + use<'a> {
        let found = self.found;
        self.table.into_iter().flatten().filter_map(move |(id, node)| {
            let fits = is_id(id);
            if !fits {
                found.add(Check::IdForm, node.at, &[id]);
            }
            fits.then_some((id.as_str(), node))
        })
    }

    fn wrong(&self, key: &str, wanted: &str) {
        self.found.add(Check::WrongType, self.mark(key), &[key, wanted]);
    }

    pub fn text(&self, key: &str) -> Option<&'a str> {
        let node = self.get(key)?;
        let text = node.text().filter(|it| !it.trim().is_empty());
        if text.is_none() {
            self.wrong(key, "\"…\"");
        }
        text
    }

    pub fn title(&self) -> String {
        if !self.has("title") {
            self.found.add(Check::TextMissing, self.at, &["title"]);
        }
        self.text("title").unwrap_or_default().to_owned()
    }

    pub fn flag(&self, key: &str) -> bool {
        match self.get(key).map(|node| &node.value) {
            Some(Value::Bool(it)) => *it,
            Some(_) => {
                self.wrong(key, "true · false");
                false
            }
            None => false,
        }
    }

    /// A whole number from 1.
    pub fn count(&self, key: &str) -> Option<u32> {
        let node = self.get(key)?;
        let count = match &node.value {
            Value::Int(it) => u32::try_from(*it).ok().filter(|it| (1..=1000).contains(it)),
            _ => None,
        };
        if count.is_none() {
            self.wrong(key, "1 … 1000");
        }
        count
    }

    /// A value with a form of its own (`5 wd`).
    pub fn parsed<T: FromStr>(&self, key: &str, wanted: &str) -> Option<T> {
        let value = self.text(key)?.parse().ok();
        if value.is_none() {
            self.wrong(key, wanted);
        }
        value
    }

    /// One of a closed list of words.
    pub fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let value = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if value.is_none() {
            let all: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(key, &all.join(" · "));
        }
        value
    }

    /// A text or a list of texts, with their places.
    pub fn names(&self, key: &str) -> Vec<(&'a str, Mark)> {
        let Some(node) = self.get(key) else { return Vec::new() };
        let items = match &node.value {
            Value::Text(_) => std::slice::from_ref(node),
            Value::List(items) => items,
            _ => &[],
        };
        let names: Vec<_> =
            items.iter().filter_map(|it| it.text().map(|text| (text, it.at))).collect();
        if names.len() != items.len() || !matches!(node.value, Value::Text(_) | Value::List(_)) {
            self.wrong(key, "\"…\" · [\"…\", \"…\"]");
        }
        names
    }

    pub fn strings(&self, key: &str) -> Vec<String> {
        self.names(key).into_iter().map(|(text, _)| text.to_owned()).collect()
    }

    /// A list of tables.
    pub fn tables(&self, key: &str) -> &'a [Node] {
        match self.get(key).map(|node| &node.value) {
            Some(Value::List(items)) => items,
            Some(_) => {
                self.wrong(key, "[{ … }]");
                &[]
            }
            None => &[],
        }
    }

    /// The entries of a table, each read by `read`; what it refuses is reported and left out.
    pub fn map<T>(
        &self,
        key: &str,
        wanted: &str,
        read: impl Fn(&'a Node) -> Option<T>,
    ) -> Named<T> {
        let Some(node) = self.get(key) else { return Named::default() };
        let entry = |(id, node): (&str, &'a Node)| {
            let value = read(node);
            if value.is_none() {
                self.found.add(Check::WrongType, node.at, &[id, wanted]);
            }
            value.map(|value| (id.to_owned(), value))
        };
        Keys::open(node, self.found).entries().filter_map(entry).collect()
    }
}

/// `snake_case`: a letter, then letters, digits and single underscores.
pub(super) fn is_id(text: &str) -> bool {
    let fits = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    text.starts_with(|it: char| it.is_ascii_lowercase())
        && text.chars().all(fits)
        && !text.ends_with('_')
        && !text.contains("__")
        && text.len() <= 40
}
