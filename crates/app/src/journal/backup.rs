//! Backing a county up while it runs. The journal only grows, so it is read in small steps until its
//! end is reached; what belongs to that end is read in the same moment.

use super::format::{BackupError, Cell, LAYOUT, Line, Writer};
use crate::exchange::Files;
use crate::{County, Error};
use rowdb::{Db, Tx, Value};
use std::io::Write;
use std::sync::Arc;
use store::backup::Sealed;
use store::snapshot::{Part, Table};

/// Entries read at a time.
const ENTRIES: u32 = 500;
/// Rows of other tables read at a time.
const ROWS: i64 = 1_000;

/// What a backup holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupReport {
    /// Entries of the journal.
    pub entries: u64,
    /// Rows kept beside the journal (passwords' hashes, claim codes' hashes, used numbers).
    pub rows: u64,
    /// Uploads.
    pub files: u64,
    /// Uploads whose bytes are gone, by hash.
    pub lost: Vec<String>,
}

/// Writes a county's backup; `progress` is told how many entries are written.
pub async fn backup(
    county: &Arc<County>,
    files: &dyn Files,
    out: impl Write + Send,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<BackupReport, BackupError> {
    let origin = origin(county).await?;
    let mut writer = Writer::new(out);
    let made_at = county.now().as_microsecond();
    writer.line(&Line::Header { layout: LAYOUT.to_owned(), origin, made_at })?;
    let mut report = BackupReport::default();
    let last = loop {
        let step = step(county.db(), report.entries).await?;
        for sealed in step.entries {
            writer.line(&Line::entry(sealed.body, sealed.private))?;
            report.entries += 1;
        }
        progress(report.entries);
        if let Some(last) = step.last {
            break last;
        }
    };
    for (table, values) in last.rows {
        let values = values.iter().map(Cell::from).collect();
        writer.line(&Line::Row { table, values })?;
        report.rows += 1;
    }
    write_files(county.db(), files, &mut writer, &mut report).await?;
    writer.end(report.entries, last.checkpoint)?;
    Ok(report)
}

/// The name of the log: as its newest checkpoint says, else as the county's key does.
async fn origin(county: &Arc<County>) -> Result<String, BackupError> {
    let note = county.db().read(|tx| Box::pin(store::seal::checkpoint(tx))).await?;
    let signed = note.and_then(|(_, note)| note.lines().next().map(str::to_owned));
    let own = || county.sealer().map(|sealer| sealer.verifier().name().to_owned());
    signed.or_else(own).ok_or(BackupError::NoKey)
}

/// The next entries; with the last of them, what was true at that moment.
struct Step {
    entries: Vec<Sealed>,
    last: Option<Last>,
}

struct Last {
    checkpoint: Option<String>,
    rows: Vec<(String, Vec<Value>)>,
}

async fn step(db: &Db, from: u64) -> Result<Step, Error> {
    db.read(move |tx| {
        Box::pin(async move {
            let entries = store::backup::page(tx, from, ENTRIES).await?;
            let more = entries.len() == ENTRIES as usize;
            let last = if more { None } else { Some(last(tx).await?) };
            Ok(Step { entries, last })
        })
    })
    .await
}

async fn last(tx: &mut Tx) -> Result<Last, Error> {
    let checkpoint = store::seal::checkpoint(tx).await?.map(|(_, note)| note);
    let mut rows = Vec::new();
    for table in store::snapshot::tables() {
        if table.part == Part::Lasting {
            all(tx, &table, &mut rows).await?;
        }
    }
    Ok(Last { checkpoint, rows })
}

async fn all(
    tx: &mut Tx,
    table: &Table,
    found: &mut Vec<(String, Vec<Value>)>,
) -> Result<(), Error> {
    let mut after = None;
    loop {
        let rows = store::snapshot::rows(tx, table, after.as_deref(), ROWS).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(table.key_of(last));
        found.extend(rows.into_iter().map(|row| (table.name.clone(), row)));
    }
}

async fn write_files<W: Write>(
    db: &Db,
    files: &dyn Files,
    writer: &mut Writer<W>,
    report: &mut BackupReport,
) -> Result<(), BackupError> {
    let mut after = None;
    loop {
        let page = db.read(move |tx| Box::pin(store::exchange::files(tx, after, 100))).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.id);
        // A sealed original is written as it lies: no backup holds the key that opens it.
        for hash in page.into_iter().flat_map(|file| [Some(file.sha256), file.sealed]).flatten() {
            match files.get(&hash).await? {
                Some(bytes) => {
                    writer.line(&Line::file(hash, &bytes))?;
                    report.files += 1;
                }
                None => report.lost.push(hash),
            }
        }
    }
}
