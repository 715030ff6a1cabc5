//! Changing rows behind the journal's back, for tests that `verify` finds it, and looking at what is
//! kept. Not in the program.

use crate::Result;
use crate::snapshot::{Kind, Table};
use rowdb::{Engine, Tx, Value};
use uuid::Uuid;

/// The same value with one byte changed; of the column's kind, even where it was empty.
pub fn altered(kind: Kind, value: &Value) -> Value {
    match (kind, value) {
        (_, Value::Bool(truth)) => Value::Bool(!truth),
        // High enough that no other row's key is hit.
        (_, Value::Int(number)) => Value::Int(number ^ (1 << 40)),
        (_, Value::Bytes(bytes)) => Value::Bytes(flipped(bytes)),
        (_, Value::Id(id)) => Value::Id(Uuid::from_u128(id.as_u128() ^ 1)),
        (_, Value::Text(text)) => Value::Text(changed(text)),
        (Kind::Id, Value::Null) => Value::Id(Uuid::nil()),
        (Kind::Int, Value::Null) => Value::Int(1),
        (Kind::Bool, Value::Null) => Value::Bool(true),
        (Kind::Text, Value::Null) => Value::Text("x".to_owned()),
        (Kind::Bytes, Value::Null) => Value::Bytes(vec![1]),
    }
}

fn flipped(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    match bytes.last_mut() {
        Some(last) => *last ^= 1,
        None => bytes.push(1),
    }
    bytes
}

/// Another last character, which no key of another row ends in.
fn changed(text: &str) -> String {
    let mut text = text.to_owned();
    let next = if text.pop() == Some('~') { '^' } else { '~' };
    text.push(next);
    text
}

/// Lets the journal be changed, which its triggers refuse.
pub async fn unlock(tx: &mut Tx) -> Result<()> {
    let texts = match tx.engine() {
        Engine::Sqlite => {
            "DROP TRIGGER IF EXISTS journal_only_grows;
            DROP TRIGGER IF EXISTS journal_is_never_cut"
        }
        Engine::Postgres => "DROP TRIGGER IF EXISTS journal_only_grows ON journal",
    };
    Ok(tx.batch(texts).await?)
}

/// Sets one column of the row with this key.
pub async fn set(
    tx: &mut Tx,
    table: &Table,
    key: &[Value],
    (column, value): (usize, &Value),
) -> Result<u64> {
    let column = table.columns.get(column).map_or("", |it| it.name.as_str());
    let text = format!("UPDATE {} SET {column} = $1 WHERE {}", table.name, of_key(table, 2));
    let mut values = vec![value.clone()];
    values.extend_from_slice(key);
    Ok(tx.execute(&text, &values).await?)
}

/// Takes away the row with this key.
pub async fn delete(tx: &mut Tx, table: &Table, key: &[Value]) -> Result<u64> {
    let text = format!("DELETE FROM {} WHERE {}", table.name, of_key(table, 1));
    Ok(tx.execute(&text, key).await?)
}

fn of_key(table: &Table, first: usize) -> String {
    let columns = table.key.iter().filter_map(|index| table.columns.get(*index));
    let equal = columns.enumerate().map(|(n, it)| format!("{} = ${}", it.name, first + n));
    equal.collect::<Vec<_>>().join(" AND ")
}

/// All private values of a field, in order.
pub async fn kept(tx: &mut Tx, field: &str) -> Result<Vec<String>> {
    let text = "SELECT value FROM private WHERE field = $1 ORDER BY value";
    let found = tx.query(text, &rowdb::params![field]).await?;
    crate::columns::rows(&found, |row| Ok(row.get(0)?))
}
