//! Rates, durations and counts of a place over a period. Every figure is a sum of kept counters: none
//! of them looks at cases, so a county with a million is no slower.

use super::masked::{Cell, RateCells, for_public, mask_column, small};
use crate::{Error, Result, Work};
use jiff::Timestamp;
use model::access::Operation;
use model::rates::{COLUMNS, Counters};
use model::{OrgId, PlaceId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::tallies::{Histogram, Period};

/// The place a key names, by code, alias or id; without a key the root.
pub fn place_of(work: &Work, key: Option<&str>) -> Result<PlaceId> {
    let network = &work.shelf.network;
    let found = match key {
        None => network.root(),
        Some(key) => {
            let place = key.parse().ok().and_then(|id| network.place(id));
            place.or_else(|| network.place_by_code(key))
        }
    };
    found.map(|place| place.id).ok_or_else(|| Error::not_found("place", key.unwrap_or("root")))
}

/// Rates by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// `closed`, `on_time`, `response`, `solved`, `satisfied`, `redispatched`.
    pub rates: BTreeMap<String, RateCells>,
    /// The moment they hold for.
    pub as_of: Timestamp,
}

/// The rates of a place over a period; each by its own basis date (blueprint §3).
pub async fn rates(
    tx: &mut Tx,
    work: &mut Work,
    (place, period): (PlaceId, Period),
) -> Result<Rates> {
    work.may(Operation::ShowRates)?;
    let public = for_public(work.standing());
    let sum = store::tallies::sum(tx, place, period).await?;
    let shown = if public { RateCells::masked } else { RateCells::whole };
    let rates = model::rates::rates(&sum).into_iter();
    let rates = rates.map(|(name, rate)| (name.to_owned(), shown(rate))).collect();
    Ok(Rates { rates, as_of: work.now() })
}

/// How long cases took from opening to end, in hundredths of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Durations {
    /// How many cases ended of those opened in the months of the period.
    pub count: Cell,
    /// Half of them took no longer.
    pub p50: Cell,
    /// Three quarters.
    pub p75: Cell,
    /// Nine tenths.
    pub p90: Cell,
    /// Nineteen twentieths.
    pub p95: Cell,
    /// The longest.
    pub max: Cell,
    /// The moment they hold for.
    pub as_of: Timestamp,
}

/// Quantiles of how long the cases of a place took, of those opened in the whole months the period
/// touches.
pub async fn durations(
    tx: &mut Tx,
    work: &mut Work,
    (place, period): (PlaceId, Period),
) -> Result<Durations> {
    work.may(Operation::ShowDurations)?;
    let found = store::tallies::durations(tx, place, period).await?;
    let withheld = for_public(work.standing()) && small(found.count());
    let found = if withheld { Histogram::default() } else { found };
    let at = |thousandths| found.quantile(thousandths);
    Ok(Durations {
        count: Some(found.count()).filter(|_| !withheld),
        p50: at(500),
        p75: at(750),
        p90: at(900),
        p95: at(950),
        max: at(1_000),
        as_of: work.now(),
    })
}

/// What counts are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The places directly below.
    Place,
    /// The matters of the pack.
    Matter,
    /// The handling units.
    Unit,
}

/// Counts of one place, matter or unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Code of the place or unit, id of the matter.
    pub key: String,
    /// Its name.
    pub title: String,
    /// Counts by name (`asked`, `opened`, `dispatched`, `solved`, …).
    pub counts: BTreeMap<String, Cell>,
}

/// Counts side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// What there is, the busiest first.
    pub rows: Vec<Row>,
    /// The moment they hold for.
    pub as_of: Timestamp,
}

/// Counts of a place by child place, matter or unit.
pub async fn tallies(
    tx: &mut Tx,
    work: &mut Work,
    (place, by, period): (PlaceId, By, Period),
) -> Result<Figures> {
    work.may(Operation::ShowTallies)?;
    let mut found: Vec<(String, String, Counters)> = match by {
        By::Place => {
            let found = store::tallies::by_place(tx, place, period).await?;
            let named = found.into_iter().map(|(id, counters)| {
                let (code, name) = named_place(work, id);
                (code, name, counters)
            });
            named.collect()
        }
        By::Matter => {
            let found = store::tallies::by_matter(tx, place, period).await?;
            found.into_iter().map(|(id, counters)| named_matter(work, id, counters)).collect()
        }
        By::Unit => {
            let found = store::tallies::by_unit(tx, place, period).await?;
            found.into_iter().map(|(id, counters)| named_unit(work, id, counters)).collect()
        }
    };
    found.retain(|(_, _, counters)| !counters.is_zero());
    found.sort_by_cached_key(|(key, _, counters)| {
        (std::cmp::Reverse(counters.get(model::rates::Measure::Asked)), key.clone())
    });
    let mut rows: Vec<Row> = found.into_iter().map(row).collect();
    if for_public(work.standing()) {
        for column in COLUMNS {
            let cells = rows.iter_mut().filter_map(|row| row.counts.get_mut(column));
            mask_column(&mut cells.collect::<Vec<_>>());
        }
    }
    Ok(Figures { rows, as_of: work.now() })
}

fn row((key, title, counters): (String, String, Counters)) -> Row {
    let counts = COLUMNS.iter().zip(counters.0);
    let counts = counts.map(|(name, n)| ((*name).to_owned(), Some(n))).collect();
    Row { key, title, counts }
}

/// Code and name of a place.
pub(super) fn named_place(work: &Work, id: PlaceId) -> (String, String) {
    let place = work.shelf.network.place(id);
    let code = place.map_or_else(|| id.to_string(), |place| place.code.clone());
    (code, place.map(|place| place.name.clone()).unwrap_or_default())
}

fn named_unit(work: &Work, id: OrgId, counters: Counters) -> (String, String, Counters) {
    let org = work.shelf.network.org(id);
    let code = org.map_or_else(|| id.to_string(), |org| org.code.clone());
    (code, org.map(|org| org.name.clone()).unwrap_or_default(), counters)
}

fn named_matter(work: &Work, id: String, counters: Counters) -> (String, String, Counters) {
    let catalogues = work.shelf.current.iter().flat_map(|pack| pack.matters.values());
    let title = catalogues.filter_map(|matters| matters.get(&id)).map(|it| it.title.clone()).next();
    (id, title.unwrap_or_default(), counters)
}
