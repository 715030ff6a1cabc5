//! What a screen in a hall shows of a place: today, this month, the last thirty days, its cells, its
//! newest steps. Everything comes from counters and from two indexes, so that a county with a million
//! cases shows it as fast; no name, no word of anybody and no sensitive matter is on it.

use super::masked::RateCells;
use crate::cases::action_title;
use crate::territory::{PlaceName, find};
use crate::{Error, Result, Work};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use model::PlaceId;
use model::access::{Actor, Operation};
use model::journal::Event;
use model::rates::{ByDay, Counters, Measure, rates};
use model::territory::Place;
use rowdb::Tx;
use std::collections::{BTreeMap, HashMap};
use store::cases::CellCount;
use store::tallies::Period;

/// A level is shown when a place has so many cells of it.
const CELLS: usize = 12;

/// So many days are a trend.
const DAYS: i32 = 30;

/// So many steps are shown, of the newest so many entries of the log.
const STEPS: i64 = 20;
const LOOKED_AT: u64 = 1_000;

/// Which place, with cells of which level of the pack.
#[derive(Clone, Debug, Default)]
pub struct ShowScreen {
    /// Code or id; when unsaid, a display's own, else the root.
    pub place: Option<String>,
    /// Index of a level; when unsaid, the first below the place with a dozen cells.
    pub level: Option<usize>,
}

/// What the screen shows.
#[derive(Clone, Debug)]
pub struct Screen {
    /// The moment it holds for.
    pub as_of: Timestamp,
    /// The place.
    pub place: PlaceName,
    /// Index of the cells' level.
    pub level: usize,
    /// What was counted today.
    pub today: Counters,
    /// Open cases now.
    pub open: i64,
    /// Of these, late.
    pub late: i64,
    /// What was counted this month until today.
    pub month: Counters,
    /// The month's rates by name.
    pub rates: BTreeMap<String, RateCells>,
    /// The last thirty days, the oldest first.
    pub trend: Vec<(Date, Counters)>,
    /// Requests of this month by matter, in the order of the pack: id, title, how many.
    pub matters: Vec<(String, String, i64)>,
    /// The cells of the level, by code.
    pub cells: Vec<ScreenCell>,
    /// The newest steps.
    pub steps: Vec<ScreenStep>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenCell {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Open cases.
    pub open: i64,
    /// Of these, late.
    pub late: i64,
    /// Opened this month.
    pub month: i64,
}

/// A step that some case took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenStep {
    /// Position in the log.
    pub position: u64,
    /// When.
    pub at: Timestamp,
    /// The matter; the procedure while there is none.
    pub matter: String,
    /// What was done.
    pub action: String,
    /// Where it led; none where it left an earlier state as it was.
    pub state: Option<String>,
    /// The narrowest place of the case.
    pub place: String,
}

/// What a screen shows of a place.
pub async fn screen(tx: &mut Tx, work: &mut Work, wanted: &ShowScreen) -> Result<Screen> {
    work.may(Operation::ShowScreen)?;
    let own = match work.actor {
        Actor::Display { place, .. } => work.shelf.network.place(place),
        _ => None,
    };
    let place = match (&wanted.place, own) {
        (Some(key), _) => find(work, key)?.clone(),
        (None, Some(own)) => own.clone(),
        (None, None) => root(work)?.clone(),
    };
    let cells = Cells::of(work, &place, wanted.level)?;
    let path: Vec<_> =
        work.shelf.network.path(place.id).into_iter().take(place.level + 1).collect();
    let counts = store::cases::open_by_cell(tx, &path, cells.level, work.now()).await?;
    let days = Days::read(tx, work, place.id).await?;
    let named = PlaceName::of(work, place.id).ok_or_else(|| Error::not_found("place", place.id))?;
    let rates = rates(&days.month).into_iter();
    Ok(Screen {
        as_of: work.now(),
        level: cells.level,
        open: counts.iter().map(|it| it.open).sum(),
        late: counts.iter().map(|it| it.late).sum(),
        rates: rates.map(|(name, rate)| (name.to_owned(), RateCells::whole(rate))).collect(),
        matters: matters(tx, work, place.id).await?,
        cells: cells.counted(tx, work, &counts).await?,
        steps: steps(tx, work, &place).await?,
        place: named,
        today: days.today,
        month: days.month,
        trend: days.trend,
    })
}

fn root(work: &Work) -> Result<&Place> {
    work.shelf.network.root().ok_or_else(|| Error::not_found("place", "root"))
}

/// The days of this month until today.
fn month(work: &Work) -> Period {
    let today = work.today();
    Period { from: today.first_of_month(), until: today.tomorrow().unwrap_or(today) }
}

/// Counters of the days that a screen shows.
struct Days {
    today: Counters,
    month: Counters,
    trend: Vec<(Date, Counters)>,
}

impl Days {
    async fn read(tx: &mut Tx, work: &Work, place: PlaceId) -> Result<Self> {
        let (today, month) = (work.today(), month(work));
        let first = today.saturating_sub((DAYS - 1).days());
        let period = Period { from: first.min(month.from), until: month.until };
        let days: ByDay = store::tallies::daily(tx, place, period).await?;
        let on = |day: Date| days.get(&day).copied().unwrap_or_default();
        let mut sum = Counters::default();
        for (_, counters) in days.range(month.from..) {
            sum.0.iter_mut().zip(counters.0).for_each(|(to, n)| *to += n);
        }
        let trend = first.series(1.day()).take_while(|day| *day <= today);
        Ok(Self { today: on(today), month: sum, trend: trend.map(|day| (day, on(day))).collect() })
    }
}

