//! Restoring a county from a backup into an empty database of either engine. The whole file is
//! checked first: the log is computed from its entries and must be the one that was signed. Then it
//! is read again and written; the last entry begins a new epoch of the log.

use super::format::{BackupError, Cell, Line, Reader, file_bytes, privates};
use super::keys::Keys;
use crate::County;
use crate::exchange::Files;
use model::journal::{Event, Private};
use model::{Actor, Entry};
use rowdb::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use store::backup::Sealed;
use store::snapshot::Table;
use tlog::{Checkpoint, Frontier, Hash, Head};
use uuid::Uuid;

/// Entries, or other rows, written in one command.
const AT_ONCE: usize = 200;

/// What was restored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RestoreReport {
    /// Entries of the backup.
    pub entries: u64,
    /// Rows kept beside the journal.
    pub rows: u64,
    /// Uploads.
    pub files: u64,
}

/// Restores a county; refused unless its database is empty and the file is whole. `progress` is told
/// how many entries are written.
pub async fn restore<R: Read + Seek + Send>(
    county: &Arc<County>,
    files: &dyn Files,
    mut from: R,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<RestoreReport, BackupError> {
    let own = county.sealer().ok_or(BackupError::NoKey)?.verifier().clone();
    if !is_empty(county).await? {
        return Err(BackupError::NotEmpty);
    }
    let checked = check(&mut from, own.name())?;
    from.seek(SeekFrom::Start(0))?;
    let mut write = Write::new(county, files);
    let (mut reader, _) = Reader::new(&mut from)?;
    loop {
        match reader.line()? {
            Line::Entry { text, private } => write.entry(text, private, progress).await?,
            Line::Row { table, values } => write.row(&table, values, progress).await?,
            Line::File { sha256, bytes } => write.file(&sha256, &bytes).await?,
            Line::End { .. } => break,
            Line::Header { .. } => return Err(again()),
        }
    }
    write.flush(progress).await?;
    if reader.digest() != checked.digest {
        return Err(BackupError::Altered("while it was restored".to_owned()));
    }
    let key = own.to_string();
    begin_epoch(county, checked.head, (checked.key != Some(key.clone())).then_some(key)).await?;
    Ok(write.report)
}

async fn is_empty(county: &Arc<County>) -> Result<bool, BackupError> {
    let empty = county.db().read(|tx| {
        Box::pin(async move {
            let sealed = store::seal::size(tx).await?;
            let waiting = store::seal::waiting(tx, 1).await?.len();
            Ok::<_, store::Error>(sealed == 0 && waiting == 0)
        })
    });
    Ok(empty.await?)
}

/// A file found whole.
struct Checked {
    head: Head,
    key: Option<String>,
    digest: [u8; 32],
}

/// Reads the whole file; every value must have the hash its entry says, every missing one must be
/// erased further on, and the root must be the one that the log's key signed.
fn check(from: &mut (impl Read + Seek), expected: &str) -> Result<Checked, BackupError> {
    from.seek(SeekFrom::Start(0))?;
    let (mut reader, found) = Reader::new(from)?;
    if found != expected {
        return Err(BackupError::OtherCounty { found, expected: expected.to_owned() });
    }
    let (mut log, mut keys, mut gone) = (Frontier::default(), Keys::default(), BTreeSet::new());
    loop {
        match reader.line()? {
            Line::Entry { text, private } => {
                let entry = entry(&text, privates(private)?, &mut gone)?;
                keys.follow(&entry).map_err(BackupError::Altered)?;
                log.append(Hash::leaf(text.as_bytes()));
            }
            Line::Row { table, .. } if lasting(&table).is_some() => {}
            Line::Row { table, .. } => return Err(BackupError::Layout(format!("table {table}"))),
            Line::File { sha256, bytes } => {
                file_bytes(&sha256, &bytes)?;
            }
            Line::End { size, checkpoint, .. } => {
                signed(&log, &keys, (size, checkpoint))?;
                break;
            }
            Line::Header { .. } => return Err(again()),
        }
    }
    if let Some((entry, field)) = gone.first() {
        return Err(BackupError::Altered(format!("{field} of entry {entry} is missing")));
    }
    let key = keys.current().map(ToString::to_string);
    Ok(Checked { head: log.head(), key, digest: reader.digest() })
}

fn again() -> BackupError {
    BackupError::Altered("a second header".to_owned())
}

/// Reads an entry and holds its private values against it; `gone` gathers those that must yet be
/// erased.
fn entry(
    text: &str,
    private: Vec<(String, Private)>,
    gone: &mut BTreeSet<(Uuid, String)>,
) -> Result<Entry, BackupError> {
    let altered = |why: String| BackupError::Altered(why);
    let entry: Entry = serde_json::from_str(text).map_err(|error| altered(error.to_string()))?;
    let id = entry.id;
    let mut missing: BTreeSet<&String> = entry.private.keys().collect();
    for (field, value) in private {
        if entry.private.get(&field) != Some(&value.hash()) {
            return Err(altered(format!("{field} of entry {id} is not the value that was sealed")));
        }
        missing.remove(&field);
    }
    gone.extend(missing.into_iter().map(|field| (id.0, field.clone())));
    if let Event::Erased { values, .. } = &entry.event {
        for (of, field) in values {
            gone.remove(&(of.0, field.clone()));
        }
    }
    Ok(entry)
}

fn signed(
    log: &Frontier,
    keys: &Keys,
    (size, checkpoint): (u64, Option<String>),
) -> Result<(), BackupError> {
    let altered = |why: &str| Err(BackupError::Altered(why.to_owned()));
    let (Some(note), Some(key)) = (checkpoint, keys.current()) else {
        return altered("nothing says who signed it");
    };
    match Checkpoint::open(&note, key, &[]) {
        Err(error) => altered(&error.to_string()),
        Ok((found, _)) if size != log.size() || found.head != log.head() => {
            altered("its entries are not those that were signed")
        }
        Ok(_) => Ok(()),
    }
}

fn lasting(name: &str) -> Option<Table> {
    let mut tables = store::snapshot::tables().into_iter();
    tables.find(|table| table.name == name && table.part == store::snapshot::Part::Lasting)
}

/// Writes what was read, in small commands.
struct Write<'a> {
    county: &'a Arc<County>,
    files: &'a dyn Files,
    log: Frontier,
    entries: Vec<Sealed>,
    rows: Vec<(Table, [Vec<Value>; 1])>,
    report: RestoreReport,
}

