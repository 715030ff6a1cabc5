//! What people do in a county and how long it takes them: what a pack leaves open.

use super::dice::{Dice, Z90, minutes};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How long something takes, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Time {
    /// Exponential.
    Exponential {
        /// Its mean.
        mean: f64,
    },
    /// Log-normal: most are short, some take long.
    Lognormal {
        /// Half take no longer.
        median: f64,
        /// Nine of ten take no longer.
        p90: f64,
    },
}

impl Time {
    pub(super) fn draw(self, dice: &mut Dice) -> SignedDuration {
        minutes(match self {
            Self::Exponential { mean } => mean * dice.exponential(),
            Self::Lognormal { median, p90 } => {
                let deviation = (p90 / median).ln() / Z90;
                median * (deviation * dice.normal()).exp()
            }
        })
    }
}

/// An action in a state of a procedure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// The procedure.
    pub procedure: String,
    /// The state it is done in.
    pub state: String,
    /// The action.
    pub action: String,
}

/// What people do, and how long it takes.
#[derive(Clone, Debug)]
pub struct Habits {
    /// How often an action is taken, against 1 for each that leads forward. Where one possible action of
    /// a state alone has a weight below 1, whoever is not the owner does nothing in the other cases.
    pub weights: BTreeMap<Spot, f64>,
    /// How long an action takes whoever does it; else [`usual`] by its form.
    pub times: BTreeMap<Spot, Time>,
    /// How long a resident takes to answer, nights and holidays counted.
    pub asker: Time,
    /// Share of ballots that carry.
    pub ballots: f64,
    /// Roles whose posts work round the clock; others in office hours.
    pub round_the_clock: BTreeSet<String>,
    /// How many work at once from the one queue of each post of a role, where it is not one.
    pub staff: BTreeMap<String, u32>,
    /// What is taken from a queue first.
    pub order: Order,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            weights: BTreeMap::new(),
            times: BTreeMap::new(),
            asker: Time::Lognormal { median: 600.0, p90: 2880.0 },
            ballots: 1.0,
            round_the_clock: BTreeSet::new(),
            staff: BTreeMap::new(),
            order: Order::default(),
        }
    }
}

/// What a post takes from its queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// What came first.
    #[default]
    First,
    /// What is due first.
    Due,
}

/// How long an action takes by its form: two minutes to look, three for each value, ten for a text.
pub fn usual(values: usize, texts: usize) -> Time {
    let median = 2.0 + 3.0 * values as f64 + 10.0 * texts as f64;
    Time::Lognormal { median, p90: 3.0 * median }
}

/// Cases of a procedure that come from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// The procedure.
    pub procedure: String,
    /// How many a day, on the average over a week.
    pub per_day: f64,
    /// When in the week.
    pub week: Week,
    /// Matters with their weights; none where the procedure has no catalogue.
    pub matters: Vec<(String, f64)>,
}

/// The hours of a week from Monday midnight, each with its part of what comes; their mean is 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Week(Vec<f64>);

/// Hours of a week.
pub const HOURS: usize = 168;
/// What a day of requests looks like, hour by hour, where nothing is known.
const DAY: [u32; 24] = [0, 0, 0, 0, 0, 0, 1, 3, 9, 13, 12, 8, 4, 3, 8, 11, 10, 7, 4, 3, 2, 1, 1, 0];

impl Week {
    /// The same at all hours.
    pub fn even() -> Self {
        Self(vec![1.0; HOURS])
    }

    /// By day, as requests usually come.
    pub fn usual() -> Self {
        Self::counted(&DAY.repeat(7))
    }

    /// As counted for each hour from Monday midnight; even where nothing was counted.
    pub fn counted(counts: &[u32]) -> Self {
        let all: f64 = counts.iter().map(|it| f64::from(*it)).sum();
        if all == 0.0 || counts.len() != HOURS {
            return Self::even();
        }
        Self(counts.iter().map(|it| f64::from(*it) * HOURS as f64 / all).collect())
    }

    /// The part of an hour, counted from any Monday midnight.
    pub(super) fn at(&self, hour: usize) -> f64 {
        self.0.get(hour % HOURS).copied().unwrap_or(0.0)
    }
}

impl Stream {
    /// When the next case comes after `now`, if so much of their mean distance (1 = all of it) passes
    /// before it.
    pub(super) fn next(&self, now: Timestamp, mut distance: f64) -> Timestamp {
        let mut at = now.as_microsecond();
        // A week in which next to nothing comes, many times over, is as good as never.
        for _ in 0..HOURS * 5_000 {
            let hour = (at + MONDAY).div_euclid(HOUR);
            let position = usize::try_from(hour.rem_euclid(HOURS as i64)).unwrap_or(0);
            let rate = self.per_day / 24.0 * self.week.at(position) / HOUR as f64;
            let left = (hour + 1) * HOUR - MONDAY - at;
            let passes = rate * left as f64;
            if passes > distance {
                at += (distance / rate) as i64;
                return Timestamp::from_microsecond(at).unwrap_or(Timestamp::MAX);
            }
            distance -= passes;
            at += left;
        }
        Timestamp::MAX
    }
}

/// Microseconds of an hour.
const HOUR: i64 = 3_600_000_000;
/// From a local Monday midnight to the epoch, which was Thursday 08:00 here.
const MONDAY: i64 = (3 * 24 + 8) * HOUR;
