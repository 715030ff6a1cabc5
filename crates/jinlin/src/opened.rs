//! Opening a county with its key, its clock and its folder of uploads.

use crate::cli::Database;
use crate::files::Folder;
use crate::keys::{self, Keys};
use crate::rim::{SystemChance, SystemClock};
use anyhow::{Context, Result};
use app::access::password::Hashing;
use app::{County, Setup};
use rowdb::{Options, Synchronous};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a database's key file lies.
pub fn key_file(database: &Database) -> PathBuf {
    database.seal_key.clone().unwrap_or_else(|| keys::beside(&database.database))
}

/// Where its uploads lie.
pub fn folder(database: &str, files: Option<&Path>) -> Folder {
    let beside = keys::beside(database).with_file_name("files");
    Folder::new(files.map_or(beside, Path::to_path_buf))
}

/// Where its backups lie.
pub fn backups(database: &str, folder: Option<&Path>) -> PathBuf {
    let beside = keys::beside(database).with_file_name("backups");
    folder.map_or(beside, Path::to_path_buf)
}

/// How a county is opened.
#[derive(Clone, Copy, Default)]
pub struct How {
    /// Whether it is a demo county.
    pub demo: bool,
    /// Whether writes need not wait for the disk: only while a demo is made.
    pub fast: bool,
    /// Without owning: beside a running server.
    pub read_only: bool,
}

/// Opens a county.
pub async fn county(database: &str, keys: &Keys, how: How) -> Result<Arc<County>> {
    let synchronous = if how.fast { Synchronous::Off } else { Synchronous::Full };
    let options = Options { synchronous, read_only: how.read_only, ..Options::default() };
    let setup = Setup {
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        origin: keys.origin.clone(),
        seal_key: Some(keys.seal()?),
        pepper: keys.pepper()?,
        hashing: Hashing::SAFE,
        demo: how.demo,
    };
    let opened = County::open(database, options, setup).await;
    opened.with_context(|| format!("cannot open the county in {}", shown(database)))
}

/// Opens the county of a database by the key file that belongs to it.
pub async fn by_key_file(database: &Database, how: How) -> Result<Arc<County>> {
    let keys = Keys::read(&key_file(database))?;
    county(&database.database, &keys, how).await
}

/// A database's address without its password.
pub fn shown(database: &str) -> String {
    match (database.split_once("://"), database.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        _ => database.to_owned(),
    }
}
