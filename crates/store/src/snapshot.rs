//! The county's tables as data, read off the migrations, and their rows in one form on both engines
//! and in the order of their keys: what `verify` compares and a backup keeps beside the journal.

use crate::{MIGRATIONS, Result};
use rowdb::{Row, Tx, Value};
use uuid::Uuid;

/// What a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The journal, its private values, its log: what everything else follows from.
    Source,
    /// Follows from the journal, row by row.
    Projection,
    /// Enters no journal and is worth keeping: a backup holds it.
    Lasting,
    /// Enters no journal and is made again or expires.
    Passing,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A UUID.
    Id,
    /// Bytes.
    Bytes,
    /// Text, JSON too.
    Text,
    /// A truth value.
    Bool,
    /// A whole number.
    Int,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub part: Part,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The columns of its primary key, by position among `columns`.
    pub key: Vec<usize>,
}

const SOURCES: [&str; 4] = ["journal", "private", "seal", "checkpoint"];
const LASTING: [&str; 3] = ["credential", "claim", "number_block"];
const PASSING: [&str; 10] = [
    "lease",
    "session",
    "display",
    "attempt",
    "phone_code",
    "wechat_ticket",
    "idempotency",
    "message",
    "verdict_link",
    "indexed",
];

/// All tables but those that each engine spells in its own words (`unsealed`, `search`), in the
/// order of the migrations.
pub fn tables() -> Vec<Table> {
    let texts = MIGRATIONS.iter().map(|migration| shared(migration.sql));
    texts.flat_map(|text| text.split(';').filter_map(table).collect::<Vec<_>>()).collect()
}

/// The lines that are for both engines, without comments.
fn shared(text: &str) -> String {
    let mut both = true;
    let kept = text.lines().filter(|line| {
        match line.trim() {
            "-- sqlite:" | "-- postgres:" => both = false,
            "-- both:" => both = true,
            _ => {}
        }
        both && !line.trim_start().starts_with("--")
    });
    kept.collect::<Vec<_>>().join("\n")
}

/// The table that a statement creates, if it creates one.
fn table(statement: &str) -> Option<Table> {
    let rest = statement.trim().strip_prefix("CREATE TABLE ")?;
    let (name, rest) = rest.split_once(" (")?;
    let (body, _) = rest.rsplit_once(") {strict")?;
    let mut table =
        Table { name: name.to_owned(), part: part(name), columns: Vec::new(), key: Vec::new() };
    for item in items(body) {
        match item.strip_prefix("PRIMARY KEY (") {
            Some(names) => {
                let names = names.trim_end_matches(')').split(", ");
                table.key = names.filter_map(|name| table.position(name)).collect();
            }
            None => table.add(item),
        }
    }
    Some(table)
}

fn part(name: &str) -> Part {
    let is = |list: &[&str]| list.contains(&name);
    match name {
        _ if is(&SOURCES) => Part::Source,
        _ if is(&LASTING) => Part::Lasting,
        _ if is(&PASSING) => Part::Passing,
        _ => Part::Projection,
    }
}

