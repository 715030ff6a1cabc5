//! Every statement is registered, used, in the common subset of both engines, accepted by both, and
//! reads no growing table from end to end.

use rowdb::{Engine, Value, testing};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// Words that only a statement begins with.
const BEGINNINGS: [&str; 5] = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "];

/// What must not stand in a statement: it is slow on one engine or means different things.
const AVOIDED: [&str; 4] = ["IS NULL OR $", " LIKE ", " ILIKE ", "NOW()"];

/// Tables that are as large as the county's history.
const GROWING: [&str; 24] = [
    "alert",
    "balance",
    "booking",
    "cases",
    "file",
    "gathering",
    "gathering_post",
    "household",
    "idempotency",
    "journal",
    "look",
    "notice_read",
    "private",
    "publication",
    "publication_place",
    "register_entry",
    "register_row",
    "seal",
    "session",
    "shift",
    "shift_case",
    "tally",
    "took",
    "vote",
];

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_accept_every_statement() {
    crate::on_each_engine(|db| async move {
        for (name, text) in store::statements(db.engine()) {
            let prepared = db.read(move |tx| {
                let text = text.clone();
                Box::pin(async move { tx.prepare(&text).await })
            });
            let prepared: Result<(), rowdb::Error> = prepared.await;
            assert_eq!(prepared, Ok(()), "{name} on {:?}", db.engine());
        }
    })
    .await;
}

#[test]
fn statements_keep_to_what_both_engines_mean_alike() {
    for (name, text) in ENGINES.into_iter().flat_map(store::statements) {
        for avoided in AVOIDED {
            assert!(!text.to_uppercase().contains(avoided), "{name} has {avoided}");
        }
    }
}

#[test]
fn no_statement_escapes_the_register() {
    // What tampers with a database for the tests of `verify` is not a statement of the store.
    let shipped = sources().into_iter().filter(|(path, _)| !path.ends_with("testing.rs"));
    for (path, text) in shipped {
        let (outside, _) = split(&text);
        let composes = text.contains("fn composed(");
        for beginning in BEGINNINGS {
            let quoted = format!("\"{beginning}");
            assert!(composes || !outside.contains(&quoted), "{} has {quoted}", path.display());
        }
    }
}

#[test]
fn every_block_of_statements_is_registered_and_every_statement_used() {
    let registered: BTreeSet<String> =
        store::statements(Engine::Sqlite).into_iter().map(|it| it.0).collect();
    for (path, text) in sources() {
        let (outside, block) = split(&text);
        for name in names(&block) {
            let full = format!("{}::{name}", module(&path));
            assert!(registered.contains(&full), "{full} is not registered");
            let used = outside.split(|c: char| !c.is_alphanumeric() && c != '_');
            assert!(used.into_iter().any(|word| word == name), "{full} is not used");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_reads_a_growing_table_from_end_to_end() {
    let place = testing::sqlite();
    let db = place.open(rowdb::Options::default()).await.unwrap();
    db.migrate(store::MIGRATIONS).await.unwrap();
    for (name, text) in store::statements(Engine::Sqlite) {
        if text.starts_with("PRAGMA") {
            continue;
        }
        let steps = plan(&db, &text).await;
        let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY"));
        let stops_early = text.contains("LIMIT") && !sorts;
        let walked = steps.iter().filter_map(|step| step.strip_prefix("SCAN ")?.split(' ').next());
        for table in walked.map(|alias| table_of(&text, alias)) {
            assert!(stops_early || !GROWING.contains(&table), "{name} walks {table}: {steps:?}");
        }
    }
    db.close().await;
}

/// The steps by which SQLite would answer a statement.
pub async fn plan(db: &rowdb::Db, text: &str) -> Vec<String> {
    let explained = format!("EXPLAIN QUERY PLAN {text}");
    let values = vec![Value::Null; parameters(text)];
    let steps: Result<Vec<String>, rowdb::Error> = db
        .read(move |tx| {
            let (explained, values) = (explained.clone(), values.clone());
            Box::pin(async move {
                let rows = tx.query(&explained, &values).await?;
                rows.iter().map(|row| row.get(3)).collect()
            })
        })
        .await;
    steps.unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The highest number of a statement's parameters.
fn parameters(text: &str) -> usize {
    let numbers = text.split('$').skip(1);
    let digits = numbers.map(|it| it.split(|c: char| !c.is_ascii_digit()).next().unwrap_or("0"));
    digits.filter_map(|it| it.parse().ok()).max().unwrap_or(0)
}

/// The table that an alias stands for in a statement; the word itself when it is no alias.
fn table_of<'a>(text: &'a str, alias: &'a str) -> &'a str {
    let words = text.split_whitespace().map(|word| word.trim_matches(['(', ')', ',']));
    let words: Vec<&str> = words.collect();
    let named = words.windows(3).find(|it| matches!(it[0], "FROM" | "JOIN") && it[2] == alias);
    named.map_or(alias, |it| it[1])
}

/// The source files of the store with their texts.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 10, "the sources are here");
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// A file's text outside its block of statements, and the block.
fn split(text: &str) -> (String, String) {
    let Some((before, rest)) = text.split_once("\nsql! {\n") else {
        return (text.to_owned(), String::new());
    };
    let (block, after) = rest.split_once("\n}\n").expect("the block ends");
    (format!("{before}\n{after}"), block.to_owned())
}

/// The names that a block gives to its statements.
fn names(block: &str) -> Vec<String> {
    let lines = block.lines().filter_map(|line| line.strip_prefix("    "));
    let heads = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    heads.filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect()
}

/// The module path of a source file.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(root()).unwrap().with_extension("");
    let parts: Vec<_> = inside.iter().map(|it| it.to_string_lossy().into_owned()).collect();
    format!("store::{}", parts.join("::")).trim_end_matches("::mod").to_owned()
}
