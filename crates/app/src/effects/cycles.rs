//! What comes round by itself: each cycle of the pack runs once for a period, in one transaction with
//! all that it opens and calls.

use super::gatherings;
use crate::cases::{copy_texts, open_by_cycle};
use crate::{County, Result, Work};
use jiff::Timestamp;
use method::cycles::{self, Run};
use method::decide::{Effect, World};
use method::definition::{Cycle, Each, Effect as Written, Every, On, Pack};
use model::RecordId;
use model::access::{Actor, Operation};
use model::effects::Columns;
use model::journal::Event;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::effects::{cycles as store_cycles, records};

/// Rows of a register read at once.
const CHUNK: i64 = 200;

/// A cycle of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its period: `day`, `week`, `month`, `quarter`, `half`, `year`.
    pub every: String,
    /// When within the period, as the pack writes it: `19:30`, `fri`, `wd 1`, `day 25`, `12-01`.
    pub on: String,
    /// What it opens and calls: `open` or `hold`, and the title of the procedure or gathering.
    pub does: Vec<(String, String)>,
    /// The period it ran for last, and when.
    pub last: Option<(String, Timestamp)>,
    /// When it comes next.
    pub next: Option<Timestamp>,
}

/// The cycles of the current pack.
pub async fn list_cycles(tx: &mut Tx, work: &mut Work) -> Result<Vec<CycleView>> {
    work.may(Operation::ListCycles)?;
    let pack = work.shelf.pack()?.clone();
    let mut views = Vec::with_capacity(pack.cycles.len());
    for (id, it) in &pack.cycles {
        let last = store_cycles::runs(tx, id, 1).await?.pop();
        views.push(CycleView {
            id: id.clone(),
            title: it.title.clone(),
            every: every(it.every),
            on: on(it.on),
            does: it.then.iter().filter_map(|effect| does(&pack, effect)).collect(),
            last: last.map(|run| (run.period, run.at)),
            next: cycles::next(it, &work.shelf.calendar, work.now()),
        });
    }
    Ok(views)
}

fn every(every: Every) -> String {
    let word = Every::WORDS.iter().find(|(_, it)| *it == every);
    word.map(|(word, _)| *word).unwrap_or_default().to_owned()
}

fn on(on: On) -> String {
    match on {
        On::Time(time) => time.strftime("%H:%M").to_string(),
        On::Weekday(day) => format!("{day:?}").to_lowercase().chars().take(3).collect(),
        On::Workday(n) => format!("wd {n}"),
        On::Day(n) => format!("day {n}"),
        On::Date(month, day) => format!("{month:02}-{day:02}"),
    }
}

fn does(pack: &Pack, effect: &Written) -> Option<(String, String)> {
    match effect {
        Written::Open { procedure, .. } => {
            Some(("open".to_owned(), pack.procedures.get(procedure)?.title.clone()))
        }
        Written::Hold { gathering, .. } => {
            Some(("hold".to_owned(), pack.gatherings.get(gathering)?.title.clone()))
        }
        _ => None,
    }
}

/// Runs every cycle whose moment has come and that has not run for its period; says how many ran. One
/// that fails is logged, does not stop the others, and is tried again.
pub async fn run_cycles(county: &Arc<County>) -> Result<usize> {
    let due = county
        .look(Actor::system("cycle"), |tx, work| Box::pin(async move { due(tx, &work).await }))
        .await?;
    let mut ran = 0;
    for run in due {
        let named = run.clone();
        let done = county
            .run(Actor::system("cycle"), move |tx, mut work| {
                let run = run.clone();
                Box::pin(async move { carry_out(tx, &mut work, &run).await })
            })
            .await;
        match done {
            Ok(done) => ran += usize::from(done),
            Err(error) => {
                tracing::error!(cycle = %named.cycle, period = %named.period, %error, "a cycle could not run");
            }
        }
    }
    Ok(ran)
}

/// The runs whose moment has come and that are not recorded. A cycle counts from when a version of the
/// pack first had it: a later version must not skip the period it was loaded in.
async fn due(tx: &mut Tx, work: &Work) -> Result<Vec<Run>> {
    let Some(pack) = work.shelf.current.clone() else { return Ok(Vec::new()) };
    let versions = store::packs(tx).await?;
    let mut due = Vec::new();
    for cycle in pack.cycles.keys() {
        let had =
            |hash: &str| work.shelf.packs.get(hash).is_some_and(|it| it.cycles.contains_key(cycle));
        let first = versions.iter().filter(|it| it.id == pack.id && had(&it.hash));
        let Some(since) = first.map(|it| it.loaded_at).min() else { continue };
        let runs = cycles::due(&pack, &work.shelf.calendar, since, work.now());
        for run in runs.into_iter().filter(|run| run.cycle == *cycle) {
            if !store_cycles::has_run(tx, &run.cycle, &run.period).await? {
                due.push(run);
            }
        }
    }
    Ok(due)
}

/// Runs a cycle for a period; false if it has run meanwhile.
async fn carry_out(tx: &mut Tx, work: &mut Work, run: &Run) -> Result<bool> {
    let shelf = work.shelf.clone();
    let (Ok(pack), Some(root)) = (shelf.pack(), shelf.network.root()) else { return Ok(false) };
    let Some(cycle) = pack.cycles.get(&run.cycle) else { return Ok(false) };
    if store_cycles::has_run(tx, &run.cycle, &run.period).await? {
        return Ok(false);
    }
    let (cycle_id, period) = (run.cycle.clone(), run.period.clone());
    work.record(tx, root.id.0, Event::CycleRan { cycle: cycle_id, period }).await?;
    let rows = rows(tx, cycle).await?;
    let world: World<'_> = shelf.world(pack, work.now());
    let of = |register: &str| rows.get(register).cloned().unwrap_or_default();
    for effect in cycles::effects(&world, root.id, cycle, &of) {
        match effect {
            Effect::Open(mut to_open) => {
                to_open.form = copy_texts(tx, to_open.form).await?;
                open_by_cycle(tx, work, pack, *to_open).await?;
            }
            Effect::Call(call) => gatherings::call(tx, work, (&pack.hash, None), &call).await?,
            // The grammar gives cycles no other effect.
            _ => {}
        }
    }
    Ok(true)
}

/// All rows of the registers that a cycle goes through.
async fn rows(tx: &mut Tx, cycle: &Cycle) -> Result<BTreeMap<String, Vec<(RecordId, Columns)>>> {
    let mut all = BTreeMap::new();
    for effect in &cycle.then {
        let Written::Open { each: Some(Each::Register(register)), .. } = effect else { continue };
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let page = records::Page { after: &after, holding: "", limit: CHUNK };
            let page = records::page(tx, register, page).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.record.key);
            found.extend(page.into_iter().map(|it| (it.record.id, it.record.columns)));
        }
        all.insert(register.clone(), found);
    }
    Ok(all)
}
