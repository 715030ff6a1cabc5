//! A county in which every table that follows from the journal holds a row, and what exchange needs:
//! files in memory, a file of another system's cases.

use crate::testkit::*;
use app::exchange::{
    Files, ImportFile, ImportReport, NewFile, Vault, Wishes, hash, import_cases, prepare,
};
use app::{BoxFuture, Engine, Work};
use jiff::Timestamp;
use jiff::civil::date;
use model::access::Actor;
use model::desk::{Office, Phrase, Purpose, Shift};
use model::effects::{Account, Booking, Gathering, Publication, Record, Vote};
use model::journal::{Act, Event, Visit};
use model::notices::Notice;
use model::people::Absence;
use model::{CaseId, EntryId, PersonId, PlaceId};
use serde_json::json;
use sheet::{Format, Mapping};
use std::collections::HashMap;
use std::io;
use std::sync::Mutex;

pub const MAPPING: &str = include_str!("../../../../data/mappings/river-requests.toml");
pub const REQUESTS: &[u8] = include_bytes!("../data/river_requests.csv");

/// Uploads in memory.
#[derive(Debug, Default)]
pub struct Memory(pub Mutex<HashMap<String, Vec<u8>>>);

impl Files for Memory {
    fn put<'a>(&'a self, sha256: &'a str, bytes: &'a [u8]) -> BoxFuture<'a, io::Result<()>> {
        self.0.lock().unwrap().insert(sha256.to_owned(), bytes.to_vec());
        Box::pin(async { Ok(()) })
    }

    fn get<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, io::Result<Option<Vec<u8>>>> {
        let found = self.0.lock().unwrap().get(sha256).cloned();
        Box::pin(async { Ok(found) })
    }

    fn remove<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, io::Result<()>> {
        self.0.lock().unwrap().remove(sha256);
        Box::pin(async { Ok(()) })
    }

    /// All of them: nothing here knows when it was put.
    fn stale(&self, head: u8, _: Timestamp) -> BoxFuture<'_, io::Result<Vec<String>>> {
        let head = format!("{head:02x}");
        let names: Vec<String> = self.0.lock().unwrap().keys().cloned().collect();
        let names = names.into_iter().filter(move |it| it.len() == 64 && it.starts_with(&head));
        Box::pin(async move { Ok(names.collect()) })
    }

    fn remove_stale<'a>(
        &'a self,
        sha256: &'a str,
        _: Timestamp,
    ) -> BoxFuture<'a, io::Result<bool>> {
        let gone = self.0.lock().unwrap().remove(sha256).is_some();
        Box::pin(async move { Ok(gone) })
    }
}

/// An upload's bytes, and those that stand for its sealed original.
pub const UPLOAD: [&[u8]; 2] = [b"%PDF-1.7 invented %%EOF", b"sealed"];

/// What is known of that upload.
pub fn new_upload() -> NewFile {
    let vault = Vault::new(&[9; 32]).unwrap();
    let new = prepare(UPLOAD[0], &Wishes::default(), &vault).unwrap().new;
    NewFile { hidden: 2, sealed: Some(hash(UPLOAD[1])), ..new }
}

/// Imports a table of cases as the program.
pub async fn import(kit: &Kit, csv: &[u8], dry_run: bool) -> Result<ImportReport, app::Error> {
    let mapping = Mapping::parse(MAPPING).unwrap();
    let file = ImportFile {
        name: "requests.csv",
        bytes: csv,
        format: Format::Csv,
        mapping: &mapping,
        dry_run,
    };
    let report = import_cases(&kit.county, Actor::system("import"), file, &mut |_| {}).await;
    seal(kit).await;
    report
}

/// Seals what waits, where no commit does it.
pub async fn seal(kit: &Kit) {
    while kit.county.db().engine() == Engine::Postgres && kit.county.seal("test").await.unwrap() {}
}