/// The items of a table's body: parted by commas that stand in no parentheses.
fn items(body: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    let parted = body.split(move |c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    parted.map(str::trim)
}

impl Table {
    /// Adds a column by its words; other constraints have no kind and are passed over.
    fn add(&mut self, item: &str) {
        let Some((name, rest)) = item.split_once(' ') else { return };
        let kind = match rest.split(' ').next() {
            Some("{id}") => Kind::Id,
            Some("{bytes}") => Kind::Bytes,
            Some("{text}" | "{json}") => Kind::Text,
            Some("{bool}") => Kind::Bool,
            Some("{int}") => Kind::Int,
            _ => return,
        };
        if rest.ends_with("PRIMARY KEY") {
            self.key = vec![self.columns.len()];
        }
        self.columns.push(Column { name: name.to_owned(), kind });
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|it| it.name == column)
    }

    /// The key of one of its rows.
    pub fn key_of(&self, row: &[Value]) -> Vec<Value> {
        self.key.iter().filter_map(|index| row.get(*index)).cloned().collect()
    }

    fn names(&self) -> String {
        self.columns.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn select(&self, after: bool) -> String {
        let key = self.key.iter().filter_map(|index| self.columns.get(*index));
        let key = key.map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ");
        let marks = marks(2, self.key.len());
        let behind = if after { format!(" WHERE ({key}) > ({marks})") } else { String::new() };
        format!("SELECT {} FROM {}{behind} ORDER BY {key} LIMIT $1", self.names(), self.name)
    }

    pub(crate) fn insert(&self) -> String {
        let marks = marks(1, self.columns.len());
        format!("INSERT INTO {} ({}) VALUES ({marks})", self.name, self.names())
    }

    /// A row's values by the kinds of the columns: SQLite knows neither ids nor truth values.
    fn values(&self, row: Row) -> Vec<Value> {
        let kinds = self.columns.iter().map(|it| it.kind);
        row.into_values().into_iter().zip(kinds).map(|(value, kind)| typed(value, kind)).collect()
    }
}

fn typed(value: Value, kind: Kind) -> Value {
    match (kind, value) {
        // Any other number is no truth value: `verify` must see it.
        (Kind::Bool, Value::Int(0)) => Value::Bool(false),
        (Kind::Bool, Value::Int(1)) => Value::Bool(true),
        (Kind::Id, Value::Bytes(bytes)) => {
            Uuid::from_slice(&bytes).map_or(Value::Bytes(bytes), Value::Id)
        }
        (_, value) => value,
    }
}

fn marks(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// At most `limit` rows of a table behind the key `after`, in the order of their keys; values come
/// by the columns' kinds, alike on both engines.
pub async fn rows(
    tx: &mut Tx,
    table: &Table,
    after: Option<&[Value]>,
    limit: i64,
) -> Result<Vec<Vec<Value>>> {
    let mut values = vec![Value::Int(limit)];
    values.extend(after.into_iter().flatten().cloned());
    let found = tx.query(&table.select(after.is_some()), &values).await?;
    Ok(found.into_iter().map(|row| table.values(row)).collect())
}

/// The statements of all tables by name.
pub(crate) fn composed() -> Vec<(String, String)> {
    let texts = |table: &Table| {
        [("FIRST", table.select(false)), ("AFTER", table.select(true)), ("PUT", table.insert())]
            .map(|(name, text)| (format!("store::snapshot::{name} {}", table.name), text))
    };
    tables().iter().flat_map(texts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_off_its_migration() {
        let text = "-- a comment; with (words)\nCREATE TABLE t (\n  a {id} NOT NULL,\n  \
                    b {int}, c {bool} NOT NULL,\n  PRIMARY KEY (c, a),\n  UNIQUE (a, b)\n) {strict};\n\
                    -- sqlite:\nCREATE TABLE other (a {int} PRIMARY KEY) {strict};\n-- both:\n";
        let found: Vec<Table> = shared(text).split(';').filter_map(table).collect();
        let column = |name: &str, kind| Column { name: name.to_owned(), kind };
        let columns = vec![column("a", Kind::Id), column("b", Kind::Int), column("c", Kind::Bool)];
        let name = "t".to_owned();
        assert_eq!(found, [Table { name, part: Part::Projection, columns, key: vec![2, 0] }]);
    }

    #[test]
    fn every_table_has_a_key_and_every_named_one_exists() {
        let tables = tables();
        assert!(tables.iter().all(|it| !it.key.is_empty()), "{tables:?}");
        for name in SOURCES.iter().chain(&LASTING).chain(&PASSING) {
            assert!(tables.iter().any(|it| it.name == *name), "{name}");
        }
    }

    #[test]
    fn values_come_by_kind_from_both_engines() {
        let id = Uuid::from_u128(7);
        assert_eq!(typed(Value::Bytes(id.into_bytes().into()), Kind::Id), Value::Id(id));
        assert_eq!(typed(Value::Id(id), Kind::Id), Value::Id(id));
        assert_eq!(typed(Value::Int(1), Kind::Bool), Value::Bool(true));
        assert_eq!(typed(Value::Null, Kind::Bool), Value::Null);
        assert_eq!(typed(Value::Int(1), Kind::Int), Value::Int(1));
    }
}
