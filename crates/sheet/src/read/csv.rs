//! Text tables: finds the encoding and the delimiter, and numbers rows as Excel does.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, GB18030, UTF_8};

use super::ReadError;
use super::cell::CellText;
use super::row::RawRow;
use crate::csv_out::acts_as_formula;
use crate::format::Format;

/// Decoded text whose lines all end in `\n`.
pub(super) struct CsvText<'a> {
    text: Cow<'a, str>,
    delimiter: u8,
}

impl<'a> CsvText<'a> {
    pub fn decode(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let mut text = decoded(bytes).ok_or(ReadError::Encoding)?;
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n").into();
        }
        // Excel's "Unicode text" is separated by tabs.
        let first = text.lines().find(|line| !line.is_empty()).unwrap_or_default();
        let delimiter = if first.contains('\t') && !first.contains(',') { b'\t' } else { b',' };
        Ok(Self { text, delimiter })
    }

    pub fn rows(&self) -> impl Iterator<Item = Result<RawRow, ReadError>> {
        let bytes = self.text.as_bytes();
        let records = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(bytes)
            .into_records();
        let mut number = 0;
        records.map(move |record| {
            let record = record.map_err(|e| ReadError::Unreadable {
                format: Format::Csv,
                reason: e.to_string(),
            })?;
            // The parser passes over blank lines; to Excel each of them is a row.
            number += 1 + blank_lines(bytes, &record);
            Ok(RawRow { number, cells: record.iter().map(cell).collect() })
        })
    }
}

fn blank_lines(bytes: &[u8], record: &StringRecord) -> u32 {
    let start = record.position().map_or(0, csv::Position::byte);
    let before = usize::try_from(start).ok().and_then(|start| bytes.get(start..));
    before.unwrap_or_default().iter().take_while(|b| **b == b'\n').count() as u32
}

/// Takes off the quote that [`crate::CsvWriter`] puts before a dangerous character.
fn cell(field: &str) -> CellText {
    let guarded = field.strip_prefix('\'').filter(|rest| acts_as_formula(rest));
    CellText::typed(guarded.unwrap_or(field))
}

fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, bytes.get(mark..)?),
        None if is_meant_as_utf8(bytes) => (UTF_8, bytes),
        None => (GB18030, bytes),
    };
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// Chinese text in GB18030 breaks off as UTF-8 within its first words; if several characters of
/// three bytes went well before, this is UTF-8 with a fault, and must not be guessed into nonsense.
fn is_meant_as_utf8(bytes: &[u8]) -> bool {
    let Some(chunk) = bytes.utf8_chunks().next() else { return true };
    let whole = chunk.invalid().is_empty();
    whole || chunk.valid().chars().filter(|c| c.len_utf8() == 3).nth(2).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let text = CsvText::decode(bytes).unwrap();
        let rows = text.rows().map(Result::unwrap);
        rows.map(|r| (r.number, r.cells.into_iter().map(|c| c.text).collect())).collect()
    }

    fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (number, cells.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn text_is_understood_in_every_encoding_offices_save() {
        let text = "区县,内容\n鼓楼区,河道有异味，请处理\n";
        let utf16: Vec<u8> =
            [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let gbk = GB18030.encode(text).0;
        let marked = ["\u{feff}", text].concat();
        for bytes in [text.as_bytes(), marked.as_bytes(), &utf16, &gbk] {
            assert_eq!(
                rows(bytes),
                [row(1, &["区县", "内容"]), row(2, &["鼓楼区", "河道有异味，请处理"])]
            );
        }
    }

    #[test]
    fn broken_utf8_is_refused_rather_than_read_as_nonsense() {
        let mut bytes = "区县,内容\n鼓楼区,河道有异味".as_bytes().to_vec();
        bytes.truncate(bytes.len() - 1);
        assert!(matches!(CsvText::decode(&bytes), Err(ReadError::Encoding)));
        assert!(matches!(CsvText::decode(b"a,b\n\xff\xff\n"), Err(ReadError::Encoding)));
    }

    #[test]
    fn rows_are_numbered_as_excel_shows_them() {
        let text = b"a,b\r\n\r\n\"one\r\ntwo\",2\r\n\n\n,\r\n5,6";
        let expected = [
            row(1, &["a", "b"]),
            row(3, &["one\ntwo", "2"]),
            row(6, &["", ""]),
            row(7, &["5", "6"]),
        ];
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn tabs_separate_when_the_first_line_has_tabs_and_no_commas() {
        assert_eq!(rows(b"a\tb\n1,5\t2\n")[1], row(2, &["1,5", "2"]));
        assert_eq!(rows(b"a,b\tc\n")[0], row(1, &["a", "b\tc"]));
    }

    #[test]
    fn a_guard_before_a_formula_is_taken_off_again() {
        assert_eq!(rows(b"'=1+1,'+86138,'quoted'\n")[0], row(1, &["=1+1", "+86138", "'quoted'"]));
    }
}
