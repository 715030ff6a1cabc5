//! The vocabulary of Jinlin: what a place, a post, a person, a case and an entry are.
//! Pure: no I/O, no clock, no chance, and nothing here is serialised to clients.

pub mod access;
pub mod cases;
pub mod chance;
pub mod desk;
pub mod effects;
pub mod ids;
pub mod journal;
pub mod messages;
pub mod network;
pub mod notices;
pub mod people;
pub mod rates;
pub mod territory;
pub mod trees;

pub use access::Actor;
pub use cases::CaseState;
pub use chance::{Chance, Clock, Draw};
pub use ids::*;
pub use journal::{Entry, Event};
pub use network::Network;
/// The name a pack gives to something of its own: a state, an action, a field. Short ones lie where they
/// are used, long ones are shared, so that to copy a case costs little.
pub use smol_str::SmolStr as Name;
