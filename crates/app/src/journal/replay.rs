//! Replaying a journal into an empty database, entry by entry in the order of the log, and walking
//! through a table in chunks: what verifying needs, in memory that does not grow with the county.

use super::keys::Keys;
use super::verify::{ENTRIES, Problem, VerifyReport};
use crate::{Error, Result};
use model::Entry;
use model::journal::{Event, Private};
use rowdb::{Db, Value};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use store::backup::Sealed;
use store::snapshot::Table;
use tlog::{Frontier, Hash, Head};

/// A journal as far as it was replayed.
pub(super) struct Replay {
    from: Db,
    to: Db,
    log: Frontier,
    keys: Keys,
}

impl Replay {
    /// Nothing replayed yet, from one database to an empty one.
    pub fn new(from: Db, to: Db) -> Self {
        Self { from, to, log: Frontier::default(), keys: Keys::default() }
    }

    /// How many entries are replayed.
    pub fn size(&self) -> u64 {
        self.log.size()
    }

    /// The log they make.
    pub fn head(&self) -> Head {
        self.log.head()
    }

    /// The keys they name.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Replays the next entries; false when that is impossible, which the report then explains.
    pub async fn step(&mut self, report: &mut VerifyReport) -> Result<bool> {
        let from = self.size();
        let page = self.from.read(move |tx| Box::pin(store::backup::page(tx, from, ENTRIES))).await;
        let page = match page {
            Ok(page) => page,
            Err(error) => return unreadable(report, from, error.into()),
        };
        let mut checked = Vec::with_capacity(page.len());
        for sealed in page {
            match self.check(sealed, report) {
                Some(sealed) => checked.push(sealed),
                None => return Ok(false),
            }
        }
        if checked.is_empty() {
            report.add("seal", &from.to_string(), "", Problem::Missing);
            return Ok(false);
        }
        let checked: Arc<[Sealed]> = checked.into();
        let done = self
            .to
            .command(move |tx| {
                let checked = checked.clone();
                Box::pin(async move { store::backup::restore(tx, &checked).await })
            })
            .await;
        match done {
            Ok(()) => Ok(true),
            Err(error) => unreadable(report, from, error.into()),
        }
    }

    /// Checks an entry and puts in place what the log and its hashes demand.
    fn check(&mut self, mut sealed: Sealed, report: &mut VerifyReport) -> Option<Sealed> {
        let key = sealed.entry.to_string();
        if sealed.position != self.size() {
            report.add("seal", &self.size().to_string(), "", Problem::Missing);
            return None;
        }
        let leaf = Hash::leaf(sealed.body.as_bytes());
        if !sealed.record.starts_with(&leaf.0) {
            report.add("journal", &key, "body", Problem::Changed);
        }
        let entry = match serde_json::from_str::<Entry>(&sealed.body) {
            Ok(entry) if entry.id == sealed.entry => entry,
            Ok(_) => {
                report.add("seal", &sealed.position.to_string(), "entry", Problem::Changed);
                return None;
            }
            Err(error) => {
                report.add("journal", &key, "body", Problem::Wrong(error.to_string()));
                return None;
            }
        };
        self.follow(&entry, report);
        // The table of the log is then compared with what the texts make of it.
        sealed.record = self.log.append(leaf);
        sealed.private = private(&entry, sealed.private, report);
        Some(sealed)
    }

    fn follow(&mut self, entry: &Entry, report: &mut VerifyReport) {
        let key = entry.id.to_string();
        if let Err(words) = self.keys.follow(entry) {
            report.add("journal", &key, "body", Problem::Wrong(words));
        }
        if let Event::EpochBegun { size, root } = &entry.event
            && (*size != self.size() || *root != hex::encode(self.log.root().0))
        {
            let words = "an epoch that does not begin where it says".to_owned();
            report.add("journal", &key, "body", Problem::Wrong(words));
        }
    }
}

/// The private values an entry is rebuilt with: those kept, and in place of each that is gone an
/// empty one, which only an `Erased` entry takes away again.
fn private(
    entry: &Entry,
    kept: Vec<(String, Private)>,
    report: &mut VerifyReport,
) -> Vec<(String, Private)> {
    let mut kept: BTreeMap<String, Private> = kept.into_iter().collect();
    let value = |(field, hash): (&String, &String)| {
        let value = kept.remove(field);
        if value.as_ref().is_some_and(|value| value.hash() != *hash) {
            let key = format!("{}/{field}", entry.id);
            // Salt and value hash together: which of them was changed cannot be told.
            report.add("private", &key, "", Problem::Changed);
        }
        let gone = || Private { salt: [0; 16], value: String::new() };
        (field.clone(), value.unwrap_or_else(gone))
    };
    entry.private.iter().map(value).collect()
}

/// What the program cannot read or carry out is a finding; what the engine failed at is an error.
fn unreadable(report: &mut VerifyReport, from: u64, error: Error) -> Result<bool> {
    use rowdb::Error as Db;
    use store::Error::{Db as Engine, Inconsistent, Missing};
    match error {
        Error::Store(
            error @ (Inconsistent { .. }
            | Missing { .. }
            | Engine(Db::Inconsistent(_) | Db::Unique { .. } | Db::ForeignKey)),
        ) => {
            let key = format!("positions from {from}");
            report.add("journal", &key, "body", Problem::Wrong(error.to_string()));
            Ok(false)
        }
        other => Err(other),
    }
}

/// Rows of a table, read in chunks.
pub(super) struct Side {
    db: Db,
    table: Arc<Table>,
    rows: VecDeque<Vec<Value>>,
    after: Option<Vec<Value>>,
    done: bool,
}

impl Side {
    /// Before the first row.
    pub fn new(db: Db, table: Arc<Table>) -> Self {
        Self { db, table, rows: VecDeque::new(), after: None, done: false }
    }

    /// Reads on when no row is left.
    pub async fn fill(&mut self) -> Result<()> {
        const ROWS: i64 = 500;
        if !self.rows.is_empty() || self.done {
            return Ok(());
        }
        let (table, after) = (self.table.clone(), self.after.clone());
        let rows = self
            .db
            .read(move |tx| {
                let (table, after) = (table.clone(), after.clone());
                Box::pin(
                    async move { store::snapshot::rows(tx, &table, after.as_deref(), ROWS).await },
                )
            })
            .await?;
        self.done = rows.is_empty();
        self.after = rows.last().map(|row| self.table.key_of(row));
        self.rows = rows.into();
        Ok(())
    }

    /// The key of the next row.
    pub fn key(&self) -> Option<Vec<Value>> {
        self.rows.front().map(|row| self.table.key_of(row))
    }

    /// The next row.
    pub fn take(&mut self) -> Option<Vec<Value>> {
        self.rows.pop_front()
    }
}
