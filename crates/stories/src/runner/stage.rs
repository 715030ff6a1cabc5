//! The county in which a story plays: opened with a clock that is moved, founded through the use
//! cases, peopled by its administrators over HTTP. What people then do is `play`.

use super::cast::{Account, Cast, Person, SYSTEM, text};
use super::client::{Ask, Caller, Client};
use super::hands::{Count, Hands, Phones};
use super::story::{self, PostName, Story};
use anyhow::{Context, Result};
use app::access::password::Hashing;
use app::cases::index_new;
use app::exchange::DraftError;
use app::foundation::Foundation;
use app::territory::NewPlace;
use app::{BoxFuture, County, Engine, Error, Setup};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use method::read::Loaded;
use rowdb::Options;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// A database that a story may change.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its address.
    pub url: String,
    /// What stands in it.
    pub holds: Holds,
}

/// What stands in a database.
#[derive(Clone, Debug)]
pub enum Holds {
    /// Nothing yet.
    Nothing,
    /// A demo county at true scale.
    Demo(Accounts),
}

/// The accounts of a demo county; all have one password.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// The names to log in by.
    pub names: Vec<String>,
    /// The account of whoever holds a post, by `role@code`.
    pub holders: BTreeMap<String, String>,
    /// The password.
    pub password: String,
}

/// A county and all who act in it.
pub struct Stage {
    /// The county.
    pub county: Arc<County>,
    /// A client of it.
    pub client: Client,
    /// Its clock.
    pub hands: Arc<Hands>,
    /// Its people.
    pub cast: Cast,
    /// Organisations of the story by code.
    pub orgs: BTreeMap<String, String>,
    posts: BTreeMap<PostName, String>,
}

/// The key of everything secret in a story.
const SEED: [u8; 32] = [7; 32];

/// Origin line of a story's log.
const ORIGIN: &str = "jinlin.test/story";

/// The code of every resident of a demo.
const DEMO_CODE: &str = "000000";

/// Uploads of a story, which end with it; what is sent in pieces has no part in stories.
#[derive(Default)]
struct InMemory(Mutex<BTreeMap<String, Vec<u8>>>);

impl InMemory {
    fn held(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl app::exchange::Files for InMemory {
    fn put<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> BoxFuture<'a, io::Result<()>> {
        self.held().insert(name.to_owned(), bytes.to_vec());
        Box::pin(async { Ok(()) })
    }

    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Option<Vec<u8>>>> {
        let found = self.held().get(name).cloned();
        Box::pin(async { Ok(found) })
    }

    fn remove<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<()>> {
        self.held().remove(name);
        Box::pin(async { Ok(()) })
    }

    fn stale(&self, _: u8, _: jiff::Timestamp) -> BoxFuture<'_, io::Result<Vec<String>>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn remove_stale<'a>(
        &'a self,
        _: &'a str,
        _: jiff::Timestamp,
    ) -> BoxFuture<'a, io::Result<bool>> {
        Box::pin(async { Ok(false) })
    }
}

impl app::exchange::Drafts for InMemory {
    fn received(&self, _: Uuid) -> BoxFuture<'_, io::Result<u64>> {
        Box::pin(async { Ok(0) })
    }

    fn append<'a>(
        &'a self,
        _: Uuid,
        _: u64,
        _: &'a [u8],
    ) -> BoxFuture<'a, Result<u64, DraftError>> {
        Box::pin(async { Err(DraftError::Full) })
    }

    fn whole(&self, _: Uuid) -> BoxFuture<'_, io::Result<Option<Vec<u8>>>> {
        Box::pin(async { Ok(None) })
    }

    fn discard(&self, _: Uuid) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(async { Ok(()) })
    }
}

/// What a county is opened with in a story.
fn setup(hands: Arc<Hands>, demo: bool) -> Setup {
    Setup {
        clock: hands,
        chance: Arc::new(Count::default()),
        origin: ORIGIN.to_owned(),
        seal_key: Some(SEED),
        pepper: SEED,
        hashing: Hashing::LEAST,
        demo,
    }
}

/// What a county is opened with, in which a demo is made for stories that begin at a local time.
pub fn demo_setup(start: DateTime) -> Result<Setup> {
    Ok(setup(Arc::new(Hands::at(super::when::instant(start)?)), true))
}

impl Stage {
    /// The stage of a story, as its beginning finds it.
    pub async fn set(database: &Database, story: &Story, pack: Loaded) -> Result<Self> {
        let start = super::when::instant(story.head.start)?;
        match &database.holds {
            Holds::Nothing => {
                // Whoever is there when the story begins was appointed the day before.
                let mut stage =
                    Self::open(database, start - jiff::SignedDuration::from_hours(24)).await?;
                stage.found(story, pack).await?;
                stage.hands.set(start);
                Ok(stage)
            }
            Holds::Demo(accounts) => {
                let mut stage = Self::open(database, start).await?;
                let own = accounts.names.iter().map(|name| (name, name));
                for (id, name) in own.chain(&accounts.holders) {
                    let (name, password) = (name.clone(), accounts.password.clone());
                    let account = Some(Account { name, password, secret: None });
                    stage.cast.add(id, Person::Staff { person: None, account });
                }
                stage.add_people(&story.world).await?;
                Ok(stage)
            }
        }
    }

