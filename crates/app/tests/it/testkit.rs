//! A tiny county on either engine, with a clock that is moved and chance that is seeded.

use app::access::password::Hashing;
use app::method_packs::{PackFiles, check_pack};
use app::people::{Appoint, NewOrg, NewPerson, NewPost};
use app::territory::{AddPlaces, NewPlace};
use app::{County, Error, Setup};
use jiff::{SignedDuration, Timestamp};
use model::access::Actor;
use model::people::Selection;
use model::{Chance, Clock, PersonId, PostId};
use rowdb::{Options, testing};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Runs a use case `verb_noun(tx, work, &request)` as an actor.
macro_rules! act {
    ($kit:expr, $actor:expr, $verb:path, $request:expr) => {{
        let request = $request;
        $kit.county
            .run($actor, move |tx, mut work| {
                let request = request.clone();
                Box::pin(async move { $verb(tx, &mut work, &request).await })
            })
            .await
    }};
}
pub(crate) use act;

/// Runs a use case that only reads.
macro_rules! see {
    ($kit:expr, $actor:expr, |$tx:ident, $work:ident| $call:expr) => {
        $kit.county.look($actor, move |$tx, $work| Box::pin(async move { $call.await })).await
    };
}
pub(crate) use see;

/// Monday morning.
pub const START: &str = "2026-03-02T09:00:00+08:00";
pub const COUNTY: &str = "990100";
pub const STREET: &str = "990100001";
pub const COMMUNITY: &str = "990100001001";
pub const GRID: &str = "990100001001001";
pub const OTHER_GRID: &str = "990100001001002";
pub const MICRO_GRID: &str = "990100001001001001";

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct MovedClock(Mutex<Timestamp>);

