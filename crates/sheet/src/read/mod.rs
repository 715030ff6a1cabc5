//! Opens a table of any format, finds its header, and gives its rows one at a time.

mod cell;
mod csv;
mod row;
mod workbook;

use std::io::Cursor;
use std::sync::Arc;

use calamine::{Data, Ods, Range, Xls, Xlsx};
use thiserror::Error;

pub use cell::Damage;
pub use row::{HeaderProblem, Headers, Row};

use crate::format::Format;
use crate::limits::{ArchiveError, Limit, LimitExceeded, Limits, within};
use row::RawRow;

/// Why a file could not be read as a table.
#[derive(Debug, Error)]
pub enum ReadError {
    /// Split the file or raise the limit.
    #[error(transparent)]
    TooLarge(#[from] LimitExceeded),
    /// Give the file its true format; a workbook locked by a password also looks like XLS.
    #[error("declared as {declared}, but the content is {found} (or locked by a password)")]
    WrongFormat {
        /// What the caller said it was.
        declared: Format,
        /// What its first bytes say.
        found: Format,
    },
    /// Save the file again as UTF-8.
    #[error("text is not in UTF-8, UTF-16 or GB18030; save the file again as UTF-8")]
    Encoding,
    /// Open the file in its own program and save it again.
    #[error("unreadable {format} file: {reason}")]
    Unreadable {
        /// Format it was read as.
        format: Format,
        /// What the decoder said.
        reason: String,
    },
    /// Name one of the sheets there are.
    #[error("no sheet {name:?}; there are {available:?}")]
    NoSheet {
        /// Sheet that was asked for; empty for the first one.
        name: String,
        /// Names of the sheets in the workbook.
        available: Vec<String>,
    },
    /// Say which row holds the headers.
    #[error("row {row} holds no headers")]
    NoHeader {
        /// Row that should hold them, as Excel numbers rows.
        row: u32,
    },
}

/// How to read a table: which sheet, where its header stands, and how much it may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Sheet by name; `None` is the first. CSV has no sheets.
    pub sheet: Option<String>,
    /// Row of the headers, counted from 1 (a merged title often comes before).
    pub header_row: u32,
    /// Rows of explanations right below the header, passed over.
    pub notes_rows: u32,
    /// The most the file may hold.
    pub limits: Limits,
}

impl Default for Reading {
    fn default() -> Self {
        Self { sheet: None, header_row: 1, notes_rows: 0, limits: Limits::default() }
    }
}

/// A table opened for reading: its headers are known, its rows are read as they are asked for.
pub struct Table<'a> {
    source: Source<'a>,
    headers: Arc<Headers>,
    reading: Reading,
}

enum Source<'a> {
    Csv(csv::CsvText<'a>),
    Xlsx(Box<Xlsx<Cursor<&'a [u8]>>>, String),
    Cells(Range<Data>),
}

type RawRows<'t> = Box<dyn Iterator<Item = Result<RawRow, ReadError>> + 't>;

impl<'a> Table<'a> {
    /// Reads with the headers in row 1 of the first sheet and the default limits.
    pub fn read(bytes: &'a [u8], format: Format) -> Result<Self, ReadError> {
        Self::read_with(bytes, format, Reading::default())
    }

    /// Reads as `reading` says.
    pub fn read_with(bytes: &'a [u8], format: Format, reading: Reading) -> Result<Self, ReadError> {
        reading.limits.check_bytes(bytes)?;
        let found = Format::sniff(bytes);
        if found != format {
            return Err(ReadError::WrongFormat { declared: format, found });
        }
        let mut source = Source::open(bytes, format, &reading)?;
        let no_header = || ReadError::NoHeader { row: reading.header_row };
        let header = source.rows(&reading.limits)?.find(|row| {
            row.as_ref().is_ok_and(|row| row.number >= reading.header_row) || row.is_err()
        });
        let header = header.ok_or_else(no_header)??;
        if header.number != reading.header_row {
            return Err(no_header());
        }
        Ok(Self { source, headers: Arc::new(Headers::new(&header)), reading })
    }

    /// The headers of the table.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The rows below the header and its notes, from the first; rows without content are left out.
    pub fn rows(&mut self) -> Result<Rows<'_>, ReadError> {
        Ok(Rows {
            raw: self.source.rows(&self.reading.limits)?,
            headers: Arc::clone(&self.headers),
            first: self
                .reading
                .header_row
                .saturating_add(self.reading.notes_rows)
                .saturating_add(1),
            given: 0,
            most: self.reading.limits.rows,
            failed: false,
        })
    }
}

impl<'a> Source<'a> {
    fn open(bytes: &'a [u8], format: Format, reading: &Reading) -> Result<Self, ReadError> {
        if matches!(format, Format::Xlsx | Format::Ods) {
            reading.limits.check_archive(bytes).map_err(|e| match e {
                ArchiveError::TooLarge(e) => e.into(),
                ArchiveError::Broken(e) => workbook::unreadable(format)(e),
            })?;
        }
        let sheet = reading.sheet.as_deref();
        Ok(match format {
            Format::Csv => Self::Csv(csv::CsvText::decode(bytes)?),
            Format::Xlsx => {
                let (book, sheet) = workbook::open::<Xlsx<_>>(bytes, format, sheet)?;
                Self::Xlsx(Box::new(book), sheet)
            }
            Format::Xls => Self::Cells(workbook::cells::<Xls<_>>(bytes, format, sheet)?),
            Format::Ods => Self::Cells(workbook::cells::<Ods<_>>(bytes, format, sheet)?),
        })
    }

    /// Rows with content, within the limits of columns and cells.
    fn rows<'t>(&'t mut self, limits: &Limits) -> Result<RawRows<'t>, ReadError> {
        let limits = limits.clone();
        let rows: RawRows<'t> = match self {
            Self::Csv(text) => Box::new(text.rows()),
            Self::Xlsx(book, sheet) => workbook::stream(book, sheet, limits.columns)?,
            Self::Cells(range) => Box::new(workbook::range_rows(range)),
        };
        let checked = rows
            .filter(|row| !row.as_ref().is_ok_and(RawRow::is_empty))
            .map(move |row| row.and_then(|row| row.within(&limits)));
        Ok(Box::new(checked))
    }
}

/// The rows of a [`Table`], read as they are asked for; ends after the first error.
pub struct Rows<'t> {
    raw: RawRows<'t>,
    headers: Arc<Headers>,
    first: u32,
    given: u64,
    most: u64,
    failed: bool,
}

impl Rows<'_> {
    fn accept(&mut self, row: RawRow) -> Result<Row, ReadError> {
        self.given += 1;
        within(Limit::Rows, self.given, self.most, Some(row.number))?;
        Ok(Row::new(row, Arc::clone(&self.headers)))
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let first = self.first;
        let raw = self.raw.find(|row| row.as_ref().map_or(true, |row| row.number >= first))?;
        let row = raw.and_then(|raw| self.accept(raw));
        self.failed = row.is_err();
        Some(row)
    }
}

#[cfg(test)]
mod tests;
