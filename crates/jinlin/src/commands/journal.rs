//! `jinlin backup`, `restore`, `verify`, `verify-receipt`.

use crate::cli::{Backup, Restore, Verify, VerifyReceipt};
use crate::opened::{How, by_key_file, folder};
use anyhow::{Context, Result};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Write};
use std::process::ExitCode;

pub async fn backup(backup: Backup) -> Result<()> {
    let how = How { read_only: true, ..How::default() };
    let county = by_key_file(&backup.database, how).await?;
    let files = folder(&backup.database.database, backup.files.as_deref());
    let file = OpenOptions::new().write(true).create_new(true).open(&backup.file);
    let file = file.with_context(|| format!("cannot make {}", backup.file.display()))?;
    let mut out = BufWriter::new(file);
    let report = app::journal::backup(&county, &files, &mut out, &mut |_| {}).await?;
    out.flush()?;
    out.get_ref().sync_all()?;
    println!(
        "{}: {} entries, {} rows kept beside them, {} uploads; no keys",
        backup.file.display(),
        report.entries,
        report.rows,
        report.files
    );
    Ok(())
}

pub async fn restore(restore: Restore) -> Result<()> {
    let county = by_key_file(&restore.database, How::default()).await?;
    let files = folder(&restore.database.database, restore.files.as_deref());
    let from = File::open(&restore.file)
        .with_context(|| format!("cannot open {}", restore.file.display()))?;
    let report = app::journal::restore(&county, &files, BufReader::new(from), &mut |_| {}).await?;
    println!(
        "restored {} entries, {} rows kept beside them, {} uploads; a new epoch of the log begins",
        report.entries, report.rows, report.files
    );
    county.db().clone().close().await;
    Ok(())
}

pub async fn verify(verify: Verify) -> Result<ExitCode> {
    let how = How { read_only: true, ..How::default() };
    let county = by_key_file(&verify.database, how).await?;
    let scratch = tempfile::tempdir().context("no room for rebuilding the tables")?;
    let path = scratch.path().join("rebuilt.db");
    let path = path.to_str().context("the temporary folder's name is no text")?;
    let report = app::journal::verify(&county, path, &mut |_| {}).await?;
    if verify.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        for it in &report.differences {
            println!("{} {} {}: {:?}", it.table, it.key, it.column, it.problem);
        }
        println!(
            "{} entries, {} tables, {} rows: {}",
            report.entries,
            report.tables,
            report.rows,
            if report.is_clean() { "clean" } else { "NOT as the journal says" }
        );
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub fn verify_receipt(receipt: &VerifyReceipt) -> Result<ExitCode> {
    let document = std::fs::read(&receipt.file)
        .with_context(|| format!("cannot read {}", receipt.file.display()))?;
    let verified = match app::journal::verify_receipt(&document, receipt.key.as_deref()) {
        Ok(verified) => verified,
        Err(error) => {
            println!("NOT proven: {error}");
            return Ok(ExitCode::FAILURE);
        }
    };
    if receipt.json {
        println!("{}", serde_json::to_string_pretty(&verified.entry)?);
    } else {
        println!(
            "proven: entry {} ({}) of {} stands at position {} of the log {}",
            verified.entry.id,
            verified.entry.event.kind(),
            verified.entry.at,
            verified.position,
            verified.origin
        );
        if receipt.key.is_none() {
            println!(
                "by the key in the receipt itself: compare it with the county's published key"
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
