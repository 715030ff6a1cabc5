//! Originals that a case needs as evidence, kept so that the disk, the database and a backup tell
//! nothing of them: encrypted under a key that follows from the county's key file.

use crate::{Error, Result};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// What the key is for; another use of the same secret gets another key.
const PURPOSE: &[u8] = b"jinlin: originals, 1";

/// Length of the nonce that a sealed original begins with.
const NONCE: usize = 24;

/// Seals and opens originals.
#[derive(Clone)]
pub struct Vault([u8; 32]);

impl Vault {
    /// The vault of a county by the secret in its key file.
    pub fn new(secret: &[u8; 32]) -> Result<Self> {
        Ok(Self(keyed(secret, &[PURPOSE])?))
    }

    /// Seals the original of the file whose bytes have the hash `of`; it can be opened for no other.
    pub fn seal(&self, original: &[u8], of: &str) -> Result<Vec<u8>> {
        // Each nonce follows from what it hides, so that no two originals share one and the same
        // original sealed twice is the same file.
        let content = Sha256::digest(original);
        let drawn = keyed(&self.0, &[of.as_bytes(), &content])?;
        let (nonce, _) = drawn.split_at_checked(NONCE).ok_or_else(broken)?;
        let message = Payload { msg: original, aad: of.as_bytes() };
        let sealed = self.cipher()?.encrypt(&nonce_of(nonce)?, message).map_err(|_| broken())?;
        Ok([nonce, &sealed].concat())
    }

    /// Opens a sealed original; fails under another key, for another file, or when it was changed.
    pub fn open(&self, sealed: &[u8], of: &str) -> Result<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or_else(broken)?;
        let message = Payload { msg: sealed, aad: of.as_bytes() };
        self.cipher()?.decrypt(&nonce_of(nonce)?, message).map_err(|_| broken())
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305> {
        XChaCha20Poly1305::new_from_slice(&self.0).map_err(Error::internal)
    }
}

fn nonce_of(bytes: &[u8]) -> Result<XNonce> {
    XNonce::try_from(bytes).map_err(Error::internal)
}

fn broken() -> Error {
    Error::internal("a sealed original cannot be opened: another key, or it was changed")
}

fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> Result<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(Error::internal)?;
    parts.iter().for_each(|part| mac.update(part));
    Ok(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_original_is_opened_under_its_key_for_its_file_and_unchanged_only() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let original = b"plate FJ-12345, a face".repeat(100);
        let sealed = vault.seal(&original, "aa").unwrap();
        assert!(!sealed.windows(8).any(|it| it == &original[..8]));
        assert_eq!(vault.open(&sealed, "aa").unwrap(), original);
        assert!(vault.open(&sealed, "ab").is_err());
        assert!(Vault::new(&[8; 32]).unwrap().open(&sealed, "aa").is_err());
        assert!(vault.open(&sealed[..30], "aa").is_err());
        let mut changed = sealed.clone();
        changed[40] ^= 1;
        assert!(vault.open(&changed, "aa").is_err());
        assert_eq!(vault.seal(&original, "aa").unwrap(), sealed);
        assert_ne!(vault.seal(&original[1..], "aa").unwrap()[..NONCE], sealed[..NONCE]);
    }
}