/// Records an event as the program, with private texts.
pub async fn record(kit: &Kit, event: Event, private: &[(&str, &str)]) -> EntryId {
    let private: Vec<_> =
        private.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect();
    let recorded = kit.county.run(init(), move |tx, mut work: Work| {
        let (event, private) = (event.clone(), private.clone());
        Box::pin(async move {
            work.private = private.into_iter().collect();
            let subject = match &event {
                Event::ResidentRegistered { person, .. } => person.0,
                Event::Revealed { case, .. } => case.0,
                _ => uuid::Uuid::nil(),
            };
            Ok(work.record(tx, subject, event).await?.id)
        })
    });
    let id = recorded.await.unwrap();
    seal(kit).await;
    id
}

/// Runs a promise on a filled county of each engine.
pub async fn for_each_filled<F, Fut>(promise: F)
where
    F: Fn(Kit, Filled) -> Fut,
    Fut: Future<Output = ()>,
{
    for place in rowdb::testing::places() {
        println!("on {:?}", place.engine);
        let kit = found(place, false).await;
        let filled = fill(&kit).await;
        promise(kit, filled).await;
    }
}

/// What a filled county holds.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Works in the grid.
    pub worker: Seat,
    /// The audit administrator.
    pub auditor: Seat,
    /// The security administrator.
    pub security: Seat,
    /// A resident with one ended case.
    pub resident: PersonId,
    /// That case.
    pub case: CaseId,
    /// Its entries: opened, acted.
    pub entries: [EntryId; 2],
    /// The worker's look at its contact.
    pub look: EntryId,
    /// The hash of an upload.
    pub upload: String,
}

/// Fills a county.
pub async fn fill(kit: &Kit) -> Filled {
    let verifier = kit.county.sealer().unwrap().verifier().clone();
    let (key, origin) = (verifier.to_string(), verifier.name().to_owned());
    record(kit, Event::Founded { key, origin }, &[]).await;
    let worker = kit.seat("grid_worker", GRID, "网格甲").await;
    let auditor = kit.seat("audit_admin", COUNTY, "审计乙").await;
    let security = kit.seat("security_admin", COUNTY, "安全丙").await;
    kit.org("water", "水务局").await;
    places_and_people(kit, worker).await;
    let resident = PersonId(uuid::Uuid::from_u128(0x51));
    let event = Event::ResidentRegistered { person: resident, key: "keyed".to_owned() };
    record(kit, event, &[("phone", "13900001111")]).await;
    let event = Event::WeChatBound { person: resident, key: "keyed".to_owned() };
    record(kit, event, &[]).await;
    assert_eq!(import(kit, REQUESTS, false).await.unwrap().recorded, 40);
    let (case, entries) = ended_case(kit, resident, worker).await;
    effects(kit, case, entries[0]).await;
    let fields = vec!["contact".to_owned()];
    let look = look_at(kit, worker, Event::Revealed { case, fields, purpose: "回访".to_owned() });
    let look = look.await;
    let upload = new_upload();
    let file = upload.clone();
    kit.county
        .run(init(), move |tx, mut work| {
            let file = file.clone();
            Box::pin(async move { app::exchange::upload(tx, &mut work, &file).await })
        })
        .await
        .unwrap();
    seal(kit).await;
    Filled { worker, auditor, security, resident, case, entries, look, upload: upload.sha256 }
}

