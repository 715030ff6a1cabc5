//! `jinlin import`: files of other systems, checked whole before a row is recorded.

use crate::cli::Import;
use crate::opened::{How, by_key_file};
use anyhow::{Context, Result, bail};
use app::exchange::{ImportFile, ImportReport, import_cases};
use model::access::Actor;
use sheet::{Format, Mapping};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub async fn run(import: Import) -> Result<ExitCode> {
    let Import::Cases { database, file, mapping, dry_run, problems, json } = import;
    let text = std::fs::read_to_string(&mapping)
        .with_context(|| format!("cannot read {}", mapping.display()))?;
    let mapping =
        Mapping::parse(&text).with_context(|| format!("{} is no mapping", mapping.display()))?;
    let bytes = std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_name().and_then(|it| it.to_str()).unwrap_or("file");
    let extension = file.extension().and_then(|it| it.to_str()).unwrap_or_default();
    let format = Format::from_name(extension).unwrap_or_else(|| Format::sniff(&bytes));
    let county = by_key_file(&database, How::default()).await?;
    let import = ImportFile { name, bytes: &bytes, format, mapping: &mapping, dry_run };
    let report =
        import_cases(&county, Actor::system("import"), import, &mut |done| progress(done)).await?;
    county.db().clone().close().await;
    if json {
        println!("{}", serde_json::to_string_pretty(&figures(&report))?);
    } else {
        print(&report, dry_run);
    }
    if report.problems.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    keep_refused(&report, &problems.unwrap_or_else(|| beside(&file)))?;
    Ok(ExitCode::FAILURE)
}

fn progress(done: usize) {
    if done.is_multiple_of(1000) {
        eprintln!("{done} rows …");
    }
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".problems.xlsx");
    PathBuf::from(name)
}

fn figures(report: &ImportReport) -> serde_json::Value {
    serde_json::json!({
        "rows": report.rows,
        "recorded": report.recorded,
        "already": report.already,
        "unplaced": report.unplaced.len(),
        "duplicates": report.duplicates,
        "problems": report.problems,
    })
}

fn print(report: &ImportReport, dry_run: bool) {
    let done = if dry_run { "would be recorded" } else { "recorded" };
    println!(
        "{} rows: {} {done}, {} were here already",
        report.rows, report.recorded, report.already
    );
    println!("{} rows do not say where and lie at the root", report.unplaced.len());
    println!("{} rows repeat an earlier row's title and text", report.duplicates.len());
    for it in report.problems.iter().take(20) {
        println!("{it}");
    }
}

fn keep_refused(report: &ImportReport, path: &Path) -> Result<()> {
    let Some(refused) = &report.refused else {
        bail!("{} problems", report.problems.len());
    };
    std::fs::write(path, refused).with_context(|| format!("cannot write {}", path.display()))?;
    println!(
        "{} problems; nothing was recorded. Mend the rows in {} and run again.",
        report.problems.len(),
        path.display()
    );
    Ok(())
}
