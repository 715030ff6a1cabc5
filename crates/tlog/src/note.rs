//! Signed notes as C2SP `signed-note` defines them: a text, an empty line, signature lines. What the
//! text says is not known here.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};

use crate::key::{Signer, Verifier, is_key_name};

/// Longer notes are refused unread, in bytes.
const LONGEST: usize = 256 * 1024;
/// Notes with more signatures are refused unverified.
const MOST_SIGNATURES: usize = 100;

/// Why a note is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer or with more signatures than any honest note.
    #[error("a note has at most {LONGEST} bytes and {MOST_SIGNATURES} signatures")]
    TooLong,
    /// The text is not plain lines.
    #[error("the text of a note is lines, each ended, without control characters")]
    Text,
    /// The part after the last empty line is not signature lines.
    #[error("not a signature line: {0:?}")]
    SignatureLine(String),
    /// Nobody known signed it: ask for the right key.
    #[error("no known key signed the note")]
    Unsigned,
    /// A known key is claimed but did not sign this text: the note was changed.
    #[error("the signature of {0} does not fit the text")]
    Forged(String),
}

/// A text with signatures, of which unknown ones are kept unread; [`Note::verify`] before trusting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct SignatureLine {
    name: String,
    id: [u8; 4],
    bytes: Vec<u8>,
}

impl Note {
    /// A note not yet signed.
    ///
    /// # Errors
    /// The text does not end in a newline or holds other control characters.
    pub fn new(text: String) -> Result<Self, NoteError> {
        let control = |c: char| c < ' ' && c != '\n';
        if !text.ends_with('\n') || text.contains(control) {
            return Err(NoteError::Text);
        }
        Ok(Self { text, signatures: Vec::new() })
    }

    /// The signed text with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds a signature, in place of an earlier one by the same key.
    pub fn sign(&mut self, signer: &Signer) {
        self.signatures.retain(|line| !line.claims(signer.verifier()));
        self.signatures.push(SignatureLine {
            name: signer.verifier().name().to_owned(),
            id: signer.verifier().id(),
            bytes: signer.sign(&self.text).to_vec(),
        });
    }

    /// Those of the known keys that signed, at least one.
    ///
    /// # Errors
    /// None of them signed, or a signature claims one of them falsely.
    pub fn verify<'k>(&self, known: &'k [Verifier]) -> Result<Vec<&'k Verifier>, NoteError> {
        let signers = self.signers(known)?;
        if signers.is_empty() { Err(NoteError::Unsigned) } else { Ok(signers) }
    }

    pub(crate) fn signers<'k>(
        &self,
        known: &'k [Verifier],
    ) -> Result<Vec<&'k Verifier>, NoteError> {
        let mut signers = Vec::new();
        for key in known {
            let mut claims = self.signatures.iter().filter(|line| line.claims(key)).peekable();
            if claims.peek().is_some() {
                signers.push(key);
            }
            if !claims.all(|line| key.accepts(&self.text, &line.bytes)) {
                return Err(NoteError::Forged(key.name().to_owned()));
            }
        }
        Ok(signers)
    }
}

impl SignatureLine {
    fn claims(&self, key: &Verifier) -> bool {
        self.name == key.name() && self.id == key.id()
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
        let signature = BASE64.decode(signature).ok()?;
        let (&id, bytes) = signature.split_first_chunk()?;
        let whole = is_key_name(name) && !bytes.is_empty();
        whole.then(|| Self { name: name.to_owned(), id, bytes: bytes.to_vec() })
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = [&self.id, &self.bytes[..]].concat();
        write!(f, "— {} {}", self.name, BASE64.encode(signature))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Note {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        if note.len() > LONGEST {
            return Err(NoteError::TooLong);
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Text)?;
        let mut note = Self::new(format!("{text}\n"))?;
        let lines = lines.strip_suffix('\n').unwrap_or_default().split('\n');
        if lines.clone().count() > MOST_SIGNATURES {
            return Err(NoteError::TooLong);
        }
        let bad = |line: &str| NoteError::SignatureLine(line.to_owned());
        note.signatures = lines
            .map(|line| SignatureLine::parse(line).ok_or_else(|| bad(line)))
            .collect::<Result<_, _>>()?;
        Ok(note)
    }
}
