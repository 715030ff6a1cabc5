//! A tiny county behind the router: its places, one post of each kind, and clients that ask.

use crate::client::Answer;
use api::{Api, Channels, Limits};
use app::access::NewAccount;
use app::access::password::Hashing;
use app::exchange::{DraftError, Drafts, Files};
use app::method_packs::{PackFiles, check_pack};
use app::people::{Appoint, NewOrg, NewPerson, NewPost};
use app::territory::{AddPlaces, NewPlace};
use app::{BoxFuture, County};
use axum::Router;
use jiff::{SignedDuration, Timestamp};
use model::access::Actor;
use model::people::Selection;
use model::{Chance, Clock, PersonId, PostId};
use rowdb::{Options, testing};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Monday morning.
const START: &str = "2026-03-02T09:00:00+08:00";
pub const COUNTY: &str = "990100";
pub const COMMUNITY: &str = "990100001001";
pub const GRID: &str = "990100001001001";
pub const PASSWORD: &str = "Plum-Bridge-47-lamp";
pub const PHONE: &str = "19000010001";

/// A clock that stands still until it is moved.
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
#[derive(Default)]
struct SeededChance(AtomicU64);

impl Chance for SeededChance {
    fn seed(&self) -> [u8; 32] {
        let mut seed = [3; 32];
        let n = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        seed.iter_mut().zip(n).for_each(|(to, from)| *to = from);
        seed
    }
}

/// Uploads in memory.
#[derive(Default)]
pub struct Memory(Mutex<HashMap<String, Vec<u8>>>);

impl Memory {
    pub fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Whether any bytes hold a word.
    pub fn hold(&self, word: &[u8]) -> bool {
        let held = self.0.lock().unwrap();
        held.values().any(|bytes| bytes.windows(word.len()).any(|it| it == word))
    }
}

impl Files for Memory {
    fn put<'a>(&'a self, sha256: &'a str, bytes: &'a [u8]) -> BoxFuture<'a, std::io::Result<()>> {
        self.0.lock().unwrap().insert(sha256.to_owned(), bytes.to_vec());
        Box::pin(async { Ok(()) })
    }

    fn get<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, std::io::Result<Option<Vec<u8>>>> {
        let found = self.0.lock().unwrap().get(sha256).cloned();
        Box::pin(async { Ok(found) })
    }

    fn remove<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, std::io::Result<()>> {
        self.0.lock().unwrap().remove(sha256);
        Box::pin(async { Ok(()) })
    }

    /// All of them: nothing here knows when it was put.
    fn stale(&self, head: u8, _: Timestamp) -> BoxFuture<'_, std::io::Result<Vec<String>>> {
        let head = format!("{head:02x}");
        let names: Vec<String> = self.0.lock().unwrap().keys().cloned().collect();
        let names = names.into_iter().filter(move |it| it.len() == 64 && it.starts_with(&head));
        Box::pin(async move { Ok(names.collect()) })
    }

    fn remove_stale<'a>(
        &'a self,
        sha256: &'a str,
        _: Timestamp,
    ) -> BoxFuture<'a, std::io::Result<bool>> {
        let gone = self.0.lock().unwrap().remove(sha256).is_some();
        Box::pin(async move { Ok(gone) })
    }
}

/// Drafts lie in the same memory, under the names of their ids.
impl Drafts for Memory {
    fn received(&self, draft: Uuid) -> BoxFuture<'_, std::io::Result<u64>> {
        let long = self.0.lock().unwrap().get(&draft.to_string()).map_or(0, Vec::len);
        Box::pin(async move { Ok(long as u64) })
    }

    fn append<'a>(
        &'a self,
        draft: Uuid,
        offset: u64,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<u64, DraftError>> {
        let mut held = self.0.lock().unwrap();
        let received = held.get(&draft.to_string()).map_or(0, Vec::len) as u64;
        let added = if offset == received {
            held.entry(draft.to_string()).or_default().extend(bytes);
            Ok(received + bytes.len() as u64)
        } else {
            Err(DraftError::Elsewhere { received })
        };
        Box::pin(async { added })
    }

    fn whole(&self, draft: Uuid) -> BoxFuture<'_, std::io::Result<Option<Vec<u8>>>> {
        let found = self.0.lock().unwrap().get(&draft.to_string()).cloned();
        Box::pin(async { Ok(found) })
    }

    fn discard(&self, draft: Uuid) -> BoxFuture<'_, std::io::Result<()>> {
        self.0.lock().unwrap().remove(&draft.to_string());
        Box::pin(async { Ok(()) })
    }
}

