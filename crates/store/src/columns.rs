//! How values of the model lie in columns: instants as microseconds, days as ISO text, words as
//! their serialised name; and reading many rows at once.

use crate::{Error, Result};
use jiff::Timestamp;
use jiff::civil::Date;
use rowdb::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads each row; the first that cannot be read is the error.
pub(crate) fn rows<T, C: FromIterator<T>>(
    rows: &[Row],
    read: impl Fn(&Row) -> Result<T>,
) -> Result<C> {
    rows.iter().map(read).collect()
}

/// An instant from microseconds UTC.
pub(crate) fn instant(micros: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(micros).map_err(|error| Error::inconsistent("a time", error))
}

/// A day as text that sorts like the days.
pub(crate) fn day(date: Date) -> String {
    date.to_string()
}

/// The day in a column.
pub(crate) fn date(row: &Row, index: usize) -> Result<Date> {
    row.get::<String>(index)?.parse().map_err(|error| Error::inconsistent("a day", error))
}

/// The day in a column that may be empty.
pub(crate) fn date_if_any(row: &Row, index: usize) -> Result<Option<Date>> {
    let text: Option<String> = row.get(index)?;
    text.map(|_| date(row, index)).transpose()
}

/// The serialised name of a value (`self_nominated`).
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(other) => Err(Error::inconsistent("a word", other)),
        Err(error) => Err(Error::inconsistent("a word", error)),
    }
}

/// The value a word names.
pub(crate) fn meaning<T: DeserializeOwned>(word: String) -> Result<T> {
    serde_json::from_value(word.into()).map_err(|error| Error::inconsistent("a word", error))
}
