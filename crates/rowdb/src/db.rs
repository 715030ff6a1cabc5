//! A database of either engine: opening, commands, reads, migrations, closing.

use std::sync::Arc;

use crate::{
    BoxFuture, Engine, Error, Migration, Options, Tx, address::Address, migrate, postgres, sqlite,
};

/// An open database; clones share it.
#[derive(Clone)]
pub struct Db {
    store: Arc<Store>,
    read_only: bool,
}

enum Store {
    Sqlite(sqlite::Store),
    Postgres(postgres::Store),
}

impl Db {
    /// Opens `sqlite:PATH`, a bare path, or `postgres://…?schema=NAME` within a tokio runtime.
    ///
    /// A missing file is created unless it is opened read-only; a missing schema is created by
    /// [`Db::migrate`].
    pub async fn open(url: &str, options: Options) -> Result<Self, Error> {
        let read_only = options.read_only;
        let store = match Address::parse(url)? {
            Address::Sqlite(path) => Store::Sqlite(sqlite::Store::open(&path, options).await?),
            Address::Postgres { url, schema } => {
                Store::Postgres(postgres::Store::open(&url, schema, &options).await?)
            }
        };
        Ok(Self { store: Arc::new(store), read_only })
    }

    /// Runs a command: all that it writes is kept on the disk before it is answered, or nothing.
    ///
    /// The closure may run more than once and awaits nothing but its [`Tx`]. The command goes on
    /// when the returned future is dropped. An `Err` undoes what the closure wrote.
    pub async fn command<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if self.read_only {
            return Err(Error::ReadOnly.into());
        }
        match &*self.store {
            Store::Sqlite(store) => store.command(f).await,
            Store::Postgres(store) => store.command(f).await,
        }
    }

    /// Runs a read: all its statements see one moment, and none may write.
    ///
    /// The closure may run more than once and awaits nothing but its [`Tx`].
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        match &*self.store {
            Store::Sqlite(store) => store.read(f).await,
            Store::Postgres(store) => store.read(f).await,
        }
    }

    /// Applies the migrations that are not applied yet, each in a transaction of its own and
    /// without [`Options::before_commit`], and answers how many; the given list is the whole
    /// history, oldest first.
    ///
    /// A database that was opened read-only is only checked: all must have been applied.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<usize, Error> {
        if self.read_only {
            return migrate::check(self, migrations).await.map(|()| 0);
        }
        if let Store::Postgres(store) = &*self.store {
            store.create_schema().await?;
        }
        migrate::run(self, migrations).await
    }

    /// A command that shares its transaction with no other and does not call the hook.
    pub(crate) async fn command_alone<T, F>(&self, f: F) -> Result<T, Error>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, Error>> + Send + Sync + 'static,
        T: Send + 'static,
    {
        match &*self.store {
            Store::Sqlite(store) => store.command_alone(f).await,
            Store::Postgres(store) => store.command(f).await,
        }
    }

    /// Finishes what is under way, lets no more in and closes the connections, for all clones; a
    /// SQLite file can be opened again afterwards.
    pub async fn close(self) {
        match &*self.store {
            Store::Sqlite(store) => store.close().await,
            Store::Postgres(store) => store.close().await,
        }
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match &*self.store {
            Store::Sqlite(_) => Engine::Sqlite,
            Store::Postgres(_) => Engine::Postgres,
        }
    }
}