async fn places_and_people(kit: &Kit, worker: Seat) {
    let shelf = kit.county.shelf().await.unwrap();
    let grid = shelf.network.place_by_code(GRID).unwrap().id;
    record(kit, Event::AliasAdded { place: grid, code: "OLD-1".to_owned() }, &[]).await;
    let outline = json!([[[[117_000_000, 26_000_000], [117_100_000, 26_000_000]]]]);
    record(kit, Event::PlaceDrawn { place: grid, outline }, &[]).await;
    let households = vec![uuid::Uuid::from_u128(0x61).into(), uuid::Uuid::from_u128(0x62).into()];
    let event = Event::HouseholdsRegistered { place: grid, households };
    record(kit, event, &[("address.0", "一号楼 101"), ("address.1", "一号楼 102")]).await;
    let (from, until) = (date(2026, 4, 1), date(2026, 4, 3));
    record(kit, Event::AbsenceSet { absence: Absence { person: worker.person, from, until } }, &[])
        .await;
    let kind = "care".to_owned();
    let visit = Visit { post: worker.post, place: grid, kind, day: date(2026, 3, 2), people: 2 };
    record(kit, Event::VisitRecorded { visit }, &[]).await;
    let account = uuid::Uuid::from_u128(0x71).into();
    let name = "worker".to_owned();
    record(kit, Event::AccountOpened { account, person: worker.person, name }, &[]).await;
    desk(kit, grid).await;
    notice(kit, grid, worker.person).await;
}

async fn desk(kit: &Kit, place: PlaceId) {
    let office = Office { role: Some("desk".to_owned()), org: None, place: Some(place) };
    let (procedure, matter) = (Some("appeal".to_owned()), Some("street_lights".to_owned()));
    let (id, desk, purpose) = (uuid::Uuid::from_u128(0x81), office.clone(), Purpose::Script);
    let phrase = Phrase { id: id.into(), office, purpose, procedure, matter };
    record(kit, Event::PhraseSet { phrase }, &[("title", "回访"), ("words", "您好")]).await;
    let cases = vec![uuid::Uuid::from_u128(0x82).into()];
    let shift = Shift { id: id.into(), desk, open: 3, late: 1, cases };
    record(kit, Event::ShiftHandedOver { shift }, &[("note", "平稳"), ("note.0", "回电")]).await;
    record(kit, Event::ShiftTaken { shift: id.into() }, &[]).await;
}

async fn notice(kit: &Kit, place: PlaceId, person: PersonId) {
    let id = uuid::Uuid::from_u128(0x83).into();
    let notice = Notice { id, place, until: Some("2026-12-31".parse().unwrap()) };
    let texts = [("title", "停水通知"), ("body", "周三停水。")];
    record(kit, Event::NoticePublished { notice }, &texts).await;
    record(kit, Event::NoticeRead { notice: id, person }, &[]).await;
    record(kit, Event::NoticeWithdrawn { notice: id }, &[("reason", "改期")]).await;
}

/// A row, a booking, a ballot with a secret vote, words on a board, a period that has run.
async fn effects(kit: &Kit, case: CaseId, opened: EntryId) {
    let place = kit.county.shelf().await.unwrap().network.place_by_code(GRID).unwrap().id;
    let id = uuid::Uuid::from_u128(0x91);
    let text = |field: &str| serde_json::from_value(json!({ field: { "private": opened } }));
    let (register, key) = ("duties".to_owned(), "扫雪".to_owned());
    let columns = serde_json::from_value(json!({ "task": "扫雪", "minutes": 30 })).unwrap();
    let record_of = Record { id: id.into(), register, key, case: Some(case), columns };
    record(kit, Event::RecordWritten { record: record_of }, &[("basis", "条例")]).await;
    let from = Account { account: "issue".to_owned(), holder: None };
    let to = Account { account: "volunteer".to_owned(), holder: Some(id) };
    let booking = Booking { ledger: "hours".to_owned(), from, to, amount: 3, case };
    record(kit, Event::Booked { booking }, &[]).await;
    let (at, pack) = (jiff::Timestamp::from_second(1_780_000_000).unwrap(), "11".to_owned());
    let gathering = Gathering {
        id: id.into(),
        kind: "estate_vote".to_owned(),
        pack: pack.clone(),
        case: Some(case),
        place,
        at,
        closes: Some(at),
        posts: vec![id.into()],
        called: 60,
    };
    record(kit, Event::GatheringCalled { gathering }, &[]).await;
    let form = text("words").unwrap();
    record(
        kit,
        Event::MinutesKept { gathering: id.into(), form, agenda: vec![] },
        &[("words", "同意")],
    )
    .await;
    let vote = Vote { gathering: id.into(), voter: id, choice: None };
    record(kit, Event::VoteCast { vote }, &[("choice", "0")]).await;
    let vote = Vote { gathering: id.into(), voter: case.0, choice: Some(1) };
    record(kit, Event::VoteCast { vote }, &[]).await;
    let (board, columns, until) = ("affairs".to_owned(), text("title").unwrap(), Some(at));
    let publication = Publication { id: id.into(), board, pack, case, place, columns, until };
    record(kit, Event::Published { publication }, &[]).await;
    record(kit, Event::PublicationWithdrawn { publication: id.into() }, &[("reason", "有误")])
        .await;
    let (cycle, period) = ("monthly".to_owned(), "2026-10".to_owned());
    record(kit, Event::CycleRan { cycle, period }, &[]).await;
}

