//! What PostgreSQL's errors mean to the caller, and which of them a second attempt may mend.

use std::{error::Error as _, io};

use deadpool_postgres::{HookError, PoolError, tokio_postgres};
use tokio_postgres::error::{DbError, SqlState};

use crate::Error;

/// What a failed statement calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cure {
    /// Another attempt: it met others at the same rows.
    Conflict,
    /// Another attempt on another connection.
    Reconnect,
    /// None: the answer is the error.
    None,
}

/// Tells which cure a failed statement of a command calls for.
pub(super) fn cure(error: &tokio_postgres::Error) -> Cure {
    let Some(code) = error.code() else {
        return if is_lost(error) { Cure::Reconnect } else { Cure::None };
    };
    match code.code() {
        "40001" | "40P01" => Cure::Conflict,
        // A server that shuts down, or has become a standby while we were connected.
        "57P01" | "57P02" | "57P03" | "25006" => Cure::Reconnect,
        code if code.starts_with("08") => Cure::Reconnect,
        _ => Cure::None,
    }
}

/// Tells whether a failed `COMMIT` may have been done all the same.
pub(super) fn is_in_doubt(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        None => true,
        Some(code) => {
            matches!(code.code(), "40003" | "57P01" | "57P02") || code.code().starts_with("08")
        }
    }
}

/// Tells what a failed statement means.
pub(super) fn of(sql: &str, error: &tokio_postgres::Error) -> Error {
    match cure(error) {
        Cure::Conflict => return Error::busy(),
        Cure::Reconnect if error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => {
            return Error::ReadOnly;
        }
        Cure::Reconnect => return unavailable(error),
        Cure::None => {}
    }
    let Some(told) = error.as_db_error() else { return Error::sql(sql, words(error)) };
    match told.code().code() {
        "23505" => Error::Unique { constraint: constraint(told) },
        "23503" => Error::ForeignKey,
        "P0001" => Error::Refused(told.message().to_owned()),
        "53100" | "53200" | "53300" | "57014" | "55P03" => unavailable(error),
        _ => Error::sql(sql, words(error)),
    }
}

/// Tells what it means that the pool gave no connection.
pub(super) fn of_pool(error: &PoolError) -> Error {
    match error {
        PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => Error::busy(),
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            unavailable(error)
        }
        other => {
            tracing::error!(error = %other, "no connection to PostgreSQL");
            Error::Unavailable { in_doubt: false }
        }
    }
}

/// The code and the first words of an error, without the detail, which may quote a row.
pub(super) fn words(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(told), _) => format!("{}: {}", told.code().code(), told.message()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

/// Logs why PostgreSQL cannot go on; the caller is told only that nothing was done.
fn unavailable(error: &tokio_postgres::Error) -> Error {
    tracing::error!(error = words(error), "PostgreSQL cannot go on");
    Error::Unavailable { in_doubt: false }
}

fn is_lost(error: &tokio_postgres::Error) -> bool {
    error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<io::Error>)
}

/// `Key (a, b)=(1, 2) already exists` as `t(a, b)`, in whatever language the server speaks.
fn constraint(told: &DbError) -> String {
    let columns = told.detail().and_then(|detail| {
        let (key, _values) = detail.split_once(")=(")?;
        let (_key, columns) = key.split_once('(')?;
        Some(columns)
    });
    match (told.table(), columns) {
        (Some(table), Some(columns)) => format!("{table}({columns})"),
        _ => told.constraint().unwrap_or_default().to_owned(),
    }
}
