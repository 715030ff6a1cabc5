//! Verifying a county: the log is computed again from the texts of the entries, every table is built
//! again from them in a fresh database, and both are compared with what is kept, byte by byte.

use super::replay::{Replay, Side};
use crate::{County, Error, Result};
use rowdb::{Db, Options, Synchronous, Value};
use serde::Serialize;
use std::sync::Arc;
use store::snapshot::{Part, Table};
use tlog::{Checkpoint, Head};

/// Entries replayed in one command.
pub(super) const ENTRIES: u32 = 500;
/// So often the tables are compared again when entries came meanwhile; replaying them is quick.
const TRIES: usize = 10;
/// Differences listed; further ones are counted only.
const MOST: usize = 1_000;

/// How far a verification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many entries of so many are replayed.
    Replayed {
        /// Done.
        done: u64,
        /// All.
        of: u64,
    },
    /// So many rows of all tables are compared.
    Compared {
        /// Done.
        rows: u64,
    },
}

/// What does not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The value is not the one that follows from the journal.
    Changed,
    /// The row follows from the journal and is not there.
    Missing,
    /// The row is there and follows from nothing.
    Extra,
    /// Something else; in words.
    Wrong(String),
}

/// A place where the county is not what its journal says. Values are not told: they may be personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// The row's key.
    pub key: String,
    /// The column; empty when the whole row is meant.
    pub column: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Entries replayed.
    pub entries: u64,
    /// Tables compared; none when the journal could not be replayed to its end.
    pub tables: usize,
    /// Rows compared.
    pub rows: u64,
    /// The log as computed from the entries.
    pub head: Option<Head>,
    /// The key that signs the log, as the journal says.
    pub key: Option<String>,
    /// What does not agree, at most a thousand.
    pub differences: Vec<Difference>,
    /// How many more there are.
    pub more: u64,
}

impl VerifyReport {
    /// Whether everything agrees.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }

    pub(super) fn add(&mut self, table: &str, key: &str, column: &str, problem: Problem) {
        if self.differences.len() == MOST {
            self.more += 1;
            return;
        }
        let (table, key, column) = (table.to_owned(), key.to_owned(), column.to_owned());
        self.differences.push(Difference { table, key, column, problem });
    }
}

