//! `jinlin pack`: packs as source code is treated.

use crate::cli::Pack;
use crate::opened::{How, by_key_file};
use anyhow::{Context, Result, bail};
use app::method_packs::{list_packs, load_pack};
use method::check::{Language, Problem, Severity};
use method::read::{Files, Loaded};
use model::access::Actor;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

pub async fn run(pack: Pack) -> Result<ExitCode> {
    match pack {
        Pack::Check { dir, json, reports } => check(&dir, json, reports),
        Pack::Show { dir, flat } => show(&dir, flat),
        Pack::Draw { dir, mermaid } => draw(&dir, mermaid),
        Pack::Load { database, dir } => {
            let county = by_key_file(&database, How::default()).await?;
            let loaded = Arc::new(sound(&dir)?);
            let version = county
                .run(Actor::system("pack"), move |tx, mut work| {
                    let loaded = loaded.clone();
                    Box::pin(async move { load_pack(tx, &mut work, &loaded).await })
                })
                .await?;
            println!("loaded {} {} ({})", version.id, version.version, version.hash);
            Ok(ExitCode::SUCCESS)
        }
        Pack::List { database, json } => {
            let county = by_key_file(&database, How { read_only: true, ..How::default() }).await?;
            let packs = county
                .look(Actor::system("pack"), |tx, work| {
                    Box::pin(async move { list_packs(tx, &work).await })
                })
                .await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&packs)?);
                return Ok(ExitCode::SUCCESS);
            }
            for it in packs {
                let mark = if it.current { "*" } else { " " };
                println!("{mark} {} {} {}", it.pack.id, it.pack.version, it.pack.hash);
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Reads a pack and what it inherits from: first beside it, then among those the program carries.
/// Where there is no such folder, the name of a carried pack will do.
pub fn read(dir: &Path) -> Result<(String, Loaded)> {
    if let Some(id) = dir.to_str().filter(|_| !dir.exists())
        && stories::shipped::packs(id).is_some()
    {
        return Ok((id.to_owned(), method::read::load(id, &stories::shipped::packs)));
    }
    let dir = dir.canonicalize().with_context(|| format!("no folder {}", dir.display()))?;
    let id = dir.file_name().and_then(|it| it.to_str()).context("the folder has no name")?;
    let beside = dir.parent().unwrap_or(&dir).to_owned();
    let find = |name: &str| -> Option<Files> {
        let sound = name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_' || it == '-');
        let own = sound.then(|| folder(&beside.join(name)).ok()).flatten();
        own.filter(|files| !files.is_empty()).or_else(|| stories::shipped::packs(name))
    };
    Ok((id.to_owned(), method::read::load(id, &find)))
}

/// All files of a folder, by their path inside it.
fn folder(root: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Some(inside) = path.strip_prefix(root)?.to_str() {
                let text = std::fs::read_to_string(&path);
                let text = text.with_context(|| format!("cannot read {}", path.display()))?;
                files.push((inside.to_owned(), text));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A pack without errors.
pub fn sound(dir: &Path) -> Result<Loaded> {
    let (id, loaded) = read(dir)?;
    if loaded.pack.is_some() {
        return Ok(loaded);
    }
    for problem in loaded.problems.iter().filter(|it| it.severity == Severity::Error) {
        eprintln!("{}", line(problem));
    }
    bail!("the pack {id} has problems")
}

fn check(dir: &Path, json: bool, reports: bool) -> Result<ExitCode> {
    let (id, mut loaded) = read(dir)?;
    loaded.problems.retain(|it| reports || it.severity != Severity::Report);
    if json {
        println!("{}", serde_json::to_string_pretty(&loaded.problems)?);
    } else {
        loaded.problems.iter().for_each(|problem| println!("{}", line(problem)));
        let errors = loaded.problems.iter().filter(|it| it.severity == Severity::Error).count();
        println!("{id}: {errors} errors, {} problems in all", loaded.problems.len());
    }
    Ok(if loaded.pack.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(problem: &Problem) -> String {
    let word = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Report => "report",
    };
    let zh = problem.message(Language::Chinese);
    let en = problem.message(Language::English);
    format!(
        "{}:{}:{}: {word}[{}] {zh} / {en}\n    → {} / {}",
        problem.file,
        problem.line,
        problem.column,
        problem.check,
        problem.advice(Language::Chinese),
        problem.advice(Language::English)
    )
}

fn show(dir: &Path, flat: bool) -> Result<ExitCode> {
    let loaded = sound(dir)?;
    if flat {
        println!("{}", loaded.flat);
    } else {
        println!("{}", method::draw::toml(&loaded.flat)?);
    }
    Ok(ExitCode::SUCCESS)
}

fn draw(dir: &Path, mermaid: bool) -> Result<ExitCode> {
    let loaded = sound(dir)?;
    let pack = loaded.pack.context("the pack has problems")?;
    if mermaid {
        pack.procedures.values().for_each(|it| println!("{}", method::draw::mermaid(it)));
    } else {
        println!("{}", method::draw::tables(&pack));
    }
    Ok(ExitCode::SUCCESS)
}
