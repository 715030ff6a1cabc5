//! Uploads as files, named by the SHA-256 of their content; those still arriving beside them, by
//! the id of their draft.

use app::exchange::{DraftError, Drafts, Files, LARGEST};
use jiff::Timestamp;
use rowdb::BoxFuture;
use std::fs::{DirEntry, Metadata};
use std::io::{self, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use tokio::sync::Mutex;
use uuid::Uuid;

/// Most bytes of all drafts together.
const ROOM: u64 = 2 * 1024 * 1024 * 1024;

/// How long a draft is kept after its last piece.
const KEPT: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// A folder of uploads.
#[derive(Clone)]
pub struct Folder {
    root: PathBuf,
    /// Held while a draft grows: two pieces at the same place would both fit.
    growing: Arc<Mutex<()>>,
    /// Held while bytes take their name or lose it: those that are put again must not be taken for old.
    naming: Arc<Mutex<()>>,
}

impl Folder {
    /// Uploads below `root`.
    pub fn new(root: PathBuf) -> Self {
        Self { root, growing: Arc::default(), naming: Arc::default() }
    }

    fn path(&self, sha256: &str) -> io::Result<PathBuf> {
        let (head, tail) =
            sha256.split_at_checked(2).filter(|_| is_hash(sha256)).ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidInput, "not the name of an upload")
            })?;
        Ok(self.root.join(head).join(tail))
    }

    fn drafts(&self) -> PathBuf {
        self.root.join("drafts")
    }

    fn draft(&self, draft: Uuid) -> PathBuf {
        self.drafts().join(draft.simple().to_string())
    }

    /// Drops drafts that have not grown for two days before `now`; says how many.
    pub fn sweep(&self, now: SystemTime) -> io::Result<usize> {
        let old = |age: io::Result<SystemTime>| {
            age.is_ok_and(|at| now.duration_since(at).is_ok_and(|age| age > KEPT))
        };
        let mut swept = 0;
        for (path, about) in listed(&self.drafts())? {
            if old(about.modified()) {
                std::fs::remove_file(path)?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

/// The files of a folder, but those that go meanwhile; none of one that is not there.
fn listed(folder: &Path) -> io::Result<Vec<(PathBuf, Metadata)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let about = |entry: io::Result<DirEntry>| {
        let entry = entry?;
        Ok(there(entry.metadata())?.map(|it| (entry.path(), it)))
    };
    entries.filter_map(|entry| about(entry).transpose()).collect()
}

fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|it| it.is_ascii_hexdigit())
}

fn is_old(about: &Metadata, before: SystemTime) -> bool {
    about.is_file() && about.modified().is_ok_and(|at| at < before)
}

/// What is there, if anything.
fn there<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

impl Files for Folder {
    fn put<'a>(&'a self, sha256: &'a str, bytes: &'a [u8]) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            let path = self.path(sha256)?;
            let folder = path.parent().map(PathBuf::from).unwrap_or_default();
            tokio::fs::create_dir_all(&folder).await?;
            tokio::fs::create_dir_all(self.drafts()).await?;
            // Written aside and moved, so that a crash leaves no half file under the name, and the rest is
            // swept with the drafts; anew if it is there, so that it is young while its entry is made.
            let part = tempfile::NamedTempFile::new_in(self.drafts())?;
            tokio::fs::write(part.path(), bytes).await?;
            part.as_file().sync_all()?;
            let _alone = self.naming.lock().await;
            part.persist(&path).map_err(|error| error.error)?;
            Ok(())
        })
    }

    fn get<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, io::Result<Option<Vec<u8>>>> {
        Box::pin(async move { there(tokio::fs::read(self.path(sha256)?).await) })
    }

    fn remove<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            there(tokio::fs::remove_file(self.path(sha256)?).await).map(Option::unwrap_or_default)
        })
    }

    fn stale(&self, head: u8, before: Timestamp) -> BoxFuture<'_, io::Result<Vec<String>>> {
        let (head, before) = (format!("{head:02x}"), SystemTime::from(before));
        Box::pin(async move {
            let old =
                listed(&self.root.join(&head))?.into_iter().filter(|(_, it)| is_old(it, before));
            let names = old.filter_map(|(path, _)| path.file_name()?.to_str().map(str::to_owned));
            Ok(names.map(|tail| format!("{head}{tail}")).filter(|it| is_hash(it)).collect())
        })
    }

    fn remove_stale<'a>(
        &'a self,
        sha256: &'a str,
        before: Timestamp,
    ) -> BoxFuture<'a, io::Result<bool>> {
        Box::pin(async move {
            let path = self.path(sha256)?;
            let _alone = self.naming.lock().await;
            let about = there(tokio::fs::metadata(&path).await)?;
            let old = about.is_some_and(|it| is_old(&it, before.into()));
            if old {
                tokio::fs::remove_file(&path).await?;
            }
            Ok(old)
        })
    }
}

