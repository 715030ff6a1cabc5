//! A small invented county, and one entry of every kind in an order in which they can happen.

use jiff::Timestamp;
use jiff::civil::Date;
use model::cases::{Asker, CaseState, End, FieldValue, Hiding};
use model::desk::{Office, Phrase, Purpose, Shift};
use model::effects::{Account, Booking, Columns, Gathering, Publication, Record, Vote};
use model::journal::{Event, Link, Moved, Private, Visit};
use model::notices::Notice;
use model::people::{Absence, Holding, Org, Post, Selection};
use model::territory::Place;
use model::{
    AccountId, Actor, CaseId, DisplayId, EntryId, FileId, GatheringId, HouseholdId, NoticeId,
    OrgId, PersonId, PhraseId, PlaceId, PostId, PublicationId, RecordId, ShiftId,
};
use rowdb::Tx;
use serde_json::json;
use store::journal::{Draft, record};
use uuid::Uuid;

pub const COUNTY: PlaceId = PlaceId(Uuid::from_u128(0xA0));
pub const STREET: PlaceId = PlaceId(Uuid::from_u128(0xA1));
pub const VILLAGE: PlaceId = PlaceId(Uuid::from_u128(0xA2));
pub const OTHER_VILLAGE: PlaceId = PlaceId(Uuid::from_u128(0xA3));
pub const OFFICE: OrgId = OrgId(Uuid::from_u128(0xB0));
pub const BUREAU: OrgId = OrgId(Uuid::from_u128(0xB1));
pub const DESK: PostId = PostId(Uuid::from_u128(0xC0));
pub const LEADER: PostId = PostId(Uuid::from_u128(0xC1));
pub const CLERK: PostId = PostId(Uuid::from_u128(0xC2));
pub const LIN: PersonId = PersonId(Uuid::from_u128(0xD0));
pub const CHEN: PersonId = PersonId(Uuid::from_u128(0xD1));
pub const RESIDENT: PersonId = PersonId(Uuid::from_u128(0xD2));
pub const ACCOUNT: AccountId = AccountId(Uuid::from_u128(0xE0));
pub const CASE: CaseId = CaseId(Uuid::from_u128(0xF0));
pub const JOINED: CaseId = CaseId(Uuid::from_u128(0xF1));
pub const HOUSEHOLDS: [HouseholdId; 2] =
    [HouseholdId(Uuid::from_u128(0x1_0000)), HouseholdId(Uuid::from_u128(0x1_0001))];
pub const FILE: FileId = FileId(Uuid::from_u128(0x2_0000));

/// The `n`-th minute of the county's history.
pub fn at(n: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + 60 * n).unwrap()
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The `n`-th entry, made by the program at the `n`-th minute.
pub fn draft(n: i64, event: Event) -> Draft {
    Draft {
        id: entry(n),
        at: at(n),
        actor: Actor::system("test"),
        subject: None,
        revision: None,
        event,
        private: Default::default(),
    }
}

pub fn entry(n: i64) -> EntryId {
    EntryId(Uuid::from_u128(0x9_0000 + n as u128))
}

/// Adds a private value to a draft.
pub fn with(mut draft: Draft, field: &str, value: &str) -> Draft {
    draft.private.insert(field.into(), Private { salt: [7; 16], value: value.into() });
    draft
}

/// Says which case an entry is about, and its revision after it.
pub fn about(mut draft: Draft, case: CaseId, revision: i64) -> Draft {
    draft.subject = Some(case.0);
    draft.revision = Some(revision);
    draft
}

/// Records events one after the other, as entries 0, 1, 2, ….
pub async fn record_all(tx: &mut Tx, drafts: Vec<Draft>) -> store::Result<()> {
    for draft in drafts {
        record(tx, draft).await?;
    }
    Ok(())
}

pub fn place(id: PlaceId, parent: Option<PlaceId>, level: usize, code: &str) -> Event {
    let (name, from) = (format!("地{code}"), day("2020-01-01"));
    Event::PlaceAdded {
        place: Place { id, parent, level, code: code.into(), name, from, until: None },
    }
}

pub fn org(id: OrgId, code: &str) -> Event {
    let (name, kind, from) = (format!("单位{code}"), "department".to_owned(), day("2020-01-01"));
    let (until, successor) = (None, None);
    Event::OrgAdded {
        org: Org { id, code: code.into(), name, kind, place: COUNTY, from, until, successor },
    }
}

