//! One PostgreSQL connection during one transaction.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use deadpool_postgres::{Object, Pool, tokio_postgres};
use futures::future::{join, try_join_all};
use tokio_postgres::{Column, Statement, types::ToSql};

use super::{
    fault::{self, Cure},
    value::is_known,
};
use crate::{Error, Row, Value};

/// The most rows that are on their way to the server at once.
const UNDER_WAY: usize = 256;

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Command,
    Read,
}

impl Mode {
    fn begin(self) -> &'static str {
        match self {
            Self::Command => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            Self::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }
}

/// A connection in a transaction; one that is dropped in the midst of it is thrown away.
pub(crate) struct Session {
    /// Absent only while it is being given back.
    client: Option<Object>,
    mode: Mode,
    /// Whether `BEGIN` was sent: together with the first statement, so that it costs no journey.
    begun: bool,
    /// Whether a statement is on its way, so that waiting is for this transaction.
    under_way: Arc<AtomicBool>,
    cure: Cure,
    /// Whether the transaction has been ended cleanly, or never begun.
    clean: bool,
}

impl Session {
    pub(super) async fn begin(pool: &Pool, mode: Mode) -> Result<Self, (Error, Cure)> {
        let client = pool.get().await.map_err(|error| {
            let error = fault::of_pool(&error);
            let cure = match error {
                Error::Unavailable { .. } => Cure::Reconnect,
                _ => Cure::None,
            };
            (error, cure)
        })?;
        Ok(Self {
            client: Some(client),
            mode,
            begun: false,
            under_way: Arc::default(),
            cure: Cure::None,
            clean: true,
        })
    }

    pub(crate) async fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        let found = self
            .statement(sql, async |client| {
                let statement = client.prepare_cached(sql).await?;
                client.query(&statement, &borrowed(params)).await
            })
            .await?;
        let Some(first) = found.first() else { return Ok(Vec::new()) };
        let columns: Arc<[String]> =
            first.columns().iter().map(|column| column.name().to_owned()).collect();
        found
            .iter()
            .map(|row| Ok(Row::new(columns.clone(), read(row)?)))
            .collect::<Result<_, Error>>()
    }

    pub(crate) async fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, Error> {
        self.statement(sql, async |client| {
            let statement = client.prepare_cached(sql).await?;
            client.execute(&statement, &borrowed(params)).await
        })
        .await
    }

    pub(crate) async fn execute_all(
        &mut self,
        sql: &str,
        rows: &[Vec<Value>],
    ) -> Result<u64, Error> {
        let mut count = 0;
        for rows in rows.chunks(UNDER_WAY) {
            count += self
                .statement(sql, async |client| {
                    let statement = client.prepare_cached(sql).await?;
                    let run = |params: &Vec<Value>| {
                        let statement = statement.clone();
                        let params = params.clone();
                        async move { client.execute(&statement, &borrowed(&params)).await }
                    };
                    Ok(try_join_all(rows.iter().map(run)).await?.into_iter().sum::<u64>())
                })
                .await?;
        }
        Ok(count)
    }

    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.statement(sql, async |client| client.batch_execute(sql).await).await
    }

    pub(crate) async fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        let prepared = self.statement(sql, async |client| client.prepare(sql).await).await?;
        refuse_unknown(&prepared).map_err(|message| Error::sql(sql, message))
    }

    /// Runs one statement, together with `BEGIN` if it is the first.
    async fn statement<T>(
        &mut self,
        sql: &str,
        work: impl AsyncFnOnce(&Object) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Error> {
        let client = self.client.as_ref().ok_or(Error::Unavailable { in_doubt: false })?;
        self.under_way.store(true, Ordering::Relaxed);
        self.clean = false;
        let result = if std::mem::replace(&mut self.begun, true) {
            work(client).await
        } else {
            let begin = client.batch_execute(self.mode.begin());
            let (begun, result) = join(begin, work(client)).await;
            begun.and(result)
        };
        self.under_way.store(false, Ordering::Relaxed);
        result.map_err(|error| {
            let fault = fault::of(sql, &error);
            self.cure = match (self.mode, &fault) {
                // The read itself is at fault, and not a server that has become a standby.
                (Mode::Read, Error::ReadOnly) => Cure::None,
                _ => fault::cure(&error),
            };
            fault
        })
    }

    /// Keeps what was done; of a read there is nothing to keep, so that its end cannot fail.
    pub(super) async fn commit(&mut self) -> Result<(), tokio_postgres::Error> {
        match self.end("COMMIT").await {
            Err(_) if self.mode == Mode::Read => Ok(()),
            result => result,
        }
    }

    /// Undoes what was done; if even that fails, the connection is thrown away and the server
    /// undoes it.
    pub(super) async fn roll_back(&mut self) {
        if let Err(error) = self.end("ROLLBACK").await {
            tracing::debug!(error = fault::words(&error), "a rollback failed");
        }
    }

    async fn end(&mut self, word: &str) -> Result<(), tokio_postgres::Error> {
        if let (Some(client), false) = (&self.client, self.clean) {
            client.batch_execute(word).await?;
            self.clean = true;
        }
        Ok(())
    }

    /// What the last failure calls for.
    pub(super) fn cure(&self) -> Cure {
        self.cure
    }

    /// Whether a statement is on its way, seen while the transaction is lent out.
    pub(super) fn under_way(&self) -> Arc<AtomicBool> {
        self.under_way.clone()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let (Some(client), false) = (self.client.take(), self.clean) {
            drop(Object::take(client));
        }
    }
}

fn borrowed(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn read(row: &tokio_postgres::Row) -> Result<Vec<Value>, Error> {
    let value = |(index, column): (usize, &Column)| {
        row.try_get(index).map_err(|_| {
            let (name, kind) = (column.name(), column.type_());
            Error::Inconsistent(format!("column {index} ({name}) is {kind}: cast it"))
        })
    };
    row.columns().iter().enumerate().map(value).collect()
}

fn refuse_unknown(prepared: &Statement) -> Result<(), String> {
    if let Some(kind) = prepared.params().iter().find(|kind| !is_known(kind)) {
        return Err(format!("a parameter is {kind}: cast it"));
    }
    match prepared.columns().iter().find(|column| !is_known(column.type_())) {
        Some(column) => Err(format!("column {} is {}: cast it", column.name(), column.type_())),
        None => Ok(()),
    }
}
