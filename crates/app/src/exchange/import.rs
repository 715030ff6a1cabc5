//! Importing another system's cases from a table. The whole file is read and checked first; then its
//! rows are recorded in small commands, each row whole or not at all. A row whose number is there
//! already is passed over, so a run that was cut short is finished by running it again.

use super::reading::{self, Reader, Ready};
use crate::{County, Error, Result, Work};
use model::CaseId;
use model::access::{Actor, Operation};
use model::journal::{Event, Opening};
use rowdb::Tx;
use sha2::{Digest, Sha256};
use sheet::{CellProblem, Format, Mapping, ProblemSheet, Table};
use std::collections::HashMap;
use std::sync::Arc;

/// Rows of one command: few enough that it is over well within a tenth of a second, and that a
/// process's block of case numbers holds them.
const CHUNK: usize = 50;

/// A file of cases.
#[derive(Clone, Copy)]
pub struct ImportFile<'a> {
    /// Its name, for the journal.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// What it is.
    pub format: Format,
    /// Which column is what.
    pub mapping: &'a Mapping,
    /// Only check and count.
    pub dry_run: bool,
}

/// What became of a file. Rows are counted as Excel numbers them.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// Rows with content.
    pub rows: usize,
    /// Rows recorded now; in a dry run, rows that would be.
    pub recorded: usize,
    /// Rows that an earlier run recorded.
    pub already: usize,
    /// Rows that lie at the root because they do not say where.
    pub unplaced: Vec<u32>,
    /// Rows whose title and text are those of an earlier row: (row, earlier row). They are recorded
    /// all the same.
    pub duplicates: Vec<(u32, u32)>,
    /// What is wrong; as long as anything is, nothing is recorded.
    pub problems: Vec<CellProblem>,
    /// The refused rows as a workbook, to be mended.
    pub refused: Option<Vec<u8>>,
}

/// Checks a file and, unless it is a dry run or something is wrong, records its rows; `progress` is
/// told how many rows are done.
pub async fn import_cases(
    county: &Arc<County>,
    actor: Actor,
    file: ImportFile<'_>,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<ImportReport> {
    county.look(actor.clone(), |_, work| Box::pin(async move { may(&work) })).await?;
    let (rows, mut report) = check(county, &file).await?;
    let rows: Arc<[Ready]> = rows.into();
    report.already = already(county, &actor, &rows).await?;
    report.recorded = rows.len() - report.already;
    if file.dry_run || !report.problems.is_empty() {
        return Ok(report);
    }
    report.recorded = 0;
    for start in (0..rows.len()).step_by(CHUNK) {
        let end = (start + CHUNK).min(rows.len());
        let begun = report.recorded > 0;
        let imported = (end == rows.len()).then(|| (imported(&file, rows.len()), begun));
        let rows = rows.clone();
        report.recorded += county
            .run(actor.clone(), move |tx, work| {
                let (rows, imported) = (rows.clone(), imported.clone());
                Box::pin(async move {
                    let chunk = rows.get(start..end).unwrap_or_default();
                    record_chunk(tx, work, chunk, imported).await
                })
            })
            .await?;
        progress(end);
    }
    Ok(report)
}

fn may(work: &Work) -> Result<()> {
    work.may(Operation::ImportCases)
}

fn imported(file: &ImportFile<'_>, rows: usize) -> Event {
    Event::Imported {
        name: file.name.to_owned(),
        sha256: hex::encode(Sha256::digest(file.bytes)),
        rows: i64::try_from(rows).unwrap_or(i64::MAX),
    }
}

/// Reads the whole file.
async fn check(county: &Arc<County>, file: &ImportFile<'_>) -> Result<(Vec<Ready>, ImportReport)> {
    let shelf = county.shelf().await?;
    let pack = shelf.pack()?;
    let misfits = reading::check(pack, file.mapping);
    if !misfits.is_empty() {
        let misfits: Vec<String> = misfits.iter().map(ToString::to_string).collect();
        let english = misfits.join("; ");
        return Err(Error::field(
            "mapping",
            "mapping",
            &format!("对照表有误：{english}"),
            &english,
        ));
    }
    let rootless = || Error::rule("no_root", "尚未建立地域", "there are no places yet");
    let reader = Reader::new(shelf.world(pack, county.now()), file.mapping).ok_or_else(rootless)?;
    let unreadable = |error: sheet::ReadError| {
        let english = error.to_string();
        Error::field("file", "unreadable", &format!("文件无法读取：{english}"), &english)
    };
    let mut table =
        Table::read_with(file.bytes, file.format, file.mapping.reading()).map_err(unreadable)?;
    let mut checked = Checked::new(reader, &table)?;
    if checked.report.problems.is_empty() {
        for row in table.rows().map_err(unreadable)? {
            checked.row(&row.map_err(unreadable)?)?;
        }
    }
    checked.finish()
}

