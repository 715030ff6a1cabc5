//! Backing up and restoring: the journal in the order of its log with its private values, and the
//! few tables that are kept beside it. Everything else is projected again, as `verify` does too.

use crate::columns::rows;
use crate::project::project;
use crate::snapshot::Table;
use crate::statements::sql;
use crate::tallies::Sums;
use crate::{Error, Result, journal, seal};
use model::EntryId;
use model::journal::Private;
use rowdb::{Row, Tx, Value, params};
use std::collections::HashMap;
use uuid::Uuid;

sql! {
    SEALED = "SELECT s.position, s.entry, j.body, s.record FROM seal s
        JOIN journal j ON j.id = s.entry WHERE s.position >= $1 AND s.position < $2
        ORDER BY s.position";
    PRIVATE = "SELECT p.entry, p.field, p.salt, p.value FROM seal s
        JOIN private p ON p.entry = s.entry WHERE s.position >= $1 AND s.position < $2
        ORDER BY s.position, p.field";
}

/// A sealed entry with all that lies beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Where it lies in the log.
    pub position: u64,
    /// The entry.
    pub entry: EntryId,
    /// Its sealed text.
    pub body: String,
    /// The record kept of the Merkle tree at its position.
    pub record: Vec<u8>,
    /// Private values by field, those that are not erased.
    pub private: Vec<(String, Private)>,
}

/// The entries at `from` and the `count - 1` positions after it, in two statements.
pub async fn page(tx: &mut Tx, from: u64, count: u32) -> Result<Vec<Sealed>> {
    let from = i64::try_from(from).unwrap_or(i64::MAX);
    let span = params![from, from.saturating_add(count.into())];
    let mut private: HashMap<Uuid, Vec<(String, Private)>> = HashMap::new();
    for row in tx.query(PRIVATE, &span).await? {
        let value = Private { salt: row.get(2)?, value: row.get(3)? };
        private.entry(row.get(0)?).or_default().push((row.get(1)?, value));
    }
    rows(&tx.query(SEALED, &span).await?, |row| sealed(row, &private))
}

fn sealed(row: &Row, private: &HashMap<Uuid, Vec<(String, Private)>>) -> Result<Sealed> {
    let entry: Uuid = row.get(1)?;
    Ok(Sealed {
        position: row.get(0)?,
        entry: EntryId(entry),
        body: row.get(2)?,
        record: row.get(3)?,
        private: private.get(&entry).cloned().unwrap_or_default(),
    })
}

/// Writes entries back at their positions and projects them, in the order of the log. Whether texts,
/// records and private values are the sealed ones is for the caller to check.
pub async fn restore(tx: &mut Tx, entries: &[Sealed]) -> Result<()> {
    let mut sums = Sums::default();
    for sealed in entries {
        let entry = journal::parse(&sealed.body)?;
        if entry.id != sealed.entry {
            return Err(Error::inconsistent("journal", "an entry under another's id"));
        }
        journal::insert_text(tx, &entry, &sealed.body).await?;
        let private = sealed.private.iter().map(|(field, private)| (field, private));
        journal::keep(tx, entry.id, private).await?;
        if let Some(change) = project(tx, &entry, None).await? {
            sums.add(&change);
        }
    }
    let seals = entries.iter().map(|it| (it.position, it.entry, it.record.clone()));
    seal::insert(tx, seals).await?;
    sums.apply(tx).await
}

/// Writes rows of a table kept beside the journal back, as `snapshot::rows` gave them.
pub async fn put(tx: &mut Tx, table: &Table, rows: &[Vec<Value>]) -> Result<()> {
    let statement = table.insert();
    tx.execute_all(&statement, rows).await?;
    Ok(())
}
