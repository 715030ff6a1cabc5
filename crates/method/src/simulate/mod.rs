//! A procedure before anybody lives by it: cases come, posts work them off, clocks ring. Discrete
//! events over a county's own calendar and posts, with the same `decide` and clocks as in earnest.
//!
//! What is not in it: registers are empty, ledgers never refuse, nobody falls ill and no post changes
//! hands, nothing opens by a cycle. A case is given to one post when it enters a state, as in earnest;
//! whoever holds several posts works from one queue, and where several work at one post
//! ([`Habits::staff`]) they share that post's queue, which is the only queue that is shared.

mod arrive;
mod book;
mod carry;
mod change;
mod desk;
mod dice;
mod habits;
mod learn;
mod measure;
mod outcome;
mod play;
mod sample;
mod slab;
#[cfg(test)]
mod tests;
mod work;

pub use change::{Change, ChangeFault};
pub use habits::{HOURS, Habits, Order, Spot, Stream, Time, Week, usual};
pub use learn::{BadLine, Came, Did, learn, read_came, streams};
pub use measure::{Hours, Queue};
pub use outcome::{Outcome, PostOutcome, ProcedureOutcome, Refused, RoleOutcome, StateOutcome};

use crate::definition::Pack;
use calendar::Calendar;
use jiff::Timestamp;
use model::ids::PlaceId;
use model::network::Network;

/// A county and what comes upon it.
#[derive(Clone)]
pub struct Setting {
    /// Its method.
    pub pack: Pack,
    /// Its places and posts.
    pub network: Network,
    /// Its calendar.
    pub calendar: Calendar,
    /// Where cases come from, with weights.
    pub places: Vec<(PlaceId, f64)>,
    /// What comes from outside.
    pub streams: Vec<Stream>,
    /// What people do.
    pub habits: Habits,
}

impl Setting {
    /// A county in which nothing comes from outside yet; from each of its narrowest places comes as much.
    pub fn new(pack: Pack, network: Network, calendar: Calendar) -> Self {
        let narrow = network.places().filter(|it| network.children(it.id).is_empty());
        let mut places: Vec<(PlaceId, f64)> = narrow.map(|it| (it.id, 1.0)).collect();
        // Places are kept in no order; chance must find them in one.
        places.sort_by_key(|(place, _)| *place);
        let habits = Habits::default();
        Self { pack, network, calendar, places, streams: Vec::new(), habits }
    }
}

/// How long cases come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// So many from outside.
    Cases(u64),
    /// For so many days.
    Days(u32),
}

/// A run.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The same seed gives the same outcome, and the same cases to a changed county.
    pub seed: u64,
    /// When it begins.
    pub from: Timestamp,
    /// How long cases come.
    pub extent: Extent,
    /// Days after the last in which what is open may still end.
    pub grace: u32,
}

/// Runs a county.
pub fn simulate(setting: &Setting, run: &Run) -> Outcome {
    play::Play::new(setting, run).run()
}
