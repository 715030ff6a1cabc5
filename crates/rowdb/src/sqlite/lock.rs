//! The lock file by which one process owns a SQLite file; the system frees it when the process ends.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use crate::Error;

/// The path with links followed, so that two names of one file share one lock.
///
/// The database file itself is never opened here: closing any handle of it would free the locks
/// that SQLite holds on it in this process.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, Error> {
    if let Ok(resolved) = path.canonicalize() {
        return Ok(resolved);
    }
    let name = path.file_name().ok_or_else(|| cannot(path, "it names no file"))?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().map_err(|error| cannot(path, error))?;
    Ok(folder.join(name))
}

/// Takes ownership of the file for as long as the returned handle lives.
pub(super) fn own(path: &Path) -> Result<File, Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&name);
    let file = file.map_err(|error| cannot(path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Owned { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(cannot(path, error)),
    }
}

fn cannot(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::Open(format!("{}: {why}", path.display()))
}