impl Drafts for Folder {
    fn received(&self, draft: Uuid) -> BoxFuture<'_, io::Result<u64>> {
        Box::pin(async move {
            let about = there(tokio::fs::metadata(self.draft(draft)).await)?;
            Ok(about.map_or(0, |it| it.len()))
        })
    }

    fn append<'a>(
        &'a self,
        draft: Uuid,
        offset: u64,
        bytes: &'a [u8],
    ) -> BoxFuture<'a, Result<u64, DraftError>> {
        Box::pin(async move {
            let _alone = self.growing.lock().await;
            let received = self.received(draft).await?;
            let (long, most) = (received + bytes.len() as u64, LARGEST as u64);
            if offset != received {
                return Err(DraftError::Elsewhere { received });
            }
            if long > most {
                return Err(DraftError::TooLarge { most });
            }
            tokio::fs::create_dir_all(self.drafts()).await?;
            let held: u64 = listed(&self.drafts())?.iter().map(|(_, about)| about.len()).sum();
            if held + bytes.len() as u64 > ROOM {
                return Err(DraftError::Full);
            }
            let mut file = tokio::fs::OpenOptions::new();
            let mut file =
                file.create(true).truncate(false).write(true).open(self.draft(draft)).await?;
            file.seek(SeekFrom::Start(offset)).await?;
            file.write_all(bytes).await?;
            file.flush().await?;
            Ok(long)
        })
    }

    fn whole(&self, draft: Uuid) -> BoxFuture<'_, io::Result<Option<Vec<u8>>>> {
        Box::pin(async move { there(tokio::fs::read(self.draft(draft)).await) })
    }

    fn discard(&self, draft: Uuid) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(async move {
            there(tokio::fs::remove_file(self.draft(draft)).await).map(Option::unwrap_or_default)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_draft_grows_from_where_it_is_and_is_swept_after_two_days() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().to_owned());
        let draft = Uuid::from_u128(7);
        assert_eq!(folder.received(draft).await.unwrap(), 0);
        assert_eq!(folder.whole(draft).await.unwrap(), None);
        assert_eq!(folder.append(draft, 0, b"abc").await.unwrap(), 3);
        for wrong in [0, 2, 4] {
            let refused = folder.append(draft, wrong, b"x").await;
            assert!(matches!(refused, Err(DraftError::Elsewhere { received: 3 })), "{refused:?}");
        }
        assert_eq!(folder.append(draft, 3, b"de").await.unwrap(), 5);
        assert_eq!(folder.whole(draft).await.unwrap().unwrap(), b"abcde");
        let huge = vec![0; LARGEST];
        let refused = folder.append(draft, 5, &huge).await;
        assert!(matches!(refused, Err(DraftError::TooLarge { .. })), "{refused:?}");
        let (_, about) = listed(&folder.drafts()).unwrap().remove(0);
        let written = about.modified().unwrap();
        assert_eq!(folder.sweep(written + KEPT).unwrap(), 0);
        assert_eq!(folder.sweep(written + KEPT + Duration::from_secs(1)).unwrap(), 1);
        assert_eq!(folder.received(draft).await.unwrap(), 0);
        folder.discard(draft).await.unwrap();
    }

    #[tokio::test]
    async fn bytes_are_kept_by_their_hash_and_dropped() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().to_owned());
        let name = app::exchange::hash(b"x");
        folder.put(&name, b"x").await.unwrap();
        assert_eq!(folder.get(&name).await.unwrap().unwrap(), b"x");
        folder.remove(&name).await.unwrap();
        folder.remove(&name).await.unwrap();
        assert_eq!(folder.get(&name).await.unwrap(), None);
        assert!(folder.get("../../etc/passwd").await.is_err());
    }

    /// When bytes were last put.
    fn put_at(folder: &Folder, name: &str) -> SystemTime {
        std::fs::metadata(folder.path(name).unwrap()).unwrap().modified().unwrap()
    }

    fn timestamp(at: SystemTime) -> Timestamp {
        at.try_into().unwrap()
    }

    #[tokio::test]
    async fn old_bytes_are_listed_by_their_first_byte_and_dropped_unless_put_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().to_owned());
        let name = app::exchange::hash(b"x");
        let head = u8::from_str_radix(name.split_at(2).0, 16).unwrap();
        folder.put(&name, b"x").await.unwrap();
        std::fs::write(folder.path(&name).unwrap().with_file_name("no hash"), "x").unwrap();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let file = std::fs::File::options().write(true).open(folder.path(&name).unwrap()).unwrap();
        file.set_modified(long_ago).unwrap();
        let after = timestamp(long_ago + Duration::from_secs(1));
        assert_eq!(folder.stale(head, timestamp(long_ago)).await.unwrap(), Vec::<String>::new());
        assert_eq!(folder.stale(head, after).await.unwrap(), std::slice::from_ref(&name));
        assert_eq!(folder.stale(head ^ 1, after).await.unwrap(), Vec::<String>::new());

        folder.put(&name, b"x").await.unwrap();
        assert!(put_at(&folder, &name) > long_ago, "they are new again");
        assert!(!folder.remove_stale(&name, after).await.unwrap());
        assert_eq!(folder.get(&name).await.unwrap().unwrap(), b"x");
        let later = timestamp(put_at(&folder, &name) + Duration::from_secs(1));
        assert!(folder.remove_stale(&name, later).await.unwrap());
        assert!(!folder.remove_stale(&name, later).await.unwrap());
        assert_eq!(folder.get(&name).await.unwrap(), None);
        assert_eq!(listed(&folder.drafts()).unwrap().len(), 0, "no part is left");
    }
}
