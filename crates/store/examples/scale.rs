//! Whether lists and counters stay fast in a county of a million cases: fills a SQLite file and
//! prints p50 and p99 of each kind of read, in milliseconds.
//!
//! `cargo run --release -p store --example scale -- FILE [CASES] [YEARS]`; a file that exists is
//! measured as it is.

#![expect(clippy::disallowed_methods, reason = "it measures time")]

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use model::cases::{Asker, CaseState, Hiding};
use model::journal::{Entry, Event, Opening, Private, VERSION};
use model::territory::Place;
use model::{Actor, CaseId, EntryId, OrgId, PersonId, PlaceId, PostId};
use rowdb::{Db, Options, Synchronous, Tx};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use store::backup::{self, Sealed};
use store::cases::{CaseFilter, Order, page};
use store::tallies::{self, Period};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// How many places lie below one of each level: 1,357 in all, 768 of them at the bottom.
const BELOW: [u64; 4] = [12, 16, 2, 2];
const MATTERS: u64 = 60;
const UNITS: u64 = 185;
const PAGE: usize = 50;
const CHUNK: u64 = 10_000;

/// Numbers that look drawn and are the same each time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// Below `n`, the small ones far more often, as places and matters are in life.
    fn skewed(&mut self, n: u64) -> u64 {
        self.below(n).min(self.below(n))
    }

    /// An id of version 7, as the program draws them: they grow with time.
    fn id_at(&mut self, at: Timestamp) -> Uuid {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        let mut random = [0; 10];
        random.iter_mut().zip(self.next().to_be_bytes()).for_each(|(to, from)| *to = from);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    fn id(&mut self, kind: u64) -> Uuid {
        Uuid::from_u64_pair(kind << 32 | self.next() >> 40, self.next())
    }
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("FILE [CASES] [YEARS]")?;
    let cases: u64 = arguments.next().map_or(Ok(1_000_000), |it| it.parse())?;
    let years: i64 = arguments.next().map_or(Ok(5), |it| it.parse())?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        if !std::path::Path::new(&file).exists() {
            fill(&file, cases, years).await?;
        }
        let db = Db::open(&file, Options::default()).await?;
        measure(&db).await?;
        db.close().await;
        Ok(())
    })
}

/// The paths of the deepest places, the widest place first.
fn paths() -> Vec<Vec<PlaceId>> {
    let mut dice = Dice(1);
    let mut level = vec![vec![PlaceId(dice.id(1))]];
    for below in BELOW {
        let mut next = Vec::new();
        for path in &level {
            for _ in 0..below {
                let mut path = path.clone();
                path.push(PlaceId(dice.id(1)));
                next.push(path);
            }
        }
        level = next;
    }
    level
}

fn unit(n: u64) -> OrgId {
    OrgId(Dice(2 + n).id(2))
}

fn post(n: u64) -> PostId {
    PostId(Dice(1_000 + n).id(3))
}

fn now() -> Outcome<Timestamp> {
    Ok("2026-11-20T04:00:00Z".parse()?)
}

/// Fills a county the fast way: indexes of cases are built at the end, counters written seldom.
async fn fill(file: &str, cases: u64, years: i64) -> Outcome<()> {
    let options = Options { synchronous: Synchronous::Off, ..Options::default() };
    let db = Db::open(file, options).await?;
    db.migrate(store::MIGRATIONS).await?;
    let indexes = db.command(|tx| Box::pin(async move { drop_indexes(tx).await })).await?;
    db.command(|tx| Box::pin(async move { restore(tx, places()?, 0).await })).await?;
    let (begun, mut at) = (Instant::now(), 0);
    while at < cases {
        let until = cases.min(at + CHUNK);
        let chunk = move || (at..until).filter_map(move |n| opened(n, (cases, years)));
        db.command(move |tx| {
            Box::pin(async move { restore(tx, chunk().collect(), 10_000 + at).await })
        })
        .await?;
        at = until;
        if at.is_multiple_of(100_000) {
            println!("{at} cases in {:.0} s", begun.elapsed().as_secs_f64());
        }
    }
    for text in indexes {
        db.command(move |tx| {
            let text = text.clone();
            Box::pin(async move { tx.batch(&text).await })
        })
        .await?;
    }
    println!("indexes after {:.0} s", begun.elapsed().as_secs_f64());
    db.close().await;
    Ok(())
}

