//! Counters per ancestor: what an entry adds ([`Deltas`]), adding it when entries are sealed, and
//! reading sums. What is counted is decided by `model::rates`, what a case adds by `cases`.
//!
//! Days add up over the years. So for the places at the top of the tree, where nearly every day has
//! its row, sums of whole months and years are kept too, and a period is read as years where it
//! holds whole years, then months, then days.

mod period;
mod read;

use crate::statements::sql;
use crate::{Error, Result};
use jiff::civil::Date;
use model::PlaceId;
use model::rates::{ByDay, COLUMNS, Counters, MEASURES};
use rowdb::{Tx, Value, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use period::Period;
pub use read::{Histogram, by_matter, by_place, by_unit, daily, durations, opened, sum};

/// By local day.
pub(crate) const BY_DAY: i64 = 0;
/// By matter and month.
pub(crate) const BY_MATTER: i64 = 1;
/// By unit and month.
pub(crate) const BY_UNIT: i64 = 2;
/// By month, at the top of the tree; of the days taken everywhere.
pub(crate) const BY_MONTH: i64 = 3;
/// By year, at the top of the tree.
pub(crate) const BY_YEAR: i64 = 4;
/// By matter and year, at the top of the tree.
const BY_MATTER_AND_YEAR: i64 = 5;
/// By unit and year, at the top of the tree.
const BY_UNIT_AND_YEAR: i64 = 6;

/// How many levels from the widest on keep sums of months and years.
const TOP: usize = 3;

/// How many of them keep sums of years by matter and by unit: there are many keys.
const TOP_KEYED: usize = 2;

sql! {
    ADD_TOOK = "INSERT INTO took (place, dim, period, days, n) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (place, dim, period, days) DO UPDATE SET n = took.n + excluded.n";
    CLEAR_TOOK = "DELETE FROM took
        WHERE place = $1 AND dim = $2 AND period = $3 AND days = $4 AND n = 0";
}

/// What an entry adds to the counters of each of these places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deltas {
    /// Sums that grow or shrink, each with its places.
    pub parts: Vec<Part>,
}

/// Counters of one case for one path of places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The places, each counted alike, the widest first.
    pub places: Vec<PlaceId>,
    /// 0 by day, 1 by matter and month, 2 by unit and month, 3 by month (days taken only).
    pub dim: i64,
    /// Empty, the matter, or the unit.
    pub key: String,
    /// Day or first day of the month.
    pub period: Date,
    /// Counter index and change, only those that change.
    pub counts: Vec<(usize, i64)>,
    /// Change of the histogram of days taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub took: Vec<(i64, i64)>,
}

/// The parts of one dimension and key, one a day or month.
pub(crate) fn parts(places: &[PlaceId], dim: i64, key: &str, periods: &ByDay) -> Vec<Part> {
    let part = |(period, counters): (&Date, &Counters)| Part {
        places: places.to_vec(),
        dim,
        key: key.to_owned(),
        period: *period,
        counts: counters.0.iter().copied().enumerate().filter(|(_, n)| *n != 0).collect(),
        took: Vec::new(),
    };
    periods.iter().map(part).collect()
}

/// Days added up by month.
pub(crate) fn monthly(days: &ByDay) -> ByDay {
    let mut months = ByDay::new();
    for (day, counters) in days {
        let month = months.entry(day.first_of_month()).or_default();
        month.0.iter_mut().zip(counters.0).for_each(|(to, n)| *to += n);
    }
    months
}

pub(crate) fn to_text(deltas: &Deltas) -> Result<String> {
    serde_json::to_string(deltas).map_err(|error| Error::inconsistent("unsealed", error))
}

pub(crate) fn from_text(text: &str) -> Result<Deltas> {
    serde_json::from_str(text).map_err(|error| Error::inconsistent("unsealed", error))
}

/// A row's key: place, dimension, key, period.
pub type Key = (PlaceId, i64, String, Date);

/// Sums of many entries' changes, merged before they are written.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    tallies: BTreeMap<Key, Counters>,
    took: BTreeMap<(PlaceId, i64, Date, i64), i64>,
}

impl Sums {
    /// Adds one entry's changes.
    pub fn add(&mut self, deltas: &Deltas) {
        for part in &deltas.parts {
            // A place's position in a path is at most its level.
            for (position, place) in part.places.iter().enumerate() {
                self.add_at(*place, part.dim, part.period, part);
                for (dim, begin) in wholes(part.dim, position) {
                    self.add_at(*place, *dim, begin(part.period), part);
                }
            }
        }
    }

