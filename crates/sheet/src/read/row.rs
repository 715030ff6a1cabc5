//! Rows and headers as a person sees them: numbered from 1, columns by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use thiserror::Error;

use super::ReadError;
use super::cell::{CellText, Damage};
use crate::format::column_letters;
use crate::limits::{Limit, Limits, within};

/// A row as it stands in the file, headers not yet known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct RawRow {
    pub number: u32,
    pub cells: Vec<CellText>,
}

impl RawRow {
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.is_empty())
    }

    /// The row, if its cells are within the limits; columns that are empty do not count.
    pub fn within(self, limits: &Limits) -> Result<Self, ReadError> {
        let row = Some(self.number);
        let used = self.cells.iter().rposition(|cell| !cell.text.is_empty());
        within(Limit::Columns, used.map_or(0, |last| last as u64 + 1), limits.columns, row)?;
        for cell in &self.cells {
            // Counting characters only where the bytes leave a doubt keeps long files quick.
            if cell.text.len() as u64 > limits.cell_chars {
                let chars = cell.text.chars().count() as u64;
                within(Limit::CellChars, chars, limits.cell_chars, row)?;
            }
        }
        Ok(self)
    }
}

/// The headers of a table, in the order of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    names: Vec<String>,
    places: BTreeMap<String, Vec<usize>>,
}

/// What is wrong with the headers of a table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HeaderProblem {
    /// Rename all but one of the columns.
    #[error("the header {name:?} stands above columns {}", .columns.join(", "))]
    Duplicate {
        /// Header that stands more than once.
        name: String,
        /// Letters of the columns it stands above.
        columns: Vec<String>,
    },
    /// Give the column a header.
    #[error("column {column} has no header")]
    Blank {
        /// Letters of the column.
        column: String,
    },
    /// Add the column, or mend the mapping.
    #[error("there is no column {name:?}, which {field:?} is taken from")]
    Missing {
        /// Header that the mapping names.
        name: String,
        /// Field that is taken from it.
        field: String,
    },
}

impl Headers {
    /// Names are compared without any white space, as headers are often broken over two lines.
    pub(super) fn new(row: &RawRow) -> Self {
        let mut names: Vec<String> = row.cells.iter().map(|cell| plain(&cell.text)).collect();
        let used = names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
        names.truncate(used);
        let mut places = BTreeMap::<String, Vec<usize>>::new();
        for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            places.entry(name.clone()).or_default().push(index);
        }
        Self { names, places }
    }

    /// The names, one a column, empty where a column has none.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Every header that stands twice and every column without one.
    pub fn problems(&self) -> Vec<HeaderProblem> {
        let twice = self.places.keys().filter_map(|name| self.duplicate(name));
        let blank = self.names.iter().enumerate().filter(|(_, name)| name.is_empty());
        twice
            .chain(blank.map(|(i, _)| HeaderProblem::Blank { column: column_letters(i) }))
            .collect()
    }

    pub(crate) fn duplicate(&self, name: &str) -> Option<HeaderProblem> {
        let places = self.places.get(&plain(name)).filter(|places| places.len() > 1)?;
        Some(HeaderProblem::Duplicate {
            name: plain(name),
            columns: places.iter().copied().map(column_letters).collect(),
        })
    }

    /// The first column of that name, counted from 0.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.places.get(&plain(name))?.first().copied()
    }
}

fn plain(header: &str) -> String {
    header.split_whitespace().collect()
}

/// A row of data: never wholly empty, its cells cleaned and asked for by header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    number: u32,
    cells: Vec<CellText>,
    headers: Arc<Headers>,
}

impl Row {
    pub(super) fn new(raw: RawRow, headers: Arc<Headers>) -> Self {
        Self { number: raw.number, cells: raw.cells, headers }
    }

    /// The number a spreadsheet program shows beside the row.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The text below a header; `None` if there is no such column, empty if the cell is.
    pub fn get(&self, header: &str) -> Option<&str> {
        let place = self.headers.position(header)?;
        Some(self.cells.get(place).map_or("", |cell| cell.text.as_str()))
    }

    /// What a spreadsheet program has spoiled in the cell below a header.
    pub fn damage(&self, header: &str) -> Option<Damage> {
        self.cells.get(self.headers.position(header)?)?.damage
    }

    /// The texts from the first column to the last that holds one, or to the last header.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let width = self.cells.len().max(self.headers.names.len());
        (0..width).map(|i| self.cells.get(i).map_or("", |cell| cell.text.as_str()))
    }
}