/// Drops the indexes of cases and answers how to make them again, with what the planner knows.
async fn drop_indexes(tx: &mut Tx) -> Result<Vec<String>, rowdb::Error> {
    let found = tx
        .query(
            "SELECT i.name, i.sql, s.stat FROM sqlite_schema i LEFT JOIN sqlite_stat1 s ON s.idx = i.name
             WHERE i.type = 'index' AND i.tbl_name = 'cases' AND i.sql IS NOT NULL",
            &[],
        )
        .await?;
    let mut texts = Vec::new();
    for row in found {
        let (name, text, stat): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        tx.batch(&format!("DROP INDEX {name}")).await?;
        let known = format!("INSERT INTO sqlite_stat1 VALUES ('cases', '{name}', '{stat}')");
        texts.push(format!("{text}; {known}"));
    }
    Ok(texts)
}

/// Writes entries at positions from `first` on, as a backup is restored.
async fn restore(
    tx: &mut Tx,
    entries: Vec<(Entry, Vec<(String, Private)>)>,
    first: u64,
) -> store::Result<()> {
    let sealed = |((entry, private), position): ((Entry, _), u64)| {
        let body = entry.text().ok()?;
        Some(Sealed { position, entry: entry.id, body, record: vec![0; 64], private })
    };
    let sealed: Vec<Sealed> = entries.into_iter().zip(first..).filter_map(sealed).collect();
    backup::restore(tx, &sealed).await
}

/// An entry with its private values.
type Kept = (Entry, Vec<(String, Private)>);

fn places() -> store::Result<Vec<Kept>> {
    let (mut dice, mut known, mut found) = (Dice(7), BTreeSet::new(), Vec::new());
    for path in paths() {
        for (level, id) in path.iter().copied().enumerate() {
            if known.insert(id) {
                let parent = level.checked_sub(1).and_then(|up| path.get(up)).copied();
                let (code, from) = (id.0.simple().to_string(), date(2000, 1, 1));
                let place =
                    Place { id, parent, level, name: code.clone(), code, from, until: None };
                let event = Event::PlaceAdded { place };
                found.push((entry(&mut dice, Timestamp::UNIX_EPOCH, event), Vec::new()));
            }
        }
    }
    Ok(found)
}

fn entry(dice: &mut Dice, at: Timestamp, event: Event) -> Entry {
    let subject = match &event {
        Event::CaseOpened { opening } => Some(opening.case.0),
        _ => None,
    };
    Entry {
        v: VERSION,
        id: EntryId(dice.id_at(at)),
        at,
        actor: Actor::system("scale"),
        subject,
        revision: subject.map(|_| 1),
        event,
        private: Default::default(),
    }
}

/// The `n`-th case, opened as it is today.
fn opened(n: u64, scale: (u64, i64)) -> Option<(Entry, Vec<(String, Private)>)> {
    let mut dice = Dice(n << 20);
    let (opening, at) = opening(&mut dice, n, scale)?;
    let texts = [("title", "路灯不亮"), ("body", "村口的路灯三天不亮了,请派人看看")];
    let private = texts.map(|(field, value)| {
        (field.to_owned(), Private { salt: [7; 16], value: value.to_owned() })
    });
    Some((entry(&mut dice, at, Event::CaseOpened { opening }), private.into()))
}

