//! Workbooks: XLSX streamed cell by cell, XLS and ODS through a grid held in memory.

use std::fmt;
use std::io::Cursor;

use calamine::{Data, DataType, Range, Reader, Xlsx};

use super::cell::CellText;
use super::row::RawRow;
use super::{RawRows, ReadError};
use crate::format::Format;
use crate::limits::{Limit, within};

pub(super) fn unreadable<E: fmt::Display>(format: Format) -> impl Fn(E) -> ReadError {
    move |e| ReadError::Unreadable { format, reason: e.to_string() }
}

/// The workbook and the name of the sheet asked for, the first if none was.
pub(super) fn open<'a, B>(
    bytes: &'a [u8],
    format: Format,
    sheet: Option<&str>,
) -> Result<(B, String), ReadError>
where
    B: Reader<Cursor<&'a [u8]>, Error: fmt::Display>,
{
    let book = B::new(Cursor::new(bytes)).map_err(unreadable(format))?;
    let available = book.sheet_names();
    match available.iter().find(|name| sheet.is_none_or(|wanted| wanted == *name)) {
        Some(name) => {
            let name = name.clone();
            Ok((book, name))
        }
        None => Err(ReadError::NoSheet { name: sheet.unwrap_or_default().to_owned(), available }),
    }
}

/// All cells of a sheet, for the formats that cannot be streamed.
pub(super) fn cells<'a, B>(
    bytes: &'a [u8],
    format: Format,
    sheet: Option<&str>,
) -> Result<Range<Data>, ReadError>
where
    B: Reader<Cursor<&'a [u8]>, Error: fmt::Display>,
{
    let (mut book, name) = open::<B>(bytes, format, sheet)?;
    book.worksheet_range(&name).map_err(unreadable(format))
}

pub(super) fn range_rows(range: &Range<Data>) -> impl Iterator<Item = Result<RawRow, ReadError>> {
    let (top, left) = range.start().unwrap_or_default();
    range.rows().zip(top + 1..).map(move |(cells, number)| {
        let blank = (0..left).map(|_| CellText::default());
        let cells = cells.iter().map(CellText::of);
        Ok(RawRow { number, cells: blank.chain(cells).collect() })
    })
}

/// Rows gathered from the stream of cells, holding no more than one of them at a time.
pub(super) fn stream<'t>(
    book: &'t mut Xlsx<Cursor<&[u8]>>,
    sheet: &str,
    columns: u64,
) -> Result<RawRows<'t>, ReadError> {
    let fail = unreadable(Format::Xlsx);
    let mut reader = book.worksheet_cells_reader(sheet).map_err(&fail)?;
    let cells = std::iter::from_fn(move || {
        loop {
            match reader.next_cell().map_err(&fail).transpose()? {
                Ok(cell) if cell.get_value().is_empty() => {}
                cell => return Some(cell.map(|c| (c.get_position(), CellText::of(c.get_value())))),
            }
        }
    });
    let mut cells = cells.peekable();
    Ok(Box::new(std::iter::from_fn(move || match cells.peek()? {
        Ok(((row, _), _)) => {
            let row = *row;
            Some(gather(row, columns, || cells.next_if(|cell| is_in(row, cell))))
        }
        Err(_) => cells.next().map(|failed| failed.map(|_| RawRow::default())),
    })))
}

type PlacedCell = Result<((u32, u32), CellText), ReadError>;

fn is_in(row: u32, cell: &PlacedCell) -> bool {
    cell.as_ref().is_ok_and(|((of, _), _)| *of == row)
}

fn gather(
    row: u32,
    columns: u64,
    mut next: impl FnMut() -> Option<PlacedCell>,
) -> Result<RawRow, ReadError> {
    let (number, mut cells) = (row.saturating_add(1), Vec::new());
    while let Some(cell) = next() {
        let ((_, column), text) = cell?;
        // Checked before the row is widened: a forged position must not take the memory.
        within(Limit::Columns, u64::from(column) + 1, columns, Some(number))?;
        cells.resize(cells.len().max(column as usize + 1), CellText::default());
        if let Some(cell) = cells.get_mut(column as usize) {
            *cell = text;
        }
    }
    Ok(RawRow { number, cells })
}
