//! The pack's own indicators: of the cases opened in a period, how many its guards count. They look at
//! the cases themselves, so a county may ask what no counter was kept for.

use super::figures::named_place;
use crate::{Error, Result, Work};
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use method::decide::{World, holds};
use method::definition::{Indicator, Pack};
use model::access::Operation;
use model::cases::CaseState;
use model::{CaseId, PlaceId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::cases::{CaseFilter, Cursor};
use store::tallies::Period;

/// The most cases that are looked through; a longer period is refused.
const MOST: usize = 50_000;
/// So many are read at once.
const PAGE: usize = 500;

/// An indicator of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Of the whole place.
    pub whole: Count,
    /// By place of the level that the pack names, code and name first, in the order of codes.
    pub rows: Vec<(String, String, Count)>,
}

/// How many cases an indicator counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Those that are what it asks for.
    pub is: i64,
    /// Out of these.
    pub of: i64,
    /// What the pack leaves out.
    pub excepted: i64,
}

/// The indicators of the current pack over the cases opened in a place and period.
pub async fn indicators(
    tx: &mut Tx,
    work: &mut Work,
    (place, period): (PlaceId, Period),
) -> Result<Vec<IndicatorView>> {
    work.may(Operation::ShowIndicators)?;
    let pack = work.shelf.pack()?.clone();
    let mut cases: BTreeMap<&str, Vec<CaseState>> = BTreeMap::new();
    for procedure in pack.indicators.values().flat_map(|it| &it.of) {
        if !cases.contains_key(procedure.as_str()) {
            cases.insert(procedure, opened(tx, work, (procedure, place), period).await?);
        }
    }
    let counted = |(id, it): (&String, &Indicator)| {
        let of = it.of.iter().filter_map(|procedure| cases.get(procedure.as_str())).flatten();
        counted(work, &pack, (id, it), of)
    };
    Ok(pack.indicators.iter().map(counted).collect())
}

/// All cases of a procedure opened in a period, the newest first.
async fn opened(
    tx: &mut Tx,
    work: &Work,
    (procedure, place): (&str, PlaceId),
    period: Period,
) -> Result<Vec<CaseState>> {
    let level = work.shelf.network.place(place).map_or(0, |it| it.level);
    let [from, until] = [period.from, period.until].map(midnight);
    let (from, mut next) = (from?, Some(Cursor { at: until?, id: CaseId(uuid::Uuid::nil()) }));
    let mut all = Vec::new();
    while let Some(cursor) = next {
        let filter = CaseFilter::new().with_sensitive().procedure(procedure).at(level, place);
        let page = store::cases::page(tx, &filter.after(cursor), PAGE).await?;
        next = page.next.filter(|it| it.at >= from);
        let cases = page.items.into_iter().map(|it| it.case.state);
        all.extend(cases.filter(|it| it.opened_at >= from));
        if all.len() > MOST {
            let (zh, en) =
                ("这段时间的办件太多,请缩短", "too many cases: ask for a shorter period");
            return Err(Error::field("from", "too_many", zh, en));
        }
    }
    Ok(all)
}

fn midnight(day: Date) -> Result<jiff::Timestamp> {
    let zoned = day.to_zoned(TimeZone::fixed(offset(8))).map_err(Error::internal)?;
    Ok(zoned.timestamp())
}

fn counted<'c>(
    work: &Work,
    pack: &Pack,
    (id, it): (&str, &Indicator),
    cases: impl Iterator<Item = &'c CaseState>,
) -> IndicatorView {
    let world = work.shelf.world(pack, work.now());
    let level = it.by.as_deref().and_then(|level| work.shelf.network.level(level));
    let (mut whole, mut by_place) = (Count::default(), BTreeMap::<PlaceId, Count>::new());
    for case in cases {
        let Some(one) = one(&world, it, case) else { continue };
        whole.add(one);
        let path = work.shelf.network.path(case.place);
        if let Some(place) = level.and_then(|level| path.get(level).copied().flatten()) {
            by_place.entry(place).or_default().add(one);
        }
    }
    let rows = by_place.into_iter().map(|(place, count)| {
        let (code, name) = named_place(work, place);
        (code, name, count)
    });
    let mut rows: Vec<(String, String, Count)> = rows.collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    IndicatorView { id: id.to_owned(), title: it.title.clone(), whole, rows }
}

/// What one case counts for; none where the indicator does not look at it.
fn one(world: &World<'_>, it: &Indicator, case: &CaseState) -> Option<Count> {
    let procedure = world.pack.procedures.get(case.procedure.as_str())?;
    let true_of = |guard| holds(world, procedure, case, guard);
    if it.except.as_ref().is_some_and(true_of) {
        return Some(Count { excepted: 1, ..Count::default() });
    }
    if !it.among.as_ref().is_none_or(true_of) {
        return None;
    }
    Some(Count { is: i64::from(true_of(&it.is)), of: 1, excepted: 0 })
}

impl Count {
    fn add(&mut self, one: Self) {
        self.is += one.is;
        self.of += one.of;
        self.excepted += one.excepted;
    }
}