fn opening(dice: &mut Dice, n: u64, (cases, years): (u64, i64)) -> Option<(Opening, Timestamp)> {
    static PATHS: LazyLock<Vec<Vec<PlaceId>>> = LazyLock::new(paths);
    let paths = &*PATHS;
    let path = paths.get(usize::try_from(dice.skewed(paths.len() as u64)).ok()?)?;
    let age = years * 365 * 86_400 * 1_000 / i64::try_from(cases).ok()?
        * i64::try_from(cases - n).ok()?;
    let opened_at = now().ok()? - SignedDuration::from_millis(age);
    // The older, the rarer is it open.
    let open = (cases - n) * 100 < cases && dice.below(4) > 0 || dice.below(200) == 0;
    let state = state(dice, (*path.last()?, opened_at), open)?;
    let opening = Opening {
        case: CaseId(dice.id_at(opened_at)),
        number: format!("C{n:09}"),
        path: path.iter().copied().map(Some).collect(),
        point: None,
        hiding: Hiding::Named,
        sensitive: dice.below(100) == 0,
        channel: "phone".to_owned(),
        source: None,
        link: None,
        simhash: Some(0),
        state: serde_json::to_value(state).ok()?,
    };
    Some((opening, opened_at))
}

fn state(dice: &mut Dice, (place, at): (PlaceId, Timestamp), open: bool) -> Option<CaseState> {
    let wait = |hours: u64| SignedDuration::from_hours(i64::try_from(hours).unwrap_or(0));
    let ended_at = at + wait(1 + dice.skewed(480));
    let due = at + wait(120);
    let person = Some(PersonId(dice.id(6)));
    let open_state = ["received", "dispatched", "handling", "review", "answered"];
    let open_state = *open_state.get(usize::try_from(dice.below(5)).ok()?)?;
    let end = *["solved", "solved", "solved", "unsolved", "excluded"]
        .get(usize::try_from(dice.skewed(5)).ok()?)?;
    let mut state = json!({
        "procedure": if dice.below(50) == 0 { "whistle" } else { "appeal" },
        "pack": "00".repeat(32), "matter": format!("matter{}", dice.skewed(MATTERS)), "place": place,
        "asker": Asker::Resident { person, hiding: Hiding::Named },
        "state": if open { open_state } else { "closed" },
        "opened_at": at, "since": at, "dispatches": 1,
        "entered": {"received": at, "dispatched": at, "handling": at, "answered": at},
        "fields": {"unit": unit(dice.skewed(UNITS)).to_string(), "note": "无"},
        "promise": {"at": due, "since": at},
        "counts": {"dispatch": {"case": 1, "stay": 1}, "sign": {"case": 1, "stay": 1}, "answer": {"case": 1, "stay": 1}},
    });
    let more = if open {
        json!({"owner": post(dice.skewed(900)), "clock": {"due_at": due, "timer_at": due, "running": true}})
    } else {
        json!({"end": end, "ended_at": ended_at, "answered_at": ended_at,
               "verdict": {"at": ended_at, "solved": true, "stars": 4}})
    };
    model::trees::patch(&mut state, &more);
    serde_json::from_value(state).ok()
}

async fn measure(db: &Db) -> Outcome<()> {
    let paths = paths();
    for level in 0..=BELOW.len() {
        let at = |dice: &mut Dice| {
            let path = paths.get(usize::try_from(dice.skewed(paths.len() as u64)).unwrap_or(0));
            let place = path.and_then(|path| path.get(level)).copied();
            place.map_or_else(CaseFilter::new, |place| CaseFilter::new().at(level, place))
        };
        let matter = |dice: &mut Dice| format!("matter{}", dice.skewed(MATTERS));
        list(db, &format!("level {level}: newest"), |dice| at(dice)).await?;
        list(db, &format!("level {level}: matter"), |dice| {
            let matter = matter(dice);
            at(dice).matter(&matter)
        })
        .await?;
        list(db, &format!("level {level}: rare procedure"), |dice| at(dice).procedure("whistle"))
            .await?;
        list(db, &format!("level {level}: open"), |dice| at(dice).open()).await?;
        list(db, &format!("level {level}: open state"), |dice| at(dice).state("review").open())
            .await?;
        list(db, &format!("level {level}: ended state"), |dice| at(dice).state("closed")).await?;
        list(db, &format!("level {level}: open matter"), |dice| {
            let matter = matter(dice);
            at(dice).matter(&matter).open()
        })
        .await?;
        list(db, &format!("level {level}: overdue"), |dice| {
            at(dice).due_before(now().unwrap_or_default())
        })
        .await?;
        list(db, &format!("level {level}: overdue, by due"), |dice| {
            at(dice).due_before(now().unwrap_or_default()).order(Order::Due)
        })
        .await?;
        list(db, &format!("level {level}: unit"), |dice| {
            let unit = unit(dice.skewed(UNITS));
            at(dice).unit(unit)
        })
        .await?;
    }
    list(db, "owner's queue", |dice| {
        CaseFilter::new().owner(post(dice.skewed(900))).order(Order::Due)
    })
    .await?;
    list(db, "owner's newest", |dice| CaseFilter::new().owner(post(dice.skewed(900)))).await?;
    counters(db).await
}

