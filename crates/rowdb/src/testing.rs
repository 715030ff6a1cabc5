//! Throw-away databases of both engines, for tests: a temporary file, and a schema of a PostgreSQL
//! server that lives as long as the test program.

mod cluster;

use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use tempfile::TempDir;

pub use cluster::Cluster;

use crate::{Db, Engine, Error, Options};

/// Set to `1` where a missing PostgreSQL must fail the tests instead of leaving it out.
const REQUIRE: &str = "JINLIN_REQUIRE_POSTGRES";

/// An address where nothing is yet; what comes to be there goes when this is dropped.
pub struct Place {
    /// The address for [`Db::open`].
    pub url: String,
    /// Which engine it is.
    pub engine: Engine,
    _folder: Option<TempDir>,
}

impl Place {
    /// Opens the database at this place.
    pub async fn open(&self, options: Options) -> Result<Db, Error> {
        Db::open(&self.url, options).await
    }
}

/// A place for a SQLite file.
pub fn sqlite() -> Place {
    let folder = wanted(TempDir::new());
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    Place { url, engine: Engine::Sqlite, _folder: Some(folder) }
}

/// A place for a schema, on the PostgreSQL server that all tests of this program share; none when
/// PostgreSQL is not installed.
pub fn postgres() -> Option<Place> {
    let url = postgres_url()?;
    Some(Place { url, engine: Engine::Postgres, _folder: None })
}

/// The address of a schema of its own on the shared PostgreSQL server, if there is one.
pub fn postgres_url() -> Option<String> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    static SCHEMAS: AtomicU64 = AtomicU64::new(1);
    let cluster = SHARED.get_or_init(|| match Cluster::start() {
        Ok(cluster) => Some(cluster),
        Err(error) if is_required() => wanted(Err(error)),
        Err(error) => {
            println!("PostgreSQL is left out of these tests: {error}");
            None
        }
    });
    let number = SCHEMAS.fetch_add(1, Ordering::Relaxed);
    cluster.as_ref().map(|cluster| format!("{}?schema=test_{number}", cluster.url()))
}

/// A place on each engine that there is.
pub fn places() -> Vec<Place> {
    [Some(sqlite()), postgres()].into_iter().flatten().collect()
}

/// Runs one promise on a fresh database of each engine.
pub async fn for_each_engine<F, Fut>(options: Options, promise: F)
where
    F: Fn(Db) -> Fut,
    Fut: Future<Output = ()>,
{
    for place in places() {
        println!("on {:?}", place.engine);
        let db = wanted(place.open(options.clone()).await);
        // Its schema, so that a promise can begin with its own tables.
        wanted(db.migrate(&[]).await);
        promise(db.clone()).await;
        db.close().await;
    }
}

fn is_required() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a test program has no command line of ours")]
    let required = std::env::var(REQUIRE);
    required.is_ok_and(|value| value == "1")
}

#[expect(clippy::panic, reason = "a test without its database has failed")]
fn wanted<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("no database to test with: {error}"))
}
