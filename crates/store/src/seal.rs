//! Positions in the log. Which entries wait, which records are kept, where an entry lies; hashing
//! and signing are the caller's, since only the binary holds the key.

use crate::columns::rows;
use crate::statements::sql;
use crate::tallies::{self, Deltas};
use crate::{Error, Result};
use model::EntryId;
use rowdb::{Tx, Value, params};
use std::collections::BTreeMap;

sql! {
    WAITING = "SELECT u.n, u.entry, j.body, u.counts FROM unsealed u
        JOIN journal j ON j.id = u.entry ORDER BY u.n LIMIT $1";
    SIZE = "SELECT COALESCE(MAX(position) + 1, 0) FROM seal";
    RECORD = "SELECT record FROM seal WHERE position = $1";
    INSERT = "INSERT INTO seal (position, entry, record) VALUES ($1, $2, $3)";
    DONE = "DELETE FROM unsealed WHERE n = $1";
    POSITION = "SELECT position FROM seal WHERE entry = $1";
    PAGE = "SELECT s.position, s.entry, j.body FROM seal s JOIN journal j ON j.id = s.entry
        WHERE s.position >= $1 ORDER BY s.position LIMIT $2";
    KEEP_CHECKPOINT = "INSERT INTO checkpoint (one, size, note) VALUES (1, $1, $2)
        ON CONFLICT (one) DO UPDATE SET size = excluded.size, note = excluded.note";
    CHECKPOINT = "SELECT size, note FROM checkpoint WHERE one = 1";
    TAKE_LEASE = "INSERT INTO lease (name, holder, until, fence) VALUES ('seal', $1, $2, 1)
        ON CONFLICT (name) DO UPDATE SET
            fence = CASE WHEN lease.holder = excluded.holder
                THEN lease.fence ELSE lease.fence + 1 END,
            holder = excluded.holder, until = excluded.until
        WHERE lease.holder = excluded.holder OR lease.until < $3
        RETURNING fence";
}

/// An entry that waits to be sealed.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its place in the queue.
    pub n: i64,
    /// The entry.
    pub entry: EntryId,
    /// Its sealed text.
    pub body: String,
    /// What it adds to the counters.
    pub counts: Option<Deltas>,
}

/// At most `limit` entries that wait, in the order in which they were recorded.
pub async fn waiting(tx: &mut Tx, limit: i64) -> Result<Vec<Waiting>> {
    rows(&tx.query(WAITING, &params![limit]).await?, |row| {
        let counts: Option<String> = row.get(3)?;
        Ok(Waiting {
            n: row.get(0)?,
            entry: EntryId(row.get(1)?),
            body: row.get(2)?,
            counts: counts.as_deref().map(tallies::from_text).transpose()?,
        })
    })
}

/// How many entries are sealed.
pub async fn size(tx: &mut Tx) -> Result<u64> {
    Ok(tx.query_one(SIZE, &[]).await?.get(0)?)
}

/// The kept records at these positions.
pub async fn records(tx: &mut Tx, positions: &[u64]) -> Result<BTreeMap<u64, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for position in positions {
        if let Some(row) = tx.query_opt(RECORD, &params![column(*position)?]).await? {
            found.insert(*position, row.get(0)?);
        }
    }
    Ok(found)
}

/// Seals entries, each at its position with its record.
pub async fn insert(
    tx: &mut Tx,
    sealed: impl IntoIterator<Item = (u64, EntryId, Vec<u8>)>,
) -> Result<()> {
    let row = |(position, entry, record): (u64, EntryId, Vec<u8>)| {
        Ok(params![column(position)?, entry.0, record].into())
    };
    let rows: Vec<Vec<Value>> = sealed.into_iter().map(row).collect::<Result<_>>()?;
    tx.execute_all(INSERT, &rows).await?;
    Ok(())
}

/// Takes sealed entries from the queue.
pub async fn done(tx: &mut Tx, queued: &[i64]) -> Result<()> {
    let rows: Vec<Vec<Value>> = queued.iter().map(|n| params![*n].into()).collect();
    tx.execute_all(DONE, &rows).await?;
    Ok(())
}

/// Where an entry lies in the log; none while it waits.
pub async fn position(tx: &mut Tx, entry: EntryId) -> Result<Option<u64>> {
    let row = tx.query_opt(POSITION, &params![entry.0]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// Entries sealed at `from` and after, at most `limit`, with their positions and texts.
pub async fn page(tx: &mut Tx, from: u64, limit: i64) -> Result<Vec<(u64, EntryId, String)>> {
    let found = tx.query(PAGE, &params![column(from)?, limit]).await?;
    rows(&found, |row| Ok((row.get(0)?, EntryId(row.get(1)?), row.get(2)?)))
}

/// Keeps the newest signed checkpoint.
pub async fn keep_checkpoint(tx: &mut Tx, size: u64, note: &str) -> Result<()> {
    tx.execute(KEEP_CHECKPOINT, &params![column(size)?, note]).await?;
    Ok(())
}

/// The newest signed checkpoint: size and note.
pub async fn checkpoint(tx: &mut Tx) -> Result<Option<(u64, String)>> {
    let row = tx.query_opt(CHECKPOINT, &[]).await?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Takes or renews the right to seal until `until` (microseconds, as `now`); `None` when another
/// holder has it. The number returned is a fence: it grows with every change of holder.
pub async fn take_lease(tx: &mut Tx, holder: &str, now: i64, until: i64) -> Result<Option<i64>> {
    let row = tx.query_opt(TAKE_LEASE, &params![holder, until, now]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// A position as a column keeps it.
fn column(position: u64) -> Result<i64> {
    i64::try_from(position).map_err(|error| Error::inconsistent("seal", error))
}
