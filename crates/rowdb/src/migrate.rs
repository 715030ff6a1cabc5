//! Migrations: one text for both engines, applied once, in order, and never changed afterwards.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{Db, Engine, Error, Tx, params};

/// One step of a database's history.
///
/// Its text uses words for what the engines call differently (see [`render`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// A name that stays for ever, such as `0001_journal`.
    pub id: &'static str,
    /// The statements, parted by semicolons.
    pub sql: &'static str,
}

/// Why migrations do not fit a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MigrationProblem {
    /// Its text is not the one that was applied.
    Changed,
    /// It was applied, but the program does not know it: the program is too old.
    Unknown,
    /// It was applied after one that the program lists later.
    OutOfOrder,
    /// It is not applied, and a database opened read-only cannot be brought up to date.
    Missing,
    /// The engine did not accept it; nothing of it was kept.
    Failed(Box<Error>),
}

impl fmt::Display for MigrationProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed => f.write_str("its text differs from the one that was applied"),
            Self::Unknown => f.write_str("it was applied, but this program does not know it"),
            Self::OutOfOrder => f.write_str("it was applied in another place of the order"),
            Self::Missing => f.write_str("it is not applied: bring the database up to date first"),
            Self::Failed(error) => write!(f, "it failed and was undone: {error}"),
        }
    }
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS rowdb_migration (
    position {int} NOT NULL PRIMARY KEY,
    id {text} NOT NULL UNIQUE,
    checksum {text} NOT NULL
) {strict}";

/// Writes a text in an engine's words.
///
/// `{id}`, `{bytes}`, `{json}`, `{bool}`, `{int}` and `{text}` become column types; `{strict}` and
/// `{strict_rowless}` end a table. Lines after `-- sqlite:` or `-- postgres:` are for that engine
/// only, until `-- both:`.
pub fn render(text: &str, engine: Engine) -> String {
    let mut ours = true;
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        match line.trim() {
            "-- sqlite:" => ours = engine == Engine::Sqlite,
            "-- postgres:" => ours = engine == Engine::Postgres,
            "-- both:" => ours = true,
            _ if ours => kept.extend([line, "\n"]),
            _ => {}
        }
    }
    words(engine).iter().fold(kept, |text, (word, meaning)| text.replace(word, meaning))
}

fn words(engine: Engine) -> [(&'static str, &'static str); 8] {
    let meanings = match engine {
        Engine::Sqlite => [
            "BLOB",
            "BLOB",
            "TEXT",
            "INTEGER",
            "INTEGER",
            "TEXT",
            "STRICT",
            "STRICT, WITHOUT ROWID",
        ],
        // Text sorts by its bytes, as on SQLite, whatever the server's language is.
        Engine::Postgres => {
            ["uuid", "bytea", "text", "boolean", "bigint", "text COLLATE \"C\"", "", ""]
        }
    };
    let [id, bytes, json, bool, int, text, strict, strict_rowless] = meanings;
    [
        ("{id}", id),
        ("{bytes}", bytes),
        ("{json}", json),
        ("{bool}", bool),
        ("{int}", int),
        ("{text}", text),
        ("{strict}", strict),
        ("{strict_rowless}", strict_rowless),
    ]
}

/// Applies what is missing, one transaction each, and answers how many.
pub(crate) async fn run(db: &Db, migrations: &[Migration]) -> Result<usize, Error> {
    create_table(db).await?;
    let done = applied(db, migrations).await?;
    for next in done..migrations.len() {
        let known = migrations.to_vec();
        db.command_alone(move |tx| {
            let known = known.clone();
            Box::pin(async move { apply(tx, &known, next).await })
        })
        .await?;
    }
    Ok(migrations.len() - done)
}

/// Refuses a database that lacks any of the migrations.
pub(crate) async fn check(db: &Db, migrations: &[Migration]) -> Result<(), Error> {
    let done = match applied(db, migrations).await {
        Err(Error::Sql { .. }) => 0,
        done => done?,
    };
    match migrations.get(done) {
        Some(missing) => Err(problem(missing.id, MigrationProblem::Missing)),
        None => Ok(()),
    }
}

