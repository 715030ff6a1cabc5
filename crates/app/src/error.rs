//! What a use case answers when it does not do what was asked: told by what the caller can do.

use method::decide::{FieldProblem, Refusal};
use model::access::Operation;

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the actor may not know of it.
    #[error("no {what} `{id}`")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// By which id or code.
        id: String,
    },
    /// A rule of the procedure said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Something in the request is wrong; all problems at once.
    #[error("the request has problems")]
    Invalid(Vec<FieldProblem>),
    /// A rule of the program said no: `code`, Chinese, English.
    #[error("{english}")]
    Rule {
        /// A stable code.
        code: &'static str,
        /// For a Chinese reader.
        chinese: String,
        /// For an English reader.
        english: String,
    },
    /// Log in first.
    #[error("log in first")]
    Unauthenticated,
    /// Not for this actor.
    #[error("`{}` is not for this post", operation.as_str())]
    Forbidden {
        /// What was asked for.
        operation: Operation,
    },
    /// Somebody else changed it meanwhile; read again.
    #[error("changed meanwhile: revision {found}, not {expected}")]
    Conflict {
        /// What the caller had read.
        expected: i64,
        /// What it is now.
        found: i64,
    },
    /// The idempotency key was used for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// Too often; wait so many seconds.
    #[error("too many attempts; wait {retry_after} s")]
    TooMany {
        /// Seconds to wait.
        retry_after: i64,
    },
    /// The snapshot was older than the database; the county runs the command again.
    #[error("the network changed meanwhile")]
    Stale,
    /// This process has no case numbers of that day left; the county takes a block and runs the
    /// command again.
    #[error("no case numbers of {day} left")]
    NoNumbers {
        /// The local day.
        day: jiff::civil::Date,
    },
    /// The store failed; nothing was done unless it says so.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The program is wrong; logged, never explained to a client.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// Nothing there.
    pub fn not_found(what: &'static str, id: impl std::fmt::Display) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }

    /// A rule of the program.
    pub fn rule(code: &'static str, chinese: &str, english: &str) -> Self {
        Self::Rule { code, chinese: chinese.to_owned(), english: english.to_owned() }
    }

    /// One wrong field.
    pub fn field(field: &str, code: &'static str, chinese: &str, english: &str) -> Self {
        Self::Invalid(vec![FieldProblem {
            field: field.to_owned(),
            code,
            chinese: chinese.to_owned(),
            english: english.to_owned(),
        }])
    }

    /// A failure that no client caused, in words for the log.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<rowdb::Error> for Error {
    fn from(error: rowdb::Error) -> Self {
        Self::Store(error.into())
    }
}
