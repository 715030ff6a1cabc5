//! Cuts the XML of a sheet into parts; does not change anything.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::TemplateError;
use super::super::marks::{Piece, pieces};
use super::super::refs;
use super::super::tag::Tag;
use super::super::xml::{content, text_within};
use super::{Cell, Kind, Part, Row};

/// Elements outside the rows that refer to cells, and the attribute they do it with.
const REFERENCES: [(&str, &str); 7] = [
    ("dimension", "ref"),
    ("autoFilter", "ref"),
    ("hyperlink", "ref"),
    ("conditionalFormatting", "sqref"),
    ("dataValidation", "sqref"),
    ("protectedRange", "sqref"),
    ("ignoredError", "sqref"),
];

/// The parts of a sheet, in order and without gaps.
pub(super) fn parts(xml: &str, strings: &[String]) -> Result<Vec<Part>, TemplateError> {
    let mut cutter = Cutter { reader: Reader::from_str(xml), strings, row: 0 };
    let mut parts = Vec::new();
    let mut done = 0;
    loop {
        let start = cutter.position();
        let kind = match cutter.reader.read_event()? {
            Event::Start(e) => cutter.kind(&e, false)?,
            Event::Empty(e) => cutter.kind(&e, true)?,
            Event::Eof => break,
            _ => Kind::Verbatim,
        };
        if !matches!(kind, Kind::Verbatim) {
            parts.push(Part { span: done..start, kind: Kind::Verbatim });
            done = cutter.position();
            parts.push(Part { span: start..done, kind });
        }
    }
    parts.push(Part { span: done..xml.len(), kind: Kind::Verbatim });
    Ok(parts)
}

struct Cutter<'x> {
    reader: Reader<&'x [u8]>,
    strings: &'x [String],
    row: u32,
}

impl Cutter<'_> {
    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn kind(&mut self, start: &BytesStart<'_>, empty: bool) -> Result<Kind, TemplateError> {
        let tag = Tag::parse(start, empty)?;
        let name = start.local_name().into_inner();
        Ok(match name {
            "row" => Kind::Row(self.row(tag, start)?),
            "mergeCells" => Kind::MergeList(tag),
            "mergeCell" => Kind::Merge(tag),
            _ => match REFERENCES.iter().find(|(element, _)| *element == name) {
                Some((_, key)) => Kind::Reference(tag, key),
                None => Kind::Verbatim,
            },
        })
    }

    /// A row; its number and the places of its cells may be left out, then they follow on.
    fn row(&mut self, tag: Tag, start: &BytesStart<'_>) -> Result<Row, TemplateError> {
        self.row = match tag.get("r") {
            Some(number) => number.parse().map_err(|_| damaged("row", number))?,
            None => self.row.saturating_add(1),
        };
        let mut row = Row { number: self.row, tag, cells: Vec::new() };
        while !row.tag.is_empty() {
            match self.reader.read_event()? {
                Event::Start(e) => self.cell(&mut row, &e, false)?,
                Event::Empty(e) => self.cell(&mut row, &e, true)?,
                Event::End(e) if e.name() == start.name() => break,
                Event::Eof => return Err(damaged("row", "without an end")),
                _ => {}
            }
        }
        Ok(row)
    }

    fn cell(
        &mut self,
        row: &mut Row,
        start: &BytesStart<'_>,
        empty: bool,
    ) -> Result<(), TemplateError> {
        let tag = Tag::parse(start, empty)?;
        let column = match tag.get("r") {
            Some(place) => refs::column(place).ok_or_else(|| damaged("cell", place))?,
            None => row.cells.last().map_or(0, |last| last.column.saturating_add(1)),
        };
        let mut cell = Cell { column, tag, inner: 0..0, pieces: Vec::new(), formula: None };
        if !empty {
            let text = self.inside(&mut cell, start)?;
            let pieces = text.map(|text| pieces(&text)).unwrap_or_default();
            if pieces.iter().any(|piece| !matches!(piece, Piece::Text(_))) {
                cell.pieces = pieces;
            }
        }
        row.cells.push(cell);
        Ok(())
    }

    /// Reads to the end of the cell, notes its formula, and gives its text if it is text.
    fn inside(
        &mut self,
        cell: &mut Cell,
        start: &BytesStart<'_>,
    ) -> Result<Option<String>, TemplateError> {
        let (from, mut text) = (self.position(), None);
        loop {
            let before = self.position();
            match self.reader.read_event()? {
                Event::Start(e) => match e.local_name().into_inner() {
                    "f" => cell.formula = Some(content(&mut self.reader, &e)?),
                    "is" => text = Some(text_within(&mut self.reader, &e)?),
                    "v" => {
                        let value = content(&mut self.reader, &e)?;
                        text = self.shared(cell, &value);
                    }
                    _ => {}
                },
                Event::Empty(e) if e.local_name().into_inner() == "f" => {
                    cell.formula = Some(String::new());
                }
                Event::End(e) if e.name() == start.name() => {
                    cell.inner = Range { start: from, end: before };
                    return Ok(text);
                }
                Event::Eof => return Err(damaged("cell", "without an end")),
                _ => {}
            }
        }
    }

    fn shared(&self, cell: &Cell, value: &str) -> Option<String> {
        let index =
            value.trim().parse::<usize>().ok().filter(|_| cell.tag.get("t") == Some("s"))?;
        self.strings.get(index).cloned()
    }
}

fn damaged(what: &str, how: &str) -> TemplateError {
    TemplateError::Damaged(format!("{what} {how}"))
}
