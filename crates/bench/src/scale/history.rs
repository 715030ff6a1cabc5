//! A county's history by the million: cases of five years, put in through the journal as any other
//! entry, sealed and indexed. Openings come from `method::decide`; how they ended is written into
//! their state by hand, so each has one entry.

use crate::county;
use crate::figure::{Report, count, per_second};
use crate::ground::Scale;
use crate::pure::decide::{leaves, opening};
use crate::requests::Requests;
use crate::rim::Dice;
use crate::stopwatch::now;
use crate::{Bench, remove};
use anyhow::{Context, Result};
use app::{County, Shelf};
use jiff::{SignedDuration, Timestamp};
use method::decide::open;
use model::cases::{CaseState, Count, End, FieldValue, Hiding, Verdict};
use model::journal::{Event, Opening, Private};
use model::{Actor, CaseId, Draw, OrgId, PlaceId};
use rowdb::{Options, Synchronous};
use std::path::PathBuf;
use std::sync::Arc;
use store::journal::{Draft, record};

const YEARS: i64 = 5;
/// Entries of one command: far more than the program's own commands, to load quickly.
const CHUNK: usize = 1_000;
/// How requests end, the frequent ends first.
const ENDS: [End; 4] = [End::Solved, End::Solved, End::Unsolved, End::Excluded];

/// A county with so many cases; made once and kept for the next time.
pub async fn county(bench: &Bench, cases: usize, report: &Report) -> Result<PathBuf> {
    let path = bench.folder.join(format!("county-{cases}.db"));
    if path.exists() {
        return Ok(path);
    }
    report.say(&format!("loading {cases} cases into {}", path.display()));
    let unready = bench.folder.join("loading.db");
    remove(&unready)?;
    let options = Options { synchronous: Synchronous::Off, ..Options::default() };
    let county = county::open(&unready.display().to_string(), options).await?;
    county::found(&county, Scale::TRUE).await?;
    load(&county, cases, report).await?;
    let begun = now();
    app::cases::index_new(&county).await?;
    report.say(&format!("  indexed {:.0} a second", per_second(cases, begun.elapsed())));
    county::close(county).await;
    std::fs::rename(&unready, &path)?;
    Ok(path)
}

async fn load(county: &Arc<County>, cases: usize, report: &Report) -> Result<()> {
    let mut maker = Maker::new(county.shelf().await?, county.now(), cases)?;
    let (begun, mut done) = (now(), 0);
    let mut next = maker.chunk(0)?;
    while !next.is_empty() {
        let chunk: Arc<[Draft]> = next.into();
        done += chunk.len();
        let recorded = county.db().command(move |tx| {
            let chunk = chunk.clone();
            Box::pin(async move {
                for draft in chunk.iter() {
                    record(tx, draft.clone()).await?;
                }
                Ok::<_, store::Error>(())
            })
        });
        // The next ones are made while the writer is at work.
        let (recorded, made) = tokio::join!(recorded, async { maker.chunk(done) });
        recorded?;
        next = made?;
        if done.is_multiple_of(100_000) {
            report.say(&format!("  {done}: {:.0} a second", per_second(done, begun.elapsed())));
        }
    }
    Ok(())
}

/// Makes entries, the oldest first.
struct Maker {
    shelf: Arc<Shelf>,
    places: Vec<PlaceId>,
    units: Vec<OrgId>,
    requests: Requests,
    now: Timestamp,
    cases: usize,
}

impl Maker {
    fn new(shelf: Arc<Shelf>, now: Timestamp, cases: usize) -> Result<Self> {
        let mut places = leaves(&shelf);
        let mut units: Vec<OrgId> = shelf.network.orgs().map(|org| org.id).collect();
        places.sort();
        units.sort();
        Ok(Self { places, units, requests: Requests::new(11)?, shelf, now, cases })
    }

    fn chunk(&mut self, from: usize) -> Result<Vec<Draft>> {
        (from..self.cases.min(from + CHUNK)).map(|n| self.draft(n)).collect()
    }

    fn draft(&mut self, n: usize) -> Result<Draft> {
        let mut dice = Dice::new(n as u64);
        let left = i64::try_from(self.cases - n)?;
        let age =
            SignedDuration::from_secs(YEARS * 365 * 86_400 / i64::try_from(self.cases)? * left);
        let at = self.now - age;
        let mut seed = [0; 32];
        seed.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
        let mut draw = Draw::new(at, seed);
        let place = *self.places.get(dice.skewed(self.places.len())).context("no places")?;
        let opening = opening(&mut self.requests, place, &mut draw);
        let decision = open(&self.shelf.world(self.shelf.pack()?, self.now), &opening)?;
        let mut state = decision.state;
        aged(&mut state, age);
        // The older, the rarer is it still open.
        let open = (self.cases - n) * 100 < self.cases && dice.below(4) > 0 || dice.below(200) == 0;
        if !open {
            self.end(&mut state, &mut dice, (at, age));
        }
        let case: CaseId = draw.id();
        let event = Event::CaseOpened {
            opening: Opening {
                case,
                number: format!("H{n:09}"),
                path: self.shelf.network.path(place),
                point: None,
                hiding: Hiding::Named,
                sensitive: false,
                channel: "app".to_owned(),
                source: None,
                link: None,
                simhash: Some(dice.roll().cast_signed()),
                facts: Default::default(),
                choice: None,
                state: serde_json::to_value(&state)?,
            },
        };
        let texts = decision.private.into_iter();
        let private = texts.map(|(field, value)| (field, Private { salt: draw.salt(), value }));
        Ok(Draft {
            id: opening.entry,
            at,
            actor: Actor::system("bench"),
            subject: Some(case.0),
            revision: Some(1),
            event,
            private: private.collect(),
        })
    }

    fn end(&self, state: &mut CaseState, dice: &mut Dice, (at, age): (Timestamp, SignedDuration)) {
        let end = ENDS.get(dice.skewed(ENDS.len())).copied().unwrap_or(End::Solved);
        let hours = i64::try_from(1 + dice.skewed(480)).unwrap_or(1);
        let ended_at = at + SignedDuration::from_hours(hours).min(age);
        let once = Count { case: 1, stay: 1 };
        state.state = end.as_str().into();
        state.end = Some(end);
        (state.ended_at, state.answered_at) = (Some(ended_at), Some(ended_at));
        (state.owner, state.clock) = (None, None);
        state.dispatches = 1 + u32::from(dice.below(4) == 0);
        state.counts.extend(["dispatch", "sign", "answer"].map(|it| (it.into(), once)));
        let unit = self.units.get(dice.skewed(self.units.len()));
        let unit = unit.map(|unit| ("unit".into(), FieldValue::Text(unit.to_string())));
        state.fields.extend(unit);
        let solved = end == End::Solved;
        state.verdict = Some(Verdict { at: ended_at, solved, stars: Some(4) });
    }
}

/// Moves all of a state's times into the past.
fn aged(state: &mut CaseState, age: SignedDuration) {
    state.opened_at -= age;
    state.since -= age;
    state.entered.values_mut().for_each(|at| *at -= age);
    if let Some(promise) = &mut state.promise {
        promise.at -= age;
        promise.since -= age;
    }
    if let Some(clock) = &mut state.clock {
        clock.due_at -= age;
        // Nothing rings while it is measured.
        clock.timer_at += SignedDuration::from_hours(24 * 365);
    }
}

/// How large a database is, in MiB.
pub fn size(database: &std::path::Path) -> Result<f64> {
    let bytes = usize::try_from(std::fs::metadata(database)?.len())?;
    Ok(count(bytes) / 1_048_576.0)
}
