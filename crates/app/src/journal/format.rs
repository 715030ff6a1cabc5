//! The backup file: gzipped lines of JSON that know nothing of the engine. First a header, then the
//! entries in the order of the log with their private values, the rows kept beside the journal, the
//! uploads, and an end that says how much there was. No keys are in it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use model::journal::Private;
use rowdb::Value;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use uuid::Uuid;

/// The layout of the file.
pub(super) const LAYOUT: &str = "jinlin-backup-1";
/// The longest line, in bytes: an upload of 20 MiB in base64 is the longest we write.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Why there is no backup, or no restoring from one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file or the folder of uploads cannot be read or written.
    #[error("reading or writing failed: {0}")]
    Io(#[from] io::Error),
    /// The file ends before its end: take a whole copy.
    #[error("the backup is cut off")]
    Truncated,
    /// The file is not what was written: take another copy.
    #[error("the backup was altered: {0}")]
    Altered(String),
    /// Not a backup, or one of a newer program.
    #[error("not a backup this program can read: {0}")]
    Layout(String),
    /// The county to restore into has entries already: name an empty database.
    #[error("the database is not empty")]
    NotEmpty,
    /// The county's log has another name than the one in the backup: open it under that name.
    #[error("the backup is of the log {found}, not of {expected}")]
    OtherCounty {
        /// The log the backup is of.
        found: String,
        /// The log of the county.
        expected: String,
    },
    /// Restoring needs the key that signs.
    #[error("the county was opened for reading only")]
    NoKey,
    /// The county failed.
    #[error(transparent)]
    County(#[from] crate::Error),
}

impl From<rowdb::Error> for BackupError {
    fn from(error: rowdb::Error) -> Self {
        Self::County(error.into())
    }
}

impl From<store::Error> for BackupError {
    fn from(error: store::Error) -> Self {
        Self::County(error.into())
    }
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Line {
    /// The first line.
    Header { layout: String, origin: String, made_at: i64 },
    /// An entry: its sealed text; field → salt in hex and value.
    Entry { text: String, private: BTreeMap<String, (String, String)> },
    /// A row of a table kept beside the journal.
    Row { table: String, values: Vec<Cell> },
    /// An upload: name by hash, bytes in base64.
    File { sha256: String, bytes: String },
    /// The last line: the newest checkpoint, and the SHA-256 of all lines before.
    End { size: u64, checkpoint: Option<String>, sha256: String },
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cell {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Bytes(String),
    Id(Uuid),
}

impl From<&Value> for Cell {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Int(number) => Self::Int(*number),
            Value::Text(text) => Self::Text(text.clone()),
            Value::Bytes(bytes) => Self::Bytes(hex::encode(bytes)),
            Value::Id(id) => Self::Id(*id),
        }
    }
}

impl Cell {
    /// The value, unless its bytes are no hex.
    pub fn value(self) -> Result<Value, BackupError> {
        Ok(match self {
            Self::Null => Value::Null,
            Self::Bool(truth) => Value::Bool(truth),
            Self::Int(number) => Value::Int(number),
            Self::Text(text) => Value::Text(text),
            Self::Bytes(bytes) => Value::Bytes(unhex(&bytes)?),
            Self::Id(id) => Value::Id(id),
        })
    }
}

impl Line {
    /// An entry with its private values.
    pub fn entry(text: String, private: Vec<(String, Private)>) -> Self {
        let kept = |(field, private): (String, Private)| {
            (field, (hex::encode(private.salt), private.value))
        };
        Self::Entry { text, private: private.into_iter().map(kept).collect() }
    }

    /// An upload.
    pub fn file(sha256: String, bytes: &[u8]) -> Self {
        Self::File { sha256, bytes: BASE64.encode(bytes) }
    }
}

/// The private values of an entry's line.
pub(super) fn privates(
    kept: BTreeMap<String, (String, String)>,
) -> Result<Vec<(String, Private)>, BackupError> {
    let private = |(field, (salt, value)): (String, (String, String))| {
        let salt: Result<[u8; 16], _> = unhex(&salt)?.try_into();
        let salt = salt.map_err(|_| BackupError::Altered("a salt is not 16 bytes".to_owned()))?;
        Ok((field, Private { salt, value }))
    };
    kept.into_iter().map(private).collect()
}

/// The bytes of an upload, whose name must be their hash.
pub(super) fn file_bytes(sha256: &str, bytes: &str) -> Result<Vec<u8>, BackupError> {
    let bytes = BASE64.decode(bytes).map_err(|error| BackupError::Altered(error.to_string()))?;
    if hex::encode(Sha256::digest(&bytes)) != sha256 {
        return Err(BackupError::Altered(format!("upload {sha256}")));
    }
    Ok(bytes)
}

fn unhex(text: &str) -> Result<Vec<u8>, BackupError> {
    hex::decode(text).map_err(|error| BackupError::Altered(error.to_string()))
}

/// Writes a backup.
pub(super) struct Writer<W: Write> {
    gz: GzEncoder<W>,
    digest: Sha256,
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    pub fn new(out: W) -> Self {
        Self { gz: GzEncoder::new(out, Compression::default()), digest: Sha256::new() }
    }

    /// Writes a line.
    pub fn line(&mut self, line: &Line) -> Result<(), BackupError> {
        let mut text = serde_json::to_vec(line).map_err(io::Error::from)?;
        text.push(b'\n');
        self.digest.update(&text);
        Ok(self.gz.write_all(&text)?)
    }

    /// Writes the last line and gives the writer back.
    pub fn end(mut self, size: u64, checkpoint: Option<String>) -> Result<W, BackupError> {
        let sha256 = hex::encode(self.digest.clone().finalize());
        self.line(&Line::End { size, checkpoint, sha256 })?;
        let mut out = self.gz.finish()?;
        out.flush()?;
        Ok(out)
    }
}

/// Reads a backup line by line, and refuses what was cut off, added or changed.
pub(super) struct Reader<R: Read> {
    lines: BufReader<GzDecoder<BufReader<R>>>,
    digest: Sha256,
}

impl<R: Read> Reader<R> {
    /// Begins to read; answers with the origin that the header names.
    pub fn new(from: R) -> Result<(Self, String), BackupError> {
        let lines = BufReader::new(GzDecoder::new(BufReader::new(from)));
        let mut reader = Self { lines, digest: Sha256::new() };
        match reader.line() {
            Ok(Line::Header { layout, origin, .. }) if layout == LAYOUT => Ok((reader, origin)),
            Ok(Line::Header { layout, .. }) => Err(BackupError::Layout(layout)),
            Ok(_) | Err(BackupError::Altered(_)) => Err(BackupError::Layout("no header".into())),
            Err(other) => Err(other),
        }
    }

    /// The next line; the end is checked before it is given.
    pub fn line(&mut self) -> Result<Line, BackupError> {
        let mut text = Vec::new();
        self.lines.by_ref().take(LONGEST).read_until(b'\n', &mut text).map_err(unzipped)?;
        if text.last() != Some(&b'\n') {
            let long = text.len() as u64 == LONGEST;
            let long = long.then(|| BackupError::Altered("a line without end".to_owned()));
            return Err(long.unwrap_or(BackupError::Truncated));
        }
        let before = hex::encode(self.digest.clone().finalize());
        self.digest.update(&text);
        let line = serde_json::from_slice(&text);
        let line = line.map_err(|error| BackupError::Altered(error.to_string()))?;
        if let Line::End { sha256, .. } = &line {
            self.ended(*sha256 == before)?;
        }
        Ok(line)
    }

    fn ended(&mut self, whole: bool) -> Result<(), BackupError> {
        // Reading on makes the decoder check its own sum.
        let rest = self.lines.read(&mut [0]).map_err(unzipped)?;
        let inner = self.lines.get_mut().get_mut().read(&mut [0])?;
        match (whole, rest + inner) {
            (true, 0) => Ok(()),
            (false, _) => Err(BackupError::Altered("its lines are not those written".to_owned())),
            (true, _) => Err(BackupError::Altered("something follows its end".to_owned())),
        }
    }

    /// SHA-256 of all lines read so far: the same for two readings of the same file.
    pub fn digest(&self) -> [u8; 32] {
        self.digest.clone().finalize().into()
    }
}

fn unzipped(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => BackupError::Truncated,
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            BackupError::Altered(error.to_string())
        }
        _ => BackupError::Io(error),
    }
}
