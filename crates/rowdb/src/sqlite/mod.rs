//! SQLite: one thread that writes, some that read, one process that owns the file.

mod connect;
mod fault;
mod job;
mod lock;
mod reader;
mod session;
mod writer;

use std::{
    path::Path,
    sync::mpsc::{SyncSender, TrySendError, sync_channel},
};

use tokio::{sync::oneshot, task::spawn_blocking};

use crate::{BoxFuture, Error, Options, Tx};

pub(crate) use session::Session;

use job::{Call, Job};

/// What is put into the queue of a thread.
enum Order {
    /// Share a transaction with others.
    Shared(Box<dyn Job>),
    /// Have a transaction alone, without the hook.
    Alone(Box<dyn Job>),
    /// Finish what came before and end; says so by dropping the sender.
    Close(oneshot::Sender<()>),
}

/// The two queues of an open SQLite file.
pub(crate) struct Store {
    /// Absent when the file was opened read-only.
    writer: Option<SyncSender<Order>>,
    readers: SyncSender<Order>,
    reader_count: usize,
}

impl Store {
    pub(crate) async fn open(path: &Path, options: Options) -> Result<Self, Error> {
        let path = path.to_owned();
        let opened = spawn_blocking(move || Self::open_blocking(&path, &options));
        opened.await.map_err(|_| Error::Open("the opening was broken off".into()))?
    }

    fn open_blocking(path: &Path, options: &Options) -> Result<Self, Error> {
        let path = lock::resolve(path)?;
        let writer = if options.read_only { None } else { Some(writer::start(&path, options)?) };
        let reader_count = options.readers.max(1);
        let (readers, queue) = sync_channel(options.queue.max(1));
        reader::start(&path, reader_count, queue)?;
        Ok(Self { writer, readers, reader_count })
    }

    pub(crate) async fn command<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let writer = self.writer.as_ref().ok_or(Error::ReadOnly)?;
        enter(writer, Order::Shared, f).await
    }

    /// A command with a transaction of its own and without the hook.
    pub(crate) async fn command_alone<T, F>(&self, f: F) -> Result<T, Error>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, Error>> + Send + Sync + 'static,
        T: Send + 'static,
    {
        let writer = self.writer.as_ref().ok_or(Error::ReadOnly)?;
        enter(writer, Order::Alone, f).await
    }

    pub(crate) async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        enter(&self.readers, Order::Shared, f).await
    }

    /// Finishes what is waiting and closes the file; readers first, so that the writer is the last
    /// to close and can fold the write-ahead log into the file.
    pub(crate) async fn close(&self) {
        for _ in 0..self.reader_count {
            close(&self.readers).await;
        }
        if let Some(writer) = &self.writer {
            close(writer).await;
        }
    }
}

/// Puts a call into a queue and waits for its answer; the call is done even if the waiting ends.
async fn enter<T, E, F>(
    queue: &SyncSender<Order>,
    order: fn(Box<dyn Job>) -> Order,
    f: F,
) -> Result<T, E>
where
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (call, answer) = Call::new(f);
    queue.try_send(order(Box::new(call))).map_err(|refused| match refused {
        TrySendError::Full(_) => Error::busy(),
        TrySendError::Disconnected(_) => Error::Unavailable { in_doubt: false },
    })?;
    answer.await.unwrap_or_else(|_| Err(Error::Unavailable { in_doubt: true }.into()))
}

async fn close(queue: &SyncSender<Order>) {
    let (closing, closed) = oneshot::channel();
    let queue = queue.clone();
    // The queue may be full, and then this waits.
    let sent = spawn_blocking(move || queue.send(Order::Close(closing)).is_ok());
    if sent.await.unwrap_or(false) {
        // The answer is the drop of the sender, when the connection has been closed.
        let _dropped = closed.await;
    }
}
