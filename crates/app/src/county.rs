//! A running county: the database, the clock, the key, and how use cases are run on them.

use crate::access::password::Hashing;
use crate::exchange::Vault;
use crate::journal::seal::Sealer;
use crate::numbers::{BLOCK, MOST, Numbers};
use crate::shelf::Shelf;
use crate::territory::Atlas;
use crate::work::Work;
use crate::{Error, Result};
use jiff::Timestamp;
use model::access::Actor;
use model::{Chance, Clock, Draw};
use rowdb::{BoxFuture, Db, Engine, Options, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Notify;

/// How often a use case is tried again when what it read before is no longer so.
const AGAIN: u32 = 3;

/// What a county is opened with.
pub struct Setup {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives randomness.
    pub chance: Arc<dyn Chance>,
    /// Name of the log: the county's origin line.
    pub origin: String,
    /// The Ed25519 key that signs checkpoints; none opens the county for reading only.
    pub seal_key: Option<[u8; 32]>,
    /// Key of the hashes by which telephones are found; that of sealed originals follows from it.
    pub pepper: [u8; 32],
    /// How much work the hash of a password is.
    pub hashing: Hashing,
    /// Whether this is a demo county.
    pub demo: bool,
}

/// A running county.
pub struct County {
    db: Db,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    sealer: Option<Arc<Sealer>>,
    shelf: RwLock<Option<Arc<Shelf>>>,
    numbers: Arc<Numbers>,
    atlas: Arc<Atlas>,
    pepper: [u8; 32],
    hashing: Hashing,
    demo: bool,
    tells: AtomicBool,
    moved: Notify,
    /// The network's version when all open cases were last asked again.
    renewed: RwLock<Option<String>>,
}

/// An idempotency key: scope (account + operation), key and hash of the request.
#[derive(Clone, Debug)]
pub struct Once {
    /// Account and operation.
    pub scope: String,
    /// The client's key.
    pub key: String,
    /// SHA-256 of the request.
    pub body: Vec<u8>,
}

impl County {
    /// Opens a county and brings its tables up to date.
    pub async fn open(url: &str, mut options: Options, setup: Setup) -> Result<Arc<Self>> {
        let sealer = match &setup.seal_key {
            Some(key) => Some(Arc::new(Sealer::new(&setup.origin, key)?)),
            None => None,
        };
        options.read_only = options.read_only || sealer.is_none();
        options.before_commit = sealer.clone().map(Sealer::hook);
        let db = Db::open(url, options).await?;
        db.migrate(store::MIGRATIONS).await?;
        Ok(Arc::new(Self {
            db,
            clock: setup.clock,
            chance: setup.chance,
            sealer,
            shelf: RwLock::new(None),
            numbers: Arc::new(Numbers::default()),
            atlas: Arc::new(Atlas::default()),
            pepper: setup.pepper,
            hashing: setup.hashing,
            demo: setup.demo,
            tells: AtomicBool::new(false),
            moved: Notify::new(),
            renewed: RwLock::new(None),
        }))
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The key that signs checkpoints, with its public half.
    pub fn sealer(&self) -> Option<&Arc<Sealer>> {
        self.sealer.as_ref()
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Thirty-two fresh random bytes.
    pub fn seed(&self) -> [u8; 32] {
        self.chance.seed()
    }

    /// How much work the hash of a password is.
    pub fn hashing(&self) -> Hashing {
        self.hashing
    }

    /// Whether this is a demo county.
    pub fn is_demo(&self) -> bool {
        self.demo
    }

    /// What seals originals, and opens them.
    pub fn vault(&self) -> Result<Vault> {
        Vault::new(&self.pepper)
    }

    /// From now on acts queue the short messages that tell askers of them: somebody sends those.
    pub fn begin_telling(&self) {
        self.tells.store(true, Ordering::Relaxed);
    }

    /// Notes that all open cases were asked again on this version of the network; false if they had
    /// been before.
    pub(crate) fn note_renewed(&self, version: &str) -> bool {
        let mut renewed = self.renewed.write().unwrap_or_else(PoisonError::into_inner);
        let other = renewed.as_deref() != Some(version);
        *renewed = Some(version.to_owned());
        other
    }

    /// Waits until a command was carried out.
    pub async fn moved(&self) {
        self.moved.notified().await;
    }

    /// Runs a use case that writes. It may run more than once; its answer is given once.
    pub async fn run<T, F>(self: &Arc<Self>, actor: Actor, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a mut Tx, Work) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
    {
        let f = Arc::new(f);
        let draw = Draw::new(self.clock.now(), self.chance.seed());
        let (mut attempts, mut block) = (0, BLOCK);
        loop {
            let work = self.work(actor.clone(), draw.clone()).await?;
            let f = f.clone();
            let done = self
                .db
                .command(move |tx| {
                    let (work, f) = (work.clone(), f.clone());
                    Box::pin(async move {
                        work.shelf.check(tx).await?;
                        f(tx, work).await
                    })
                })
                .await;
            match done {
                Err(Error::Stale) if attempts < AGAIN => {
                    attempts += 1;
                    self.forget();
                }
                Err(Error::NoNumbers { day }) if block <= MOST => {
                    self.numbers.refill(&self.db, day, block).await?;
                    block *= 2;
                }
                done => {
                    self.after_command().await;
                    return done;
                }
            }
        }
    }

    /// Runs a use case that writes, once for its idempotency key: the same request gets the same
    /// answer, another request under the same key is refused.
    pub async fn run_once<T, F>(
        self: &Arc<Self>,
        actor: Actor,
        once: Option<Once>,
        f: F,
    ) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + Sync + 'static,
        F: for<'a> Fn(&'a mut Tx, Work) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
    {
        let Some(once) = once else { return self.run(actor, f).await };
        let f = Arc::new(f);
        self.run(actor, move |tx, work| {
            let (once, f) = (once.clone(), f.clone());
            Box::pin(async move {
                if let Some(answer) = crate::exchange::answered(tx, &once).await? {
                    return Ok(answer);
                }
                let now = work.now();
                let answer = f(tx, work).await?;
                crate::exchange::keep(tx, &once, &answer, now).await?;
                Ok(answer)
            })
        })
        .await
    }

    /// Runs a use case that only reads.
    pub async fn look<T, F>(self: &Arc<Self>, actor: Actor, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a mut Tx, Work) -> BoxFuture<'a, Result<T>> + Send + Sync + 'static,
    {
        let f = Arc::new(f);
        let draw = Draw::new(self.clock.now(), self.chance.seed());
        for _ in 0..=AGAIN {
            let work = self.work(actor.clone(), draw.clone()).await?;
            let f = f.clone();
            let done = self
                .db
                .read(move |tx| {
                    let (work, f) = (work.clone(), f.clone());
                    Box::pin(async move {
                        work.shelf.check(tx).await?;
                        f(tx, work).await
                    })
                })
                .await;
            match done {
                Err(Error::Stale) => self.forget(),
                done => return done,
            }
        }
        Err(Error::Stale)
    }

    /// What decisions read, as of now.
    pub async fn shelf(&self) -> Result<Arc<Shelf>> {
        let held = self.shelf.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(shelf) = held {
            return Ok(shelf);
        }
        let loaded = self.db.read(|tx| Box::pin(async move { Shelf::load(tx).await })).await?;
        let loaded = Arc::new(loaded);
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Some(loaded.clone());
        Ok(loaded)
    }

    fn forget(&self) {
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A piece of work for an actor; for callers that bring their own transaction and clock.
    pub async fn work(&self, actor: Actor, draw: Draw) -> Result<Work> {
        Ok(Work {
            actor,
            draw,
            shelf: self.shelf().await?,
            pepper: self.pepper,
            demo: self.demo,
            tells: self.tells.load(Ordering::Relaxed),
            numbers: self.numbers.clone(),
            atlas: self.atlas.clone(),
            private: BTreeMap::new(),
        })
    }

    async fn after_command(&self) {
        if self.db.engine() == Engine::Sqlite {
            self.moved.notify_waiters();
        }
    }

    /// Seals what waits, where no commit of ours does it (PostgreSQL); true when something was
    /// sealed. Only the holder of the lease seals.
    pub async fn seal(self: &Arc<Self>, holder: &str) -> Result<bool> {
        let Some(sealer) = self.sealer.clone() else { return Ok(false) };
        let waits = self.db.read(|tx| Box::pin(store::seal::waiting(tx, 1))).await?;
        if waits.is_empty() {
            return Ok(false);
        }
        let (now, holder) = (self.clock.now().as_microsecond(), holder.to_owned());
        let sealed = self
            .db
            .command(move |tx| {
                let (sealer, holder) = (sealer.clone(), holder.clone());
                Box::pin(async move {
                    let until = now + 5_000_000;
                    if store::seal::take_lease(tx, &holder, now, until).await?.is_none() {
                        return Ok::<_, Error>(0);
                    }
                    sealer.seal(tx).await
                })
            })
            .await?;
        if sealed > 0 {
            self.moved.notify_waiters();
        }
        Ok(sealed > 0)
    }
}