/// Pages of lists drawn by dice: the first and the one after it.
async fn list(db: &Db, name: &str, filter: impl Fn(&mut Dice) -> CaseFilter) -> Outcome<()> {
    let (mut dice, mut times, mut found) = (Dice(99), Vec::new(), 0);
    for _ in 0..200 {
        let filter = filter(&mut dice);
        let first = timed(db, filter.clone(), &mut times).await?;
        found += first.items.len();
        if let Some(next) = first.next {
            timed(db, filter.after(next), &mut times).await?;
        }
    }
    report(name, times, &format!("{} a page", found / 200));
    Ok(())
}

async fn timed(
    db: &Db,
    filter: CaseFilter,
    times: &mut Vec<Duration>,
) -> Outcome<store::cases::Page> {
    let begun = Instant::now();
    let read = db.read(move |tx| {
        let filter = filter.clone();
        Box::pin(async move { page(tx, &filter, PAGE).await })
    });
    let found = read.await?;
    times.push(begun.elapsed());
    Ok(found)
}

fn report(name: &str, mut times: Vec<Duration>, note: &str) {
    times.sort_unstable();
    let at = |hundredths: usize| {
        let rank = (times.len() * hundredths / 100).min(times.len().saturating_sub(1));
        times.get(rank).copied().unwrap_or_default().as_secs_f64() * 1_000.0
    };
    let slow = if at(50) > 2.0 || at(99) > 15.0 { "  SLOW" } else { "" };
    println!("{name:36} p50 {:8.3}  p99 {:8.3}  {note}{slow}", at(50), at(99));
}

async fn counters(db: &Db) -> Outcome<()> {
    let paths = paths();
    for level in 0..=BELOW.len() {
        let place = paths.first().and_then(|path| path.get(level)).copied().ok_or("a path")?;
        let year = Period { from: date(2025, 3, 15), until: date(2026, 3, 20) };
        for (name, period) in [("all time", Period::ALL), ("a year", year)] {
            let mut times: [Vec<Duration>; 5] = Default::default();
            for _ in 0..50 {
                for (slot, times) in times.iter_mut().enumerate() {
                    let begun = Instant::now();
                    db.read(move |tx| {
                        Box::pin(async move { counted(tx, slot, place, period).await })
                    })
                    .await?;
                    times.push(begun.elapsed());
                }
            }
            let names = ["sum", "by place", "by matter", "by unit", "durations"];
            for (what, times) in names.into_iter().zip(times) {
                report(&format!("level {level}: {what}, {name}"), times, "");
            }
        }
    }
    let begun = Instant::now();
    let page = db.read(|tx| Box::pin(async move { backup::page(tx, 10_000, 1_000).await }));
    println!("backup: {} entries in {:?}", page.await?.len(), begun.elapsed());
    Ok(())
}

async fn counted(tx: &mut Tx, slot: usize, place: PlaceId, period: Period) -> store::Result<usize> {
    Ok(match slot {
        0 => tallies::sum(tx, place, period).await.map(|_| 1)?,
        1 => tallies::by_place(tx, place, period).await?.len(),
        2 => tallies::by_matter(tx, place, period).await?.len(),
        3 => tallies::by_unit(tx, place, period).await?.len(),
        _ => tallies::durations(tx, place, period).await?.0.len(),
    })
}
