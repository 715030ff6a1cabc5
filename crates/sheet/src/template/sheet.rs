//! One sheet of a template: what it asks for, and its XML with the marks filled in.

mod parse;

use std::ops::Range;

use super::marks::Piece;
use super::refs::Growth;
use super::tag::Tag;
use super::xml::escaped;
use super::{Fields, TemplateError};
use crate::format::column_letters;

const MOST_ROWS: u32 = 1_048_576;

/// The XML of a sheet, cut into what is copied and what changes.
#[derive(Debug)]
pub(super) struct Sheet {
    xml: String,
    parts: Vec<Part>,
    item_row: Option<u32>,
}

/// A stretch of the XML.
#[derive(Debug)]
struct Part {
    span: Range<usize>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Copied whatever happens.
    Verbatim,
    Row(Row),
    /// The list of merged cells, whose count may change.
    MergeList(Tag),
    Merge(Tag),
    /// An element with an attribute that refers to cells.
    Reference(Tag, &'static str),
}

#[derive(Debug)]
struct Row {
    number: u32,
    tag: Tag,
    cells: Vec<Cell>,
}

#[derive(Debug)]
struct Cell {
    column: usize,
    tag: Tag,
    inner: Range<usize>,
    /// The text in pieces if it holds a mark, else empty.
    pieces: Vec<Piece>,
    formula: Option<String>,
}

impl Row {
    fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.cells.iter().flat_map(|cell| &cell.pieces)
    }

    fn is_for_items(&self) -> bool {
        self.pieces().any(|piece| matches!(piece, Piece::Item(_)))
    }
}

impl Sheet {
    pub fn parse(part: &str, xml: String, strings: &[String]) -> Result<Self, TemplateError> {
        let parts = parse::parts(&xml, strings)?;
        let mut sheet = Self { xml, parts, item_row: None };
        sheet.item_row = sheet.single_item_row(part)?;
        match sheet.item_row.and_then(|row| sheet.stray_formula(row)) {
            Some(cell) => Err(TemplateError::FormulaMoves { part: part.to_owned(), cell }),
            None => Ok(sheet),
        }
    }

    fn single_item_row(&self, part: &str) -> Result<Option<u32>, TemplateError> {
        let mut rows = self.rows().filter(|row| row.is_for_items()).map(|row| row.number);
        match (rows.next(), rows.next()) {
            (Some(first), Some(second)) => {
                Err(TemplateError::TwoItemRows { part: part.to_owned(), first, second })
            }
            (first, _) => Ok(first),
        }
    }

    /// A formula that moves, or that speaks of cells (`=TODAY()` above the items does neither).
    fn stray_formula(&self, item_row: u32) -> Option<String> {
        self.rows().find_map(|row| {
            let strays = |formula: &String| {
                row.number >= item_row || formula.is_empty() || formula.contains(char::is_numeric)
            };
            let cell = row.cells.iter().find(|cell| cell.formula.as_ref().is_some_and(strays))?;
            Some(format!("{}{}", column_letters(cell.column), row.number))
        })
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.parts.iter().filter_map(|part| match &part.kind {
            Kind::Row(row) => Some(row),
            _ => None,
        })
    }

    fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.rows().flat_map(Row::pieces)
    }

    pub fn has_marks(&self) -> bool {
        self.pieces().next().is_some()
    }

    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.pieces().filter_map(|piece| match piece {
            Piece::Field(name) => Some(name.as_str()),
            _ => None,
        })
    }

    pub fn item_fields(&self) -> impl Iterator<Item = &str> {
        self.pieces().filter_map(|piece| match piece {
            Piece::Item(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// How the sheet grows for so many items; `None` if no row comes to stand elsewhere.
    pub fn growth(&self, items: usize) -> Option<Growth> {
        let added = u32::try_from(items.saturating_sub(1)).unwrap_or(u32::MAX);
        self.item_row.filter(|_| added > 0).map(|row| Growth { row, added })
    }

    /// The XML of the sheet for these values.
    pub fn fill(&self, fields: &Fields, items: &[Fields]) -> Result<String, TemplateError> {
        let growth = self.growth(items.len());
        let last = self.rows().map(|row| row.number).max().unwrap_or_default();
        if growth.is_some_and(|growth| last.saturating_add(growth.added) > MOST_ROWS) {
            return Err(TemplateError::TooManyRows);
        }
        let mut filling = Filling { xml: &self.xml, fields, out: String::new() };
        for part in &self.parts {
            match (&part.kind, growth) {
                (Kind::Row(row), _) if self.item_row == Some(row.number) => {
                    filling.item_rows(row, items);
                }
                (Kind::Row(row), _) => filling.row(&part.span, row, growth),
                (Kind::Verbatim, _) | (_, None) => filling.copy(&part.span),
                (Kind::MergeList(tag), _) => {
                    tag.clone().without("count").write_to(&mut filling.out);
                }
                (Kind::Merge(tag), Some(growth)) => {
                    for range in growth.merged(tag.get("ref").unwrap_or_default()) {
                        tag.clone().with("ref", range).write_to(&mut filling.out);
                    }
                }
                (Kind::Reference(tag, key), Some(growth)) => {
                    let moved = growth.references(tag.get(key).unwrap_or_default());
                    tag.clone().with(key, moved).write_to(&mut filling.out);
                }
            }
        }
        Ok(filling.out)
    }
}

/// The XML of a sheet as far as it has been filled.
struct Filling<'f> {
    xml: &'f str,
    fields: &'f Fields,
    out: String,
}

impl Filling<'_> {
    fn copy(&mut self, span: &Range<usize>) {
        self.out.push_str(self.xml.get(span.clone()).unwrap_or_default());
    }

    /// A row that stands once: copied unless it moves or holds marks.
    fn row(&mut self, span: &Range<usize>, row: &Row, growth: Option<Growth>) {
        let number = growth.map_or(row.number, |growth| growth.moved(row.number));
        if number == row.number && row.pieces().next().is_none() {
            self.copy(span);
        } else {
            self.write(row, number, &Fields::new());
        }
    }

    fn item_rows(&mut self, row: &Row, items: &[Fields]) {
        if items.is_empty() {
            self.write(row, row.number, &Fields::new());
        }
        for (item, number) in items.iter().zip(row.number..) {
            self.write(row, number, item);
        }
    }

    fn write(&mut self, row: &Row, number: u32, item: &Fields) {
        let (xml, fields) = (self.xml, self.fields);
        row.tag.clone().with("r", number.to_string()).wrap(&mut self.out, |out| {
            for cell in &row.cells {
                let place = format!("{}{number}", column_letters(cell.column));
                let tag = cell.tag.clone().with("r", place);
                if cell.pieces.is_empty() {
                    let inner = xml.get(cell.inner.clone()).unwrap_or_default();
                    tag.wrap(out, |out| out.push_str(inner));
                } else {
                    write_text(out, tag, &cell.text(fields, item));
                }
            }
        });
    }
}

impl Cell {
    fn text(&self, fields: &Fields, item: &Fields) -> String {
        let texts = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Field(name) => fields.get(name).map_or("", String::as_str),
            Piece::Item(name) => item.get(name).map_or("", String::as_str),
        });
        texts.collect()
    }
}

/// Inline text is text to every program, whatever it begins with: no value becomes a formula.
fn write_text(out: &mut String, tag: Tag, text: &str) {
    let prefix = tag.prefix().to_owned();
    tag.with("t", "inlineStr".to_owned()).wrap(out, |out| {
        out.extend(["<", &prefix, "is><", &prefix, "t xml:space=\"preserve\">"]);
        out.push_str(&escaped(text));
        out.extend(["</", &prefix, "t></", &prefix, "is>"]);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixed_elements_without_places_are_numbered_and_filled() {
        let xml = concat!(
            "<x:worksheet xmlns:x='m'><x:sheetData>",
            "<x:row><x:c><x:v>1</x:v></x:c></x:row>",
            "<x:row ht='20'><x:c/><x:c s='3' t='inlineStr'><x:is><x:t>{{item.a}}</x:t></x:is></x:c></x:row>",
            "<x:row/><x:row><x:c t='s'><x:v>0</x:v></x:c></x:row>",
            "</x:sheetData></x:worksheet>",
        );
        let sheet = Sheet::parse("s", xml.to_owned(), &["{{b}}".to_owned()]).unwrap();
        let fields = |name: &str, value: &str| Fields::from([(name.to_owned(), value.to_owned())]);
        let items = [fields("a", "甲"), fields("a", "<乙>")];
        let filled = sheet.fill(&fields("b", "尾"), &items).unwrap();
        let text = |text: &str| {
            format!(r#"<x:is><x:t xml:space="preserve">{text}</x:t></x:is></x:c></x:row>"#)
        };
        let expected = [
            "<x:worksheet xmlns:x='m'><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row>",
            r#"<x:row ht="20" r="2"><x:c r="A2"></x:c><x:c s="3" t="inlineStr" r="B2">"#,
            &text("甲"),
            r#"<x:row ht="20" r="3"><x:c r="A3"></x:c><x:c s="3" t="inlineStr" r="B3">"#,
            &text("&lt;乙&gt;"),
            r#"<x:row r="4"></x:row><x:row r="5"><x:c t="inlineStr" r="A5">"#,
            &text("尾"),
            "</x:sheetData></x:worksheet>",
        ];
        assert_eq!(filled, expected.concat());
    }

    #[test]
    fn a_row_without_an_end_is_damage() {
        let parsed = Sheet::parse("s", "<sheetData><row><c>".to_owned(), &[]);
        assert!(matches!(parsed, Err(TemplateError::Damaged(_))));
    }
}