pub fn post(id: PostId, role: &str, org: Option<OrgId>, place: Option<PlaceId>) -> Event {
    let (role, from) = (role.to_owned(), day("2020-01-01"));
    Event::PostCreated { post: Post { id, role, org, place, from, until: None } }
}

pub fn appointed(post: PostId, person: PersonId, from: &str) -> Event {
    let (from, selection) = (day(from), Selection::Recommended);
    Event::Appointed { holding: Holding { post, person, rank: 0, selection, from, until: None } }
}

/// The tree, two organisations and three posts, in the entries 0 to 8.
pub fn county() -> Vec<Draft> {
    [
        place(COUNTY, None, 0, "350405"),
        place(STREET, Some(COUNTY), 1, "350405001"),
        place(VILLAGE, Some(STREET), 2, "350405001201"),
        place(OTHER_VILLAGE, Some(STREET), 2, "350405001202"),
        org(OFFICE, "office"),
        org(BUREAU, "bureau"),
        post(DESK, "desk", None, Some(COUNTY)),
        post(LEADER, "leader", None, Some(VILLAGE)),
        post(CLERK, "clerk", Some(BUREAU), None),
    ]
    .into_iter()
    .zip(0..)
    .map(|(event, n)| draft(n, event))
    .collect()
}

/// A case as it is right after its opening at the `n`-th minute.
pub fn state(n: i64) -> CaseState {
    let asker = Asker::Resident { person: Some(RESIDENT), hiding: Hiding::Named };
    let state = json!({
        "procedure": "appeal", "pack": "00".repeat(32), "matter": "road", "place": VILLAGE,
        "asker": asker, "state": "received", "owner": DESK, "opened_at": at(n), "since": at(n),
        "entered": {}, "clock": {"due_at": at(n + 100), "timer_at": at(n + 100), "running": true},
    });
    serde_json::from_value(state).unwrap()
}

/// The opening of a case in the village by entry `n`.
pub fn opened(n: i64, case: CaseId, link: Option<(CaseId, Link)>) -> Draft {
    let opening = json!({
        "case": case, "number": format!("20260921-{n:04}"), "path": [COUNTY, STREET, VILLAGE],
        "point": {"lng_e7": 1_177_900_000, "lat_e7": 263_900_000, "datum": "gcj02"},
        "channel": "phone", "link": link, "simhash": -1, "state": state(n),
    });
    let opening = serde_json::from_value(opening).unwrap();
    let draft = about(draft(n, Event::CaseOpened { opening }), case, 1);
    with(with(draft, "title", "路灯不亮"), "body", "村口的路灯三天不亮了")
}

/// An act that patches the state of a case by entry `n`.
pub fn acted(n: i64, case: CaseId, revision: i64, change: &serde_json::Value) -> Draft {
    let act = json!({
        "case": case, "action": "answer", "change": change, "notified": [LEADER],
        "tell_asker": true,
    });
    let act = serde_json::from_value(act).unwrap();
    about(draft(n, Event::CaseActed { act }), case, revision)
}

/// A case goes over to another version of its pack.
pub fn moved(n: i64, case: CaseId, revision: i64) -> Draft {
    let mut draft = acted(n, case, revision, &json!({ "pack": "22" }));
    let Event::CaseActed { act } = draft.event else { panic!("no act") };
    let state = ("handling".to_owned(), "handling".to_owned());
    let (from, to) = ("11".to_owned(), "22".to_owned());
    draft.event = Event::CaseMoved { act, moved: Moved { from, to, state, due_at: (None, None) } };
    draft
}

/// One entry of every kind at least, in an order in which they can happen.
pub fn one_of_each() -> Vec<Draft> {
    let mut drafts = vec![
        draft(100, Event::Founded { key: "k1".into(), origin: "county".into() }),
        draft(101, Event::KeyRotated { key: "k2".into(), signature: "s".into() }),
        draft(102, Event::EpochBegun { size: 3, root: "00".into() }),
        draft(103, pack_loaded("11", "1.0")),
        draft(104, Event::CalendarSet { calendar: json!({"years": [2026]}) }),
    ];
    drafts.extend(county());
    drafts.extend(territory());
    drafts.extend(people());
    drafts.extend(access());
    drafts.extend(cases());
    drafts.extend(desk());
    drafts.extend(notices());
    drafts.extend(effects());
    drafts.extend(residents());
    drafts
}

