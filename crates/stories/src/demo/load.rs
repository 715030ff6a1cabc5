//! Makes a planned county: stage after stage, each in a few commands of use cases under a moved
//! clock. The county's own clock tells only when the history ends.

use super::dice::Dice;
use super::ground::Ground;
use super::names::Registry;
use super::pace::Timing;
use super::player::{Player, Score, wrong};
use super::recipe::{Book, Seat};
use super::requests::Requests;
use super::staff::{Chair, Staff};
use super::{Demo, Order, Progress, Span, Stage, visits};
use crate::shipped;
use anyhow::{Context, Result};
use app::access::NewAccount;
use app::people::Appoint;
use app::{BoxFuture, County, Engine, Tx, Work};
use jiff::{SignedDuration, Timestamp};
use method::read::Loaded;
use model::access::Actor;
use model::{AccountId, Draw, PersonId, PostId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// The county is set up so long before its first request.
const SETTLING: SignedDuration = SignedDuration::from_hours(24 * 7);
/// Most requests of a use case that takes many.
const MANY: usize = 1000;
/// Households' places in one command, cues of the history in one command.
const PLACES: usize = 100;
const CUES: usize = 250;

/// Who plays: accounts of persons, posts by seat, and the units that handle requests.
pub(super) struct Cast {
    accounts: HashMap<PersonId, AccountId>,
    posts: HashMap<Seat, PostId>,
    pub units: Vec<String>,
}

impl Cast {
    /// Whoever does the work of a post today.
    pub fn staff(&self, work: &Work, post: PostId) -> app::Result<Actor> {
        let person = work.shelf.network.person(post, work.today());
        let person = person.ok_or_else(|| wrong(format!("nobody holds {post}")))?;
        let account = self.accounts.get(&person).copied();
        let account = account.ok_or_else(|| wrong(format!("{person} has no account")))?;
        Ok(Actor::Staff { account, person, post })
    }

    /// The post of a seat.
    pub fn post(&self, seat: &Seat) -> Option<PostId> {
        self.posts.get(seat).copied()
    }
}

/// Makes a county as `order` says.
pub(super) async fn load(county: &Arc<County>, order: &Order<'_>) -> Result<Demo> {
    let packs = shipped::all_packs();
    let loaded = Arc::new(app::method_packs::check_pack(order.place, &packs)?);
    let pack = Arc::new(loaded.pack.clone().context("an unchecked pack")?);
    let files = packs.get(order.place).context("the pack is not shipped")?;
    let book = Book::read(pack, files, order.scale.0)?;
    let span = Span::ending(county.now(), book.recipe.months)?;
    let loader = Loader {
        county,
        order,
        begun: span.from - SETTLING,
        seed: book.recipe.seed,
        commands: AtomicUsize::new(0),
    };
    let from = super::texts::local(loader.begun).date();
    let ground = Arc::new(Ground::plan(&book, from)?);
    let mut registry = Registry::new(&book.names, book.recipe.seed);
    let requests = Requests::plan(&book, &ground, &mut registry, span)?;
    let staff = Staff::plan(&book, &ground, &mut registry, from);
    loader.found(loaded).await?;
    loader.places(&ground).await?;
    loader.households(&book, &ground).await?;
    let visits = visits::plan(&book, &staff, span);
    let cast = loader.staff(&book, staff).await?;
    let score = Score {
        requests,
        visits,
        span,
        timing: Timing::new(&book, span.until),
        cast,
        stars: book.recipe.course.stars.clone(),
        uncontacted: book.recipe.course.uncontacted,
        seed: book.recipe.seed,
    };
    loader.history(Arc::new(score)).await?;
    loader.index().await?;
    super::check(county, &book).await?;
    super::show(county, order.place).await
}

struct Loader<'a> {
    county: &'a Arc<County>,
    order: &'a Order<'a>,
    /// When the county is set up.
    begun: Timestamp,
    seed: u64,
    commands: AtomicUsize,
}

