//! How a database is opened.

use std::{fmt, sync::Arc};

use crate::{BoxFuture, Error, Tx};

/// Work done at the end of each group that holds at least one command that succeeded; it is given
/// their number.
///
/// It runs on SQLite only, in the group's transaction, and may run again for the same commands when
/// a group is done over: whatever it remembers must be read from the [`Tx`].
pub type BeforeCommit =
    Arc<dyn for<'a> Fn(&'a mut Tx, usize) -> BoxFuture<'a, Result<(), Error>> + Send + Sync>;

/// How a database is opened.
#[derive(Clone)]
pub struct Options {
    /// Reading connections on SQLite (each has its own thread and page cache).
    pub readers: usize,
    /// Connections on PostgreSQL.
    pub connections: usize,
    /// Commands, and reads, that may wait before [`Error::Busy`] is answered.
    pub queue: usize,
    /// Most commands that share one commit on SQLite; 64 to 256 is sensible.
    pub group: usize,
    /// Work done at the end of each group on SQLite.
    pub before_commit: Option<BeforeCommit>,
    /// Whether an answer waits for the disk.
    pub synchronous: Synchronous,
    /// Open without owning: reads only, also beside a running owner.
    pub read_only: bool,
}

/// Whether an answer waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// What is answered survives a loss of power.
    Full,
    /// What is answered may be lost with the power: only to fill demos and benchmarks.
    Off,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 4,
            connections: 32,
            queue: 1_024,
            group: 256,
            before_commit: None,
            synchronous: Synchronous::Full,
            read_only: false,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("readers", &self.readers)
            .field("connections", &self.connections)
            .field("queue", &self.queue)
            .field("group", &self.group)
            .field("before_commit", &self.before_commit.is_some())
            .field("synchronous", &self.synchronous)
            .field("read_only", &self.read_only)
            .finish()
    }
}