/// A county behind its router. People are named by their account; `lin` and `chen` are
/// residents, `display` is a wall.
pub struct Kit {
    pub county: Arc<County>,
    pub clock: Arc<MovedClock>,
    pub api: Api,
    pub files: Arc<Memory>,
    pub router: Router,
    seats: HashMap<&'static str, (PostId, PersonId)>,
    tokens: Mutex<HashMap<String, String>>,
    accounts: Mutex<HashSet<String>>,
    _place: testing::Place,
}

/// How a kit differs from the usual one.
pub struct Plan {
    pub demo: bool,
    pub limits: Limits,
    pub trusted_proxies: Vec<ipnet::IpNet>,
    pub channels: Channels,
}

impl Default for Plan {
    fn default() -> Self {
        let channels = Channels::default();
        Self { demo: true, limits: Limits::demo(), trusted_proxies: Vec::new(), channels }
    }
}

/// A county on SQLite.
pub async fn kit() -> Kit {
    planned(Plan::default(), testing::sqlite()).await
}

/// Runs a promise on each engine.
pub async fn for_each_engine<F: AsyncFn(Kit)>(promise: F) {
    for place in testing::places() {
        println!("on {:?}", place.engine);
        promise(planned(Plan::default(), place).await).await;
    }
}

pub async fn planned(plan: Plan, place: testing::Place) -> Kit {
    let clock = Arc::new(MovedClock(Mutex::new(START.parse().unwrap())));
    let setup = app::Setup {
        clock: clock.clone(),
        chance: Arc::new(SeededChance::default()),
        origin: "test.jinlin.example/990100".to_owned(),
        seal_key: Some([7; 32]),
        pepper: [9; 32],
        hashing: Hashing::LEAST,
        demo: plan.demo,
    };
    let options = Options { readers: 2, connections: 4, ..Options::default() };
    let county = County::open(&place.url, options, setup).await.unwrap();
    let seats = found(&county).await;
    let files = Arc::new(Memory::default());
    let api = Api::new(api::Setup {
        county: county.clone(),
        files: files.clone(),
        channels: plan.channels,
        keeper: None,
        limits: plan.limits,
        trusted_proxies: plan.trusted_proxies,
        tls: false,
    });
    let router = api::router(api.clone()).0;
    let tokens = Mutex::new(HashMap::new());
    let accounts = Mutex::default();
    Kit { county, clock, api, files, router, seats, tokens, accounts, _place: place }
}

/// Runs a use case of the program itself.
macro_rules! act {
    ($county:expr, $verb:path, $request:expr) => {{
        let request = Arc::new($request);
        $county
            .run(Actor::system("init"), move |tx, mut work| {
                let request = request.clone();
                Box::pin(async move { $verb(tx, &mut work, &request).await })
            })
            .await
            .unwrap()
    }};
}

async fn found(county: &Arc<County>) -> HashMap<&'static str, (PostId, PersonId)> {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/base");
    let files: PackFiles = [("base".to_owned(), read(&packs, ""))].into();
    act!(county, app::method_packs::load_pack, check_pack("base", &files).unwrap());
    act!(county, app::territory::add_places, AddPlaces { places: places(), rule: None });
    let day = Some("2026-01-01".parse().unwrap());
    let org = |code: &str, name: &str| NewOrg {
        code: code.to_owned(),
        name: name.to_owned(),
        kind: "department".to_owned(),
        place: COUNTY.to_owned(),
        from: day,
    };
    act!(county, app::people::add_orgs, vec![org("urban_management", "城市管理局")]);
    let mut seats = HashMap::new();
    for (account, role, place, unit) in [
        ("desk", "desk", Some(COUNTY), None),
        ("dispatcher", "dispatcher", Some(COUNTY), None),
        ("worker", "grid_worker", Some(GRID), None),
        ("clerk", "clerk", None, Some("urban_management")),
        ("head", "head", None, Some("urban_management")),
        ("system-admin", "system_admin", Some(COUNTY), None),
        ("security-admin", "security_admin", Some(COUNTY), None),
        ("audit-admin", "audit_admin", Some(COUNTY), None),
    ] {
        let new = NewPost {
            role: role.to_owned(),
            place: place.map(str::to_owned),
            org: unit.map(str::to_owned),
            from: day,
        };
        let post = act!(county, app::people::create_posts, vec![new])[0];
        let person = NewPerson { name: format!("某{role}"), phone: None };
        let person = act!(county, app::people::add_people, vec![person])[0];
        let selection = Selection::Appointed;
        let holding = Appoint { post, person, rank: 0, selection, from: day, until: None };
        act!(county, app::people::appoint, holding);
        seats.insert(account, (post, person));
    }
    seats
}

