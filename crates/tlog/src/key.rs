//! Named Ed25519 keys of signed notes, and the text form of the public one. Keys are given: none is
//! made, read or stored here.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// The signature type of plain Ed25519 in the C2SP signed-note register.
const ED25519: u8 = 1;

/// Why a key is not usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Choose another name.
    #[error("a key name is not empty and has no spaces, control characters or plus signs")]
    Name,
    /// Copy the key again: it has the form `name+8 hexadecimal digits+base64`.
    #[error("a verifier key reads NAME+ID+BASE64")]
    Form,
    /// The key is of a type that this program does not verify.
    #[error("signature type {0} is not Ed25519")]
    Algorithm(u8),
    /// The bytes are no safe Ed25519 public key.
    #[error("not a valid Ed25519 public key")]
    Point,
    /// Name and key do not belong together: copy the key again.
    #[error("the key id should be {0}")]
    Id(String),
}

/// A named private key. It is never printed.
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl Signer {
    /// A signer from its name and the 32 secret bytes of RFC 8032.
    ///
    /// # Errors
    /// The name is not allowed.
    pub fn new(name: &str, secret: &[u8; 32]) -> Result<Self, KeyError> {
        let key = SigningKey::from_bytes(secret);
        let verifier = Verifier::new(name, key.verifying_key())?;
        Ok(Self { key, verifier })
    }

    /// The public half, to be handed out.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    pub(crate) fn sign(&self, text: &str) -> [u8; 64] {
        self.key.sign(text.as_bytes()).to_bytes()
    }
}

/// A named public key; its text `NAME+ID+BASE64` is what outsiders configure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl Verifier {
    fn new(name: &str, key: VerifyingKey) -> Result<Self, KeyError> {
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        let digest = Sha256::new()
            .chain_update(name)
            .chain_update([b'\n', ED25519])
            .chain_update(key.as_bytes())
            .finalize();
        let [a, b, c, d, ..] = digest.0;
        Ok(Self { name: name.to_owned(), id: [a, b, c, d], key })
    }

    /// The name of the key; for a log's own key, the origin of its checkpoints.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The short identifier that stands in signatures.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    pub(crate) fn accepts(&self, text: &str, signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let typed = [&[ED25519][..], self.key.as_bytes()].concat();
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id), BASE64.encode(typed))
    }
}

impl FromStr for Verifier {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Form);
        };
        let typed = BASE64.decode(key).map_err(|_| KeyError::Form)?;
        let (&algorithm, key) = typed.split_first().ok_or(KeyError::Form)?;
        if algorithm != ED25519 {
            return Err(KeyError::Algorithm(algorithm));
        }
        let key = VerifyingKey::try_from(key).map_err(|_| KeyError::Point)?;
        if key.is_weak() {
            return Err(KeyError::Point);
        }
        let verifier = Self::new(name, key)?;
        let expected = hex::encode(verifier.id);
        if id == expected { Ok(verifier) } else { Err(KeyError::Id(expected)) }
    }
}

/// Names stand between spaces in signature lines and between plus signs in keys.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c == '+' || c.is_whitespace() || c.is_control())
}