pub fn pack_loaded(hash: &str, version: &str) -> Event {
    let (id, flat) = ("base".to_owned(), format!("{{\"v\":\"{version}\"}}"));
    Event::PackLoaded { id, version: version.into(), hash: hash.into(), flat }
}

fn territory() -> Vec<Draft> {
    let households =
        Event::HouseholdsRegistered { place: VILLAGE, households: HOUSEHOLDS.to_vec() };
    let households = with(draft(124, households), "address.0", "村口路1号");
    let households = with(with(households, "address.1", "村口路2号"), "wish.1", "请晚上来");
    vec![
        draft(120, Event::PlaceClosed { place: OTHER_VILLAGE, until: day("2026-07-01") }),
        draft(121, Event::PlaceRenamed { place: VILLAGE, name: "新村".into() }),
        draft(122, Event::AliasAdded { place: VILLAGE, code: "350405001202-old".into() }),
        draft(
            123,
            Event::PlaceDrawn { place: VILLAGE, outline: json!([[[0, 0], [1, 0], [1, 1]]]) },
        ),
        households,
    ]
}

fn people() -> Vec<Draft> {
    let name = |n, person, name: &str| with(draft(n, Event::PersonAdded { person }), "name", name);
    let absence = Absence { person: LIN, from: day("2026-10-01"), until: day("2026-10-08") };
    let visit = Visit {
        post: LEADER,
        place: VILLAGE,
        kind: "care".into(),
        day: day("2026-09-01"),
        people: 3,
    };
    let (until, successor) = (day("2026-09-01"), BUREAU);
    vec![
        with(name(130, LIN, "林某"), "phone", "13800000000"),
        name(131, CHEN, "陈某"),
        draft(132, appointed(LEADER, LIN, "2026-01-01")),
        draft(133, appointed(DESK, CHEN, "2026-01-01")),
        draft(134, Event::Dismissed { post: DESK, person: CHEN, until }),
        draft(135, Event::AbsenceSet { absence }),
        draft(136, Event::VisitRecorded { visit }),
        draft(137, Event::OrgDissolved { org: OFFICE, until, successor }),
        draft(138, Event::PostEnded { post: CLERK, until }),
    ]
}

fn access() -> Vec<Draft> {
    let registered = Event::ResidentRegistered { person: RESIDENT, key: "key".into() };
    vec![
        draft(140, Event::AccountOpened { account: ACCOUNT, person: LIN, name: "lin".into() }),
        draft(141, Event::CredentialsChanged { account: ACCOUNT, what: "password".into() }),
        draft(142, Event::AccountClosed { account: ACCOUNT }),
        with(draft(143, registered), "phone", "13900000000"),
        draft(144, Event::ResidentVerified { person: RESIDENT }),
    ]
}

fn residents() -> Vec<Draft> {
    let bound = |person, key: &str| Event::WeChatBound { person, key: key.into() };
    let changed = Event::PhoneChanged { person: RESIDENT, key: "new key".into() };
    vec![
        with(draft(180, changed), "phone", "13700000000"),
        draft(181, bound(RESIDENT, "wechat")),
        draft(182, bound(CHEN, "other wechat")),
        draft(183, Event::WeChatUnbound { person: CHEN }),
    ]
}

/// An act of a member of staff, not of the program.
pub fn by(mut draft: Draft, post: PostId, person: PersonId) -> Draft {
    draft.actor = Actor::Staff { account: ACCOUNT, person, post };
    draft
}

/// A phrase of the clerk's office set by entry `n`, with its texts.
pub fn phrase(n: i64, id: PhraseId, matter: Option<&str>) -> Draft {
    let office = Office { role: None, org: Some(BUREAU), place: None };
    let matter = matter.map(str::to_owned);
    let (purpose, procedure) = (Purpose::Answer, Some("appeal".to_owned()));
    let set = Event::PhraseSet { phrase: Phrase { id, office, purpose, procedure, matter } };
    with(with(draft(n, set), "title", "已修复"), "words", "您反映的{title}已修复。")
}