    fn add_at(&mut self, place: PlaceId, dim: i64, period: Date, part: &Part) {
        if !part.counts.is_empty() {
            let row = self.tallies.entry((place, dim, part.key.clone(), period)).or_default();
            for (index, n) in &part.counts {
                row.0.get_mut(*index).into_iter().for_each(|slot| *slot += n);
            }
        }
        for (days, n) in &part.took {
            *self.took.entry((place, dim, period, *days)).or_default() += n;
        }
    }

    /// Writes the sums into the counters. A row that comes to nothing goes, so that the same entries
    /// leave the same rows however they were grouped.
    pub async fn apply(&self, tx: &mut Tx) -> Result<()> {
        let (mut added, mut lessened) = (Vec::new(), Vec::new());
        for ((place, dim, key, period), counters) in &self.tallies {
            if counters.is_zero() {
                continue;
            }
            let row: Vec<Value> = params![place.0, *dim, key, period.to_string()].into();
            let counts = counters.0.iter().map(|n| Value::Int(*n));
            added.push(row.iter().cloned().chain(counts).collect());
            if counters.0.iter().any(|n| *n < 0) {
                lessened.push(row);
            }
        }
        tx.execute_all(&add(), &added).await?;
        tx.execute_all(&clear(), &lessened).await?;
        self.apply_took(tx).await
    }

    async fn apply_took(&self, tx: &mut Tx) -> Result<()> {
        let (mut added, mut lessened) = (Vec::new(), Vec::new());
        for ((place, dim, period, days), n) in self.took.iter().filter(|(_, n)| **n != 0) {
            let row: Vec<Value> = params![place.0, *dim, period.to_string(), *days].into();
            added.push(row.iter().cloned().chain([Value::Int(*n)]).collect());
            if *n < 0 {
                lessened.push(row);
            }
        }
        tx.execute_all(ADD_TOOK, &added).await?;
        tx.execute_all(CLEAR_TOOK, &lessened).await?;
        Ok(())
    }
}

type Begin = fn(Date) -> Date;

/// The longer periods into which a dimension is added up as well, by the place's position.
fn wholes(dim: i64, position: usize) -> &'static [(i64, Begin)] {
    match dim {
        BY_DAY if position < TOP => {
            &[(BY_MONTH, Date::first_of_month), (BY_YEAR, Date::first_of_year)]
        }
        BY_MONTH if position < TOP => &[(BY_YEAR, Date::first_of_year)],
        BY_MATTER if position < TOP_KEYED => &[(BY_MATTER_AND_YEAR, Date::first_of_year)],
        BY_UNIT if position < TOP_KEYED => &[(BY_UNIT_AND_YEAR, Date::first_of_year)],
        _ => &[],
    }
}

/// Every statement composed here and in `read`, by name.
pub(crate) fn composed() -> Vec<(String, String)> {
    let own = [("ADD", add()), ("CLEAR", clear())];
    let own = own.map(|(name, text)| (format!("store::tallies::{name}"), text));
    own.into_iter().chain(read::composed()).collect()
}

/// Every statement written down here and in `read`.
pub(crate) fn written() -> Vec<(&'static str, &'static str)> {
    [STATEMENTS, read::STATEMENTS].concat()
}

/// The statement that adds counters to a row.
fn add() -> String {
    let marks: Vec<String> = (5..5 + MEASURES).map(|n| format!("${n}")).collect();
    let sets: Vec<String> =
        COLUMNS.iter().map(|it| format!("{it} = tally.{it} + excluded.{it}")).collect();
    format!(
        "INSERT INTO tally (place, dim, key, period, {}) VALUES ($1, $2, $3, $4, {}) \
         ON CONFLICT (place, dim, key, period) DO UPDATE SET {}",
        COLUMNS.join(", "),
        marks.join(", "),
        sets.join(", ")
    )
}

/// The statement that takes away a row in which nothing is left: counters are never negative.
fn clear() -> String {
    format!(
        "DELETE FROM tally WHERE place = $1 AND dim = $2 AND key = $3 AND period = $4 AND {} = 0",
        COLUMNS.join(" + ")
    )
}
