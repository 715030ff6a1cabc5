//! Reading counters: sums of a place, of the places below it, by matter and by unit, and how long
//! cases took.

use super::period::{Grain, Period, Stretch};
use super::{
    BY_DAY, BY_MATTER, BY_MATTER_AND_YEAR, BY_MONTH, BY_UNIT, BY_UNIT_AND_YEAR, BY_YEAR, TOP,
    TOP_KEYED,
};
use crate::statements::sql;
use crate::{Error, Result};
use jiff::civil::Date;
use model::rates::{ByDay, COLUMNS, Counters};
use model::{OrgId, PlaceId};
use rowdb::{FromValue, Row, Tx, Value, params};
use std::collections::BTreeMap;
use uuid::Uuid;

sql! {
    /// Crossed, so that the few places are walked and not the counters.
    OPENED = "SELECT t.place, t.opened FROM place p CROSS JOIN tally t WHERE p.level = $1
        AND t.place = p.id AND t.dim = $2 AND t.key = '' AND t.period >= $3 AND t.period < $4";
    LEVEL = "SELECT level FROM place WHERE id = $1";
    TOOK = "SELECT days, CAST(SUM(n) AS BIGINT) FROM took
        WHERE place = $1 AND dim = $2 AND period >= $3 AND period < $4 GROUP BY days";
}

/// The counters of a place summed over a period; `Period::ALL` reads one row a year.
pub async fn sum(tx: &mut Tx, place: PlaceId, period: Period) -> Result<Counters> {
    let top = is_within(tx, place, TOP).await?;
    let mut total = Counters::default();
    for stretch in period.stretches(by_day(top)) {
        let row = tx.query_one(&of_place(), &of(place, stretch)).await?;
        add(&mut total, &row, 0)?;
    }
    Ok(total)
}

/// The counters of a place on each day of a period on which anything was counted.
pub async fn daily(tx: &mut Tx, place: PlaceId, period: Period) -> Result<ByDay> {
    let stretches = period.stretches(by_day(false));
    let found: BTreeMap<String, Counters> = grouped(tx, &of_days(), place, &stretches).await?;
    let day = |(day, counters): (String, Counters)| {
        Ok((day.parse().map_err(|error| Error::inconsistent("tally", error))?, counters))
    };
    found.into_iter().map(day).collect()
}

/// How many requests were opened in each place of a level over a period, where there were any.
pub async fn opened(tx: &mut Tx, level: usize, period: Period) -> Result<BTreeMap<PlaceId, i64>> {
    let mut found = BTreeMap::new();
    let level_of = i64::try_from(level).unwrap_or(i64::MAX);
    for Stretch { dim, from, until } in period.stretches(by_day(level < TOP)) {
        let values = params![level_of, dim, from.to_string(), until.to_string()];
        for row in tx.query(OPENED, &values).await? {
            *found.entry(PlaceId(row.get(0)?)).or_default() += row.get::<i64>(1)?;
        }
    }
    Ok(found)
}

/// The counters of each place directly below that has any.
pub async fn by_place(
    tx: &mut Tx,
    parent: PlaceId,
    period: Period,
) -> Result<BTreeMap<PlaceId, Counters>> {
    let top = is_within(tx, parent, TOP - 1).await?;
    let found: BTreeMap<Uuid, Counters> =
        grouped(tx, &of_children(), parent, &period.stretches(by_day(top))).await?;
    Ok(found.into_iter().map(|(place, counters)| (PlaceId(place), counters)).collect())
}

/// The counters of a place by matter, over the whole months that the period touches.
pub async fn by_matter(
    tx: &mut Tx,
    place: PlaceId,
    period: Period,
) -> Result<BTreeMap<String, Counters>> {
    keyed(tx, place, period, [BY_MATTER_AND_YEAR, BY_MATTER]).await
}

/// The counters of a place by handling unit, over the whole months that the period touches.
pub async fn by_unit(
    tx: &mut Tx,
    place: PlaceId,
    period: Period,
) -> Result<BTreeMap<OrgId, Counters>> {
    let found = keyed(tx, place, period, [BY_UNIT_AND_YEAR, BY_UNIT]).await?;
    let unit = |(key, counters): (String, Counters)| {
        Ok((key.parse().map_err(|error| Error::inconsistent("tally", error))?, counters))
    };
    found.into_iter().map(unit).collect()
}

async fn keyed(
    tx: &mut Tx,
    place: PlaceId,
    period: Period,
    dims: [i64; 2],
) -> Result<BTreeMap<String, Counters>> {
    let top = is_within(tx, place, TOP_KEYED).await?;
    let stretches = period.months().stretches(&by_month(dims, top));
    grouped(tx, &of_keys(), place, &stretches).await
}

/// How many cases took how many days from opening to end, of those opened in the whole months that
/// the period touches.
pub async fn durations(tx: &mut Tx, place: PlaceId, period: Period) -> Result<Histogram> {
    let top = is_within(tx, place, TOP).await?;
    let mut found = Histogram::default();
    for stretch in period.months().stretches(&by_month([BY_YEAR, BY_MONTH], top)) {
        for row in tx.query(TOOK, &of(place, stretch)).await? {
            *found.0.entry(row.get(0)?).or_default() += row.get::<i64>(1)?;
        }
    }
    Ok(found)
}