/// A resident's case that was withdrawn.
async fn ended_case(kit: &Kit, resident: PersonId, worker: Seat) -> (CaseId, [EntryId; 2]) {
    let shelf = kit.county.shelf().await.unwrap();
    let place = shelf.network.place_by_code(GRID).unwrap().id;
    let path = shelf.network.path(place);
    let pack = shelf.pack().unwrap().hash.clone();
    let ids = kit.county.run(Actor::Resident { person: resident }, move |tx, mut work| {
        let (path, pack) = (path.clone(), pack.clone());
        Box::pin(async move {
            let (case, opened) = (work.draw.id::<CaseId>(), work.draw.entry());
            let at = work.now();
            let state = json!({
                "procedure": "appeal", "pack": pack, "matter": null, "place": place,
                "asker": { "kind": "resident", "person": resident, "hiding": "named" },
                "state": "received", "opened_at": at, "entered": { "received": at }, "since": at,
                "owner": worker.post, "dispatches": 1,
                "clock": { "due_at": at, "running": true, "timer_at": at },
            });
            let opening = model::journal::Opening {
                case,
                number: work.number(tx).await?,
                path,
                point: None,
                hiding: model::cases::Hiding::Named,
                sensitive: false,
                facts: Default::default(),
                choice: None,
                channel: "app".to_owned(),
                source: None,
                link: None,
                simhash: Some(7),
                state,
            };
            let texts = [("title", "路灯不亮"), ("body", "巷口"), ("contact", "13900001111")];
            work.private = texts.map(|(field, it)| (field.to_owned(), it.to_owned())).into();
            let about = (Some(case.0), Some(1), at);
            work.record_as(tx, opened, about, Event::CaseOpened { opening }).await?;
            let change = json!({ "state": "withdrawn", "end": "withdrawn", "ended_at": at,
                "owner": null, "clock": null });
            let act = Act {
                case,
                action: "withdraw".to_owned(),
                voice: None,
                form: None,
                facts: Default::default(),
                choice: None,
                change,
                path: None,
                notified: vec![worker.post],
                hushed: false,
                tell_asker: true,
            };
            let acted = work.draw.entry();
            work.private = [("reason".to_owned(), "已经修好".to_owned())].into();
            let about = (Some(case.0), Some(2), at);
            work.record_as(tx, acted, about, Event::CaseActed { act }).await?;
            Ok((case, [opened, acted]))
        })
    });
    let ids = ids.await.unwrap();
    seal(kit).await;
    ids
}

async fn look_at(kit: &Kit, worker: Seat, event: Event) -> EntryId {
    let look = kit.county.run(worker.actor(), move |tx, mut work| {
        let event = event.clone();
        Box::pin(async move { Ok(work.record(tx, uuid::Uuid::nil(), event).await?.id) })
    });
    let look = look.await.unwrap();
    seal(kit).await;
    look
}
