//! Migrations are applied once, in order, and must not change.

use rowdb::{Error, Migration, MigrationProblem, Options, testing};

use crate::{numbers, write};

const NOTES: Migration = Migration {
    id: "0001_note",
    sql: "CREATE TABLE note (number {int} NOT NULL PRIMARY KEY, name {text} NOT NULL) {strict};
          CREATE INDEX note_name ON note (name);",
};
const LEAVES: Migration =
    Migration { id: "0002_leaf", sql: "CREATE TABLE leaf (note {int} NOT NULL) {strict}" };
const BROKEN: Migration = Migration {
    id: "0003_broken",
    sql: "CREATE TABLE half (a {int}); CREATE TABLE half (b {int})",
};

fn problem(id: &str, problem: MigrationProblem) -> Result<usize, Error> {
    Err(Error::Migration { id: id.into(), problem })
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_missing_is_applied() {
    testing::for_each_engine(Options::default(), |db| async move {
        assert_eq!(db.migrate(&[NOTES]).await, Ok(1));
        assert_eq!(write(&db, 1).await, Ok(()));
        assert_eq!(db.migrate(&[NOTES, LEAVES]).await, Ok(1));
        assert_eq!(db.migrate(&[NOTES, LEAVES]).await, Ok(0));
        assert_eq!(numbers(&db).await, [1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_unknown_or_displaced_migration_is_refused() {
    testing::for_each_engine(Options::default(), |db| async move {
        assert_eq!(db.migrate(&[NOTES, LEAVES]).await, Ok(2));
        let changed = Migration { sql: "SELECT 1", ..LEAVES };
        let answer = db.migrate(&[NOTES, changed]).await;
        assert_eq!(answer, problem("0002_leaf", MigrationProblem::Changed));
        let answer = db.migrate(&[NOTES]).await;
        assert_eq!(answer, problem("0002_leaf", MigrationProblem::Unknown));
        let answer = db.migrate(&[LEAVES, NOTES]).await;
        assert_eq!(answer, problem("0001_note", MigrationProblem::OutOfOrder));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_fails_leaves_nothing_and_keeps_those_before() {
    testing::for_each_engine(Options::default(), |db| async move {
        let answer = db.migrate(&[NOTES, LEAVES, BROKEN]).await;
        let Err(Error::Migration { id, problem: MigrationProblem::Failed(_) }) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(id, "0003_broken");
        let mended = Migration { sql: "CREATE TABLE half (a {int})", ..BROKEN };
        assert_eq!(db.migrate(&[NOTES, LEAVES, mended]).await, Ok(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_start_together_apply_each_migration_once() {
    let Some(place) = testing::postgres() else { return };
    let mut programs = Vec::new();
    for _ in 0..4 {
        let db = place.open(Options { connections: 2, ..Options::default() }).await.unwrap();
        programs.push(tokio::spawn(async move { db.migrate(&[NOTES, LEAVES]).await }));
    }
    for program in programs {
        assert!(program.await.expect("joined").is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_opened_read_only_is_checked_and_not_changed() {
    for place in testing::places() {
        let db = place.open(Options::default()).await.unwrap();
        db.migrate(&[NOTES]).await.unwrap();
        let reader = place.open(Options { read_only: true, ..Options::default() }).await.unwrap();
        assert_eq!(reader.migrate(&[NOTES]).await, Ok(0));
        let answer = reader.migrate(&[NOTES, LEAVES]).await;
        assert_eq!(answer, problem("0002_leaf", MigrationProblem::Missing));
        reader.close().await;
        db.close().await;
    }
}
