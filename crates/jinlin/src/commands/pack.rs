//! `jinlin pack`: packs as source code is treated.

use crate::cli::{Database, Pack};
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
        Pack::New { dir, title } => begin(&dir, &title),
        Pack::Schema { file } => schema(&file),
        Pack::Test { dir, only, tell } => super::pack_test::run(&dir, only.as_deref(), tell).await,
        Pack::Show { dir, flat } => show(&dir, flat),
        Pack::Draw { dir, mermaid: true, .. } => draw(&dir, method::draw::mermaids),
        Pack::Draw { dir, svg: Some(to), .. } => paint(&dir, &to),
        Pack::Draw { dir, .. } => draw(&dir, method::draw::tables),
        Pack::Diff { old, new, database, seal_key, json } => {
            let county = database.map(|database| Database { database, seal_key });
            super::pack_versions::diff((&old, &new), county, json).await
        }
        Pack::Moves { database, hash, dry_run, reason } => {
            let reason = reason.filter(|_| !dry_run);
            super::pack_versions::moves(&database, hash, reason).await
        }
        Pack::Simulate(wanted) => super::simulate::run(&wanted).await,
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

fn draw(dir: &Path, how: fn(&method::definition::Pack) -> String) -> Result<ExitCode> {
    let pack = sound(dir)?.pack.context("the pack has problems")?;
    println!("{}", how(&pack));
    Ok(ExitCode::SUCCESS)
}

/// One picture a procedure and a page that shows them, in a folder that is made when it is not there.
fn paint(dir: &Path, to: &Path) -> Result<ExitCode> {
    let pack = sound(dir)?.pack.context("the pack has problems")?;
    std::fs::create_dir_all(to).with_context(|| format!("no folder {}", to.display()))?;
    for (id, procedure) in &pack.procedures {
        std::fs::write(to.join(format!("{id}.svg")), method::draw::svg(&pack, procedure))?;
    }
    std::fs::write(to.join("README.md"), method::draw::page(&pack))?;
    println!("{} SVG → {}", pack.procedures.len(), to.display());
    Ok(ExitCode::SUCCESS)
}

/// Writes the files of a new pack into a folder that is not there yet.
fn begin(dir: &Path, title: &str) -> Result<ExitCode> {
    let id = dir.file_name().and_then(|it| it.to_str()).context("the folder has no name")?;
    let fits = id.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_');
    if !fits || !id.starts_with(|it: char| it.is_ascii_lowercase()) {
        bail!("the folder's name is the pack's id: lower-case letters, digits and underscores");
    }
    if dir.exists() {
        bail!("{} is there already", dir.display());
    }
    for (path, text) in stories::shipped::new_pack(id, title) {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(dir))?;
        std::fs::write(&path, text)?;
        println!("{}", path.display());
    }
    println!("next: jinlin pack check {0}; jinlin pack test {0}", dir.display());
    Ok(ExitCode::SUCCESS)
}

fn schema(file: &str) -> Result<ExitCode> {
    let known = || format!("no such file; there are {}", method::schema::FILES.join(", "));
    let schema = method::schema::schema(file).with_context(known)?;
    println!("{}", serde_json::to_string_pretty(&schema)?);
    Ok(ExitCode::SUCCESS)
}
