//! The use cases: authorise, read, decide, write and journal in one transaction. Each is a plain
//! function over a transaction and a [`Work`]; [`County`] runs them, from HTTP, a job or the
//! command line alike.

pub mod access;
pub mod cases;
mod county;
pub mod desk;
pub mod effects;
mod error;
pub mod exchange;
pub mod foundation;
pub mod journal;
pub mod messages;
pub mod method_packs;
pub mod notices;
mod numbers;
pub mod oversight;
pub mod people;
mod shelf;
pub mod territory;
mod words;
mod work;

pub use county::{County, Once, Setup};
pub use error::{Error, Result};
pub use numbers::Numbers;
pub use shelf::Shelf;
pub use words::InWords;
pub use work::Work;

// What callers name when they bring a closure or read an error, without knowing the rooms below.
pub use method::decide::{FieldProblem, Form, Refusal};
pub use rowdb::{BoxFuture, Engine, Error as DbError, Tx};
pub use store::Error as StoreError;
pub use store::cases::Cursor;
pub use store::tallies::Period;
