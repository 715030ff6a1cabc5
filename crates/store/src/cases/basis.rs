//! Cases of a place by the instant by whose day a rate counts them: opening, promise or verdict.

use super::filter::Cursor;
use super::list::{Listed, listed};
use super::{columns, instant};
use crate::Result;
use crate::columns::rows;
use crate::tallies::Period;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use model::PlaceId;
use model::rates::Basis;
use model::territory::MAX_LEVELS;
use rowdb::{Tx, Value, params};

/// Which cases.
#[derive(Clone, Copy, Debug)]
pub struct Based {
    /// By what.
    pub basis: Basis,
    /// In a place of a level now, or when they ended.
    pub place: (usize, PlaceId),
    /// On which local days.
    pub period: Period,
    /// Ended ones only, open ones only, or both; of [`Basis::Opened`] only, whose indexes know.
    pub ended: Option<bool>,
}

/// At most `limit` cases with what marks their place in the list, the newest first.
pub async fn by_basis(
    tx: &mut Tx,
    which: &Based,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<(Listed, Cursor)>> {
    let (level, place) = which.place;
    let (from, until) = (midnight(which.period.from), midnight(which.period.until));
    let mut values: Vec<Value> = params![limit, place.0, from, until].into();
    if let Some(Cursor { at, id }) = after {
        values.extend(params![at.as_microsecond(), id.0]);
    }
    let text = text(which.basis, level, which.ended, after.is_some());
    rows(&tx.query(&text, &values).await?, |row| {
        let found = listed(row)?;
        let at = instant(row.get(super::WIDTH + 1)?)?;
        let cursor = Cursor { at, id: found.case.id };
        Ok((found, cursor))
    })
}

/// The first instant of a local day in microseconds; of days that no clock knows, the nearest.
fn midnight(day: Date) -> i64 {
    let here = TimeZone::fixed(offset(8));
    let at = day.to_zoned(here).map(|it| it.timestamp());
    let far = if day.year() < 1970 { Timestamp::MIN } else { Timestamp::MAX };
    at.unwrap_or(far).as_microsecond()
}

fn column(basis: Basis) -> &'static str {
    match basis {
        Basis::Opened => "c.opened_at",
        Basis::Promised => "c.promise_at",
        Basis::Judged => "c.verdict_at",
    }
}

fn text(basis: Basis, level: usize, ended: Option<bool>, after: bool) -> String {
    let (level, at) = (level.min(MAX_LEVELS - 1), column(basis));
    let ended = match ended {
        Some(true) => " AND c.ended_as IS NOT NULL",
        Some(false) => " AND c.ended_as IS NULL",
        None => "",
    };
    let behind = match after {
        true => format!(" AND {at} <= $5 AND ({at} < $5 OR c.id < $6)"),
        false => String::new(),
    };
    // By promise and verdict the day's own index is read in its order; a place's would have to be sorted.
    let here = match basis {
        Basis::Opened => format!("c.p{level} = $2"),
        Basis::Promised | Basis::Judged => format!("(c.p{level} = $2) IS TRUE"),
    };
    format!(
        "SELECT {}, t.value, {at} FROM cases c
         LEFT JOIN private t ON t.entry = c.entry AND t.field = 'title'
         WHERE {here} AND {at} >= $3 AND {at} < $4{ended}{behind}
         ORDER BY {at} DESC, c.id DESC LIMIT $1",
        columns!()
    )
}

/// The statements composed here by name.
pub(super) fn composed() -> impl Iterator<Item = (String, String)> {
    let bases = [Basis::Opened, Basis::Promised, Basis::Judged];
    let kinds = bases.into_iter().flat_map(|basis| (0..MAX_LEVELS).map(move |it| (basis, it)));
    kinds.flat_map(|(basis, level)| {
        let told = if basis == Basis::Opened { 3 } else { 1 };
        [None, Some(true), Some(false)].into_iter().take(told).flat_map(move |ended| {
            [false, true].map(|after| {
                let name = format!("BASIS {basis:?} p{level}, ended {ended:?}, after {after}");
                (format!("store::cases::basis::{name}"), text(basis, level, ended, after))
            })
        })
    })
}
