//! Time and chance as arguments: the traits the program's rim implements, and the draw a command
//! takes with it so that running it again gives the same ids.

use crate::ids::EntryId;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// Tells the time. Tests and the demo move it; only the binary reads the machine's.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// Gives randomness. Tests and the demo seed it; only the binary reads the machine's.
pub trait Chance: Send + Sync {
    /// Thirty-two fresh bytes.
    fn seed(&self) -> [u8; 32];
}

/// The instant and the chance one command was given. A clone draws the same values again, which
/// is what makes a retried command harmless.
#[derive(Clone, Debug)]
pub struct Draw {
    /// When the command was given, in whole microseconds.
    pub now: Timestamp,
    seed: [u8; 32],
    drawn: u64,
}

impl Draw {
    /// A draw at `now` from `seed`.
    pub fn new(now: Timestamp, seed: [u8; 32]) -> Self {
        let now = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
        Self { now, seed, drawn: 0 }
    }

    /// The next thirty-two bytes of this draw.
    pub fn bytes(&mut self) -> [u8; 32] {
        self.drawn += 1;
        Sha256::new()
            .chain_update(self.seed)
            .chain_update(self.drawn.to_be_bytes())
            .finalize()
            .into()
    }

    /// The next id, a UUID version 7 of the draw's instant.
    pub fn id<T: From<Uuid>>(&mut self) -> T {
        let [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, ..] = self.bytes();
        let millis = u64::try_from(self.now.as_millisecond()).unwrap_or(0);
        let random = [b0, b1, b2, b3, b4, b5, b6, b7, b8, b9];
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid().into()
    }

    /// The next salt of a private value.
    pub fn salt(&mut self) -> [u8; 16] {
        let mut salt = [0; 16];
        salt.iter_mut().zip(self.bytes()).for_each(|(to, from)| *to = from);
        salt
    }

    /// The next id of an entry.
    pub fn entry(&mut self) -> EntryId {
        self.id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_draws_the_same_ids_again() {
        let mut first = Draw::new(Timestamp::UNIX_EPOCH, [7; 32]);
        let mut again = first.clone();
        let ids: Vec<Uuid> = (0..3).map(|_| first.id()).collect();
        assert_eq!(ids, (0..3).map(|_| again.id()).collect::<Vec<Uuid>>());
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }
}
