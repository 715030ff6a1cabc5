//! Load, crash and scale experiments: what Jinlin does in a second, a millisecond, a megabyte, and
//! after a kill. Each prints figures with unit, p50, p99 and the target it is held against.
//!
//! The subjects of the experiments are the other crates; nothing here is shipped.

pub mod client;
pub mod county;
pub mod crash;
pub mod create;
pub mod demo;
pub mod disk;
pub mod figure;
pub mod ground;
pub mod import;
pub mod postgres;
pub mod pure;
pub mod requests;
pub mod rim;
pub mod rows;
pub mod scale;
pub mod server;
pub mod stopwatch;

use anyhow::{Context, Result};
use ground::Scale;
use rowdb::{Options, Synchronous};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How the experiments are run.
#[derive(Clone, Debug)]
pub struct Bench {
    /// Where databases lie while they are measured on, on the disk that is measured.
    pub folder: PathBuf,
    /// Rounds, where an experiment has any.
    pub rounds: Option<usize>,
    /// Seconds a load lasts.
    pub seconds: f64,
    /// Clients at once.
    pub clients: usize,
    /// Cases in the large county.
    pub cases: usize,
    /// Whether `create` runs on PostgreSQL.
    pub postgres: bool,
    /// The PostgreSQL server to use.
    pub database: Option<String>,
    /// The file to import.
    pub file: PathBuf,
    /// The divisions of the city into which it is imported.
    pub divisions: PathBuf,
}

impl Bench {
    fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// A founded county in a closed file, to be copied.
    async fn template(&self, scale: Scale) -> Result<PathBuf> {
        fs::create_dir_all(&self.folder)?;
        let path = self.folder.join("template.db");
        remove(&path)?;
        self.found(&path.display().to_string(), scale).await?;
        Ok(path)
    }

    /// Founds a county at an address.
    async fn found(&self, url: &str, scale: Scale) -> Result<()> {
        let options = Options { synchronous: Synchronous::Off, ..Options::default() };
        let county = county::open(url, options).await?;
        county::found(&county, scale).await?;
        county::close(county).await;
        Ok(())
    }

    /// A fresh copy of a template.
    fn copy(&self, template: &Path, name: &str) -> Result<PathBuf> {
        let path = self.folder.join(format!("{name}.db"));
        remove(&path)?;
        fs::copy(template, &path).with_context(|| path.display().to_string())?;
        Ok(path)
    }
}

/// Removes a SQLite database with all its files.
fn remove(database: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm", ".lock", "-lock"] {
        let mut path = database.as_os_str().to_owned();
        path.push(end);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| PathBuf::from(path).display().to_string());
            }
            _ => {}
        }
    }
    Ok(())
}
