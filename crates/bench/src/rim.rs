//! The rim of this program: the machine's clock and chance, and a clock that stands where it is put.

use jiff::Timestamp;
use model::{Chance, Clock};
use std::sync::atomic::{AtomicU64, Ordering};

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is passed in")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Seeds that are never given twice: the time this program began, its process and a counter. Nothing
/// secret rests on them: the counties of this program hold nobody's data.
pub struct Seeds {
    begun: i128,
    given: AtomicU64,
}

impl Seeds {
    /// Seeds of this process.
    pub fn new() -> Self {
        Self { begun: SystemClock.now().as_nanosecond(), given: AtomicU64::new(0) }
    }
}

impl Default for Seeds {
    fn default() -> Self {
        Self::new()
    }
}

impl Chance for Seeds {
    fn seed(&self) -> [u8; 32] {
        let (process, n) = (std::process::id(), self.given.fetch_add(1, Ordering::Relaxed));
        let parts = [&self.begun.to_be_bytes()[..], &process.to_be_bytes(), &n.to_be_bytes()];
        let mut seed = [0; 32];
        seed.iter_mut().zip(parts.concat()).for_each(|(to, from)| *to = from);
        seed
    }
}

/// Numbers that look drawn and are the same each time (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`; zero for an empty range.
    pub fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % n).unwrap_or(0)
    }

    /// A number below `n`, the small ones more often, as places and matters are in life.
    pub fn skewed(&mut self, n: usize) -> usize {
        self.below(n).min(self.below(n))
    }

    /// A share of one.
    pub fn share(&mut self) -> f64 {
        let high = u32::try_from(self.roll() >> 32).unwrap_or(u32::MAX);
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }

    /// One of some things.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_seed_is_given_twice() {
        let seeds = Seeds::new();
        assert_ne!(seeds.seed(), seeds.seed());
    }

    #[test]
    fn dice_fall_the_same_way_and_within_bounds() {
        let (mut one, mut other) = (Dice::new(5), Dice::new(5));
        for _ in 0..1_000 {
            assert_eq!(one.below(7), other.below(7));
            let share = one.share();
            assert!((0.0..1.0).contains(&share) && other.share() == share);
        }
        assert_eq!(one.pick::<u8>(&[]), None);
    }
}
