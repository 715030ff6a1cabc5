//! Checkpoints as C2SP `tlog-checkpoint` defines them: a log's head as a signed note. How the head
//! came about is not known here.

use std::{fmt, slice, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use crate::{
    hash::{Hash, Head},
    key::{Signer, Verifier},
    note::{Note, NoteError},
};

/// Why a text is no checkpoint of the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The first line, the log's identity, is missing.
    #[error("a checkpoint begins with its origin")]
    Origin,
    /// The second line is not a number of entries.
    #[error("the second line of a checkpoint is its size")]
    Size,
    /// The third line is not the base64 of 32 bytes.
    #[error("the third line of a checkpoint is its root in base64")]
    Root,
    /// A further line is empty, or one is not ended as it should be.
    #[error("every line of a checkpoint holds something and is ended")]
    Line,
    /// A checkpoint of another log: use the key of this one.
    #[error("a checkpoint of {origin}, not of {expected}")]
    OtherLog {
        /// The log that the checkpoint names.
        origin: String,
        /// The log whose key was given.
        expected: String,
    },
    /// The signatures do not hold.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// What a log states about itself at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The identity of the log, and the name of its key.
    pub origin: String,
    /// Size and root.
    pub head: Head,
    /// Further lines, opaque to outsiders.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// The checkpoint as a note signed with the log's own key; witnesses may sign it further.
    ///
    /// # Errors
    /// The key is not the log's, or origin or extensions are not single non-empty lines.
    pub fn sign(&self, signer: &Signer) -> Result<Note, CheckpointError> {
        self.expect_origin(signer.verifier().name())?;
        let text = self.to_string();
        if text.parse().as_ref() != Ok(self) {
            return Err(CheckpointError::Line);
        }
        let mut note = Note::new(text)?;
        note.sign(signer);
        Ok(note)
    }

    /// Reads a checkpoint that the log signed, with those of the known witnesses that signed too.
    ///
    /// # Errors
    /// The text is malformed, names another log, is not signed by the log, or claims the log's or a
    /// witness's signature falsely.
    pub fn open<'w>(
        note: &str,
        log: &Verifier,
        witnesses: &'w [Verifier],
    ) -> Result<(Self, Vec<&'w Verifier>), CheckpointError> {
        let note: Note = note.parse()?;
        note.verify(slice::from_ref(log))?;
        let checkpoint: Self = note.text().parse()?;
        checkpoint.expect_origin(log.name())?;
        Ok((checkpoint, note.signers(witnesses)?))
    }

    fn expect_origin(&self, expected: &str) -> Result<(), CheckpointError> {
        if self.origin == expected {
            return Ok(());
        }
        Err(CheckpointError::OtherLog {
            origin: self.origin.clone(),
            expected: expected.to_owned(),
        })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = BASE64.encode(self.head.root.0);
        writeln!(f, "{}\n{}\n{root}", self.origin, self.head.size)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Line)?.split('\n');
        let origin = lines.next().filter(|line| !line.is_empty()).ok_or(CheckpointError::Origin)?;
        let size = lines.next().and_then(parse_size).ok_or(CheckpointError::Size)?;
        let root = lines.next().and_then(parse_root).ok_or(CheckpointError::Root)?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Line);
        }
        Ok(Self { origin: origin.to_owned(), head: Head { size, root }, extensions })
    }
}

/// Decimal without signs and leading zeros.
fn parse_size(line: &str) -> Option<u64> {
    line.parse().ok().filter(|size: &u64| size.to_string() == line)
}

fn parse_root(line: &str) -> Option<Hash> {
    BASE64.decode(line).ok()?.try_into().ok().map(Hash)
}
