//! `jinlin pack test`: plays a pack's stories, as an official who writes one wants to see them.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::ExitCode;
use stories::runner::story::Story;
use stories::runner::{Database, Holds, play, prose, read};

/// Plays the stories of a folder one after the other, or tells them in words.
pub async fn run(dir: &Path, only: Option<&str>, tell: bool) -> Result<ExitCode> {
    let dir = dir.canonicalize().with_context(|| format!("no folder {}", dir.display()))?;
    let stories = stories_of(&dir, only.unwrap_or_default())?;
    if tell {
        let pack = super::pack::sound(&dir)?.pack;
        stories.iter().for_each(|story| println!("{}\n", prose(story, pack.as_ref())));
        return Ok(ExitCode::SUCCESS);
    }
    let mut failed = 0;
    for story in &stories {
        failed += u32::from(!played(&dir, story).await?);
    }
    println!("{} stories, {failed} did not go as told", stories.len());
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn stories_of(dir: &Path, only: &str) -> Result<Vec<Story>> {
    let folder = dir.join("stories");
    let entries = std::fs::read_dir(&folder)
        .with_context(|| format!("the pack has no stories in {}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".toml") && name.contains(only))
        .collect();
    names.sort();
    let mut stories = Vec::new();
    let mut faults = 0;
    for name in names {
        match read::of_file(dir, &format!("stories/{name}")) {
            Ok(story) => stories.push(story),
            Err(more) => {
                more.iter().for_each(|fault| eprintln!("{fault}"));
                faults += more.len();
            }
        }
    }
    match (faults, stories.is_empty()) {
        (0, true) => bail!("no story is called so"),
        (0, false) => Ok(stories),
        _ => bail!("{faults} faults in the stories"),
    }
}

async fn played(dir: &Path, story: &Story) -> Result<bool> {
    if story.head.world == read::DEMO {
        println!("left out  {} plays in a whole county: see `jinlin demo`", story.file);
        return Ok(true);
    }
    let folder = tempfile::tempdir()?;
    let url = folder.path().join("story.db").display().to_string();
    let database = Database { url, holds: Holds::Nothing };
    // A story may follow another pack than the one it lies in: the pack it extends, for comparison.
    let pack = dir.with_file_name(&story.head.pack);
    let pack = if pack.exists() { pack } else { Path::new(&story.head.pack).to_owned() };
    let loaded = super::pack::sound(&pack)?;
    match play(story, &database, loaded).await {
        Ok(passed) => println!("as told   {} ({} refused or late)", story.file, passed.refusals),
        Err(failure) => {
            println!("NOT       {failure}");
            return Ok(false);
        }
    }
    Ok(true)
}