impl MovedClock {
    pub fn forward(&self, by: SignedDuration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Chance that is the same in every run.
#[derive(Debug)]
struct SeededChance(AtomicU64);

impl Chance for SeededChance {
    fn seed(&self) -> [u8; 32] {
        Sha256::digest(self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes()).into()
    }
}

/// A county with its people.
pub struct Kit {
    pub county: Arc<County>,
    pub clock: Arc<MovedClock>,
    pub _place: testing::Place,
}

/// A post and its holder.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    pub post: PostId,
    pub person: PersonId,
}

impl Seat {
    /// The actor that this seat makes, without a log-in.
    pub fn actor(self) -> Actor {
        Actor::Staff { account: uuid::Uuid::nil().into(), person: self.person, post: self.post }
    }
}

/// Who sets up.
pub fn init() -> Actor {
    Actor::system("init")
}

/// Runs a promise on a county of each engine.
pub async fn for_each_county<F, Fut>(promise: F)
where
    F: Fn(Kit) -> Fut,
    Fut: Future<Output = ()>,
{
    for place in testing::places() {
        println!("on {:?}", place.engine);
        promise(found(place, false).await).await;
    }
}

/// A demo county.
pub async fn demo() -> Kit {
    found(testing::sqlite(), true).await
}

/// A clock at the start, and chance from a seed on.
pub fn parts(seed: u64) -> (Arc<MovedClock>, Arc<dyn Chance>) {
    let clock = Arc::new(MovedClock(Mutex::new(START.parse().unwrap())));
    (clock, Arc::new(SeededChance(AtomicU64::new(seed))))
}

/// A county with places at a place.
pub async fn found(place: testing::Place, demo: bool) -> Kit {
    let (clock, chance) = parts(0);
    let setup = Setup {
        clock: clock.clone(),
        chance,
        origin: "test.jinlin.example/990100".to_owned(),
        seal_key: Some([7; 32]),
        pepper: [9; 32],
        hashing: Hashing::LEAST,
        demo,
    };
    let options = Options { readers: 2, connections: 4, ..Options::default() };
    let county = County::open(&place.url, options, setup).await.unwrap();
    let kit = Kit { county, clock, _place: place };
    kit.load_base().await;
    kit.add_places().await;
    kit
}

/// The files of packs by folder: of those that ship, and of the tests' own.
pub fn pack_files(names: &[&str]) -> PackFiles {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs");
    let folder =
        |name: &str| [&own, &shipped].map(|it| it.join(name)).into_iter().find(|it| it.exists());
    let read = |name: &&str| ((*name).to_owned(), files(&folder(name).unwrap(), ""));
    names.iter().map(read).collect()
}

fn files(folder: &Path, prefix: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(files(&entry.path(), &format!("{name}/")));
        } else {
            found.push((name, std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
    found.sort();
    found
}

impl Kit {
    async fn load_base(&self) {
        self.load("base", &["base"]).await;
    }

    /// Loads a pack with those it inherits from.
    pub async fn load(&self, id: &str, packs: &[&str]) {
        let loaded = Arc::new(check_pack(id, &pack_files(packs)).unwrap());
        act!(self, init(), app::method_packs::load_pack, loaded).unwrap();
    }

    async fn add_places(&self) {
        let place = |parent: Option<&str>, level: &str, code: &str, name: &str| NewPlace {
            parent: parent.map(str::to_owned),
            level: level.to_owned(),
            code: Some(code.to_owned()),
            name: name.to_owned(),
            from: Some("2026-01-01".parse().unwrap()),
            aliases: Vec::new(),
        };
        // The pack's widest level is the city: a county's tree begins one below.
        let places = vec![
            place(None, "county", COUNTY, "近邻县"),
            place(Some(COUNTY), "street", STREET, "桥头街道"),
            place(Some(STREET), "community", COMMUNITY, "桥头社区"),
            place(Some(COMMUNITY), "grid", GRID, "第一网格"),
            place(Some(COMMUNITY), "grid", OTHER_GRID, "第二网格"),
            place(Some(GRID), "micro_grid", MICRO_GRID, "第一微网格"),
        ];
        let request = AddPlaces { places, rule: None };
        act!(self, init(), app::territory::add_places, request).unwrap();
    }

    /// A person.
    pub async fn person(&self, name: &str, phone: Option<&str>) -> PersonId {
        let person = NewPerson { name: name.to_owned(), phone: phone.map(str::to_owned) };
        act!(self, init(), app::people::add_people, vec![person]).unwrap()[0]
    }

    /// A post of a place.
    pub async fn post(&self, role: &str, place: &str) -> PostId {
        let post = NewPost {
            role: role.to_owned(),
            place: Some(place.to_owned()),
            from: Some("2026-01-01".parse().unwrap()),
            ..NewPost::default()
        };
        act!(self, init(), app::people::create_posts, vec![post]).unwrap()[0]
    }

    /// An organisation of the county.
    pub async fn org(&self, code: &str, name: &str) {
        let org = NewOrg {
            code: code.to_owned(),
            name: name.to_owned(),
            kind: "department".to_owned(),
            place: COUNTY.to_owned(),
            from: Some("2026-01-01".parse().unwrap()),
        };
        act!(self, init(), app::people::add_orgs, vec![org]).unwrap();
    }

    /// Appoints as the program does.
    pub async fn appoint(&self, post: PostId, person: PersonId, rank: u32) {
        act!(self, init(), app::people::appoint, appointment(post, person, rank)).unwrap();
    }

    /// A new post at a place and a new person who holds it.
    pub async fn seat(&self, role: &str, place: &str, name: &str) -> Seat {
        let post = self.post(role, place).await;
        let person = self.person(name, Some("13812341234")).await;
        self.appoint(post, person, 0).await;
        Seat { post, person }
    }
}

/// An appointment from today on.
pub fn appointment(post: PostId, person: PersonId, rank: u32) -> Appoint {
    Appoint { post, person, rank, selection: Selection::Recommended, from: None, until: None }
}

/// The code of a refusal.
pub fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Rule { code, .. }) => code,
        Err(Error::Invalid(problems)) => problems[0].code,
        Err(Error::TooMany { .. }) => "too_many",
        Err(Error::Forbidden { .. }) => "forbidden",
        Err(Error::Unauthenticated) => "unauthenticated",
        Err(Error::NotFound { .. }) => "not_found",
        other => panic!("{other:?}"),
    }
}
