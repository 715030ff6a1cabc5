//! What is exchanged with clients: answers kept for repeated requests, and uploaded files as they
//! are known (their bytes lie in the folder of files).

mod named;

pub(crate) use named::{STATEMENTS as NAMED, name_files};

use crate::Result;
use crate::columns::rows;
use crate::statements::sql;
use jiff::Timestamp;
use model::journal::{Entry, Event};
use model::{EntryId, FileId};
use rowdb::{Row, Tx, params};
use std::collections::BTreeSet;

sql! {
    KEPT = "SELECT body, status, answer FROM idempotency WHERE scope = $1 AND key = $2";
    KEEP = "INSERT INTO idempotency (scope, key, body, status, answer, at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    SWEEP = "DELETE FROM idempotency WHERE at < $1";
    ADD_FILE = "INSERT INTO file (id, sha256, bytes, media, hidden, sealed, entry, named)
        VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE)";
    UNNAMED = "SELECT f.id FROM file f JOIN journal j ON j.id = f.entry
        WHERE NOT f.named AND j.at < $1 ORDER BY f.id LIMIT $2";
    HASHES = "SELECT sha256 FROM file WHERE sha256 >= $1 AND sha256 < $2
        UNION SELECT sealed FROM file WHERE sealed >= $3 AND sealed < $4";
    DROP_FILE = "DELETE FROM file WHERE id = $1";
    FILE = "SELECT id, sha256, bytes, media, hidden, sealed, entry FROM file WHERE id = $1";
    FIRST_FILES = "SELECT id, sha256, bytes, media, hidden, sealed, entry FROM file
        ORDER BY id LIMIT $1";
    FILES_AFTER = "SELECT id, sha256, bytes, media, hidden, sealed, entry FROM file WHERE id > $2
        ORDER BY id LIMIT $1";
    OF_BYTES = "SELECT id FROM file WHERE sha256 = $1 UNION ALL SELECT id FROM file WHERE sealed = $2
        ORDER BY id";
}

/// The answer a request got, kept to be given again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of the request's body: the same key with another body is refused.
    pub body: Vec<u8>,
    /// HTTP status of the answer.
    pub status: u16,
    /// The answer's JSON.
    pub answer: String,
}

/// A stored upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// SHA-256 of its bytes, hex; also its name in the folder of files.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: i64,
    /// Its media type.
    pub media: String,
    /// How many regions of a photo were hidden.
    pub hidden: i64,
    /// SHA-256 of its sealed original, hex, if one is kept.
    pub sealed: Option<String>,
    /// The entry that took it in.
    pub entry: EntryId,
}

/// Projects the events of this area.
pub(crate) async fn project(tx: &mut Tx, entry: &Entry) -> Result<()> {
    if let Event::Uploaded { file, sha256, bytes, media, hidden, sealed } = &entry.event {
        let row = params![file.0, sha256, *bytes, media, *hidden, sealed.as_ref(), entry.id.0];
        tx.execute(ADD_FILE, &row).await?;
    }
    Ok(())
}

/// Forgets files; their bytes are for the folder of files to drop.
pub(crate) async fn drop_files(tx: &mut Tx, files: &[FileId]) -> Result<()> {
    for file in files {
        tx.execute(DROP_FILE, &params![file.0]).await?;
    }
    Ok(())
}

/// The answer kept for a key within a scope (account + operation).
pub async fn kept(tx: &mut Tx, scope: &str, key: &str) -> Result<Option<Kept>> {
    let row = tx.query_opt(KEPT, &params![scope, key]).await?;
    row.map(|row| Ok(Kept { body: row.get(0)?, status: row.get(1)?, answer: row.get(2)? }))
        .transpose()
}

/// Keeps an answer given at `at`, in the command that made it; `rowdb::Error::Unique` when another
/// request with the same key was faster.
pub async fn keep(tx: &mut Tx, scope: &str, key: &str, kept: &Kept, at: Timestamp) -> Result<()> {
    let Kept { body, status, answer } = kept;
    tx.execute(KEEP, &params![scope, key, body, *status, answer, at.as_microsecond()]).await?;
    Ok(())
}

/// Forgets answers given before `before` (30 days ago) and says how many.
pub async fn sweep(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    Ok(tx.execute(SWEEP, &params![before.as_microsecond()]).await?)
}

/// A file by id.
pub async fn file(tx: &mut Tx, id: FileId) -> Result<Option<File>> {
    tx.query_opt(FILE, &params![id.0]).await?.as_ref().map(read_file).transpose()
}

/// The files whose bytes, or whose sealed original's, have this hash.
pub async fn of_bytes(tx: &mut Tx, sha256: &str) -> Result<Vec<FileId>> {
    rows(&tx.query(OF_BYTES, &params![sha256, sha256]).await?, |row| Ok(FileId(row.get(0)?)))
}

/// At most `limit` files that no case ever named, taken in before an instant, the oldest first.
pub async fn unnamed(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<Vec<FileId>> {
    let found = tx.query(UNNAMED, &params![before.as_microsecond(), limit]).await?;
    rows(&found, |row| Ok(FileId(row.get(0)?)))
}

/// The hashes of files and of sealed originals from `from` on, before `until`.
pub async fn hashes(tx: &mut Tx, (from, until): (&str, &str)) -> Result<BTreeSet<String>> {
    let found = tx.query(HASHES, &params![from, until, from, until]).await?;
    rows(&found, |row| Ok(row.get(0)?))
}

/// At most `limit` files after `after` in the order of their ids, for a backup.
pub async fn files(tx: &mut Tx, after: Option<FileId>, limit: i64) -> Result<Vec<File>> {
    let found = match after {
        None => tx.query(FIRST_FILES, &params![limit]).await?,
        Some(id) => tx.query(FILES_AFTER, &params![limit, id.0]).await?,
    };
    rows(&found, read_file)
}

fn read_file(row: &Row) -> Result<File> {
    Ok(File {
        id: FileId(row.get(0)?),
        sha256: row.get(1)?,
        bytes: row.get(2)?,
        media: row.get(3)?,
        hidden: row.get(4)?,
        sealed: row.get(5)?,
        entry: EntryId(row.get(6)?),
    })
}
