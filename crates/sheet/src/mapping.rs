//! A mapping file: which column feeds which field, and how its text becomes the field's value.

mod rule;

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use crate::problems::CellProblem;
use crate::read::{HeaderProblem, Headers, Reading, Row};
use rule::Rule;

/// From columns to fields, read from TOML.
///
/// ```toml
/// header_row = 2                 # the first row by default; `sheet` and `notes_rows` likewise
///
/// [fields]
/// title = "标题"                  # short for { column = "标题" }
/// kind = { column = "类型", map = { "投诉" = "complaint", "咨询" = "question" } }
/// asked_on = { column = "日期", date = ["%Y/%m/%d", "%Y年%m月%d日"], required = true }
/// channel = { column = "来源", trim = true, default = "电话" }
/// units = { column = "承办单位", split = "、" }   # one a line
/// system = { default = "12345" }  # from no column: always this
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    sheet: Option<String>,
    #[serde(default = "first_row")]
    header_row: u32,
    #[serde(default)]
    notes_rows: u32,
    fields: BTreeMap<String, Rule>,
}

fn first_row() -> u32 {
    1
}

/// Where a mapping file is wrong; line and column are counted from 1, in characters.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {message}")]
pub struct MappingError {
    /// Line of the mistake.
    pub line: usize,
    /// Column of the mistake.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl Mapping {
    /// Reads a mapping; keys that mean nothing and rules that contradict themselves are refused.
    pub fn parse(toml: &str) -> Result<Self, MappingError> {
        toml::from_str(toml).map_err(|e| {
            let start = e.span().map_or(0, |span| span.start);
            let before = toml.get(..start).unwrap_or(toml);
            let line_start = before.rfind('\n').map_or(0, |end| end + 1);
            MappingError {
                line: before.matches('\n').count() + 1,
                column: before.chars().count()
                    - before.get(..line_start).unwrap_or_default().chars().count()
                    + 1,
                message: e.message().to_owned(),
            }
        })
    }

    /// How to read the tables this mapping is for, with the default limits.
    pub fn reading(&self) -> Reading {
        Reading {
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            notes_rows: self.notes_rows,
            ..Reading::default()
        }
    }

    /// The fields this mapping fills, for comparing with those the caller knows.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    /// The header of the column a field comes from; none when it comes from no column.
    pub fn column(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.column.as_deref()
    }

    /// Every column this mapping needs that is not there, or is there more than once.
    pub fn check(&self, headers: &Headers) -> Vec<HeaderProblem> {
        let columns =
            self.fields.iter().filter_map(|(field, rule)| Some((field, rule.column.as_deref()?)));
        columns
            .filter_map(|(field, name)| match headers.position(name) {
                Some(_) => headers.duplicate(name),
                None => {
                    Some(HeaderProblem::Missing { name: name.to_owned(), field: field.clone() })
                }
            })
            .collect()
    }

    /// The fields of a row, those left out whose cell is empty; or all that is wrong with the row.
    pub fn apply(&self, row: &Row) -> Result<BTreeMap<String, String>, Vec<CellProblem>> {
        let (mut fields, mut problems) = (BTreeMap::new(), Vec::new());
        for (field, rule) in &self.fields {
            match rule.apply(row) {
                Ok(Some(value)) => {
                    fields.insert(field.clone(), value);
                }
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(fields) } else { Err(problems) }
    }
}

#[cfg(test)]
mod tests;
