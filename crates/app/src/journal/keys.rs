//! Which key signs the log, as the journal itself says: founded with one, rotated by the old one,
//! founded anew when a backup was restored under another.

use model::Entry;
use model::journal::Event;
use tlog::{Note, Verifier};

/// The key that is in force after some entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    current: Option<Verifier>,
}

impl Keys {
    /// Follows an entry; says what is wrong with a key it brings.
    pub fn follow(&mut self, entry: &Entry) -> Result<(), String> {
        match &entry.event {
            Event::Founded { key, .. } => {
                self.current = Some(key.parse().map_err(|error| format!("key: {error}"))?);
            }
            Event::KeyRotated { key, signature } => {
                let new: Verifier = key.parse().map_err(|error| format!("key: {error}"))?;
                self.rotated(&new, signature)?;
                self.current = Some(new);
            }
            _ => {}
        }
        Ok(())
    }

    /// A rotation is a note of one line, the new key, signed by the old one.
    fn rotated(&self, new: &Verifier, signature: &str) -> Result<(), String> {
        let old = self.current.as_ref().ok_or("a rotation without a key before it")?;
        let note: Note = signature.parse().map_err(|error| format!("rotation: {error}"))?;
        if note.text() != format!("{new}\n") {
            return Err("a rotation to another key than it says".to_owned());
        }
        let signed = note.verify(std::slice::from_ref(old));
        signed.map(|_| ()).map_err(|error| format!("rotation: {error}"))
    }

    /// The key in force.
    pub fn current(&self) -> Option<&Verifier> {
        self.current.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use model::{Actor, EntryId};
    use tlog::Signer;

    fn entry(event: Event) -> Entry {
        Entry {
            v: 1,
            id: EntryId(uuid::Uuid::nil()),
            at: Timestamp::UNIX_EPOCH,
            actor: Actor::system("init"),
            subject: None,
            revision: None,
            event,
            private: [].into(),
        }
    }

    fn founded(by: &Signer) -> Entry {
        entry(Event::Founded { key: by.verifier().to_string(), origin: "county.example".into() })
    }

    fn rotated(to: &Signer, signed: &Signer, says: &Signer) -> Entry {
        let mut note = Note::new(format!("{}\n", says.verifier())).unwrap();
        note.sign(signed);
        let key = to.verifier().to_string();
        entry(Event::KeyRotated { key, signature: note.to_string() })
    }

    fn signer(seed: u8) -> Signer {
        Signer::new("county.example", &[seed; 32]).unwrap()
    }

    #[test]
    fn a_key_is_followed_from_founding_through_rotations() {
        let (old, new) = (signer(1), signer(2));
        let mut keys = Keys::default();
        assert!(keys.current().is_none());
        keys.follow(&founded(&old)).unwrap();
        keys.follow(&rotated(&new, &old, &new)).unwrap();
        assert_eq!(keys.current(), Some(new.verifier()));
    }

    #[test]
    fn a_rotation_that_the_old_key_did_not_sign_is_refused() {
        let (old, new) = (signer(1), signer(2));
        let mut keys = Keys::default();
        assert!(keys.follow(&rotated(&new, &old, &new)).is_err());
        keys.follow(&founded(&old)).unwrap();
        assert!(keys.follow(&rotated(&new, &new, &new)).is_err());
        assert!(keys.follow(&rotated(&new, &old, &old)).is_err());
        assert_eq!(keys.current(), Some(old.verifier()));
    }
}