/// A file as far as it was read.
struct Checked<'a> {
    reader: Reader<'a>,
    report: ImportReport,
    refused: ProblemSheet,
    ready: Vec<Ready>,
    texts: HashMap<[u8; 32], u32>,
}

impl<'a> Checked<'a> {
    fn new(reader: Reader<'a>, table: &Table<'_>) -> Result<Self> {
        let problem = |it: sheet::HeaderProblem| CellProblem {
            row: 1,
            column: String::new(),
            value: String::new(),
            advice: it.to_string(),
        };
        let problems = reader.check(table.headers()).into_iter().map(problem).collect();
        let refused = ProblemSheet::new(table.headers()).map_err(Error::internal)?;
        let report = ImportReport { problems, ..ImportReport::default() };
        Ok(Self { reader, report, refused, ready: Vec::new(), texts: HashMap::new() })
    }

    fn row(&mut self, row: &sheet::Row) -> Result<()> {
        self.report.rows += 1;
        match self.reader.read(row) {
            Ok(ready) => self.take(ready),
            Err(problems) => {
                self.refused.add(row, &problems).map_err(Error::internal)?;
                self.report.problems.extend(problems);
            }
        }
        Ok(())
    }

    fn take(&mut self, ready: Ready) {
        if ready.unplaced {
            self.report.unplaced.push(ready.row);
        }
        let earlier = *self.texts.entry(digest(&ready)).or_insert(ready.row);
        if earlier != ready.row {
            self.report.duplicates.push((ready.row, earlier));
        }
        self.ready.push(ready);
    }

    fn finish(mut self) -> Result<(Vec<Ready>, ImportReport)> {
        if !self.report.problems.is_empty() {
            self.report.refused = Some(self.refused.finish().map_err(Error::internal)?);
        }
        Ok((self.ready, self.report))
    }
}

fn digest(ready: &Ready) -> [u8; 32] {
    let text = |field: &str| ready.texts.get(field).map_or("", String::as_str);
    Sha256::new()
        .chain_update(text("title"))
        .chain_update([0])
        .chain_update(text("body"))
        .finalize()
        .into()
}

/// How many rows an earlier run recorded.
async fn already(county: &Arc<County>, actor: &Actor, rows: &Arc<[Ready]>) -> Result<usize> {
    let mut found = 0;
    for start in (0..rows.len()).step_by(CHUNK) {
        let rows = rows.clone();
        found += county
            .look(actor.clone(), move |tx, _| {
                let rows = rows.clone();
                Box::pin(async move {
                    let mut found = 0;
                    for row in rows.iter().skip(start).take(CHUNK) {
                        found += usize::from(is_there(tx, row).await?);
                    }
                    Ok(found)
                })
            })
            .await?;
    }
    Ok(found)
}

async fn is_there(tx: &mut Tx, row: &Ready) -> Result<bool> {
    let source = &row.source;
    Ok(store::cases::by_source(tx, &source.system, &source.number).await?.is_some())
}

/// Records the rows of a chunk that are not there yet; says how many. With the last chunk of a run
/// that recorded anything goes the entry that says that the file was taken in.
async fn record_chunk(
    tx: &mut Tx,
    mut work: Work,
    rows: &[Ready],
    imported: Option<(Event, bool)>,
) -> Result<usize> {
    may(&work)?;
    let mut recorded = 0;
    for row in rows {
        if !is_there(tx, row).await? {
            record(tx, &mut work, row).await?;
            recorded += 1;
        }
    }
    if let Some((event, _)) = imported.filter(|(_, begun)| *begun || recorded > 0) {
        let file: uuid::Uuid = work.draw.id();
        work.record(tx, file, event).await?;
    }
    Ok(recorded)
}

async fn record(tx: &mut Tx, work: &mut Work, row: &Ready) -> Result<()> {
    let (case, entry): (CaseId, _) = (work.draw.id(), work.draw.entry());
    let opening = Opening {
        case,
        number: work.number(tx).await?,
        path: work.shelf.network.path(row.place),
        point: None,
        hiding: row.hiding,
        sensitive: row.sensitive,
        channel: row.channel.clone(),
        source: Some(row.source.clone()),
        link: None,
        simhash: None,
        facts: Default::default(),
        choice: None,
        state: serde_json::to_value(row.state(entry)).map_err(Error::internal)?,
    };
    work.private.clone_from(&row.texts);
    let about = (Some(case.0), Some(1), work.now());
    work.record_as(tx, entry, about, Event::CaseOpened { opening }).await?;
    Ok(())
}
