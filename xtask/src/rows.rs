//! Which of the 164 things that the sources ask for (`rows.tsv`) are proven, and by which stories.
//! A row counts when a story naming it has passed over HTTP on both engines and holds a refusal or
//! a late case. The stories decide that themselves; here their word is read and set against the files.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{House, Problem, cargo};

/// The rows: number, place, name.
pub(crate) const ROWS: &str = include_str!("../rows.tsv");

/// A row counts on both or not at all.
const ENGINES: [&str; 2] = ["postgres", "sqlite"];

/// What the tests of `stories` write, below Cargo's target folder, in `stories/proven.json`:
/// `{"stories": [{"file": "packs/x/stories/y.toml", "rows": [1, 3], "engines": ["sqlite",
/// "postgres"], "refusals": 2}]}`, one item for each story that has passed. The environment variable
/// `JINLIN_PROVEN` holds the file's full path while `cargo xtask rows` runs them.
#[derive(Debug, Default, Deserialize)]
struct Proven {
    stories: Vec<Passed>,
}

#[derive(Debug, Deserialize)]
struct Passed {
    /// Path below the root.
    file: String,
    rows: Vec<u32>,
    /// Engines on which every step was as told.
    engines: Vec<String>,
    /// Refused acts and late cases that came about as told.
    refusals: u32,
}

/// A story as far as this module reads it.
#[derive(Deserialize)]
struct Story {
    #[expect(dead_code, reason = "a story without a title is refused on reading")]
    title: String,
    #[serde(default)]
    rows: Vec<u32>,
}

/// What is proven and what does not count, each in order.
#[derive(Debug, Default, Serialize, PartialEq, Eq)]
pub struct Ledger {
    proven: usize,
    of: usize,
    rows: Vec<Row>,
    uncounted: Vec<Uncounted>,
}

#[derive(Debug, Serialize, PartialEq, Eq)]
struct Row {
    number: u32,
    place: String,
    name: String,
    stories: Vec<String>,
}

#[derive(Debug, Serialize, PartialEq, Eq)]
struct Uncounted {
    story: String,
    why: String,
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} of {} rows proven", self.proven, self.of)?;
        for Row { number, place, name, stories } in &self.rows {
            writeln!(f, "{number:>4}  {place}  {name}  ({})", stories.join(", "))?;
        }
        for Uncounted { story, why } in &self.uncounted {
            writeln!(f, "not counted: {story}: {why}")?;
        }
        Ok(())
    }
}

/// Runs the stories on both engines and reads what they prove, and whether all of them passed.
pub fn prove(house: &House) -> Result<(Ledger, bool)> {
    let target = cargo::ours(house.root())?.target_directory;
    let written = target.join("stories").join("proven.json");
    forget(&written)?;
    let status = Command::new("cargo")
        .args(["test", "--package", "stories", "--quiet"])
        .env("JINLIN_PROVEN", &written)
        .env("JINLIN_REQUIRE_POSTGRES", "1")
        .current_dir(house.root())
        // The answer of this program is the ledger; what the tests say goes beside it.
        .stdout(std::io::stderr())
        .status()
        .context("failed to run the stories")?;
    Ok((ledger(&stories(house)?, &read(&written)?)?, status.success()))
}

/// Checks the table, and that each story can be read and names only rows that exist.
pub fn check(house: &House) -> Result<Vec<Problem>> {
    let rows = all_rows()?;
    let mut problems = Vec::new();
    for (file, text) in story_files(house) {
        match toml::from_str::<Story>(text) {
            Err(error) => problems.push(Problem::new(file, error.message())),
            Ok(story) => {
                let unknown = story.rows.iter().filter(|row| !rows.contains_key(row));
                problems.extend(
                    unknown.map(|row| Problem::new(file, format!("there is no row {row}"))),
                );
            }
        }
    }
    Ok(problems)
}

fn forget(written: &Path) -> Result<()> {
    match fs::remove_file(written) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn read(written: &Path) -> Result<Proven> {
    match fs::read(written) {
        Ok(text) => serde_json::from_slice(&text).context("failed to read what the stories proved"),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Proven::default()),
        Err(error) => Err(error.into()),
    }
}

fn story_files(house: &House) -> impl Iterator<Item = (&str, &str)> {
    let files = house.files().iter().filter(|file| {
        let parts: Vec<_> = file.path.split('/').collect();
        matches!(parts.as_slice(), ["packs", _, "stories", name] if name.ends_with(".toml"))
    });
    files.map(|file| (file.path.as_str(), file.text.as_str()))
}

fn stories(house: &House) -> Result<BTreeMap<String, Story>> {
    let read = story_files(house).map(|(file, text)| {
        Ok((file.to_owned(), toml::from_str(text).with_context(|| file.to_owned())?))
    });
    read.collect()
}

fn all_rows() -> Result<BTreeMap<u32, (&'static str, &'static str)>> {
    let rows = ROWS.lines().skip(1).map(|line| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().with_context(|| format!("rows.tsv: {line}"));
        Ok((cell()?.parse()?, (cell()?, cell()?)))
    });
    rows.collect()
}

