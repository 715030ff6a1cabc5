//! The rim of the program: the machine's clock and chance, which nothing inside may ask for itself.

use jiff::Timestamp;
use model::{Chance, Clock};

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is passed in")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The machine's randomness.
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "this is the chance that is passed in")]
    fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        if let Err(error) = getrandom::fill(&mut seed) {
            // Without chance no id, salt or token is safe: better no program than a guessable one.
            tracing::error!(%error, "the machine gives no randomness");
            std::process::abort();
        }
        seed
    }
}
