//! PostgreSQL: a pool of connections, and each command in a task of its own.

mod attempt;
mod fault;
mod session;
mod value;

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime,
    tokio_postgres::{Config, NoTls},
};
use tokio::sync::Semaphore;

use crate::{BoxFuture, Error, Options, Synchronous, Tx};

pub(crate) use session::Session;

use session::Mode;

/// How long a connection may take to be made, and a command to get one.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the server may leave what was sent unacknowledged.
const UNACKNOWLEDGED: Duration = Duration::from_secs(15);

/// The pool of an open schema.
pub(crate) struct Store {
    pool: Pool,
    schema: Option<String>,
    /// A place for each command and read, working or waiting.
    places: Arc<Semaphore>,
    place_count: u32,
    closing: AtomicBool,
}

impl Store {
    pub(crate) async fn open(
        url: &str,
        schema: Option<String>,
        options: &Options,
    ) -> Result<Self, Error> {
        let mut config =
            Config::from_str(url).map_err(|error| Error::Open(fault::words(&error)))?;
        config.connect_timeout(CONNECT).tcp_user_timeout(UNACKNOWLEDGED);
        let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(config, NoTls, manager_config);
        let pool = Pool::builder(manager)
            .max_size(options.connections.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(CONNECT))
            .create_timeout(Some(CONNECT))
            .post_create(settings(schema.as_deref(), options.synchronous))
            .build()
            .map_err(|error| Error::Open(error.to_string()))?;
        let place_count = u32::try_from(options.queue + options.connections).unwrap_or(u32::MAX);
        let places = Arc::new(Semaphore::new(place_count as usize));
        let closing = AtomicBool::new(false);
        let store = Self { pool, schema, places, place_count, closing };
        store.check_order().await?;
        Ok(store)
    }

    /// Text must sort by its bytes, as it does on SQLite, or lists differ between the engines.
    async fn check_order(&self) -> Result<(), Error> {
        const COLLATION: &str = "SELECT datcollate::text || ' ' || pg_encoding_to_char(encoding) \
             FROM pg_database WHERE datname = current_database()";
        let client = self.pool.get().await.map_err(|error| Error::Open(error.to_string()))?;
        let row = client.query_one(COLLATION, &[]).await;
        let found: String = row
            .and_then(|row| row.try_get(0))
            .map_err(|error| Error::Open(fault::words(&error)))?;
        match found.split_once(' ') {
            Some(("C" | "POSIX" | "C.UTF-8" | "C.utf8", "UTF8")) => Ok(()),
            _ => Err(Error::Open(format!(
                "the database is {found}: create it with TEMPLATE template0 ENCODING 'UTF8' \
                 LOCALE 'C.UTF-8'"
            ))),
        }
    }

    /// Creates the schema if there is none.
    pub(crate) async fn create_schema(&self) -> Result<(), Error> {
        let Some(schema) = &self.schema else { return Ok(()) };
        let text = format!("CREATE SCHEMA IF NOT EXISTS {schema}");
        let client = self.pool.get().await.map_err(|error| fault::of_pool(&error))?;
        client.batch_execute(&text).await.map_err(|error| fault::of(&text, &error))
    }

    pub(crate) async fn command<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.spawn(Mode::Command, f).await
    }

    pub(crate) async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.spawn(Mode::Read, f).await
    }

    /// Works in a task of its own, so that it ends even if nobody waits for it any more.
    async fn spawn<T, E, F>(&self, mode: Mode, f: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if self.closing.load(Ordering::Relaxed) {
            return Err(Error::Unavailable { in_doubt: false }.into());
        }
        let place = self.places.clone().try_acquire_owned().map_err(|_full| Error::busy())?;
        let pool = self.pool.clone();
        let work = async move {
            let answer = attempt::until_done(&pool, mode, &f).await;
            drop(place);
            answer
        };
        #[expect(clippy::disallowed_methods, reason = "a command outlives its request")]
        let task = tokio::spawn(work);
        task.await.unwrap_or_else(|_| Err(Error::Unavailable { in_doubt: true }.into()))
    }

    /// Waits for all commands and reads to end, and lets no more in.
    pub(crate) async fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        let _all = self.places.acquire_many(self.place_count).await;
        self.pool.close();
    }
}

/// What each new connection is set to.
fn settings(schema: Option<&str>, synchronous: Synchronous) -> Hook {
    let mut text = schema.map_or_else(String::new, |name| format!("SET search_path TO {name};"));
    if synchronous == Synchronous::Off {
        text.push_str("SET synchronous_commit TO off;");
    }
    Hook::async_fn(move |client, _| {
        let text = text.clone();
        Box::pin(async move { client.batch_execute(&text).await.map_err(HookError::Backend) })
    })
}
