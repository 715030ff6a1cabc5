//! What SQLite's errors mean to the caller.

use rusqlite::ffi;

use crate::Error;

/// Tells what a failed statement means.
pub(super) fn of(sql: &str, error: &rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(failure, message) = error else {
        return Error::sql(sql, error.to_string());
    };
    let message = message.clone().unwrap_or_else(|| failure.to_string());
    match failure.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE
        | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
        | ffi::SQLITE_CONSTRAINT_ROWID => Error::Unique { constraint: constraint(&message) },
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Error::ForeignKey,
        ffi::SQLITE_CONSTRAINT_TRIGGER => Error::Refused(message),
        extended => match extended & 0xff {
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Error::busy(),
            ffi::SQLITE_READONLY => Error::ReadOnly,
            ffi::SQLITE_FULL
            | ffi::SQLITE_IOERR
            | ffi::SQLITE_NOMEM
            | ffi::SQLITE_CANTOPEN
            | ffi::SQLITE_INTERRUPT => unavailable(error),
            _ => Error::sql(sql, format!("{extended}: {message}")),
        },
    }
}

/// Logs why SQLite cannot go on; the caller is told only that nothing was done.
pub(super) fn unavailable(error: &rusqlite::Error) -> Error {
    tracing::error!(%error, "SQLite cannot go on");
    Error::Unavailable { in_doubt: false }
}

/// `UNIQUE constraint failed: t.a, t.b` as `t(a, b)`.
fn constraint(message: &str) -> String {
    let columns = message.split_once(": ").map_or(message, |(_, columns)| columns);
    if let Some(index) = columns.strip_prefix("index '") {
        return index.trim_end_matches('\'').to_owned();
    }
    let Some((table, _)) = columns.split_once('.') else {
        return columns.to_owned();
    };
    let own = format!("{table}.");
    let names = columns.split(", ").map(|column| column.strip_prefix(&own).unwrap_or(column));
    format!("{table}({})", names.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::constraint;

    #[test]
    fn a_constraint_is_told_as_table_and_columns() {
        assert_eq!(constraint("UNIQUE constraint failed: t.a"), "t(a)");
        assert_eq!(constraint("UNIQUE constraint failed: t.a, t.b"), "t(a, b)");
        assert_eq!(constraint("UNIQUE constraint failed: index 't_lower'"), "t_lower");
    }
}
