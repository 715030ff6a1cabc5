//! The ports behind which the bytes of uploads lie: those that were taken in, and those that are
//! still arriving.

use jiff::Timestamp;
use rowdb::BoxFuture;
use std::io;
use uuid::Uuid;

/// Where the bytes of uploads lie, by their SHA-256 in hex. Bytes are put before an entry names them;
/// those that nobody names a long time after may be swept away.
pub trait Files: Send + Sync {
    /// Keeps bytes for good before it answers. Putting them again is harmless, and makes them new.
    fn put<'a>(&'a self, sha256: &'a str, bytes: &'a [u8]) -> BoxFuture<'a, io::Result<()>>;
    /// The bytes, if they are there.
    fn get<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, io::Result<Option<Vec<u8>>>>;
    /// Drops bytes; it is no error that they are gone.
    fn remove<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, io::Result<()>>;
    /// The hashes whose first byte is `head`, of bytes that were last put before an instant.
    fn stale(&self, head: u8, before: Timestamp) -> BoxFuture<'_, io::Result<Vec<String>>>;
    /// Drops bytes unless they were put again since then; whether they went.
    fn remove_stale<'a>(
        &'a self,
        sha256: &'a str,
        before: Timestamp,
    ) -> BoxFuture<'a, io::Result<bool>>;
}

/// Why bytes were not added to a draft.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// They do not follow what is there.
    #[error("{received} bytes are there")]
    Elsewhere {
        /// Where to go on.
        received: u64,
    },
    /// The draft would be larger than any upload may be.
    #[error("larger than {most} bytes")]
    TooLarge {
        /// Most bytes of a draft.
        most: u64,
    },
    /// Drafts take all the room there is for them.
    #[error("no room for more drafts")]
    Full,
    /// The disk said no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Uploads that arrive in pieces, by an id that their sender drew. They are kept for two days at
/// most and never backed up.
pub trait Drafts: Send + Sync {
    /// How many bytes are there: 0 of a draft that is not known.
    fn received(&self, draft: Uuid) -> BoxFuture<'_, io::Result<u64>>;
    /// Adds bytes that follow the first `offset` ones; answers how many are there then.
    fn append<'a>(
        &'a self,
        draft: Uuid,
        offset: u64,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<u64, DraftError>>;
    /// All its bytes; none of a draft that is not known.
    fn whole(&self, draft: Uuid) -> BoxFuture<'_, io::Result<Option<Vec<u8>>>>;
    /// Drops it; it is no error that it is gone.
    fn discard(&self, draft: Uuid) -> BoxFuture<'_, io::Result<()>>;
}

/// Both.
pub trait Uploads: Files + Drafts {}

impl<T: Files + Drafts> Uploads for T {}
