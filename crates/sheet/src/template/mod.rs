//! An office's own workbook as a template: its marks are filled in, all else stays as it was.
//!
//! `{{field}}` in a cell is replaced by that field. A row with `{{item.field}}` in it is repeated,
//! once an item, with its heights, styles and merged cells; what stands below moves down.

mod marks;
mod names;
mod refs;
mod sheet;
mod tag;
mod xml;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read, Write};

use thiserror::Error;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::format::Format;
use crate::limits::{ArchiveError, LimitExceeded, Limits};
use sheet::Sheet;

/// Why a template could not be read or filled.
#[derive(Debug, Error)]
pub enum TemplateError {
    /// Save the template as .xlsx, without a password.
    #[error("the template is not an XLSX workbook")]
    NotXlsx,
    /// Use a smaller template.
    #[error(transparent)]
    TooLarge(#[from] LimitExceeded),
    /// Open the template in its own program and save it again.
    #[error("the template is damaged: {0}")]
    Damaged(String),
    /// Keep one row of items a sheet.
    #[error("{part}: rows {first} and {second} both hold items; one row a sheet may")]
    TwoItemRows {
        /// Sheet, as a part of the workbook.
        part: String,
        /// The one row.
        first: u32,
        /// The other.
        second: u32,
    },
    /// Replace the formula by text; the rows it speaks of will move.
    #[error("{part}: the formula in {cell} would go astray when rows are added")]
    FormulaMoves {
        /// Sheet, as a part of the workbook.
        part: String,
        /// Cell of the formula.
        cell: String,
    },
    /// Give these fields, or take their marks out of the template.
    #[error("the template asks for fields that are not given: {}", .0.join(", "))]
    Unfilled(Vec<String>),
    /// Fill the template for fewer items at a time.
    #[error("too many items: a sheet holds no more than 1048576 rows")]
    TooManyRows,
}

impl From<io::Error> for TemplateError {
    fn from(error: io::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<zip::result::ZipError> for TemplateError {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<quick_xml::Error> for TemplateError {
    fn from(error: quick_xml::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// A workbook with marks, read and found sound.
#[derive(Debug)]
pub struct Template<'a> {
    bytes: &'a [u8],
    sheets: BTreeMap<String, Sheet>,
    names: names::DefinedNames,
}

/// The values for one set of marks, by field.
type Fields = BTreeMap<String, String>;

impl<'a> Template<'a> {
    /// Reads a template and checks that it can be filled.
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, TemplateError> {
        limits.check_bytes(bytes)?;
        if Format::sniff(bytes) != Format::Xlsx {
            return Err(TemplateError::NotXlsx);
        }
        limits.check_archive(bytes).map_err(|e| match e {
            ArchiveError::TooLarge(e) => TemplateError::TooLarge(e),
            ArchiveError::Broken(e) => e.into(),
        })?;
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        let strings = xml::shared_strings(&part(&mut archive, "xl/sharedStrings.xml")?)?;
        let mut sheets = BTreeMap::new();
        for name in sheet_parts(&archive) {
            let sheet = Sheet::parse(&name, part(&mut archive, &name)?, &strings)?;
            sheets.insert(name, sheet);
        }
        let relations = part(&mut archive, "xl/_rels/workbook.xml.rels")?;
        let names = names::DefinedNames::parse(part(&mut archive, names::PART)?, &relations)?;
        Ok(Self { bytes, sheets, names })
    }

    /// The fields asked for once, in alphabetical order.
    pub fn fields(&self) -> BTreeSet<&str> {
        self.sheets.values().flat_map(Sheet::fields).collect()
    }

    /// The fields asked for of each item, without `item.`.
    pub fn item_fields(&self) -> BTreeSet<&str> {
        self.sheets.values().flat_map(Sheet::item_fields).collect()
    }

    /// The workbook filled in; every value is written as text. Without items their row stays, empty.
    /// An item may leave a field out, but a field no item has is a mistake.
    pub fn fill(&self, fields: &Fields, items: &[Fields]) -> Result<Vec<u8>, TemplateError> {
        self.check_all_given(fields, items)?;
        let mut filled = BTreeMap::new();
        for (part, sheet) in &self.sheets {
            if sheet.has_marks() {
                filled.insert(part.as_str(), sheet.fill(fields, items)?);
            }
        }
        let growth = |part: &str| self.sheets.get(part).and_then(|s| s.growth(items.len()));
        if let Some(names) = self.names.moved(growth) {
            filled.insert(names::PART, names);
        }
        self.with_parts(&filled)
    }

    fn check_all_given(&self, fields: &Fields, items: &[Fields]) -> Result<(), TemplateError> {
        let once = self.fields().into_iter().filter(|name| !fields.contains_key(*name));
        let each = self
            .item_fields()
            .into_iter()
            .filter(|name| !items.is_empty() && !items.iter().any(|item| item.contains_key(*name)));
        let missing: Vec<_> =
            once.map(str::to_owned).chain(each.map(|name| format!("item.{name}"))).collect();
        if missing.is_empty() { Ok(()) } else { Err(TemplateError::Unfilled(missing)) }
    }

    /// The archive with some parts replaced; the others are copied without being unpacked.
    fn with_parts(&self, parts: &BTreeMap<&str, String>) -> Result<Vec<u8>, TemplateError> {
        let mut from = ZipArchive::new(Cursor::new(self.bytes))?;
        let mut to = ZipWriter::new(Cursor::new(Vec::with_capacity(self.bytes.len())));
        for index in 0..from.len() {
            let entry = from.by_index_raw(index)?;
            let name = entry.name()?.into_owned();
            match parts.get(name.as_str()) {
                Some(text) => {
                    to.start_file(name, SimpleFileOptions::default())?;
                    to.write_all(text.as_bytes())?;
                }
                None => to.raw_copy_file(entry)?,
            }
        }
        Ok(to.finish()?.into_inner())
    }
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn sheet_parts(archive: &Archive<'_>) -> Vec<String> {
    let names = archive.file_names().filter_map(Result::ok).map(Cow::into_owned);
    names.filter(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml")).collect()
}

/// The text of a part; empty if the workbook has none such.
fn part(archive: &mut Archive<'_>, name: &str) -> Result<String, TemplateError> {
    let mut text = String::new();
    match archive.by_name(name) {
        Ok(mut entry) => entry.read_to_string(&mut text)?,
        Err(zip::result::ZipError::FileNotFound) => 0,
        Err(e) => return Err(e.into()),
    };
    Ok(text)
}

#[cfg(test)]
mod tests;