    async fn open(database: &Database, now: Timestamp) -> Result<Self> {
        let (hands, phones) = (Arc::new(Hands::at(now)), Arc::new(Phones::default()));
        let demo = matches!(database.holds, Holds::Demo(_));
        let options = Options { readers: 2, connections: 4, ..Options::default() };
        let county = County::open(&database.url, options, setup(hands.clone(), demo)).await?;
        let api = api::Api::new(api::Setup {
            county: county.clone(),
            files: Arc::new(InMemory::default()),
            keeper: None,
            channels: api::Channels { gateway: Some(phones.clone()), ..Default::default() },
            // Limits by the machine's clock are no part of a story.
            limits: api::Limits::demo(),
            trusted_proxies: Vec::new(),
            tls: false,
        });
        Ok(Self {
            county,
            client: Client::new(api::router(api).0),
            hands,
            cast: Cast::new(phones, demo.then(|| DEMO_CODE.to_owned())),
            orgs: BTreeMap::new(),
            posts: BTreeMap::new(),
        })
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.county.now()
    }

    /// The local day.
    pub fn today(&self) -> Date {
        super::when::local(self.now()).date()
    }

    /// Does what the program's jobs do between two requests: seals, indexes, asks cases again whose
    /// they are.
    pub async fn keep_up(&self) -> Result<()> {
        // First, so that what it records is sealed with the rest.
        app::cases::renew_if_moved(&self.county).await?;
        if self.county.db().engine() == Engine::Postgres {
            self.county.seal("stories").await?;
        }
        index_new(&self.county).await?;
        Ok(())
    }

    /// How many entries are sealed.
    pub async fn journal_size(&self) -> Result<u64> {
        Ok(self.county.db().read(|tx| Box::pin(store::seal::size(tx))).await?)
    }

    /// Ends everything that is open.
    pub async fn close(self) {
        self.county.db().clone().close().await;
    }

    /// Somebody with an account or a telephone.
    pub async fn caller(&mut self, id: &str) -> Result<Caller> {
        let now = self.now();
        self.cast.caller(&self.client, now, id).await
    }

    /// Asks as one of the administrators, who must be answered.
    pub async fn ask_as(&mut self, id: &str, ask: &Ask) -> Result<Value> {
        let caller = self.caller(id).await?;
        self.client.done(&caller, ask).await
    }

    async fn found(&mut self, story: &Story, pack: Loaded) -> Result<()> {
        let places = story.world.place.iter().map(|it| NewPlace {
            parent: it.parent.clone(),
            level: it.level.clone(),
            code: Some(it.code.clone()),
            name: it.name.clone(),
            ..NewPlace::default()
        });
        let foundation = Foundation { pack, places: places.collect() };
        let first = self.county.found(foundation).await.map_err(told)?;
        for it in &first {
            let account =
                Account { name: it.name.clone(), password: it.password.clone(), secret: None };
            let person = Some(it.person.to_string());
            self.cast.add(&it.name, Person::Staff { person, account: Some(account) });
        }
        let root = story.world.place.first().context("a world needs a place")?.code.clone();
        self.add_orgs(&story.world, &root).await?;
        // Posts that the founding has manned: their holders are those of the story.
        for post in &story.world.post {
            let held = first.iter().find(|it| it.name == post.role.replace('_', "-"));
            if let (Some(held), true, Some(holder)) = (held, post.at == root, &post.holder) {
                let name = PostName { role: post.role.clone(), at: root.clone() };
                self.posts.insert(name, held.post.to_string());
                self.cast.alias(holder, &held.name);
            }
        }
        self.add_people(&story.world).await?;
        self.add_posts(&story.world).await
    }

    async fn add_orgs(&mut self, world: &story::World, root: &str) -> Result<()> {
        let orgs: Vec<Value> = world
            .org
            .iter()
            .map(|it| {
                let place = it.place.as_deref().unwrap_or(root);
                json!({ "code": it.code, "name": it.name, "kind": it.kind, "place": place })
            })
            .collect();
        let made = self.ask_as(SYSTEM, &Ask::post("/orgs", orgs.into())).await?;
        let codes = world.org.iter().map(|it| it.code.clone());
        self.orgs.extend(codes.zip(ids(&made)?));
        Ok(())
    }