/// A shift of the desk handed over by entry `n`.
pub fn shift(n: i64, id: ShiftId, cases: Vec<CaseId>) -> Draft {
    let (role, place) = (Some("desk".to_owned()), Some(COUNTY));
    let desk = Office { role, org: None, place };
    let handed = Event::ShiftHandedOver { shift: Shift { id, desk, open: 7, late: 2, cases } };
    with(with(by(draft(n, handed), DESK, LIN), "note", "夜间平稳"), "note.0", "等回电")
}

fn desk() -> Vec<Draft> {
    let [kept, dropped] = [1, 2].map(|n| PhraseId(Uuid::from_u128(0x3_0000 + n)));
    let taken = ShiftId(Uuid::from_u128(0x4_0000));
    let display = DisplayId(Uuid::from_u128(0x5_0000));
    vec![
        phrase(160, kept, None),
        phrase(161, kept, Some("road")),
        phrase(162, dropped, None),
        draft(163, Event::PhraseDropped { phrase: dropped }),
        shift(164, taken, vec![CASE, JOINED]),
        by(draft(165, Event::ShiftTaken { shift: taken }), DESK, CHEN),
        with(
            draft(166, Event::DisplayOpened { display, place: COUNTY, until: at(9_000) }),
            "name",
            "大厅",
        ),
        draft(167, Event::DisplayEnded { display }),
        draft(168, Event::MessageFailed { case: CASE, told: "answered".into() }),
        draft(169, Event::Called { post: DESK, person: LIN }),
    ]
}

fn notices() -> Vec<Draft> {
    let [shown, withdrawn] = [1, 2].map(|n| NoticeId(Uuid::from_u128(0x6_0000 + n)));
    let publish = |n, id| {
        let notice = Notice { id, place: COUNTY, until: Some(day("2026-12-31")) };
        let published = by(draft(n, Event::NoticePublished { notice }), DESK, LIN);
        with(with(published, "title", "停水通知"), "body", "周三停水。")
    };
    vec![
        publish(170, shown),
        publish(171, withdrawn),
        draft(172, Event::NoticeRead { notice: shown, person: RESIDENT }),
        with(draft(173, Event::NoticeWithdrawn { notice: withdrawn }), "reason", "时间有变"),
    ]
}

/// A row of the duty list written by entry `n`; its basis is a private text.
pub fn written(n: i64, id: u128, key: &str) -> Draft {
    let columns = Columns::from([
        ("task".into(), FieldValue::Text(key.to_owned())),
        ("basis".into(), FieldValue::Private { private: entry(n) }),
    ]);
    let (id, case) = (RecordId(Uuid::from_u128(id)), Some(CASE));
    let record = Record { id, register: "duties".into(), key: key.into(), case, columns };
    with(draft(n, Event::RecordWritten { record }), "basis", "条例第三条")
}

pub fn account(name: &str, holder: Option<u128>) -> Account {
    Account { account: name.to_owned(), holder: holder.map(Uuid::from_u128) }
}

/// So many half-hours moved by entry `n`.
pub fn booked(n: i64, [from, to]: [&Account; 2], amount: i64) -> Draft {
    let (ledger, from, to) = ("hours".to_owned(), from.clone(), to.clone());
    draft(n, Event::Booked { booking: Booking { ledger, from, to, amount, case: CASE } })
}

/// A gathering of the village called by entry `n`, held ten minutes later; a ballot is open for
/// `minutes`.
pub fn called(n: i64, id: u128, minutes: Option<i64>) -> Draft {
    let gathering = Gathering {
        id: GatheringId(Uuid::from_u128(id)),
        kind: if minutes.is_some() { "estate_vote" } else { "council" }.to_owned(),
        pack: "11".to_owned(),
        case: Some(CASE),
        place: VILLAGE,
        at: at(n + 10),
        closes: minutes.map(|it| at(n + 10 + it)),
        posts: vec![DESK, LEADER],
        called: 60,
    };
    draft(n, Event::GatheringCalled { gathering })
}

/// A vote cast by entry `n`.
pub fn cast(n: i64, gathering: u128, voter: Uuid, choice: u32) -> Draft {
    let gathering = GatheringId(Uuid::from_u128(gathering));
    draft(n, Event::VoteCast { vote: Vote { gathering, voter, choice: Some(choice) } })
}

