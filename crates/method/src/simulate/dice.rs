//! Seeded chance. Each subject has dice of its own, so that a change in one place of the county does
//! not throw every other case anew: two runs with one seed differ by what was changed.

use jiff::SignedDuration;
use uuid::Uuid;

/// The 90 % quantile of the normal distribution.
pub(super) const Z90: f64 = 1.281_551_565_544_6;
/// Nothing takes longer: ten years of minutes.
const LONGEST: f64 = 5_256_000.0;

/// Chance that falls the same way for the same seed.
#[derive(Clone, Debug)]
pub(super) struct Dice(fastrand::Rng);

impl Dice {
    /// The dice of a subject.
    pub fn of(seed: u64, subject: &[u64]) -> Self {
        Self(fastrand::Rng::with_seed(subject.iter().fold(mixed(seed), |seed, part| {
            mixed(seed ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        })))
    }

    /// Dice of their own for something that follows from this.
    pub fn apart(&mut self) -> Self {
        Self(self.0.fork())
    }

    /// From 0 to below 1.
    pub fn share(&mut self) -> f64 {
        self.0.f64()
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -(1.0 - self.0.f64()).ln()
    }

    /// Normal with mean 0 and deviation 1.
    pub fn normal(&mut self) -> f64 {
        let radius = (2.0 * self.exponential()).sqrt();
        radius * (std::f64::consts::TAU * self.0.f64()).cos()
    }

    /// The position of one of these weights, each as often as it is heavy; none where all are zero.
    pub fn weighted(&mut self, weights: impl Iterator<Item = f64> + Clone) -> Option<usize> {
        let sum: f64 = weights.clone().sum();
        let mut left = self.share() * sum;
        let mut last = None;
        for (position, weight) in weights.enumerate().filter(|(_, weight)| *weight > 0.0) {
            last = Some(position);
            left -= weight;
            if left < 0.0 {
                break;
            }
        }
        last
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { from.get(self.0.usize(..from.len())) }
    }

    /// An id.
    pub fn id(&mut self) -> Uuid {
        Uuid::from_u128(self.0.u128(..))
    }
}

/// So many minutes.
pub(super) fn minutes(n: f64) -> SignedDuration {
    SignedDuration::from_micros((n.clamp(0.0, LONGEST) * 60e6) as i64)
}

/// Splitmix64, so that neighbouring seeds fall differently.
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