async fn applied(db: &Db, migrations: &[Migration]) -> Result<usize, Error> {
    let known = migrations.to_vec();
    db.read(move |tx| {
        let known = known.clone();
        Box::pin(async move { count_applied(tx, &known).await })
    })
    .await
}

/// Two programs may start at once: the one that comes second meets the first one's table.
async fn create_table(db: &Db) -> Result<(), Error> {
    let create = || {
        db.command_alone(|tx| {
            let text = render(TABLE, tx.engine());
            Box::pin(async move { tx.batch(&text).await })
        })
    };
    match create().await {
        Err(Error::Unique { .. } | Error::Sql { .. }) => create().await,
        result => result,
    }
}

/// Applies the migration at `position`, unless another program has done so meanwhile.
async fn apply(tx: &mut Tx, known: &[Migration], position: usize) -> Result<(), Error> {
    if tx.engine() == Engine::Postgres {
        tx.batch("LOCK TABLE rowdb_migration IN EXCLUSIVE MODE").await?;
    }
    if count_applied(tx, known).await? > position {
        return Ok(());
    }
    let Some(migration) = known.get(position) else { return Ok(()) };
    let text = render(migration.sql, tx.engine());
    tx.batch(&text).await.map_err(|error| match error {
        Error::Busy { .. } | Error::Unavailable { .. } => error,
        error => problem(migration.id, MigrationProblem::Failed(Box::new(error))),
    })?;
    tx.execute(
        "INSERT INTO rowdb_migration (position, id, checksum) VALUES ($1, $2, $3)",
        &params![position as i64, migration.id, checksum(migration)],
    )
    .await?;
    Ok(())
}

/// How many are applied; they must be the first of those known, unchanged.
async fn count_applied(tx: &mut Tx, known: &[Migration]) -> Result<usize, Error> {
    const APPLIED: &str = "SELECT id, checksum FROM rowdb_migration ORDER BY position";
    let applied = tx.query(APPLIED, &[]).await?;
    for (position, row) in applied.iter().enumerate() {
        let (id, applied): (String, String) = (row.get(0)?, row.get(1)?);
        let Some(place) = known.iter().position(|migration| migration.id == id) else {
            return Err(problem(&id, MigrationProblem::Unknown));
        };
        if place != position {
            return Err(problem(&id, MigrationProblem::OutOfOrder));
        }
        if known.get(place).map(checksum) != Some(applied) {
            return Err(problem(&id, MigrationProblem::Changed));
        }
    }
    Ok(applied.len())
}

/// The digest of the text as written for both engines, so that a copy on the other engine has it
/// too.
fn checksum(migration: &Migration) -> String {
    hex::encode(Sha256::digest(migration.sql))
}

fn problem(id: &str, problem: MigrationProblem) -> Error {
    Error::Migration { id: id.to_owned(), problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_text_become_the_engines() {
        let text = "CREATE TABLE t (a {id}, b {bool}, c {int} DEFAULT '{}') {strict_rowless}";
        assert_eq!(
            render(text, Engine::Sqlite),
            "CREATE TABLE t (a BLOB, b INTEGER, c INTEGER DEFAULT '{}') STRICT, WITHOUT ROWID\n"
        );
        assert_eq!(
            render(text, Engine::Postgres),
            "CREATE TABLE t (a uuid, b boolean, c bigint DEFAULT '{}') \n"
        );
    }

    #[test]
    fn lines_marked_for_one_engine_are_left_out_for_the_other() {
        let text = "a\n-- sqlite:\nb\n  -- postgres:\nc\n-- both:\nd\n";
        assert_eq!(render(text, Engine::Sqlite), "a\nb\nd\n");
        assert_eq!(render(text, Engine::Postgres), "a\nc\nd\n");
    }
}
