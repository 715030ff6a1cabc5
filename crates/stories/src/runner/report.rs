//! What came of playing a story, for people and for `cargo xtask rows`.

use super::story::Story;
use super::told::Told;
use app::Engine;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::Path;

/// A story that went as told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Its file.
    pub file: String,
    /// The rows it proves.
    pub rows: Vec<u32>,
    /// Steps that were refused, or late with consequences, as told.
    pub refusals: u32,
    /// The transitions it took.
    pub told: Told,
}

/// A story that did not go as told.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Its file.
    pub file: String,
    /// Its title.
    pub title: String,
    /// The number of the step; none for the beginning or the end.
    pub step: Option<usize>,
    /// What was expected and what was found.
    pub why: String,
    /// The case's timeline.
    pub history: Vec<String>,
}

impl Passed {
    pub(super) fn new(story: &Story, refusals: u32, told: Told) -> Self {
        Self { file: story.file.clone(), rows: story.head.rows.clone(), refusals, told }
    }
}

impl Failure {
    pub(super) fn new(story: &Story, step: Option<usize>, why: String) -> Self {
        let (file, title) = (story.file.clone(), story.head.title.clone());
        Self { file, title, step, why, history: Vec::new() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{} ({})", self.file, self.title)?;
        match self.step {
            Some(n) => writeln!(out, "  step {n}: {}", self.why)?,
            None => writeln!(out, "  {}", self.why)?,
        }
        for line in &self.history {
            writeln!(out, "    {line}")?;
        }
        Ok(())
    }
}

/// All that was proven, as `cargo xtask rows` reads it.
#[derive(Debug, Default, Serialize)]
struct Proven {
    stories: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Item {
    file: String,
    rows: Vec<u32>,
    engines: Vec<&'static str>,
    refusals: u32,
}

/// Writes what was proven on which engines.
pub fn write(path: &Path, passed: &[(Engine, Passed)]) -> io::Result<()> {
    let mut items: BTreeMap<&str, Item> = BTreeMap::new();
    for (engine, it) in passed {
        let item = items.entry(&it.file).or_insert_with(|| Item {
            file: it.file.clone(),
            rows: it.rows.clone(),
            engines: Vec::new(),
            refusals: it.refusals,
        });
        item.engines.push(word(*engine));
    }
    let proven = Proven { stories: items.into_values().collect() };
    path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    std::fs::write(path, serde_json::to_vec_pretty(&proven)?)
}

/// The word of an engine.
pub fn word(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}
