//! The county's key file: the name of its log, the key that seals it, and the pepper of telephone
//! hashes. Made by `init` with mode 0600; never in the database or a backup.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What a key file holds.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// The log's origin line.
    pub origin: String,
    /// Ed25519 secret key, hex.
    seal: String,
    /// Pepper, hex.
    pepper: String,
}

impl Keys {
    /// Fresh keys for the log `origin`.
    pub fn new(origin: &str, chance: &dyn model::Chance) -> Self {
        let hex = |bytes: [u8; 32]| bytes.iter().map(|it| format!("{it:02x}")).collect::<String>();
        Self { origin: origin.to_owned(), seal: hex(chance.seed()), pepper: hex(chance.seed()) }
    }

    /// The key that seals.
    pub fn seal(&self) -> Result<[u8; 32]> {
        bytes(&self.seal).context("`seal` in the key file is no 64-digit hex number")
    }

    /// The pepper.
    pub fn pepper(&self) -> Result<[u8; 32]> {
        bytes(&self.pepper).context("`pepper` in the key file is no 64-digit hex number")
    }

    /// Reads a key file; refuses one that others may read.
    pub fn read(path: &Path) -> Result<Self> {
        let text = guarded(path).context("the key file is made by `jinlin init`")?;
        toml::from_str(&text).with_context(|| format!("{} is no key file", path.display()))
    }

    /// Writes a new key file; never over an old one.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .with_context(|| format!("cannot make the key file {}", path.display()))?;
        file.write_all(toml::to_string(self)?.as_bytes())?;
        file.sync_all().context("cannot write the key file")
    }
}

/// The one line of a file with somebody else's secret: a key, a password of a service.
pub fn secret(path: &Path) -> Result<String> {
    let text = guarded(path)?;
    let line = text.trim();
    if line.is_empty() || line.contains('\n') {
        bail!("{} should hold one line, the secret", path.display());
    }
    Ok(line.to_owned())
}

/// The text of a file; refuses one that others may read.
fn guarded(path: &Path) -> Result<String> {
    let mut file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        bail!("others may read {}: run `chmod 600` on it", path.display());
    }
    let mut text = String::new();
    file.read_to_string(&mut text).with_context(|| format!("{} is no text", path.display()))?;
    Ok(text)
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = hex.chars().map(|it| Some(it.to_digit(16)? as u8)).collect();
    let pairs = digits?;
    let (pairs, rest) = pairs.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    if rest.is_empty() { bytes.try_into().ok() } else { None }
}

/// Where the key file of a database lies unless said otherwise: beside a SQLite file.
pub fn beside(database: &str) -> PathBuf {
    let path = database.strip_prefix("sqlite:").unwrap_or(database);
    if path.starts_with("postgres") {
        return PathBuf::from("jinlin.key");
    }
    Path::new(path).with_extension("key")
}