/// A secret vote cast by entry `n`.
pub fn cast_secretly(n: i64, gathering: u128, voter: Uuid, choice: u32) -> Draft {
    let gathering = GatheringId(Uuid::from_u128(gathering));
    let vote = Event::VoteCast { vote: Vote { gathering, voter, choice: None } };
    with(draft(n, vote), "choice", &choice.to_string())
}

/// Words about the case put on the village's board by entry `n`; their text lies beside it.
pub fn published(n: i64, id: u128, until: Option<Timestamp>) -> Draft {
    let plan = FieldValue::Private { private: entry(n) };
    let publication = Publication {
        id: PublicationId(Uuid::from_u128(id)),
        board: "affairs".to_owned(),
        pack: "11".to_owned(),
        case: CASE,
        place: VILLAGE,
        columns: Columns::from([("plan".into(), plan), ("cost".into(), FieldValue::Int(5))]),
        until,
    };
    with(by(draft(n, Event::Published { publication }), DESK, LIN), "plan", "修路灯")
}

fn effects() -> Vec<Draft> {
    let [council, ballot] = [0x7_0000, 0x7_0001];
    let [pack, person] = [account("issue", None), account("volunteer", Some(0xD0))];
    let minutes = Event::MinutesKept {
        gathering: GatheringId(Uuid::from_u128(council)),
        form: Columns::from([("words".into(), FieldValue::Private { private: entry(204) })]),
        agenda: vec![CASE],
    };
    let (cycle, period) = ("monthly".to_owned(), "2026-10".to_owned());
    let publication = PublicationId(Uuid::from_u128(0x7_1001));
    let erased = Event::Erased {
        person: None,
        values: vec![(entry(206), "choice".to_owned())],
        files: vec![],
        reason: "asked".into(),
    };
    vec![
        written(200, 0x7_2000, "扫雪"),
        written(201, 0x7_2000, "扫雪除冰"),
        booked(202, [&pack, &person], 3),
        called(203, council, None),
        with(by(draft(204, minutes), DESK, LIN), "words", "同意修"),
        called(205, ballot, Some(60)),
        cast_secretly(206, ballot, HOUSEHOLDS[0].0, 1),
        cast_secretly(207, ballot, HOUSEHOLDS[1].0, 0),
        cast(208, ballot, LEADER.0, 2),
        published(209, 0x7_1000, Some(at(9_000))),
        published(210, 0x7_1001, None),
        with(draft(211, Event::PublicationWithdrawn { publication }), "reason", "有误"),
        draft(212, Event::CycleRan { cycle, period }),
        draft(213, erased),
    ]
}

fn cases() -> Vec<Draft> {
    let ended = json!({
        "state": "ended", "end": End::Solved.as_str(), "ended_at": at(152),
        "owner": null, "clock": null,
    });
    let looked =
        Event::Revealed { case: CASE, fields: vec!["contact".into()], purpose: "call back".into() };
    let sha256 = "22".repeat(32);
    let uploaded = Event::Uploaded {
        file: FILE,
        sha256: sha256.clone(),
        bytes: 5,
        media: "image/jpeg".into(),
        hidden: 2,
        sealed: Some("23".repeat(32)),
    };
    let values = vec![(entry(150), "body".to_owned())];
    let erased = Event::Erased {
        person: Some(RESIDENT),
        values,
        files: vec![],
        reason: "asked by the person".into(),
    };
    vec![
        opened(150, CASE, None),
        opened(151, JOINED, Some((CASE, Link::Joined))),
        acted(152, CASE, 2, &ended),
        about(draft(153, Event::CaseUnjoined { case: JOINED, from: CASE }), JOINED, 2),
        moved(178, JOINED, 3),
        draft(154, looked),
        draft(155, uploaded),
        draft(156, erased),
        draft(157, Event::Imported { name: "messages.csv".into(), sha256, rows: 1 }),
        draft(158, exported()),
        draft(159, backed_up()),
    ]
}

fn backed_up() -> Event {
    let (file, sha256) = ("jinlin-20260302.backup".to_owned(), "ab".repeat(32));
    Event::BackedUp { file, entries: 158, bytes: 4_096, sha256 }
}

fn exported() -> Event {
    let [what, filter, reason] = ["cases", "未办结", "月度例会"].map(str::to_owned);
    Event::Exported { what, filter, rows: 12, reason }
}
