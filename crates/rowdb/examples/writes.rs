//! Commands a second, each a small insert: `writes [URL] [SECONDS] [CLIENTS]`, by default on a new
//! SQLite file in the current folder, 5 seconds, 64 clients.
//!
//! The figure is mostly the disk's: give the time of one fdatasync beside it.

use std::{
    process,
    time::{Duration, Instant},
};

use rowdb::{Db, Engine, Error, Migration, Options, params};

const NOTES: Migration = Migration {
    id: "0001_note",
    sql: "CREATE TABLE note (id {id} NOT NULL PRIMARY KEY, at {int} NOT NULL, text {text} NOT NULL)
          {strict_rowless}",
};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap_or_else(|| format!("writes-{}.db", process::id()));
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(5);
    let clients = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(64);
    let db = Db::open(&url, Options::default()).await?;
    db.migrate(&[NOTES]).await?;
    let before = count(&db).await?;
    let (taken, time) = load(&db, Duration::from_secs(seconds), clients).await?;
    let kept = count(&db).await? - before;
    print!("{clients} clients on ");
    report(db.engine(), &taken, time, kept);
    db.close().await;
    Ok(())
}

/// Runs all clients for this long; answers how long each command took, in order, and all together.
async fn load(db: &Db, time: Duration, clients: u128) -> Result<(Vec<Duration>, Duration), Error> {
    let begun = now();
    let clients: Vec<_> = (0..clients)
        .map(|client| {
            let db = db.clone();
            #[expect(clippy::disallowed_methods, reason = "many clients at once")]
            tokio::spawn(async move { write_until(&db, begun + time, client).await })
        })
        .collect();
    let mut taken = Vec::new();
    for client in clients {
        taken.extend(client.await.map_err(|_| Error::Panicked)??);
    }
    taken.sort();
    Ok((taken, begun.elapsed()))
}

async fn write_until(db: &Db, end: Instant, client: u128) -> Result<Vec<Duration>, Error> {
    let mut taken = Vec::new();
    let salt = u128::from(process::id());
    while now() < end {
        // In the order of time, as a UUID v7 is.
        let id = ((taken.len() as u128) << 64) | (salt << 16) | client;
        let begun = now();
        db.command(move |tx| {
            Box::pin(async move {
                let params =
                    params![uuid::Uuid::from_u128(id), 1_700_000_000_000_000_i64, "a small note"];
                tx.execute("INSERT INTO note (id, at, text) VALUES ($1, $2, $3)", &params).await
            })
        })
        .await?;
        taken.push(begun.elapsed());
    }
    Ok(taken)
}

async fn count(db: &Db) -> Result<i64, Error> {
    db.read(|tx| {
        Box::pin(async move {
            tx.query_one("SELECT CAST(COUNT(*) AS BIGINT) FROM note", &[]).await?.get(0)
        })
    })
    .await
}

fn report(engine: Engine, taken: &[Duration], time: Duration, kept: i64) {
    let quantile = |share: f64| {
        let index = (taken.len() as f64 * share) as usize;
        taken.get(index).copied().unwrap_or_default()
    };
    println!(
        "{engine:?}: {:.0} commands/s, p50 {:.2?}, p99 {:.2?}; {} answered, {kept} kept",
        taken.len() as f64 / time.as_secs_f64(),
        quantile(0.5),
        quantile(0.99),
        taken.len(),
    );
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures")]
fn now() -> Instant {
    Instant::now()
}