/// Requests of this month by matter; those that named posts only see are not shown.
async fn matters(tx: &mut Tx, work: &Work, place: PlaceId) -> Result<Vec<(String, String, i64)>> {
    let counted = store::tallies::by_matter(tx, place, month(work)).await?;
    let pack = work.shelf.pack()?;
    let known = pack.matters.values().flatten().filter(|(_, it)| !it.sensitive);
    let opened = known.filter_map(|(id, it)| {
        let n = counted.get(id)?.get(Measure::Opened);
        (n > 0).then(|| (id.clone(), it.title.clone(), n))
    });
    Ok(opened.collect())
}

/// The cells of one level of a place, by code.
struct Cells<'w> {
    level: usize,
    places: Vec<&'w Place>,
}

impl<'w> Cells<'w> {
    fn of(work: &'w Work, place: &Place, level: Option<usize>) -> Result<Self> {
        let mut levels = below(work, place);
        let level = level.unwrap_or_else(|| usual(&levels).unwrap_or(place.level));
        if level < place.level || level >= work.shelf.network.levels().len() {
            let (zh, en) = ("应为该地点或其下的层级", "must be the place's level or one below it");
            return Err(Error::field("level", "out_of_range", zh, en));
        }
        let mut places = levels.remove(&level).unwrap_or_default();
        places.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(Self { level, places })
    }

    async fn counted(
        &self,
        tx: &mut Tx,
        work: &Work,
        counts: &[CellCount],
    ) -> Result<Vec<ScreenCell>> {
        // Nothing is opened in the future, and the counters of whole months are at hand.
        let month =
            Period { until: work.today().last_of_month().saturating_add(1.day()), ..month(work) };
        let opened = store::tallies::opened(tx, self.level, month).await?;
        let counts: HashMap<_, _> = counts.iter().map(|it| (it.cell, it)).collect();
        let cell = |place: &&Place| {
            let count = counts.get(&Some(place.id));
            ScreenCell {
                code: place.code.clone(),
                name: place.name.clone(),
                open: count.map_or(0, |it| it.open),
                late: count.map_or(0, |it| it.late),
                month: opened.get(&place.id).copied().unwrap_or(0),
            }
        };
        Ok(self.places.iter().map(cell).collect())
    }
}

/// The places of today within a place, it too, by level.
fn below<'w>(work: &'w Work, place: &Place) -> BTreeMap<usize, Vec<&'w Place>> {
    let (network, today) = (&work.shelf.network, work.today());
    let inside = |it: &&Place| place.parent.is_none() || network.within(it.id, place.id);
    let mut levels: BTreeMap<usize, Vec<&Place>> = BTreeMap::new();
    for it in network.places().filter(|it| it.exists_on(today)).filter(inside) {
        levels.entry(it.level).or_default().push(it);
    }
    levels
}

/// The first level with enough cells, or else the narrowest of those with the most.
fn usual(levels: &BTreeMap<usize, Vec<&Place>>) -> Option<usize> {
    let first = levels.iter().find(|(_, places)| places.len() >= CELLS);
    first.or_else(|| levels.iter().max_by_key(|it| it.1.len())).map(|(level, _)| *level)
}

/// The newest steps in a place.
async fn steps(tx: &mut Tx, work: &Work, place: &Place) -> Result<Vec<ScreenStep>> {
    let from = store::seal::size(tx).await?.saturating_sub(LOOKED_AT);
    let found = store::cases::steps(tx, (place.level, place.id), from, STEPS).await?;
    let told = found.into_iter().map(|it| step(work, &it));
    Ok(told.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// A step as it is told; posts and dates that were merely computed anew are not.
fn step(work: &Work, it: &store::cases::Step) -> Result<Option<ScreenStep>> {
    let state = &it.case.state;
    let (action, led_to) = match &it.entry.event {
        Event::CaseActed { act } if act.action == "renew" => return Ok(None),
        Event::CaseActed { act } => (act.action.as_str(), act.change.get("state")),
        Event::CaseOpened { opening } => ("open", opening.state.get("state")),
        Event::CaseUnjoined { .. } => ("unjoin", None),
        _ => return Ok(None),
    };
    let last = it.entry.revision == Some(it.case.revision);
    let led_to = led_to.and_then(serde_json::Value::as_str);
    let led_to = led_to.or(last.then_some(state.state.as_str()));
    let pack = work.shelf.pinned(&state.pack)?;
    let procedure = pack.procedures.get(state.procedure.as_str());
    let title_of = |id: &str| Some(procedure?.states.get(id)?.title.clone());
    let matters = procedure.and_then(|it| pack.matters.get(it.matters.as_ref()?));
    let matter = matters.zip(state.matter.as_ref()).and_then(|(all, id)| all.get(id.as_str()));
    let matter = matter.map(|it| &it.title).or(procedure.map(|it| &it.title));
    Ok(Some(ScreenStep {
        position: it.position,
        at: it.entry.at,
        matter: matter.cloned().unwrap_or_default(),
        action: action_title(work, procedure, action),
        state: led_to.and_then(title_of),
        place: work.shelf.network.place(state.place).map(|it| it.name.clone()).unwrap_or_default(),
    }))
}
