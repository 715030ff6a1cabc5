//! Tables written as XLSX at any length: rows go to disk as they come, memory does not grow.

use std::io::{Seek, Write};

use jiff::civil::DateTime;
use rust_xlsxwriter::{
    DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use thiserror::Error;

/// Why a table could not be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// Narrow the export: a sheet holds no more rows.
    #[error("a sheet holds no more than {most} rows")]
    Full {
        /// Rows of data that would have fitted.
        most: u32,
    },
    /// Give as many cells as there are columns.
    #[error("a row of {found} cells for {expected} columns")]
    Width {
        /// Columns of the export.
        expected: usize,
        /// Cells that were given.
        found: usize,
    },
    /// Look at what is wrong with the disk or the receiver.
    #[error("cannot write: {0}")]
    Failed(#[from] std::io::Error),
    /// A setting the format does not allow, such as too long a title.
    #[error("cannot make the workbook: {0}")]
    Workbook(#[from] XlsxError),
}

impl From<csv::Error> for WriteError {
    fn from(error: csv::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Content {
    /// Text, even if it looks like a number: identity numbers, phones, dates in ISO.
    #[default]
    Text,
    /// Numbers to add up; what is no number, or too long for one, stays text.
    Number,
}

/// A column of an export.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Header.
    pub title: String,
    /// Width in characters of the standard font.
    pub width: f64,
    /// What its cells hold.
    pub content: Content,
}

/// The frame of an export: all that stands around its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// Title, merged over all columns.
    pub title: String,
    /// When it was made, local time; printed below the title as 导出时间.
    pub exported_at: DateTime,
    /// What was asked for, printed beside the time as 条件.
    pub conditions: String,
    /// The columns; 序号 comes before them by itself.
    pub columns: Vec<Column>,
    /// Who signs below the rows (制表人, 审核人, …); nobody if empty.
    pub signatures: Vec<String>,
}

/// Writes the rows of an [`Export`], one at a time, in constant memory.
pub struct Exporter {
    book: Workbook,
    export: Export,
    formats: Formats,
    given: u32,
}

struct Formats {
    title: Format,
    note: Format,
    header: Format,
    text: Format,
    number: Format,
}

const TITLE_ROW: u32 = 0;
const NOTE_ROW: u32 = 1;
const HEADER_ROW: u32 = 2;
const FIRST_ROW: u32 = 3;
/// The rows of a sheet less those above the data and the line of signatures.
const MOST_ROWS: u32 = 1_048_576 - FIRST_ROW - 1;

impl Exporter {
    /// Writes everything above the rows.
    pub fn new(export: Export) -> Result<Self, WriteError> {
        let mut book = Workbook::new();
        let properties = DocProperties::new().set_title(&export.title);
        book.set_properties(&properties.set_creation_datetime(&export.exported_at));
        let formats = Formats::new();
        let sheet = book.add_worksheet_with_constant_memory()?;
        lay_out(sheet, &export)?;
        write_heading(sheet, &export, &formats)?;
        Ok(Self { book, export, formats, given: 0 })
    }

    /// Writes a row, numbered; a text longer than a cell holds is cut and ends in `…`.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) -> Result<(), WriteError> {
        if self.given == MOST_ROWS {
            return Err(WriteError::Full { most: MOST_ROWS });
        }
        let cells: Vec<_> = cells.into_iter().collect();
        let (expected, found) = (self.export.columns.len(), cells.len());
        if expected != found {
            return Err(WriteError::Width { expected, found });
        }
        let row = FIRST_ROW + self.given;
        self.given += 1;
        let sheet = self.book.worksheet_from_index(0)?;
        sheet.write_number_with_format(row, 0, self.given, &self.formats.number)?;
        for ((cell, column), at) in cells.into_iter().zip(&self.export.columns).zip(1..) {
            match number(cell).filter(|_| column.content == Content::Number) {
                Some(n) => sheet.write_number_with_format(row, at, n, &self.formats.number)?,
                None => sheet.write_string_with_format(row, at, cut(cell), &self.formats.text)?,
            };
        }
        Ok(())
    }

    /// Writes the line of signatures and sends the workbook to `to`.
    pub fn finish(mut self, to: impl Write + Seek + Send) -> Result<(), WriteError> {
        if !self.export.signatures.is_empty() {
            let places = self.export.signatures.iter().map(|name| format!("{name}：____________"));
            let line = places.collect::<Vec<_>>().join("    ");
            let row = FIRST_ROW + self.given;
            let sheet = self.book.worksheet_from_index(0)?;
            sheet.set_row_height(row, 30)?;
            write_across(sheet, row, &self.export, &line, &self.formats.note)?;
        }
        Ok(self.book.save_to_writer(to)?)
    }
}

impl Formats {
    fn new() -> Self {
        let cell = || Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
        let centred = || Format::new().set_align(FormatAlign::VerticalCenter).set_bold();
        Self {
            title: centred().set_align(FormatAlign::Center).set_font_size(16),
            note: Format::new().set_align(FormatAlign::VerticalCenter),
            header: centred()
                .set_align(FormatAlign::Center)
                .set_border(FormatBorder::Thin)
                .set_background_color(0xD9_E1_F2)
                .set_text_wrap(),
            text: cell().set_num_format("@").set_text_wrap(),
            number: cell(),
        }
    }
}

/// Widths, a header that stays in sight and is printed on every page, pages as wide as the table.
fn lay_out(sheet: &mut Worksheet, export: &Export) -> Result<(), XlsxError> {
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(TITLE_ROW, HEADER_ROW)?;
    sheet.set_freeze_panes(FIRST_ROW, 0)?;
    sheet.set_column_width(0, 6)?;
    for (column, at) in export.columns.iter().zip(1..) {
        sheet.set_column_width(at, column.width)?;
    }
    Ok(())
}

fn write_heading(
    sheet: &mut Worksheet,
    export: &Export,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_row_height(TITLE_ROW, 30)?;
    write_across(sheet, TITLE_ROW, export, &export.title, &formats.title)?;
    let time = export.exported_at.strftime("%Y-%m-%d %H:%M");
    let note = format!("导出时间：{time}    条件：{}", export.conditions);
    write_across(sheet, NOTE_ROW, export, &note, &formats.note)?;
    let titles = export.columns.iter().map(|column| column.title.as_str());
    for (title, at) in ["序号"].into_iter().chain(titles).zip(0..) {
        sheet.write_string_with_format(HEADER_ROW, at, title, &formats.header)?;
    }
    Ok(())
}

/// One text merged over the whole width; a single cell cannot be merged and need not be.
fn write_across(
    sheet: &mut Worksheet,
    row: u32,
    export: &Export,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let last = u16::try_from(export.columns.len()).unwrap_or(u16::MAX);
    let text = cut(text);
    match last {
        0 => sheet.write_string_with_format(row, 0, text, format)?,
        _ => sheet.merge_range(row, 0, row, last, &text, format)?,
    };
    Ok(())
}

/// A number that survives Excel: it keeps fifteen digits.
fn number(cell: &str) -> Option<f64> {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    cell.parse().ok().filter(|n: &f64| n.is_finite() && digits <= 15)
}

/// The text, cut to the 32,767 characters a cell holds.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(32_766) {
        Some((end, c)) if end + c.len_utf8() < text.len() => {
            text.get(..end).unwrap_or_default().to_owned() + "…"
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