/// Whether a place lies at one of the first `levels`.
async fn is_within(tx: &mut Tx, place: PlaceId, levels: usize) -> Result<bool> {
    let row = tx.query_opt(LEVEL, &params![place.0]).await?;
    let level: Option<usize> = row.map(|row| row.get(0)).transpose()?;
    Ok(level.is_some_and(|level| level < levels))
}

fn by_day(top: bool) -> &'static [Grain] {
    const GRAINS: &[Grain] =
        &[(BY_YEAR, Date::first_of_year), (BY_MONTH, Date::first_of_month), (BY_DAY, |day| day)];
    GRAINS.get(if top { 0 } else { 2 }..).unwrap_or(GRAINS)
}

fn by_month([years, months]: [i64; 2], top: bool) -> Vec<Grain> {
    let months: Grain = (months, Date::first_of_month);
    if top { vec![(years, Date::first_of_year), months] } else { vec![months] }
}

fn of(place: PlaceId, stretch: Stretch) -> [Value; 4] {
    params![place.0, stretch.dim, stretch.from.to_string(), stretch.until.to_string()]
}

/// Sums of each key over the stretches.
async fn grouped<K: FromValue + Ord>(
    tx: &mut Tx,
    statement: &str,
    place: PlaceId,
    stretches: &[Stretch],
) -> Result<BTreeMap<K, Counters>> {
    let mut found = BTreeMap::new();
    for stretch in stretches {
        for row in tx.query(statement, &of(place, *stretch)).await? {
            add(found.entry(row.get(0)?).or_default(), &row, 1)?;
        }
    }
    Ok(found)
}

fn add(counters: &mut Counters, row: &Row, first: usize) -> Result<()> {
    for (index, slot) in counters.0.iter_mut().enumerate() {
        *slot += row.get::<i64>(first + index)?;
    }
    Ok(())
}

fn sums() -> String {
    let sum = |it: &&str| format!("CAST(COALESCE(SUM(t.{it}), 0) AS BIGINT)");
    COLUMNS.iter().map(sum).collect::<Vec<_>>().join(", ")
}

fn of_place() -> String {
    format!(
        "SELECT {} FROM tally t
         WHERE t.place = $1 AND t.dim = $2 AND t.key = '' AND t.period >= $3 AND t.period < $4",
        sums()
    )
}

fn of_days() -> String {
    format!(
        "SELECT t.period, {} FROM tally t
         WHERE t.place = $1 AND t.dim = $2 AND t.key = '' AND t.period >= $3 AND t.period < $4
         GROUP BY t.period",
        sums()
    )
}

fn of_children() -> String {
    format!(
        "SELECT t.place, {} FROM place p JOIN tally t ON t.place = p.id
         WHERE p.parent = $1 AND t.dim = $2 AND t.key = '' AND t.period >= $3 AND t.period < $4
         GROUP BY t.place",
        sums()
    )
}

fn of_keys() -> String {
    format!(
        "SELECT t.key, {} FROM tally t
         WHERE t.place = $1 AND t.dim = $2 AND t.period >= $3 AND t.period < $4 GROUP BY t.key",
        sums()
    )
}

/// The statements composed here by name.
pub(super) fn composed() -> [(String, String); 4] {
    let texts = [
        ("PLACE", of_place()),
        ("DAYS", of_days()),
        ("CHILDREN", of_children()),
        ("KEYS", of_keys()),
    ];
    texts.map(|(name, text)| (format!("store::tallies::read::{name}"), text))
}

/// How many cases took how many days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram(pub BTreeMap<i64, i64>);

impl Histogram {
    /// How many cases there are.
    pub fn count(&self) -> i64 {
        self.0.values().sum()
    }

    /// The quantile at so many thousandths (500 is the median) in hundredths of a day, rounded half
    /// up: the two closest ranks, linearly interpolated. None without cases.
    pub fn quantile(&self, thousandths: i64) -> Option<i64> {
        let at = (self.count() - 1).checked_mul(thousandths.clamp(0, 1000))?;
        let (rank, part) = (at.div_euclid(1000), at.rem_euclid(1000));
        let low = self.ranked(rank)?;
        let high = self.ranked(rank + 1).unwrap_or(low);
        Some((low * 1000 + (high - low) * part + 5) / 10)
    }

    /// The days of the case at a rank (from 0) in order.
    fn ranked(&self, rank: i64) -> Option<i64> {
        let mut below = 0;
        let found = self.0.iter().filter(|(_, n)| **n > 0).find(|(_, n)| {
            below += **n;
            rank < below
        });
        found.map(|(days, _)| *days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(days: &[i64]) -> Histogram {
        let mut found = Histogram::default();
        days.iter().for_each(|days| *found.0.entry(*days).or_default() += 1);
        found
    }

    #[test]
    fn quantiles_are_interpolated_between_the_closest_ranks() {
        let four = histogram(&[1, 2, 3, 10]);
        let at = |thousandths| four.quantile(thousandths);
        assert_eq!([at(0), at(500), at(750), at(1000)], [100, 250, 475, 1000].map(Some));
        // numpy.percentile([1, 2, 3, 10], 95) is 8.95.
        assert_eq!(at(950), Some(895));
        assert_eq!(histogram(&[7]).quantile(900), Some(700));
        assert_eq!(histogram(&[0, 0, 19]).quantile(500), Some(0));
    }

    #[test]
    fn without_cases_there_is_no_quantile() {
        assert_eq!(Histogram::default().quantile(500), None);
        assert_eq!(Histogram([(3, 0)].into()).quantile(500), None);
    }
}
