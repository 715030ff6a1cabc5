//! `jinlin pack diff` and `jinlin pack moves`: what a version changes, and running cases going over.

use super::pack::sound;
use crate::cli::Database;
use crate::opened::{How, by_key_file};
use anyhow::{Context, Result};
use app::County;
use app::cases::{MoveCases, Trial, may_move, move_cases, try_moves};
use method::diff::{Change, Sort, diff as compare};
use model::access::Actor;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Compares two versions.
pub async fn diff(
    (old, new): (&Path, &Path),
    database: Option<Database>,
    json: bool,
) -> Result<ExitCode> {
    let county = match database {
        Some(it) => Some(by_key_file(&it, How { read_only: true, ..How::default() }).await?),
        None => None,
    };
    let old = flat(county.as_ref(), old).await?;
    let new = flat(county.as_ref(), new).await?;
    let changes = compare(&old, &new)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&changes)?);
    } else {
        changes.iter().for_each(|it| println!("{}", line(it)));
    }
    Ok(ExitCode::SUCCESS)
}

fn line(it: &Change) -> String {
    let sort = match it.sort {
        Sort::Structure => "structure",
        Sort::Limits => "limits",
        Sort::Words => "words",
    };
    let [chinese, english] = &it.words;
    format!("{sort}: {chinese}\n    {english}")
}

/// The flattened text of a version: that of a hash where a county has loaded it, else of a folder.
async fn flat(county: Option<&Arc<County>>, named: &Path) -> Result<String> {
    if let (Some(county), Some(hash)) = (county, named.to_str()) {
        let hash = hash.to_owned();
        let found = county.look(Actor::system("pack"), move |tx, _| {
            let hash = hash.clone();
            Box::pin(async move { app::method_packs::flat_of(tx, &hash).await })
        });
        if let Some(flat) = found.await? {
            return Ok(flat);
        }
    }
    Ok(sound(named)?.flat)
}

/// Tries, or with a reason lets, cases go over.
pub async fn moves(database: &Database, hash: String, reason: Option<String>) -> Result<ExitCode> {
    let actor = Actor::system("pack");
    let Some(reason) = reason else {
        let county = by_key_file(database, How { read_only: true, ..How::default() }).await?;
        let tried = county.look(actor, move |tx, work| {
            let hash = hash.clone();
            Box::pin(async move { try_moves(tx, &work, (&hash, None)).await })
        });
        tell(&tried.await?);
        return Ok(ExitCode::SUCCESS);
    };
    let county = by_key_file(database, How::default()).await?;
    let wanted = MoveCases { to: hash, cases: None, reason };
    let asked = wanted.clone();
    county
        .look(actor.clone(), move |tx, work| {
            let asked = asked.clone();
            Box::pin(async move { may_move(tx, &work, &asked).await })
        })
        .await
        .context("the cases cannot go over")?;
    let moved = move_cases(&county, &actor, &wanted, &|_| {}).await?;
    println!("moved {}", moved.moved);
    moved.stayed.iter().for_each(|(why, n)| println!("stayed {n}: {why}"));
    Ok(ExitCode::SUCCESS)
}

fn tell(trial: &Trial) {
    for it in &trial.counts {
        let (procedure, state) = (&it.procedure.0, &it.state.0);
        println!("{procedure}.{state}: {} can go over, {} cannot", it.can, it.cannot);
    }
    for it in &trial.cannot {
        let number = it.number.clone().unwrap_or_else(|| it.case.to_string());
        println!("{number}: {} / {}", it.why.chinese(), it.why);
    }
    let month = &trial.month;
    println!(
        "last month: {} cases, {} of {} owners the same",
        month.cases, month.same, month.owners
    );
    for it in &month.differences {
        let would = it.would.as_deref().unwrap_or("-");
        println!("{}.{}: {} → {would}, {} times", it.procedure.0, it.state.0, it.got, it.count);
    }
}