impl Loader<'_> {
    fn tell(&self, stage: Stage, done: usize, of: usize) {
        (self.order.progress)(Progress { stage, done, of });
    }

    /// Runs a command of setting up, with ids that follow from the seed.
    async fn run<T, F>(&self, f: F) -> app::Result<T>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx, Work) -> BoxFuture<'t, app::Result<T>> + Send + Sync + 'static,
    {
        let number = self.commands.fetch_add(1, Ordering::Relaxed);
        let draw = Draw::new(self.begun, Dice::of(self.seed, "command", number).bytes());
        let done = self.county.run(Actor::system("demo"), move |tx, mut work: Work| {
            work.draw = draw.clone();
            f(tx, work)
        });
        let done = done.await?;
        // On SQLite each commit seals; here it is done by hand.
        while self.county.db().engine() == Engine::Postgres && self.county.seal("stories").await? {}
        Ok(done)
    }

    async fn found(&self, pack: Arc<Loaded>) -> Result<()> {
        self.tell(Stage::Territory, 0, 1);
        let sealer = self.county.sealer().context("a county without a key")?.clone();
        self.run(move |tx, mut work| {
            let (sealer, pack) = (sealer.clone(), pack.clone());
            Box::pin(async move { app::foundation::begin(tx, &mut work, (&sealer, &pack)).await })
        })
        .await?;
        Ok(())
    }

    async fn places(&self, ground: &Arc<Ground>) -> Result<()> {
        for lower in [false, true] {
            let ground = ground.clone();
            self.run(move |tx, mut work| {
                let ground = ground.clone();
                Box::pin(async move {
                    let places = if lower { &ground.lower } else { &ground.upper };
                    app::territory::add_places(tx, &mut work, places).await
                })
            })
            .await?;
        }
        let drawn = ground.clone();
        self.run(move |tx, mut work| {
            let ground = drawn.clone();
            Box::pin(
                async move { app::territory::draw_places(tx, &mut work, &ground.drawings).await },
            )
        })
        .await?;
        self.tell(Stage::Territory, 1, 1);
        Ok(())
    }

    async fn households(&self, book: &Book, ground: &Ground) -> Result<()> {
        let places = ground.households(book);
        let (of, mut done) = (places.iter().map(|it| it.households.len()).sum(), 0);
        for some in places.chunks(PLACES) {
            let (n, some) =
                (some.iter().map(|it| it.households.len()).sum::<usize>(), some.to_vec());
            self.tell(Stage::Households, done, of);
            self.run(move |tx, mut work| {
                let some = some.clone();
                Box::pin(async move {
                    for place in &some {
                        app::territory::register_households(tx, &mut work, place).await?;
                    }
                    Ok(())
                })
            })
            .await?;
            done += n;
        }
        self.tell(Stage::Households, of, of);
        Ok(())
    }

    /// Organisations, then posts and people, then who holds what, then accounts.
    async fn staff(&self, book: &Book, staff: Staff) -> Result<Cast> {
        let staff = Arc::new(staff);
        let of = staff.chairs.len() + staff.people.len();
        self.tell(Stage::People, 0, of);
        let added = staff.clone();
        self.run(move |tx, mut work| {
            let staff = added.clone();
            Box::pin(async move { app::people::add_orgs(tx, &mut work, &staff.orgs).await })
        })
        .await?;
        let made = staff.clone();
        let (posts, people) = self
            .run(move |tx, mut work| {
                let staff = made.clone();
                Box::pin(async move { seat(tx, &mut work, &staff).await })
            })
            .await?;
        self.tell(Stage::People, of / 2, of);
        let appointments = Arc::new(appointments(&staff.chairs, &posts, &people));
        self.run(move |tx, mut work| {
            let appointments = appointments.clone();
            Box::pin(async move {
                for some in appointments.chunks(MANY) {
                    app::people::appoint_all(tx, &mut work, some).await?;
                }
                Ok(())
            })
        })
        .await?;
        let accounts = self.accounts(&staff, &people).await?;
        self.tell(Stage::People, of, of);
        let seats = staff.chairs.iter().map(|chair| chair.seat.clone());
        Ok(Cast { accounts, posts: seats.zip(posts).collect(), units: book.handling() })
    }

    /// One password for all accounts of the demo, hashed once.
    async fn accounts(
        &self,
        staff: &Staff,
        people: &[PersonId],
    ) -> Result<HashMap<PersonId, AccountId>> {
        let salt = self.run(|_, mut work| Box::pin(async move { Ok(work.draw.salt()) })).await?;
        let hashed =
            app::access::password::hash(self.order.password, salt, self.county.hashing()).await?;
        let request = |name: &str, person| NewAccount {
            person,
            name: name.to_owned(),
            password: String::new(),
            must_change: false,
        };
        let logins = staff.logins.iter().filter_map(|it| Some((it, people.get(it.person)?)));
        let requests: Arc<Vec<NewAccount>> =
            Arc::new(logins.map(|(it, person)| request(&it.name, *person)).collect());
        let opened = self.run(move |tx, mut work| {
            let (requests, hashed) = (requests.clone(), hashed.clone());
            Box::pin(async move {
                let mut accounts = HashMap::new();
                for request in requests.iter() {
                    let opened = app::access::open_account(tx, &mut work, request, &hashed).await?;
                    accounts.insert(request.person, opened.account);
                }
                Ok(accounts)
            })
        });
        Ok(opened.await?)
    }

    async fn history(&self, score: Arc<Score>) -> Result<()> {
        let mut player = Player::new(score);
        loop {
            let (done, of) = player.progress();
            self.tell(Stage::History, done, of);
            let begin = Arc::new(Mutex::new(player.clone()));
            let (next, goes_on) = self
                .run(move |tx, mut work| {
                    let begin = begin.clone();
                    Box::pin(async move {
                        let mut player = begin.lock().map_err(|_| wrong("a player fell"))?.clone();
                        let goes_on = player.play(tx, &mut work, CUES).await?;
                        Ok((player, goes_on))
                    })
                })
                .await?;
            player = next;
            if !goes_on {
                return Ok(());
            }
        }
    }

    /// Seals and indexes what was written: a demo can be searched as soon as it is served.
    async fn index(&self) -> Result<()> {
        self.tell(Stage::Index, 0, 1);
        while self.county.seal("stories").await? {}
        app::cases::index_new(self.county).await?;
        self.tell(Stage::Index, 1, 1);
        Ok(())
    }
}

