//! Uploads as files, named by the SHA-256 of their content.

use app::exchange::Files;
use rowdb::BoxFuture;
use std::io;
use std::path::PathBuf;

/// A folder of uploads.
#[derive(Clone)]
pub struct Folder(pub PathBuf);

impl Folder {
    fn path(&self, sha256: &str) -> io::Result<PathBuf> {
        let sound = sha256.len() == 64 && sha256.bytes().all(|it| it.is_ascii_hexdigit());
        let (head, tail) = sha256.split_at_checked(2).filter(|_| sound).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "not the name of an upload")
        })?;
        Ok(self.0.join(head).join(tail))
    }
}

impl Files for Folder {
    fn put<'a>(&'a self, sha256: &'a str, bytes: &'a [u8]) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async move {
            let path = self.path(sha256)?;
            if tokio::fs::try_exists(&path).await? {
                return Ok(());
            }
            let folder = path.parent().map(PathBuf::from).unwrap_or_default();
            tokio::fs::create_dir_all(&folder).await?;
            // Written aside and moved, so that a crash leaves no half file under the name.
            let part = tempfile::NamedTempFile::new_in(&folder)?;
            tokio::fs::write(part.path(), bytes).await?;
            part.as_file().sync_all()?;
            part.persist(&path).map_err(|error| error.error)?;
            Ok(())
        })
    }

    fn get<'a>(&'a self, sha256: &'a str) -> BoxFuture<'a, io::Result<Option<Vec<u8>>>> {
        Box::pin(async move {
            match tokio::fs::read(self.path(sha256)?).await {
                Ok(bytes) => Ok(Some(bytes)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        })
    }
}
