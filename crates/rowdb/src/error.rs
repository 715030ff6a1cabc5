//! What can go wrong, told by what the caller can do about it.
//! No variant carries a parameter or a row: errors are logged, and rows are personal.

use std::path::PathBuf;

use crate::MigrationProblem;

/// How long a refused caller is told to wait, in milliseconds: `Retry-After` counts whole seconds.
pub(crate) const RETRY_AFTER_MS: u64 = 1_000;

/// Why a command, a read, a migration or the opening of a database failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Such a row exists already: tell the asker, or use `ON CONFLICT`.
    #[error("such a row exists already: {constraint}")]
    Unique {
        /// `table(column, column)` on both engines; for an index on an expression its own words.
        constraint: String,
    },
    /// The row named does not exist, or is still named by others: tell the asker.
    #[error("a row named by another does not exist or is still in use")]
    ForeignKey,
    /// A trigger refused the change with these words: tell the asker.
    #[error("refused: {0}")]
    Refused(String),
    /// Too much is waiting, or the same rows are too contested; nothing was done: ask again later.
    #[error("too much is waiting; ask again in {retry_after_ms} ms")]
    Busy {
        /// Milliseconds to wait before asking again.
        retry_after_ms: u64,
    },
    /// The database cannot be reached or written: ask again, by an idempotency key if in doubt.
    #[error("the database is not available (outcome {})", if *in_doubt { "in doubt" } else { "known: nothing was done" })]
    Unavailable {
        /// Whether the command may have been committed all the same.
        in_doubt: bool,
    },
    /// Another process owns this SQLite file: stop it, or open the file read-only.
    #[error("{} is owned by a running process: stop it first, or open the file read-only", path.display())]
    Owned {
        /// The database file.
        path: PathBuf,
    },
    /// The database cannot be opened as asked: mend the address, the rights or the server.
    #[error("cannot open the database: {0}")]
    Open(String),
    /// A write where only reading is allowed: use a command, or open the database as its owner.
    #[error("a write where only reading is allowed")]
    ReadOnly,
    /// What is stored is not what the program expects: stop and run `verify`.
    #[error("stored rows are not as expected: {0}")]
    Inconsistent(String),
    /// A command awaited something other than its transaction: mend the program.
    #[error("a command awaited something other than its transaction")]
    Pending,
    /// A command panicked and was undone; its neighbours were not: mend the program.
    #[error("a command panicked and was undone")]
    Panicked,
    /// A command went on after one of its statements had failed: mend the program.
    #[error("a command went on after one of its statements had failed")]
    Aborted,
    /// The migrations of the program and of the database do not fit: use the fitting program.
    #[error("migration {id}: {problem}")]
    Migration {
        /// The migration's id.
        id: String,
        /// What does not fit.
        problem: MigrationProblem,
    },
    /// The engine did not accept the statement: mend the program.
    #[error("{message} in: {statement}")]
    Sql {
        /// The SQL text as written.
        statement: String,
        /// The engine's code and words.
        message: String,
    },
}

impl Error {
    pub(crate) fn busy() -> Self {
        Self::Busy { retry_after_ms: RETRY_AFTER_MS }
    }

    pub(crate) fn sql(statement: &str, message: impl Into<String>) -> Self {
        Self::Sql { statement: statement.to_owned(), message: message.into() }
    }
}
