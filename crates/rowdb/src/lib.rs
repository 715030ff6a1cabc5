//! One SQL text on SQLite and PostgreSQL: values, rows, transactions, group commit, migrations.
//! What the rows mean is not known here.
//!
//! ```
//! # use rowdb::{Db, Error, Options, params};
//! # async fn example(db: Db) -> Result<(), Error> {
//! let name = "a bridge";
//! db.command(move |tx| {
//!     Box::pin(async move {
//!         tx.execute("INSERT INTO place (name) VALUES ($1)", &params![name]).await?;
//!         Ok::<_, Error>(())
//!     })
//! })
//! .await
//! # }
//! ```
//!
//! Rules that keep one text true on both engines:
//! - parameters are `$1…$n`, each used at least once, in any order and as often as wanted;
//! - a command or read awaits nothing but its [`Tx`], writes no transaction control (`COMMIT`,
//!   `SAVEPOINT` …) and draws its ids and times outside, because it may run more than once;
//! - after a failed statement nothing more is done in that command: use `ON CONFLICT`;
//! - sums are `CAST(SUM(x) AS BIGINT)`; text holds no NUL; there are no floats.

mod address;
mod db;
mod error;
mod migrate;
mod options;
mod postgres;
mod row;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;

use std::pin::Pin;

pub use db::Db;
pub use error::Error;
pub use migrate::{Migration, MigrationProblem, render};
pub use options::{BeforeCommit, Options, Synchronous};
pub use row::{FromValue, Row};
pub use tx::Tx;
pub use value::Value;

/// A boxed future that may move between threads: what a command, a read or a hook returns.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Which engine keeps the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A SQLite file, owned by this process.
    Sqlite,
    /// A schema of a PostgreSQL server.
    Postgres,
}