type Progress<'p> = &'p mut (dyn FnMut(u64) + Send);

impl<'a> Write<'a> {
    fn new(county: &'a Arc<County>, files: &'a dyn Files) -> Self {
        let (log, report) = (Frontier::default(), RestoreReport::default());
        Self { county, files, log, entries: Vec::new(), rows: Vec::new(), report }
    }

    async fn entry(
        &mut self,
        body: String,
        private: BTreeMap<String, (String, String)>,
        progress: Progress<'_>,
    ) -> Result<(), BackupError> {
        let entry: Entry =
            serde_json::from_str(&body).map_err(|error| BackupError::Altered(error.to_string()))?;
        let position = self.log.size();
        let record = self.log.append(Hash::leaf(body.as_bytes()));
        let private = privates(private)?;
        self.entries.push(Sealed { position, entry: entry.id, body, record, private });
        if self.entries.len() >= AT_ONCE { self.flush(progress).await } else { Ok(()) }
    }

    async fn flush(&mut self, progress: Progress<'_>) -> Result<(), BackupError> {
        let entries: Arc<[Sealed]> = std::mem::take(&mut self.entries).into();
        let rows: Arc<[_]> = std::mem::take(&mut self.rows).into();
        self.report.entries += entries.len() as u64;
        self.report.rows += rows.len() as u64;
        let restored = self.county.db().command(move |tx| {
            let (entries, rows) = (entries.clone(), rows.clone());
            Box::pin(async move {
                store::backup::restore(tx, &entries).await?;
                for (table, row) in rows.iter() {
                    store::backup::put(tx, table, row).await?;
                }
                Ok::<_, store::Error>(())
            })
        });
        restored.await?;
        progress(self.report.entries);
        Ok(())
    }

    async fn row(
        &mut self,
        table: &str,
        cells: Vec<Cell>,
        progress: Progress<'_>,
    ) -> Result<(), BackupError> {
        let table = lasting(table).ok_or_else(|| BackupError::Layout(format!("table {table}")))?;
        let values: Vec<Value> = cells.into_iter().map(Cell::value).collect::<Result<_, _>>()?;
        if values.len() != table.columns.len() {
            return Err(BackupError::Layout(format!("columns of {}", table.name)));
        }
        self.rows.push((table, [values]));
        if self.rows.len() >= AT_ONCE { self.flush(progress).await } else { Ok(()) }
    }

    async fn file(&mut self, sha256: &str, bytes: &str) -> Result<(), BackupError> {
        self.files.put(sha256, &file_bytes(sha256, bytes)?).await?;
        self.report.files += 1;
        Ok(())
    }
}

/// The log goes on from here, under this county's key: what was written after the backup is not in
/// it, and whoever holds a later checkpoint can tell.
async fn begin_epoch(
    county: &Arc<County>,
    head: Head,
    new_key: Option<String>,
) -> Result<(), BackupError> {
    let origin = county.sealer().map(|it| it.verifier().name().to_owned()).unwrap_or_default();
    let begun = Event::EpochBegun { size: head.size, root: hex::encode(head.root.0) };
    let founded = new_key.map(|key| Event::Founded { key, origin });
    let events: Arc<[Event]> = std::iter::once(begun).chain(founded).collect();
    county
        .run(Actor::system("restore"), move |tx, mut work| {
            let events = events.clone();
            Box::pin(async move {
                for event in events.iter() {
                    let (id, now) = (work.draw.entry(), work.now());
                    work.record_as(tx, id, (None, None, now), event.clone()).await?;
                }
                Ok(())
            })
        })
        .await?;
    county.seal("restore").await?;
    Ok(())
}
