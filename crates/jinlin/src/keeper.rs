//! Room for long work: backups in a folder, tables built again in a temporary one.

use crate::files::Folder;
use app::County;
use app::journal::{BackupError, Done, Keeper, Progress, Stored, VerifyReport, backup, verify};
use rowdb::BoxFuture;
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Folders of uploads and of backups.
pub struct House {
    /// Uploads, which a backup holds too.
    pub files: Folder,
    /// Where backups lie.
    pub backups: PathBuf,
}

impl House {
    async fn write(&self, county: &Arc<County>, done: &Done) -> Result<Stored, BackupError> {
        std::fs::create_dir_all(&self.backups)?;
        let name = format!("jinlin-{}.backup", county.now().strftime("%Y%m%d-%H%M%S"));
        let part = self.backups.join(format!("{name}.part"));
        let written = self.write_part(county, &part, done).await;
        // A half backup is none.
        if written.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        let (entries, bytes, sha256) = written?;
        std::fs::rename(&part, self.backups.join(&name))?;
        File::open(&self.backups)?.sync_all()?;
        Ok(Stored { file: name, entries, bytes, sha256 })
    }

    async fn write_part(
        &self,
        county: &Arc<County>,
        part: &Path,
        done: &Done,
    ) -> Result<(u64, u64, String), BackupError> {
        let file = OpenOptions::new().write(true).create_new(true).open(part)?;
        let mut out = Counted { inner: BufWriter::new(file), bytes: 0, hash: Sha256::new() };
        let report = backup(county, &self.files, &mut out, &mut |entries| done(entries)).await?;
        out.inner.flush()?;
        out.inner.get_ref().sync_all()?;
        Ok((report.entries, out.bytes, hex(&out.hash.finalize())))
    }

    async fn compare(&self, county: &Arc<County>, done: &Done) -> app::Result<VerifyReport> {
        let scratch = tempfile::tempdir().map_err(app::Error::internal)?;
        let path = scratch.path().join("rebuilt.db");
        let mut progress = |at: Progress| {
            if let Progress::Replayed { done: entries, .. } = at {
                done(entries);
            }
        };
        verify(county, &path.display().to_string(), &mut progress).await
    }
}

impl Keeper for House {
    fn back_up<'a>(
        &'a self,
        county: &'a Arc<County>,
        done: &'a Done,
    ) -> BoxFuture<'a, Result<Stored, BackupError>> {
        Box::pin(self.write(county, done))
    }

    fn verify<'a>(
        &'a self,
        county: &'a Arc<County>,
        done: &'a Done,
    ) -> BoxFuture<'a, app::Result<VerifyReport>> {
        Box::pin(self.compare(county, done))
    }
}

/// A file that is counted and hashed while it is written.
struct Counted<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