    /// Staff are added by name; residents register themselves.
    async fn add_people(&mut self, world: &story::World) -> Result<()> {
        let mut staff = Vec::new();
        for (id, person) in &world.people {
            match person {
                story::Person::Resident(resident) => {
                    let phone = resident.phone.clone();
                    self.cast.add(id, Person::Resident { phone });
                }
                story::Person::Staff(name) if self.cast.person(id).is_none() => {
                    staff.push((id, json!({ "name": name })));
                }
                story::Person::Staff(_) => {}
            }
        }
        if staff.is_empty() {
            return Ok(());
        }
        let (people, named): (Vec<_>, Vec<Value>) = staff.into_iter().unzip();
        let made = self.ask_as(SYSTEM, &Ask::post("/people", named.into())).await?;
        for (id, person) in people.into_iter().zip(ids(&made)?) {
            self.cast.add(id, Person::staff(&person));
        }
        Ok(())
    }

    async fn add_posts(&mut self, world: &story::World) -> Result<()> {
        let name = |it: &story::Post| PostName { role: it.role.clone(), at: it.at.clone() };
        let new = world.post.iter().filter(|it| !self.posts.contains_key(&name(it)));
        let new: Vec<story::Post> = new.cloned().collect();
        let bodies = new.iter().map(|it| match self.orgs.contains_key(&it.at) {
            true => json!({ "role": it.role, "org": it.at, "place": it.place }),
            false => json!({ "role": it.role, "place": it.at }),
        });
        let bodies: Vec<Value> = bodies.collect();
        let made = self.ask_as(SYSTEM, &Ask::post("/posts", bodies.into())).await?;
        for (post, id) in new.iter().zip(ids(&made)?) {
            self.posts.insert(name(post), id);
        }
        for post in &new {
            let id = self.post(&name(post)).await?;
            let people = post.holder.iter().chain(&post.deputies);
            for (rank, person) in people.enumerate() {
                let selection = post.selection.as_deref().unwrap_or("appointed");
                let person = self.person(person).await?;
                let body = json!({ "person": person, "rank": rank, "selection": selection });
                let ask = Ask::post(&format!("/posts/{id}/holders"), body);
                self.ask_as(SYSTEM, &ask).await?;
            }
        }
        Ok(())
    }

    /// The id of a member of staff, or of whoever holds a post.
    pub async fn person(&mut self, id: &str) -> Result<String> {
        if let Ok(post) = PostName::try_from(id.to_owned()) {
            let post = self.find_post(&post).await?;
            let person = post.pointer("/holders/0/person").and_then(Value::as_str);
            return Ok(person.with_context(|| format!("nobody holds {id}"))?.to_owned());
        }
        match self.cast.person(id) {
            Some(Person::Staff { person: Some(person), .. }) => Ok(person.clone()),
            _ => anyhow::bail!("`{id}` is no member of staff known by id"),
        }
    }

    /// The id of a post, as the system administrator finds it.
    pub async fn post(&mut self, name: &PostName) -> Result<String> {
        if let Some(id) = self.posts.get(name) {
            return Ok(id.clone());
        }
        let found = self.find_post(name).await?;
        let id = text(&found, "post")?.to_owned();
        self.posts.insert(name.clone(), id.clone());
        Ok(id)
    }

    /// A post with its holders today.
    pub async fn find_post(&mut self, name: &PostName) -> Result<Value> {
        let PostName { role, at } = name;
        let number = at.chars().all(|c| c.is_ascii_digit());
        let by = if number { "place" } else { "org" };
        let ask = Ask::get("/posts", &[(by, at), ("role", role)]);
        let found = self.ask_as(SYSTEM, &ask).await?;
        let mut posts = found.as_array().cloned().unwrap_or_default().into_iter();
        let there = |post: &Value| {
            let place = post.pointer("/place/code").and_then(Value::as_str);
            by == "org" || place == Some(at)
        };
        posts.find(there).with_context(|| format!("there is no post {name}"))
    }

    /// How many hold a post, given by id.
    pub async fn holders(&mut self, post: &str) -> Result<usize> {
        let known = self.posts.iter().find(|(_, id)| *id == post).map(|(name, _)| name.clone());
        let found = self.find_post(&known.context("a post that was not looked for")?).await?;
        Ok(found.get("holders").and_then(Value::as_array).map_or(0, Vec::len))
    }

    /// Whoever holds a post, as a client who acts in it.
    pub async fn holder(&mut self, name: &PostName) -> Result<Caller> {
        let (post, id) = (self.post(name).await?, name.to_string());
        if self.cast.person(&id).is_none() {
            let person = self.person(&id).await?;
            self.cast.add(&id, Person::staff(&person));
        }
        Ok(self.caller(&id).await?.acting_in(&post))
    }
}

/// An error with all its problems.
fn told(error: Error) -> anyhow::Error {
    let Error::Invalid(problems) = &error else { return error.into() };
    let lines = problems.iter().map(|it| format!("{}: {}", it.field, it.english));
    anyhow::anyhow!("the world cannot be founded: {}", lines.collect::<Vec<_>>().join("; "))
}

/// The ids of what was made.
fn ids(made: &Value) -> Result<Vec<String>> {
    let ids = made.get("ids").and_then(Value::as_array).context("nothing was made")?;
    Ok(ids.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}