fn ledger(stories: &BTreeMap<String, Story>, proven: &Proven) -> Result<Ledger> {
    let names = all_rows()?;
    let mut ledger = Ledger { of: names.len(), ..Ledger::default() };
    let mut proofs: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (file, story) in stories {
        match doubt(story, proven.stories.iter().find(|passed| passed.file == *file)) {
            Some(why) => ledger.uncounted.push(Uncounted { story: file.clone(), why }),
            None => story.rows.iter().for_each(|row| {
                proofs.entry(*row).or_default().push(file.clone());
            }),
        }
    }
    let known = proofs.into_iter().filter_map(|(number, stories)| {
        let (place, name) = names.get(&number)?;
        Some(Row { number, place: (*place).to_owned(), name: (*name).to_owned(), stories })
    });
    ledger.rows = known.collect();
    ledger.proven = ledger.rows.len();
    Ok(ledger)
}

/// Why a story proves nothing, if so.
fn doubt(story: &Story, passed: Option<&Passed>) -> Option<String> {
    let Some(passed) = passed else {
        return Some("did not pass".to_owned());
    };
    let missing = ENGINES.iter().find(|engine| !passed.engines.iter().any(|it| it == *engine));
    if let Some(engine) = missing {
        Some(format!("did not pass on {engine}"))
    } else if passed.rows != story.rows {
        Some("names other rows than when it ran".to_owned())
    } else if passed.refusals == 0 {
        Some("holds neither a refusal nor a late case".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::testing::house;
    use rstest::rstest;

    fn ledger_of(proven: &str) -> Ledger {
        let house = house(&[
            ("packs/qinghe/stories/loop.toml", "title = \"环\"\nrows = [14, 1]\n[[step]]"),
            ("packs/qinghe/procedures/x.toml", "rows = [2]"),
        ]);
        ledger(&stories(&house).unwrap(), &serde_json::from_str(proven).unwrap()).unwrap()
    }

    #[test]
    fn there_are_164_rows_and_each_has_a_place_and_a_name() {
        let rows = all_rows().unwrap();
        assert_eq!(rows.keys().copied().collect::<Vec<_>>(), (1..=164).collect::<Vec<_>>());
        assert!(rows.values().all(|(place, name)| !place.is_empty() && !name.is_empty()));
    }

    #[test]
    fn a_passed_story_proves_its_rows() {
        let ledger = ledger_of(
            r#"{"stories": [{"file": "packs/qinghe/stories/loop.toml", "rows": [14, 1],
                "engines": ["sqlite", "postgres"], "refusals": 1}]}"#,
        );
        assert_eq!(ledger.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 14]);
        assert_eq!(ledger.uncounted, []);
        let text = ledger.to_string();
        assert!(text.starts_with("2 of 164 rows proven\n   1  沙县区  "), "{text}");
        assert!(text.contains("(packs/qinghe/stories/loop.toml)\n"), "{text}");
    }

    #[rstest]
    #[case::not_run(r#"{"stories": []}"#, "did not pass")]
    #[case::one_engine(
        r#"{"stories": [{"file": "packs/qinghe/stories/loop.toml", "rows": [14, 1],
            "engines": ["sqlite"], "refusals": 1}]}"#,
        "did not pass on postgres"
    )]
    #[case::nothing_refused(
        r#"{"stories": [{"file": "packs/qinghe/stories/loop.toml", "rows": [14, 1],
            "engines": ["sqlite", "postgres"], "refusals": 0}]}"#,
        "holds neither a refusal nor a late case"
    )]
    #[case::changed_since(
        r#"{"stories": [{"file": "packs/qinghe/stories/loop.toml", "rows": [14],
            "engines": ["sqlite", "postgres"], "refusals": 1}]}"#,
        "names other rows than when it ran"
    )]
    fn a_story_in_doubt_proves_nothing(#[case] proven: &str, #[case] why: &str) {
        let ledger = ledger_of(proven);
        assert_eq!((ledger.proven, ledger.rows.len()), (0, 0));
        assert_eq!(ledger.uncounted.iter().map(|it| it.why.as_str()).collect::<Vec<_>>(), [why]);
    }

    #[test]
    fn nothing_written_is_nothing_proven_and_old_proofs_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let written = folder.path().join("proven.json");
        forget(&written).unwrap();
        assert_eq!(read(&written).unwrap().stories.len(), 0);
        fs::write(&written, "{").unwrap();
        assert!(read(&written).is_err());
        forget(&written).unwrap();
        assert_eq!(read(&written).unwrap().stories.len(), 0);
    }

    #[test]
    fn a_story_names_only_rows_that_exist() {
        let house = house(&[
            ("packs/a/stories/x.toml", "title = \"x\"\nrows = [164, 165]"),
            ("packs/a/stories/y.toml", "rows = [1]"),
        ]);
        let files: Vec<_> = check(&house).unwrap().into_iter().map(|problem| problem.at).collect();
        assert_eq!(files, ["packs/a/stories/x.toml", "packs/a/stories/y.toml"]);
    }
}
