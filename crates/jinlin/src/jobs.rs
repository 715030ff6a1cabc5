//! What runs by itself while a county is served: timers, sealing on PostgreSQL, the text index,
//! and sweeping out what has expired, uploads that nobody used too. Each looks at what should be true now.

use crate::files::Folder;
use app::messages::Sender;
use app::{County, Error};
use model::access::Actor;
use rowdb::Engine;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Starts all jobs; they end when the set is dropped.
pub fn start(county: &Arc<County>, files: Folder, sender: Option<Sender>) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    if let Some(sender) = sender {
        county.begin_telling();
        jobs.spawn(every(county.clone(), Duration::from_secs(2), "messages", move |county| {
            let sender = sender.clone();
            async move { app::messages::deliver(&county, &sender).await.map(|_| ()) }
        }));
    }
    jobs.spawn(every(county.clone(), Duration::from_secs(1), "clock", |county| async move {
        app::cases::run_due(&county).await?;
        // An act may have appointed somebody.
        app::cases::renew_if_moved(&county).await.map(|_| ())
    }));
    jobs.spawn(every(county.clone(), Duration::from_secs(20), "cycles", |county| async move {
        app::effects::run_cycles(&county).await.map(|_| ())
    }));
    jobs.spawn(every(county.clone(), Duration::from_millis(500), "index", |county| async move {
        app::cases::index_new(&county).await.map(|_| ())
    }));
    jobs.spawn(every(county.clone(), Duration::from_secs(600), "sweep", |county| async move {
        sweep(&county).await
    }));
    let folder = files.clone();
    jobs.spawn(every(county.clone(), Duration::from_secs(3600), "drafts", move |county| {
        let files = folder.clone();
        async move { sweep_drafts(&files, &county) }
    }));
    jobs.spawn(every(county.clone(), Duration::from_secs(6 * 3600), "uploads", move |county| {
        let files = files.clone();
        async move { sweep_uploads(&files, &county).await }
    }));
    // Holdings begin and absences end by date alone, and a crash may have come between a change of
    // posts and the renewal: so all open cases are asked again at the start and every quarter hour.
    jobs.spawn(every(county.clone(), Duration::from_secs(900), "renew", |county| async move {
        app::cases::renew_all(&county).await.map(|_| ())
    }));
    if county.db().engine() == Engine::Postgres {
        let holder = format!("{}", std::process::id());
        jobs.spawn(every(county.clone(), Duration::from_millis(100), "seal", move |county| {
            let holder = holder.clone();
            async move { county.seal(&holder).await.map(|_| ()) }
        }));
    }
    jobs
}

/// Takes out sessions, attempts, codes and idempotency keys that have expired.
async fn sweep(county: &Arc<County>) -> Result<(), Error> {
    let swept = county
        .run(Actor::system("sweep"), |tx, work| {
            Box::pin(async move {
                let keys = app::exchange::sweep(tx, work.now()).await?;
                let messages = app::messages::sweep(tx, &work).await?;
                Ok(keys + messages + app::access::sweep(tx, &work).await?)
            })
        })
        .await?;
    tracing::debug!(swept, "swept");
    Ok(())
}

/// Drops uploads that never became whole.
fn sweep_drafts(files: &Folder, county: &County) -> Result<(), Error> {
    let swept = files.sweep(county.now().into()).map_err(Error::internal)?;
    tracing::debug!(swept, "drafts swept");
    Ok(())
}

/// Drops uploads that no case named in time, and bytes that no upload names.
async fn sweep_uploads(files: &Folder, county: &Arc<County>) -> Result<(), Error> {
    let swept = app::exchange::sweep_uploads(county, files).await?;
    tracing::debug!(?swept, "uploads swept");
    Ok(())
}

/// Runs a job again and again; a failure is logged once per run and tried again.
#[expect(clippy::disallowed_methods, reason = "this is the loop that jobs are run by")]
async fn every<F, R>(county: Arc<County>, pause: Duration, job: &'static str, run: F)
where
    F: Fn(Arc<County>) -> R,
    R: Future<Output = Result<(), Error>>,
{
    loop {
        if let Err(error) = run(county.clone()).await {
            tracing::error!(job, %error, "a job failed and will be tried again");
        }
        tokio::time::sleep(pause).await;
    }
}
