//! Databases for stories to play on: empty ones, and copies of a demo county that is made once for
//! each engine.

use ::stories::demo::{self, Order, Scale};
use ::stories::runner::story::Story;
use ::stories::runner::{Accounts, Database, Holds, demo_setup, read};
use app::County;
use rowdb::testing::{Cluster, Place, postgres, sqlite};
use rowdb::{Engine, Options, Synchronous};
use tempfile::TempDir;
use tokio::sync::OnceCell;

const PASSWORD: &str = "a password of the demo";

/// A database with whatever must live as long as it is used.
pub struct Ground {
    pub engine: Engine,
    pub database: Database,
    _place: Option<Place>,
    _folder: Option<TempDir>,
    copy: Option<Copy>,
}

/// A database of a server, by its name.
struct Copy {
    server: &'static Server,
    name: String,
}

impl Ground {
    /// Gives back its room on the disk: the copies of all stories together would take gigabytes.
    pub async fn clear(self) {
        if let Some(Copy { server, name }) = self.copy {
            sql(&server.cluster, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

/// Whether a story plays in a demo county.
pub fn in_a_demo(story: &Story) -> bool {
    story.head.world == read::DEMO
}

/// A ground for a story on an engine; none when the engine is not installed.
pub async fn ground(engine: Engine, story: &Story) -> Option<Ground> {
    if in_a_demo(story) {
        return match engine {
            Engine::Sqlite => Some(copied_file(story).await),
            Engine::Postgres => copied_database(story).await,
        };
    }
    let place = match engine {
        Engine::Sqlite => sqlite(),
        Engine::Postgres => postgres()?,
    };
    let database = Database { url: place.url.clone(), holds: Holds::Nothing };
    Some(Ground { engine, database, _place: Some(place), _folder: None, copy: None })
}

/// Makes an engine's demo before a story asks for it.
pub async fn make_ahead(engine: Engine, story: &Story) {
    match engine {
        Engine::Sqlite => drop(demo_file(story).await),
        Engine::Postgres => drop(demo_server(story).await),
    }
}

/// Makes the demo that a story plays in; all stories of a pack begin at one time.
async fn make(url: &str, story: &Story) -> Accounts {
    let setup = demo_setup(story.head.start).unwrap();
    let options = Options { synchronous: Synchronous::Off, ..Options::default() };
    let county = County::open(url, options, setup).await.unwrap();
    let (place, scale) = (story.head.pack.as_str(), Scale::TRUE);
    let order = Order { place, password: PASSWORD, scale, progress: &|_| {} };
    let made = demo::load(&county, &order).await.unwrap();
    county.db().clone().close().await;
    let names = made.accounts.into_iter().map(|it| it.name).collect();
    Accounts { names, holders: made.holders, password: PASSWORD.to_owned() }
}

struct File {
    folder: TempDir,
    accounts: Accounts,
}

async fn demo_file(story: &Story) -> &'static File {
    static MADE: OnceCell<File> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        let folder = tempfile::tempdir().unwrap();
        let accounts = make(&url_in(&folder), story).await;
        File { folder, accounts }
    });
    made.await
}

async fn copied_file(story: &Story) -> Ground {
    let made = demo_file(story).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(made.folder.path().join("demo.db"), folder.path().join("demo.db")).unwrap();
    let database = Database { url: url_in(&folder), holds: Holds::Demo(made.accounts.clone()) };
    Ground { engine: Engine::Sqlite, database, _place: None, _folder: Some(folder), copy: None }
}

fn url_in(folder: &TempDir) -> String {
    format!("sqlite:{}", folder.path().join("demo.db").display())
}

/// A server of its own: a database is copied as a whole, which a schema cannot be.
struct Server {
    cluster: Cluster,
    accounts: Accounts,
}

async fn demo_server(story: &Story) -> Option<&'static Server> {
    static MADE: OnceCell<Option<Server>> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        // Whether a missing PostgreSQL may be passed over is decided where all tests decide it.
        postgres()?;
        let cluster = Cluster::start().unwrap();
        sql(&cluster, "CREATE DATABASE demo").await;
        let accounts = make(&url_of(&cluster, "demo"), story).await;
        Some(Server { cluster, accounts })
    });
    made.await.as_ref()
}

async fn copied_database(story: &Story) -> Option<Ground> {
    let server = demo_server(story).await?;
    let name = format!("copy_{}", story.file.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
    // A database can be copied by one at a time.
    static COPYING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let copying = COPYING.lock().await;
    let copy = format!("CREATE DATABASE {name} TEMPLATE demo STRATEGY file_copy");
    sql(&server.cluster, &copy).await;
    drop(copying);
    let url = url_of(&server.cluster, &name);
    let database = Database { url, holds: Holds::Demo(server.accounts.clone()) };
    let copy = Some(Copy { server, name });
    Some(Ground { engine: Engine::Postgres, database, _place: None, _folder: None, copy })
}

fn url_of(cluster: &Cluster, database: &str) -> String {
    let url = cluster.url();
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{database}?schema=demo")
}

/// What no transaction may hold.
async fn sql(cluster: &Cluster, text: &str) {
    let (client, connection) =
        tokio_postgres::connect(&cluster.url(), tokio_postgres::NoTls).await.unwrap();
    let mut working = tokio::task::JoinSet::new();
    working.spawn(connection);
    client.batch_execute(text).await.unwrap();
}
