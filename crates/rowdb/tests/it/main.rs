//! The promises of rowdb, kept on both engines wherever both can break them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "what every test may do, also in its helpers"
)]

mod group;
mod migrations;
mod ownership;
mod postgres;
mod promises;
mod values;

use rowdb::{Db, Error, params};

/// A table `note` with a number and a unique name.
async fn with_notes(db: &Db) {
    db.command(|tx| {
        Box::pin(async move {
            let text = "CREATE TABLE note (
                number {int} NOT NULL PRIMARY KEY, name {text} NOT NULL UNIQUE) {strict}";
            tx.batch(&rowdb::render(text, tx.engine())).await
        })
    })
    .await
    .expect("a table");
}

/// Writes one note.
async fn write(db: &Db, number: i64) -> Result<(), Error> {
    db.command(move |tx| Box::pin(async move { insert(tx, number).await })).await
}

async fn insert(tx: &mut rowdb::Tx, number: i64) -> Result<(), Error> {
    let name = format!("note {number}");
    tx.execute("INSERT INTO note (number, name) VALUES ($1, $2)", &params![number, name]).await?;
    Ok(())
}

/// The numbers of all notes, in order.
async fn numbers(db: &Db) -> Vec<i64> {
    db.read(|tx| {
        Box::pin(async move {
            let rows = tx.query("SELECT number FROM note ORDER BY number", &[]).await?;
            rows.iter().map(|row| row.get(0)).collect::<Result<_, Error>>()
        })
    })
    .await
    .expect("numbers")
}
