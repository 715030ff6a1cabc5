//! One transaction after the other until a command or read is done, or has been tried too often.

use std::{
    future::poll_fn,
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicBool, Ordering},
    task::Poll,
    time::Duration,
};

use deadpool_postgres::Pool;
use futures::FutureExt;

use super::{
    fault::{self, Cure},
    session::{Mode, Session},
};
use crate::{BoxFuture, Error, Tx, tx};

/// How often a command is tried: with the pauses between, about two seconds.
const ATTEMPTS: u32 = 12;
/// The first pause in milliseconds; each is twice the one before, up to the last.
const FIRST_PAUSE: u64 = 4;
const LAST_PAUSE: u64 = 256;

/// How one transaction went.
enum Attempt<T, E> {
    Done(Result<T, E>),
    Again(Error),
}

/// Runs a command or read, again and again while that may help.
pub(super) async fn until_done<T, E, F>(pool: &Pool, mode: Mode, f: &F) -> Result<T, E>
where
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>>,
    E: From<Error>,
{
    for attempt in 0..ATTEMPTS {
        match once(pool, mode, f).await {
            Attempt::Done(result) => return result,
            Attempt::Again(error) if attempt + 1 == ATTEMPTS => return Err(error.into()),
            Attempt::Again(error) => {
                tracing::debug!(%error, attempt, "a transaction is tried again");
                pause(attempt).await;
            }
        }
    }
    Err(Error::busy().into())
}

async fn pause(attempt: u32) {
    let pause = (FIRST_PAUSE << attempt).min(LAST_PAUSE);
    #[expect(clippy::disallowed_methods, reason = "the pause between attempts is no timer")]
    tokio::time::sleep(Duration::from_millis(pause)).await;
}

async fn once<T, E, F>(pool: &Pool, mode: Mode, f: &F) -> Attempt<T, E>
where
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>>,
    E: From<Error>,
{
    let session = match Session::begin(pool, mode).await {
        Ok(session) => session,
        Err((error, Cure::None)) => return Attempt::Done(Err(error.into())),
        Err((error, _)) => return Attempt::Again(error),
    };
    let under_way = session.under_way();
    let mut tx = Tx::new(tx::Session::Postgres(session));
    // A session that is dropped on the way takes its connection with it.
    match AssertUnwindSafe(run(f, &mut tx, &under_way)).catch_unwind().await {
        Ok(Some(Ok(_))) if tx.failed() => finish(tx, Err(Error::Aborted.into())).await,
        Ok(Some(result)) => finish(tx, result).await,
        Ok(None) => Attempt::Done(Err(Error::Pending.into())),
        Err(_panic) => Attempt::Done(Err(Error::Panicked.into())),
    }
}

/// Ends a transaction as its result and its failures ask.
async fn finish<T, E: From<Error>>(tx: Tx, result: Result<T, E>) -> Attempt<T, E> {
    let tx::Session::Postgres(mut session) = tx.session else {
        return Attempt::Done(Err(Error::Aborted.into()));
    };
    match (session.cure(), result) {
        (Cure::Reconnect, _) => Attempt::Again(Error::Unavailable { in_doubt: false }),
        (Cure::Conflict, _) => {
            session.roll_back().await;
            Attempt::Again(Error::busy())
        }
        (Cure::None, Ok(value)) => commit(session, value).await,
        (Cure::None, Err(error)) => {
            session.roll_back().await;
            Attempt::Done(Err(error))
        }
    }
}

async fn commit<T, E: From<Error>>(mut session: Session, value: T) -> Attempt<T, E> {
    let Err(error) = session.commit().await else { return Attempt::Done(Ok(value)) };
    if fault::is_in_doubt(&error) {
        tracing::error!(error = fault::words(&error), "a commit is in doubt");
        return Attempt::Done(Err(Error::Unavailable { in_doubt: true }.into()));
    }
    session.roll_back().await;
    match fault::cure(&error) {
        Cure::None => Attempt::Done(Err(fault::of("COMMIT", &error).into())),
        _ => Attempt::Again(fault::of("COMMIT", &error)),
    }
}

/// Lets the command run as long as what it waits for is its own transaction; `None` if it is not.
async fn run<T, F>(f: F, tx: &mut Tx, under_way: &AtomicBool) -> Option<T>
where
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, T>,
{
    let mut future = f(tx);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(result) => Poll::Ready(Some(result)),
        Poll::Pending if under_way.load(Ordering::Relaxed) => Poll::Pending,
        Poll::Pending => Poll::Ready(None),
    })
    .await
}