fn places() -> Vec<NewPlace> {
    let place = |parent: Option<&str>, level: &str, code: &str, name: &str| NewPlace {
        parent: parent.map(str::to_owned),
        level: level.to_owned(),
        code: Some(code.to_owned()),
        name: name.to_owned(),
        from: Some("2026-01-01".parse().unwrap()),
        aliases: Vec::new(),
    };
    vec![
        place(None, "county", COUNTY, "近邻县"),
        place(Some(COUNTY), "street", "990100001", "桥头街道"),
        place(Some("990100001"), "community", COMMUNITY, "桥头社区"),
        place(Some(COMMUNITY), "grid", GRID, "第一网格"),
        place(Some(COMMUNITY), "grid", "990100001001002", "第二网格"),
    ]
}

/// The files of the pack that ships, by path.
pub fn base_files() -> Value {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/base");
    read(&packs, "base/").into_iter().collect::<HashMap<_, _>>().into_iter().collect()
}

/// The files of a pack at a path from here.
pub fn files(path: &str) -> Vec<(String, String)> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(path), "")
}

fn read(folder: &Path, prefix: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(read(&entry.path(), &format!("{name}/")));
        } else {
            found.push((name, std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
    found.sort();
    found
}

/// A request about a street light.
pub fn street_light() -> Value {
    json!({
        "procedure": "appeal", "matter": "street_lights", "title": "路灯不亮", "body": "坏了三天",
        "place": GRID, "contact": PHONE,
    })
}

impl Kit {
    /// The post and person of an account.
    pub fn seat(&self, account: &str) -> (PostId, PersonId) {
        self.seats[account]
    }

    /// Logs somebody in, once.
    pub async fn token(&self, who: &str) -> String {
        let held = self.tokens.lock().unwrap().get(who).cloned();
        if let Some(token) = held {
            return token;
        }
        let answer = match who {
            "lin" | "chen" => {
                let phone = if who == "lin" { PHONE } else { "19000010002" };
                self.post("/resident-sessions", json!({ "phone": phone, "code": "000000" }))
            }
            "display" => {
                let answer =
                    Box::pin(self.post("/displays", json!({ "name": "大厅" })).by("desk").send());
                let code = answer.await.is(201).body["code"].clone();
                self.post("/display-sessions", json!({ "code": code }))
            }
            account => {
                let (account, person) = (account.to_owned(), self.seats[account].1);
                let (name, password) = (account.clone(), PASSWORD.to_owned());
                let request = NewAccount { person, name, password, must_change: false };
                let init = Actor::system("init");
                if self.accounts.lock().unwrap().insert(account.clone()) {
                    self.county.open_account(init, None, request).await.unwrap();
                }
                self.post("/sessions", json!({ "account": account, "password": PASSWORD }))
            }
        };
        let answer = Box::pin(answer.send()).await;
        let token = answer.is(201).body["token"].as_str().unwrap().to_owned();
        self.tokens.lock().unwrap().insert(who.to_owned(), token.clone());
        token
    }

    /// Lets time pass, after which everybody logs in anew.
    pub fn wait(&self, by: SignedDuration) {
        self.clock.forward(by);
        self.tokens.lock().unwrap().clear();
    }

    /// A request of `lin`, received.
    pub async fn case(&self) -> Value {
        let case = json!({
            "procedure": "appeal", "matter": "street_lights", "title": "路灯不亮",
            "body": "巷口的路灯坏了三天", "place": GRID, "contact": PHONE, "asker": "named",
        });
        self.post("/cases", case).by("lin").send().await.is(201).body
    }

    /// The id of a unit.
    pub async fn unit(&self, code: &str) -> String {
        self.county.shelf().await.unwrap().network.org_by_code(code).unwrap().id.to_string()
    }

    /// A request of `lin` that the unit handles.
    pub async fn handled(&self) -> Value {
        let case = self.case().await;
        let unit = json!({ "unit": self.unit("urban_management").await });
        let case = self.act("desk", &case, "dispatch", unit).await.is(200).body;
        self.act("clerk", &case, "sign", json!({})).await.is(200).body
    }

    /// Acts on a case at the revision it has.
    pub async fn act(&self, who: &str, case: &Value, action: &str, form: Value) -> Answer {
        let id = case["id"].as_str().unwrap();
        let revision = case["revision"].to_string();
        let ask = self.post(&format!("/cases/{id}/actions/{action}"), form);
        ask.by(who).header("if-match", &revision).send().await
    }

    /// Seals what waits, where no commit does it.
    pub async fn seal(&self) {
        let postgres = self.county.db().engine() == rowdb::Engine::Postgres;
        while postgres && self.county.seal("test").await.unwrap() {}
    }
}
