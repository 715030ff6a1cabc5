//! The threads that read: each read is one snapshot.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvError},
    },
    thread,
};

use super::{Order, connect, fault, job::Job, session::Session};
use crate::{Error, Tx};

/// Opens the reading connections and starts their threads, which share one queue and end when all
/// senders are gone.
pub(super) fn start(path: &Path, count: usize, queue: Receiver<Order>) -> Result<(), Error> {
    let queue = Arc::new(Mutex::new(queue));
    for number in 0..count {
        let tx = Session::begin_on(connect::reader(path)?);
        let queue = queue.clone();
        thread::Builder::new()
            .name(format!("rowdb-reader-{number}"))
            .spawn(move || work(tx, &queue))
            .map_err(|error| Error::Open(error.to_string()))?;
    }
    Ok(())
}

fn work(mut tx: Tx, queue: &Mutex<Receiver<Order>>) {
    while let Ok(order) = take(queue) {
        match order {
            Order::Shared(job) | Order::Alone(job) => serve(&mut tx, job),
            Order::Close(closing) => {
                drop(tx);
                return drop(closing);
            }
        }
    }
}

/// One thread waits at the queue, the others wait for it to have taken something.
fn take(queue: &Mutex<Receiver<Order>>) -> Result<Order, RecvError> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv()
}

fn serve(tx: &mut Tx, mut job: Box<dyn Job>) {
    match tx.control("BEGIN DEFERRED") {
        Ok(()) => {
            job.run(tx);
            if let Err(error) = tx.control("COMMIT") {
                tracing::error!(%error, "a read could not be ended");
            }
        }
        Err(error) => job.overrule(fault::of("BEGIN", &error)),
    }
    job.answer();
}
