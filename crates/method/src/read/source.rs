//! From the text of a file to a tree: TOML with every syntax error at once, and catalogues as CSV.

use super::tree::{Mark, Node, Table, Value};
use crate::check::{Check, Found};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads a TOML file; what could not be read is reported and left out.
pub(super) fn toml(file: u32, text: &str, found: &Found) -> Node {
    let lines = Lines::new(file, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = lines.mark(error.span().map_or(0, |span| span.start));
        found.add(Check::Syntax, at, &[error.message()]);
    }
    let start = Mark { file, line: 1, column: 1 };
    Node::new(start, Value::Table(branch(table.get_ref(), &lines)))
}

fn branch(table: &DeTable<'_>, lines: &Lines<'_>) -> Table {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key: &Spanned<toml::de::DeString<'_>> = key;
        let at = lines.mark(key.span().start);
        (key.get_ref().to_string(), Node::new(at, leaf(value.get_ref(), lines)))
    };
    table.iter().map(entry).collect()
}

fn leaf(value: &DeValue<'_>, lines: &Lines<'_>) -> Value {
    match value {
        DeValue::Boolean(it) => Value::Bool(*it),
        DeValue::String(it) => Value::Text(it.to_string()),
        DeValue::Float(it) => Value::Decimal(it.as_str().replace('_', "")),
        DeValue::Integer(it) => i64::from_str_radix(&it.as_str().replace('_', ""), it.radix())
            .map_or_else(|_| Value::Decimal(it.as_str().to_owned()), Value::Int),
        DeValue::Datetime(it) => Value::Text(it.to_string()),
        DeValue::Table(it) => Value::Table(branch(it, lines)),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|it| Node::new(lines.mark(it.span().start), leaf(it.get_ref(), lines)))
                .collect(),
        ),
    }
}

/// Reads a catalogue as officials keep it in a spreadsheet: the header names keys (`id`, `title`,
/// `words`, `limits.handle`, `unit`, further columns), an empty cell is a key left out.
pub(super) fn csv(file: u32, text: &str, found: &Found) -> Node {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => {
            header.iter().map(|it| it.trim_start_matches('\u{feff}').trim().into()).collect()
        }
        Err(_) => Vec::new(),
    };
    let mut root = Node::new(Mark { file, line: 1, column: 1 }, Value::Table(Table::default()));
    if !header.iter().any(|it| it == "id") {
        found.add(Check::MissingKey, root.at, &["id"]);
        return root;
    }
    for record in reader.records() {
        match record {
            Ok(record) => row(&mut root, file, &header, &record, found),
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                let at = Mark { file, line: u32::try_from(line).unwrap_or(1), column: 1 };
                found.add(Check::Syntax, at, &["CSV"]);
            }
        }
    }
    root
}

fn row(root: &mut Node, file: u32, header: &[String], record: &csv::StringRecord, found: &Found) {
    let line = record.position().map_or(0, csv::Position::line);
    let at = Mark { file, line: u32::try_from(line).unwrap_or(0), column: 1 };
    let cells = || header.iter().map(String::as_str).zip(record.iter().map(str::trim));
    let Some((_, id)) = cells().find(|(key, _)| *key == "id").filter(|(_, id)| !id.is_empty())
    else {
        return found.add(Check::MissingKey, at, &["id"]);
    };
    let mut matter = Node::new(at, Value::Table(Table::default()));
    for (key, cell) in cells().filter(|(key, cell)| *key != "id" && !cell.is_empty()) {
        let mut path: Vec<&str> = key.split('.').collect();
        let last = path.pop().unwrap_or(key);
        if let Some(table) = matter.table_at(&path) {
            table.insert(last.to_owned(), Node::new(at, self::cell(key, cell, at)));
        }
    }
    if let Some(table) = matter.table_at(&[])
        && let Some(unit) = table.shift_remove("unit")
    {
        let line = Value::Table([("unit".to_owned(), unit)].into_iter().collect());
        table.insert("route".into(), Node::new(at, Value::List(vec![Node::new(at, line)])));
    }
    let twice = root.table_at(&[]).and_then(|table| table.insert(id.to_owned(), matter));
    if twice.is_some() {
        found.add(Check::Syntax, at, &[id]);
    }
}

fn cell(key: &str, cell: &str, at: Mark) -> Value {
    match cell {
        _ if key == "words" => {
            let words = cell.split(['、', ' ', ';', ';', ',', ',']).filter(|it| !it.is_empty());
            Value::List(words.map(|it| Node::new(at, Value::Text(it.to_owned()))).collect())
        }
        "true" | "是" => Value::Bool(true),
        "false" | "否" => Value::Bool(false),
        _ => cell.parse().map_or_else(|_| Value::Text(cell.to_owned()), Value::Int),
    }
}

/// Byte offsets to lines and columns.
struct Lines<'a> {
    file: u32,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(file: u32, text: &'a str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { file, text, starts: std::iter::once(0).chain(after).collect() }
    }

    fn mark(&self, offset: usize) -> Mark {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or_default().chars().count();
        let number = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Mark { file: self.file, line: number(line), column: number(before + 1) }
    }
}
