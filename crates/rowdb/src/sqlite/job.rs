//! A command or read on its way through a thread: run, perhaps run again, then answered.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    task::{Context, Poll, Waker},
};

use tokio::sync::oneshot;

use crate::{BoxFuture, Error, Tx};

/// A command or read whose types are forgotten.
pub(super) trait Job: Send {
    /// Runs it and keeps its answer, in place of an earlier one; says whether it succeeded.
    fn run(&mut self, tx: &mut Tx) -> bool;

    /// Answers this error, whatever the run said.
    fn overrule(&mut self, error: Error);

    /// Gives the answer to whom it may concern.
    fn answer(self: Box<Self>);
}

/// A command or read with its types.
pub(super) struct Call<T, E: From<Error>, F> {
    f: F,
    /// Absent until it was run.
    result: Option<Result<T, E>>,
    /// Absent once answered.
    asker: Option<oneshot::Sender<Result<T, E>>>,
}

impl<T, E: From<Error>, F> Call<T, E, F> {
    pub(super) fn new(f: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (asker, answer) = oneshot::channel();
        (Self { f, result: None, asker: Some(asker) }, answer)
    }

    fn send(&mut self, result: Result<T, E>) {
        if let Some(asker) = self.asker.take() {
            // The asker may have gone; the work stands all the same.
            let _gone = asker.send(result);
        }
    }
}

/// A call dropped unanswered was left in the queue at the close, or its thread ended under it.
impl<T, E: From<Error>, F> Drop for Call<T, E, F> {
    fn drop(&mut self) {
        let in_doubt = self.result.is_some();
        self.send(Err(Error::Unavailable { in_doubt }.into()));
    }
}

impl<T, E, F> Job for Call<T, E, F>
where
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx) -> bool {
        tx.reset();
        let mut result = run_to_end(|| (self.f)(tx)).unwrap_or_else(|error| Err(error.into()));
        if result.is_ok() && tx.failed() {
            result = Err(Error::Aborted.into());
        }
        self.result.insert(result).is_ok()
    }

    fn overrule(&mut self, error: Error) {
        self.result = Some(Err(error.into()));
    }

    fn answer(mut self: Box<Self>) {
        if let Some(result) = self.result.take() {
            self.send(result);
        }
    }
}

/// Runs a future that has nothing to wait for: on SQLite every statement is done at once.
pub(super) fn run_to_end<'a, T>(begin: impl FnOnce() -> BoxFuture<'a, T>) -> Result<T, Error> {
    let poll = || begin().as_mut().poll(&mut Context::from_waker(Waker::noop()));
    match catch_unwind(AssertUnwindSafe(poll)) {
        Ok(Poll::Ready(result)) => Ok(result),
        Ok(Poll::Pending) => Err(Error::Pending),
        Err(_panic) => Err(Error::Panicked),
    }
}