/// Creates posts and people; gives their ids in the order of the plan.
async fn seat(
    tx: &mut Tx,
    work: &mut Work,
    staff: &Staff,
) -> app::Result<(Vec<PostId>, Vec<PersonId>)> {
    let posts: Vec<_> = staff.chairs.iter().map(Chair::post).collect();
    let (mut ids, mut people) = (Vec::new(), Vec::new());
    for some in posts.chunks(MANY) {
        ids.extend(app::people::create_posts(tx, work, some).await?);
    }
    for some in staff.people.chunks(MANY) {
        people.extend(app::people::add_people(tx, work, some).await?);
    }
    Ok((ids, people))
}

fn appointments(chairs: &[Chair], posts: &[PostId], people: &[PersonId]) -> Vec<Appoint> {
    let seats = chairs.iter().zip(posts);
    let holders = seats.flat_map(|(chair, post)| {
        let ranks = [(0, chair.principal), (1, chair.deputy)];
        ranks.into_iter().filter_map(move |(rank, person)| Some((chair, *post, rank, person?)))
    });
    holders
        .filter_map(|(chair, post, rank, person)| {
            Some(Appoint {
                post,
                person: *people.get(person)?,
                rank,
                selection: chair.selection,
                from: None,
                until: None,
            })
        })
        .collect()
}
