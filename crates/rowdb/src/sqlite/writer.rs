//! The one thread that writes: groups of commands, a savepoint each, one commit.

use std::{
    fs::File,
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use super::{
    Order, connect, fault,
    job::{Job, run_to_end},
    lock,
    session::Session,
};
use crate::{BeforeCommit, Error, Options, Tx};

/// Opens the writing connection and starts its thread, which ends when all senders are gone.
pub(super) fn start(path: &Path, options: &Options) -> Result<SyncSender<Order>, Error> {
    let lock = lock::own(path)?;
    let connection = connect::writer(path, options.synchronous)?;
    let writer = Writer {
        tx: Session::begin_on(connection),
        before_commit: options.before_commit.clone(),
        group: options.group.max(1),
        _lock: lock,
    };
    let (sender, queue) = sync_channel(options.queue.max(1));
    thread::Builder::new()
        .name("rowdb-writer".into())
        .spawn(move || writer.work(&queue))
        .map_err(|error| Error::Open(error.to_string()))?;
    Ok(sender)
}

/// Why a group cannot be committed.
enum Stop {
    /// One of the group is to blame: each gets a transaction of its own. A group of one is answered
    /// this error, or what its command said.
    Parted(Option<Error>),
    /// The database is to blame: all are answered this error.
    Failed(Error),
}

/// What the writing thread owns; the lock is freed after the connection, whose field comes first.
struct Writer {
    tx: Tx,
    before_commit: Option<BeforeCommit>,
    group: usize,
    _lock: File,
}

impl Writer {
    fn work(mut self, queue: &Receiver<Order>) {
        let mut next = queue.recv().ok();
        while let Some(order) = next.take() {
            match order {
                Order::Shared(first) => {
                    let mut group = vec![first];
                    next = self.fill(&mut group, queue);
                    self.serve(group, self.before_commit.clone().as_ref());
                }
                Order::Alone(job) => self.serve(vec![job], None),
                Order::Close(closing) => {
                    drop(self);
                    return drop(closing);
                }
            }
            next = next.or_else(|| queue.recv().ok());
        }
    }

    /// Takes what waits, up to the group's size, and gives back the first order that cannot share.
    fn fill(&self, group: &mut Vec<Box<dyn Job>>, queue: &Receiver<Order>) -> Option<Order> {
        while group.len() < self.group {
            match queue.try_recv() {
                Ok(Order::Shared(job)) => group.push(job),
                Ok(other) => return Some(other),
                Err(_) => break,
            }
        }
        None
    }

    /// Commits a group and answers it, or parts it.
    fn serve(&mut self, mut group: Vec<Box<dyn Job>>, hook: Option<&BeforeCommit>) {
        let stop = self.attempt(&mut group, hook).err();
        if stop.is_some() && !self.tx.has_ended() {
            self.roll_back();
        }
        match stop {
            Some(Stop::Parted(_)) if group.len() > 1 => {
                return group.into_iter().for_each(|job| self.serve(vec![job], hook));
            }
            Some(Stop::Parted(Some(error)) | Stop::Failed(error)) => {
                group.iter_mut().for_each(|job| job.overrule(error.clone()));
            }
            Some(Stop::Parted(None)) | None => {}
        }
        group.into_iter().for_each(Job::answer);
    }

    fn attempt(
        &mut self,
        group: &mut [Box<dyn Job>],
        hook: Option<&BeforeCommit>,
    ) -> Result<(), Stop> {
        self.control("BEGIN IMMEDIATE").map_err(Stop::Failed)?;
        let mut succeeded = 0;
        for job in group {
            succeeded += usize::from(self.run_in_savepoint(job.as_mut())?);
        }
        if let Some(hook) = hook.filter(|_| succeeded > 0) {
            self.run_hook(hook, succeeded).map_err(|error| Stop::Parted(Some(error)))?;
        }
        self.commit()
    }

    /// Runs one command so that its failure leaves no trace; says whether it succeeded.
    fn run_in_savepoint(&mut self, job: &mut dyn Job) -> Result<bool, Stop> {
        self.control("SAVEPOINT command").map_err(Stop::Failed)?;
        let succeeded = job.run(&mut self.tx);
        if self.tx.has_ended() {
            if succeeded {
                job.overrule(Error::Aborted);
            }
            return Err(Stop::Parted(None));
        }
        if !succeeded {
            self.control("ROLLBACK TO command").map_err(Stop::Failed)?;
        }
        self.control("RELEASE command").map_err(Stop::Failed)?;
        Ok(succeeded)
    }

    fn run_hook(&mut self, hook: &BeforeCommit, succeeded: usize) -> Result<(), Error> {
        self.tx.reset();
        run_to_end(|| hook(&mut self.tx, succeeded)).flatten()?;
        if self.tx.failed() {
            return Err(Error::Aborted);
        }
        Ok(())
    }

    /// A constraint put off to the end is somebody's fault; every other failure is the disk's, and
    /// then nobody knows what is on it.
    fn commit(&mut self) -> Result<(), Stop> {
        self.tx.control("COMMIT").map_err(|error| match fault::of("COMMIT", &error) {
            Error::ForeignKey => Stop::Parted(Some(Error::ForeignKey)),
            _ => {
                tracing::error!(%error, "a commit failed");
                Stop::Failed(Error::Unavailable { in_doubt: true })
            }
        })
    }

    fn roll_back(&self) {
        if let Err(error) = self.tx.control("ROLLBACK") {
            tracing::error!(%error, "a rollback failed");
        }
    }

    fn control(&self, sql: &str) -> Result<(), Error> {
        self.tx.control(sql).map_err(|error| fault::of(sql, &error))
    }
}