/// Verifies a county against its own journal, in a new SQLite database at `scratch`; the caller
/// removes it. Entries that come meanwhile are replayed too; a county that is written to all the time is
/// refused: verify it at a quieter hour, or a restored backup.
pub async fn verify(
    county: &Arc<County>,
    scratch: &str,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<VerifyReport> {
    let options = Options { synchronous: Synchronous::Off, ..Options::default() };
    let scratch = Db::open(scratch, options).await?;
    scratch.migrate(store::MIGRATIONS).await?;
    let report = verify_in(county, &scratch, progress).await;
    scratch.close().await;
    report
}

async fn verify_in(
    county: &Arc<County>,
    scratch: &Db,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<VerifyReport> {
    if still(scratch).await? != 0 {
        return Err(Error::internal("the database to verify in is not empty"));
    }
    let mut found = VerifyReport::default();
    let mut replay = Replay::new(county.db().clone(), scratch.clone());
    for _ in 0..TRIES {
        let size = still(county.db()).await?;
        while replay.size() < size {
            if !replay.step(&mut found).await? {
                return Ok(found);
            }
            progress(Progress::Replayed { done: replay.size(), of: size });
        }
        let report = compare_all((county, scratch), &replay, found.clone(), progress).await?;
        if still(county.db()).await? == replay.size() {
            return Ok(report);
        }
    }
    Err(moving())
}

/// Compares everything with what was replayed so far.
async fn compare_all(
    (county, scratch): (&Arc<County>, &Db),
    replay: &Replay,
    mut report: VerifyReport,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<VerifyReport> {
    report.entries = replay.size();
    report.head = Some(replay.head());
    report.key = replay.keys().current().map(ToString::to_string);
    checkpoint(county, replay, &mut report).await?;
    for table in store::snapshot::tables() {
        if compared(&table) {
            let rows = compare(county.db(), scratch, table, &mut report).await?;
            report.tables += 1;
            report.rows += rows;
            progress(Progress::Compared { rows: report.rows });
        }
    }
    for words in county.db().read(|tx| Box::pin(store::audit::indexes(tx))).await? {
        report.add("", "", "", Problem::Wrong(words));
    }
    Ok(report)
}

fn compared(table: &Table) -> bool {
    // The checkpoint follows from the log and a key that is not in the database.
    matches!(table.part, Part::Source | Part::Projection) && table.name != "checkpoint"
}

/// The size of the log, when nothing waits to be sealed.
async fn still(db: &Db) -> Result<u64> {
    let (size, waiting) = db
        .read(|tx| {
            Box::pin(async move {
                let size = store::seal::size(tx).await?;
                Ok::<_, Error>((size, store::seal::waiting(tx, 1).await?.len()))
            })
        })
        .await?;
    if waiting == 0 { Ok(size) } else { Err(moving()) }
}

fn moving() -> Error {
    let zh = "核验期间有新的账目写入；请在停止服务后核验，或核验由备份恢复的副本";
    Error::rule("moving", zh, "written to while it was verified; stop it, or verify a backup")
}

/// The signed checkpoint states just the log that was computed, and the key the journal names signed
/// it; a county that holds its key trusts no other.
async fn checkpoint(
    county: &Arc<County>,
    replay: &Replay,
    report: &mut VerifyReport,
) -> Result<()> {
    let kept = county.db().read(|tx| Box::pin(store::seal::checkpoint(tx))).await?;
    let own = county.sealer().map(|sealer| sealer.verifier());
    let wrong = |report: &mut VerifyReport, column: &str, words: String| {
        report.add("checkpoint", "1", column, Problem::Wrong(words));
    };
    if let (Some(own), Some(named)) = (own, replay.keys().current())
        && own != named
    {
        wrong(report, "note", "the journal names another key than this county's".to_owned());
    }
    let Some((size, note)) = kept else {
        if replay.size() > 0 {
            report.add("checkpoint", "1", "", Problem::Missing);
        }
        return Ok(());
    };
    if size != replay.size() {
        wrong(report, "size", format!("says {size}, the log has {}", replay.size()));
    }
    let Some(key) = own.or(replay.keys().current()) else {
        wrong(report, "note", "nothing says which key signs".to_owned());
        return Ok(());
    };
    match Checkpoint::open(&note, key, &[]) {
        Err(error) => wrong(report, "note", error.to_string()),
        Ok((found, _)) if found.head != replay.head() => {
            wrong(report, "note", "signs another log than the entries make".to_owned());
        }
        Ok(_) => {}
    }
    Ok(())
}

/// Compares a table with the one built again, row by row in the order of the keys; says how many.
async fn compare(live: &Db, scratch: &Db, table: Table, report: &mut VerifyReport) -> Result<u64> {
    let table = Arc::new(table);
    let mut live = Side::new(live.clone(), table.clone());
    let mut built = Side::new(scratch.clone(), table.clone());
    let mut rows = 0;
    loop {
        live.fill().await?;
        built.fill().await?;
        let problem = match (live.key(), built.key()) {
            (None, None) => return Ok(rows),
            (Some(_), None) => Some(Problem::Extra),
            (None, Some(_)) => Some(Problem::Missing),
            (Some(here), Some(there)) => match order(&here, &there) {
                std::cmp::Ordering::Less => Some(Problem::Extra),
                std::cmp::Ordering::Greater => Some(Problem::Missing),
                std::cmp::Ordering::Equal => None,
            },
        };
        rows += 1;
        match problem {
            Some(Problem::Missing) => lone(&table, built.take(), Problem::Missing, report),
            Some(problem) => lone(&table, live.take(), problem, report),
            None => both(&table, (live.take(), built.take()), report),
        }
    }
}

fn lone(table: &Table, row: Option<Vec<Value>>, problem: Problem, report: &mut VerifyReport) {
    let key = row.map(|row| key_text(table, &row)).unwrap_or_default();
    report.add(&table.name, &key, "", problem);
}

fn both(table: &Table, rows: (Option<Vec<Value>>, Option<Vec<Value>>), report: &mut VerifyReport) {
    let (Some(live), Some(built)) = rows else { return };
    for ((column, here), there) in table.columns.iter().zip(&live).zip(&built) {
        if here != there {
            report.add(&table.name, &key_text(table, &live), &column.name, Problem::Changed);
        }
    }
}

fn key_text(table: &Table, row: &[Value]) -> String {
    let part = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => hex::encode(bytes),
        Value::Id(id) => id.to_string(),
    };
    table.key_of(row).iter().map(part).collect::<Vec<_>>().join("/")
}

/// The order in which both engines give keys: numbers by size, everything else by bytes.
fn order(one: &[Value], other: &[Value]) -> std::cmp::Ordering {
    let pairs = one.iter().zip(other);
    let unequal = pairs.map(|(a, b)| match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        _ => bytes(a).cmp(bytes(b)),
    });
    unequal.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

fn bytes(value: &Value) -> &[u8] {
    match value {
        Value::Text(text) => text.as_bytes(),
        Value::Bytes(bytes) => bytes,
        Value::Id(id) => id.as_bytes(),
        Value::Null | Value::Bool(_) | Value::Int(_) => &[],
    }
}
