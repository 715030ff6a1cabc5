//! What every file of a pack becomes before it is typed: values that remember where they were
//! written. Order is kept as written, for forms and lists show it.

use crate::definition::Named;

/// Where a value was written; file 0 is nowhere (a text that was flattened before).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    /// Number of the file, from 1.
    pub file: u32,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
}

/// A value and where its key (or, in a list, itself) stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub at: Mark,
    pub value: Value,
}

/// The key's table.
pub(crate) type Table = Named<Node>;

/// What TOML, CSV and JSON have in common.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Bool(bool),
    Int(i64),
    /// A number with decimals, as written.
    Decimal(String),
    Text(String),
    List(Vec<Node>),
    Table(Table),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Node {
    pub fn new(at: Mark, value: Value) -> Self {
        Self { at, value }
    }

    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The nodes below a path, `None` where it leads nowhere.
    pub fn get(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.table()?.get(*key))
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, path: &[&str]) -> Option<&mut Self> {
        path.iter().try_fold(self, |node, key| match &mut node.value {
            Value::Table(table) => table.get_mut(*key),
            _ => None,
        })
    }

    /// Where the path was written, or the deepest part of it that was.
    pub fn mark(&self, path: &[&str]) -> Mark {
        let mut node = self;
        for key in path {
            match node.table().and_then(|table| table.get(*key)) {
                Some(next) => node = next,
                None => break,
            }
        }
        node.at
    }

    /// The table below a path, made where there is none.
    pub fn table_at(&mut self, path: &[&str]) -> Option<&mut Table> {
        let at = self.at;
        let mut node = self;
        for key in path {
            let Value::Table(table) = &mut node.value else { return None };
            node = table
                .entry((*key).to_owned())
                .or_insert_with(|| Self::new(at, Value::Table(Table::default())));
        }
        match &mut node.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }
}
