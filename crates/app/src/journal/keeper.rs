//! Backing up and verifying a county while it is served. Where backups lie and where tables are built
//! again is the binary's; what was backed up is an entry.

use super::{BackupError, VerifyReport};
use crate::{County, Error, Result, Work};
use jiff::Timestamp;
use model::EntryId;
use model::access::{Actor, Operation};
use model::journal::Event;
use rowdb::{BoxFuture, Tx};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// Told how many entries are done.
pub type Done = dyn Fn(u64) + Send + Sync;

/// What has room for the long work.
pub trait Keeper: Send + Sync {
    /// Writes a backup under a name of its own.
    fn back_up<'a>(
        &'a self,
        county: &'a Arc<County>,
        done: &'a Done,
    ) -> BoxFuture<'a, std::result::Result<Stored, BackupError>>;

    /// Compares every table with what follows from the journal.
    fn verify<'a>(
        &'a self,
        county: &'a Arc<County>,
        done: &'a Done,
    ) -> BoxFuture<'a, Result<VerifyReport>>;
}

/// A backup as it lies there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Name of the file.
    pub file: String,
    /// Entries of the journal in it.
    pub entries: u64,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, hex.
    pub sha256: String,
}

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeBackup {
    /// The entry that says so.
    pub entry: EntryId,
    /// When it was done.
    pub at: Timestamp,
    /// Who asked for it.
    pub by: Option<String>,
    /// What lies there.
    pub stored: Stored,
}

/// Notes that a backup was made.
pub async fn note_backup(tx: &mut Tx, work: &mut Work, stored: &Stored) -> Result<EntryId> {
    work.may(Operation::MakeBackup)?;
    let whole = |n: u64| i64::try_from(n).map_err(Error::internal);
    let event = Event::BackedUp {
        file: stored.file.clone(),
        entries: whole(stored.entries)?,
        bytes: whole(stored.bytes)?,
        sha256: stored.sha256.clone(),
    };
    Ok(work.record(tx, Uuid::nil(), event).await?.id)
}

/// The newest backups.
pub async fn list_backups(tx: &mut Tx, work: &Work) -> Result<Vec<MadeBackup>> {
    work.may(Operation::ListBackups)?;
    let mut made = Vec::new();
    for entry in store::journal::of_kind(tx, "backed_up", 50).await? {
        let Event::BackedUp { file, entries, bytes, sha256 } = entry.event else { continue };
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let stored = Stored { file, entries: count(entries), bytes: count(bytes), sha256 };
        let by = name_of(tx, &entry.actor).await?;
        made.push(MadeBackup { entry: entry.id, at: entry.at, by, stored });
    }
    Ok(made)
}

/// What the person behind an act is called.
pub async fn name_of(tx: &mut Tx, actor: &Actor) -> Result<Option<String>> {
    let Some(person) = actor.person() else { return Ok(None) };
    Ok(store::people::contact(tx, person).await?.name)
}
