//! The table of attributes of a shapefile (`.dbf`, dBASE III): texts, numbers, dates and truths.
//! Memo fields, which lie in a file of their own, are not followed.

use std::collections::BTreeSet;

use encoding_rs::{Encoding, GB18030, UTF_8};
use serde_json::{Number, Value};

use super::{
    super::{Attributes, Entry, MapError},
    unreadable,
};

/// Where the fields are described from.
const FIELDS: usize = 32;
const FIELD: usize = 32;
const END: u8 = 0x0D;
/// The longest name and text that fit.
const NAME: usize = 10;
const TEXT: usize = 254;
/// The most columns of a table: dBASE IV and after allow 255, and some programs more.
const MAX_FIELDS: usize = 1_024;
/// The most columns written: their widest row still fits the sixteen bits of its length.
const MAX_COLUMNS: usize = 255;

struct Field {
    name: String,
    kind: u8,
    length: usize,
    decimals: usize,
}

/// The rows one by one, nothing for one marked as deleted. A row cut short ends the table.
pub(super) fn rows(
    bytes: &[u8],
    encoding: Option<&'static Encoding>,
) -> Result<impl Iterator<Item = Option<Attributes>>, MapError> {
    let broken = || unreadable("the head of the .dbf file is broken");
    let number = |at: usize| bytes.get(at..at + 2)?.first_chunk().copied().map(u16::from_le_bytes);
    let (head, length) = number(8).zip(number(10)).ok_or_else(broken)?;
    let encoding = encoding.unwrap_or_else(|| guessed(bytes));
    let described = bytes.get(FIELDS..usize::from(head)).ok_or_else(broken)?;
    let described = described.chunks_exact(FIELD).take_while(|field| field.first() != Some(&END));
    let fields: Vec<_> = described.filter_map(|it| Field::of(it, encoding)).collect();
    let width = 1 + fields.iter().map(|field| field.length).sum::<usize>();
    if fields.len() > MAX_FIELDS || width > usize::from(length) {
        return Err(broken());
    }
    let rows = bytes.get(usize::from(head)..).ok_or_else(broken)?;
    Ok(rows.chunks_exact(usize::from(length)).map(move |row| {
        let (mark, mut cells) = row.split_first()?;
        let mut attributes = Attributes::new();
        for field in &fields {
            let (cell, rest) = cells.split_at_checked(field.length)?;
            attributes.insert(field.name.clone(), field.value(cell, encoding));
            cells = rest;
        }
        (*mark != b'*').then_some(attributes)
    }))
}

/// GB 18030 where the table says so or its bytes are no UTF-8.
fn guessed(bytes: &[u8]) -> &'static Encoding {
    let is_chinese = bytes.get(29) == Some(&0x4D);
    let rest = bytes.get(FIELDS..).unwrap_or_default();
    if is_chinese || std::str::from_utf8(rest).is_err() { GB18030 } else { UTF_8 }
}

impl Field {
    fn of(described: &[u8], encoding: &'static Encoding) -> Option<Self> {
        let name = described.get(..11)?.split(|&byte| byte == 0).next()?;
        let name = encoding.decode_without_bom_handling(name).0.trim().to_owned();
        Some(Self {
            name,
            kind: *described.get(11)?,
            length: usize::from(*described.get(16)?),
            decimals: usize::from(*described.get(17)?),
        })
    }

    fn value(&self, cell: &[u8], encoding: &'static Encoding) -> Value {
        let text = encoding.decode_without_bom_handling(cell).0;
        let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        let written = || if text.is_empty() { Value::Null } else { Value::String(text.to_owned()) };
        match self.kind {
            b'N' | b'F' => number(text).map_or(Value::Null, Value::Number),
            b'L' => match text {
                "T" | "t" | "Y" | "y" => Value::Bool(true),
                "F" | "f" | "N" | "n" => Value::Bool(false),
                _ => Value::Null,
            },
            b'D' => date(text).map_or_else(written, Value::String),
            _ => written(),
        }
    }
}

fn number(text: &str) -> Option<Number> {
    let whole = text.parse::<i64>().ok().map(Number::from);
    whole.or_else(|| Number::from_f64(text.parse().ok()?))
}

