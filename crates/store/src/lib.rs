//! All SQL of Jinlin, one file an area. Tables are projections of the journal: [`journal::record`]
//! is the only way in, and [`project`] the only code that writes them.

pub mod access;
pub mod audit;
pub mod backup;
pub mod cases;
mod columns;
pub mod desk;
pub mod effects;
pub mod exchange;
pub mod journal;
pub mod messages;
pub mod notices;
pub mod people;
mod project;
pub mod seal;
pub mod search;
pub mod settings;
pub mod snapshot;
mod statements;
pub mod tallies;
pub mod territory;
#[cfg(feature = "testing")]
pub mod testing;

pub use project::{Change, project};
pub use settings::{pack_flat, packs, settings};
pub use statements::statements;

use rowdb::Migration;

/// The migrations, in order.
pub const MIGRATIONS: &[Migration] =
    &[Migration { id: "0001_county", sql: include_str!("migrations/0001_county.sql") }];

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine failed or refused; see [`rowdb::Error`].
    #[error(transparent)]
    Db(#[from] rowdb::Error),
    /// A row that no entry of ours can have made; run `jinlin verify`.
    #[error("{table} holds what no entry made: {what}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// What was found.
        what: String,
    },
    /// An entry names something that is not there.
    #[error("entry refers to an unknown {what}")]
    Missing {
        /// What it refers to.
        what: String,
    },
}

impl Error {
    pub(crate) fn inconsistent(table: &'static str, what: impl std::fmt::Display) -> Self {
        Self::Inconsistent { table, what: what.to_string() }
    }
}

/// The result of the store's functions.
pub type Result<T> = std::result::Result<T, Error>;
