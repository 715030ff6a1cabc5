//! What only PostgreSQL can do to a command: conflicts, and connections that go away.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use rowdb::{Db, Error, Options, params, testing};

use crate::{numbers, with_notes, write};

async fn open() -> Option<Db> {
    let place = testing::postgres()?;
    let db = place.open(Options { connections: 16, ..Options::default() }).await.unwrap();
    db.migrate(&[]).await.unwrap();
    with_notes(&db).await;
    Some(db)
}

/// Reads note 0's name as a number and writes the next one.
async fn increment(db: &Db, runs: Arc<AtomicUsize>) -> Result<(), Error> {
    db.command(move |tx| {
        runs.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            let row = tx.query_one("SELECT name FROM note WHERE number = 0", &[]).await?;
            let next = row.get::<String>(0)?.parse::<i64>().expect("a number") + 1;
            let params = params![next.to_string()];
            tx.execute("UPDATE note SET name = $1 WHERE number = 0", &params).await?;
            Ok(())
        })
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicting_commands_are_tried_again_until_none_is_lost() {
    let Some(db) = open().await else { return };
    db.command(|tx| Box::pin(async move { tx.batch("INSERT INTO note VALUES (0, '0')").await }))
        .await
        .unwrap();
    let runs = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (db, runs) = (db.clone(), runs.clone());
            tokio::spawn(async move { increment(&db, runs).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.expect("joined"), Ok(()));
    }
    let name = db
        .read(|tx| {
            Box::pin(async move {
                tx.query_one("SELECT name FROM note WHERE number = 0", &[]).await?.get::<String>(0)
            })
        })
        .await;
    assert_eq!(name, Ok("8".to_owned()));
    assert!(runs.load(Ordering::Relaxed) > 8, "nothing conflicted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_was_ended_is_replaced() {
    let Some(db) = open().await else { return };
    let ended = Arc::new(AtomicUsize::new(0));
    let runs = ended.clone();
    let answer = db.command(move |tx| {
        let first = runs.fetch_add(1, Ordering::Relaxed) == 0;
        Box::pin(async move {
            crate::insert(tx, 1).await?;
            if first {
                tx.query("SELECT pg_terminate_backend(pg_backend_pid())", &[]).await?;
            }
            Ok::<_, Error>(())
        })
    });
    assert_eq!(answer.await, Ok(()));
    assert_eq!(ended.load(Ordering::Relaxed), 2);
    assert_eq!(numbers(&db).await, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_is_unavailable() {
    let Ok(cluster) = testing::Cluster::start() else { return };
    let db = Db::open(&cluster.url(), Options::default()).await.unwrap();
    with_notes(&db).await;
    write(&db, 1).await.unwrap();
    drop(cluster);
    let answer = write(&db, 2).await;
    assert_eq!(answer, Err(Error::Unavailable { in_doubt: false }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_during_the_commit_leaves_the_outcome_in_doubt() {
    let Some(db) = open().await else { return };
    // The trigger fires at the commit and ends the connection under it.
    db.command(|tx| {
        Box::pin(async move {
            tx.batch(
                "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
                 BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
                 CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON note
                 DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()",
            )
            .await
        })
    })
    .await
    .unwrap();
    assert_eq!(write(&db, 1).await, Err(Error::Unavailable { in_doubt: true }));
    assert_eq!(numbers(&db).await, [0; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_sorts_otherwise_is_refused() {
    let Some(url) = testing::postgres_url() else { return };
    let (server, _) = url.rsplit_once("/postgres").expect("a database");
    let db = Db::open(&url, Options::default()).await.unwrap();
    let (client, connection) =
        tokio_postgres::connect(&format!("{server}/postgres"), tokio_postgres::NoTls)
            .await
            .unwrap();
    let driving = tokio::spawn(connection);
    client
        .batch_execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        .await
        .unwrap();
    let error = Db::open(&format!("{server}/latin"), Options::default()).await.err().unwrap();
    assert!(error.to_string().contains("C LATIN1"), "{error}");
    drop(client);
    driving.await.expect("joined").unwrap();
    db.close().await;
}
