//! The promises of the store, kept on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what every test may do, also in its helpers"
)]

mod access;
mod desk;
mod effects;
mod exchange;
mod history;
mod journal;
mod lists;
mod people;
mod rebuilt;
mod screen;
mod search;
mod statements;
mod tallies;
mod territory;
mod world;

use rowdb::{BoxFuture, Db, Options, Tx, testing};

/// Runs a promise in one command on a fresh county of each engine.
async fn promise<F>(kept: F)
where
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, store::Result<()>> + Copy + Send + Sync + 'static,
{
    on_each_engine(move |db| async move { db.command(kept).await.expect("the promise is kept") })
        .await;
}

/// Runs a promise that needs several commands on a fresh county of each engine.
async fn on_each_engine<F, Fut>(kept: F)
where
    F: Fn(Db) -> Fut + Copy,
    Fut: Future<Output = ()>,
{
    let county = move |db: Db| async move {
        db.migrate(store::MIGRATIONS).await.expect("a schema");
        kept(db).await;
    };
    testing::for_each_engine(Options::default(), county).await;
}