/// `20260131` as `2026-01-31`.
fn date(text: &str) -> Option<String> {
    let is_date = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_date.then(|| Some(format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..)?)))?
}

/// The table of entries in UTF-8, and the attributes whose names had to be shortened.
pub(super) fn written(entries: &[Entry]) -> Result<(Vec<u8>, Renamed), MapError> {
    let names: BTreeSet<&String> = entries.iter().flat_map(|it| it.attributes.keys()).collect();
    if names.len() > MAX_COLUMNS {
        return Err(MapError::TooMuch { unit: "attributes", most: MAX_COLUMNS as u64 });
    }
    let columns = columns(entries, names)?;
    let mut table = head(entries.len(), &columns);
    for entry in entries {
        table.push(b' ');
        for column in &columns {
            let mut cell = text(entry.attributes.get(&column.attribute)).into_bytes();
            let room = column.field.length - cell.len();
            let at = if column.field.kind == b'N' { 0 } else { cell.len() };
            cell.splice(at..at, std::iter::repeat_n(b' ', room));
            table.extend(cell);
        }
    }
    table.push(0x1A);
    let renamed = columns.into_iter().map(|it| (it.attribute, it.field.name));
    Ok((table, renamed.filter(|(old, new)| old != new).collect()))
}

/// Attributes under other names, each with its old name first.
type Renamed = Vec<(String, String)>;

struct Column {
    attribute: String,
    field: Field,
}

fn columns(entries: &[Entry], names: BTreeSet<&String>) -> Result<Vec<Column>, MapError> {
    let mut taken = BTreeSet::new();
    let column = |attribute: &String| {
        let values = || entries.iter().map(|entry| entry.attributes.get(attribute));
        let mut length = 1;
        for (row, value) in (1..).zip(values()) {
            length = text(value).len().max(length);
            if length > TEXT {
                return Err(MapError::LongText { row, field: attribute.clone() });
            }
        }
        let numbers = |it: Option<&Value>| it.is_none_or(|it| it.is_number() || it.is_null());
        let is_number =
            length <= 20 && values().all(numbers) && values().flatten().any(Value::is_number);
        let kind = if is_number { b'N' } else { b'C' };
        let digits = |value| text(value).split_once('.').map_or(0, |(_, digits)| digits.len());
        let decimals = if is_number { values().map(digits).max().unwrap_or(0) } else { 0 };
        let name = short(attribute, &mut taken);
        Ok(Column { attribute: attribute.clone(), field: Field { name, kind, length, decimals } })
    };
    names.into_iter().map(column).collect()
}

fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// A name of at most ten bytes that no other column has.
fn short(name: &str, taken: &mut BTreeSet<String>) -> String {
    let cut = |most: usize| -> String {
        let ends = name.char_indices().map(|(at, c)| at + c.len_utf8());
        let end = ends.take_while(|&end| end <= most).last().unwrap_or(0);
        name.get(..end).unwrap_or_default().to_owned()
    };
    let plain = std::iter::once(cut(NAME));
    let numbered = (2..).map(|number: usize| {
        let number = format!("_{number}");
        cut(NAME.saturating_sub(number.len())) + &number
    });
    let free = plain.chain(numbered).find(|it| !it.is_empty() && !taken.contains(it));
    let free = free.unwrap_or_default();
    taken.insert(free.clone());
    free
}

fn head(rows: usize, columns: &[Column]) -> Vec<u8> {
    let length: usize = 1 + columns.iter().map(|column| column.field.length).sum::<usize>();
    // The day is of no use here: the first of 2000.
    let mut head = vec![0x03, 100, 1, 1];
    head.extend((rows as u32).to_le_bytes());
    head.extend(((FIELDS + FIELD * columns.len() + 1) as u16).to_le_bytes());
    head.extend((length as u16).to_le_bytes());
    head.resize(FIELDS, 0);
    for Column { field, .. } in columns {
        let start = head.len();
        head.extend(field.name.as_bytes());
        head.resize(start + 11, 0);
        head.push(field.kind);
        head.extend([0; 4]);
        head.extend([field.length as u8, field.decimals as u8]);
        head.resize(start + FIELD, 0);
    }
    head.push(END);
    head
}
