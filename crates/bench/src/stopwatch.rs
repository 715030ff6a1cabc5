//! Measuring time: the one place that reads the machine's monotonic clock, and what many readings
//! come to.

use std::time::{Duration, Instant};

/// The present instant of the machine.
#[expect(clippy::disallowed_methods, reason = "this program measures time")]
pub fn now() -> Instant {
    Instant::now()
}

/// Runs `work` and says how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = now();
    let done = work();
    (done, begun.elapsed())
}

/// How long many repetitions of the same thing took.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    /// Adds one.
    pub fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Adds those of another.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The time that so many hundredths of the samples did not exceed; zero without samples.
    pub fn hundredth(&self, hundredths: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * hundredths).div_ceil(100).max(1) - 1;
        sorted.get(rank).copied().unwrap_or_default()
    }
}

/// The middle of some numbers; zero without any.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundredth_is_the_sample_that_so_many_do_not_exceed() {
        let mut samples = Samples::default();
        assert_eq!(samples.hundredth(99), Duration::ZERO);
        (1..=200).rev().for_each(|ms| samples.add(Duration::from_millis(ms)));
        assert_eq!(samples.hundredth(50), Duration::from_millis(100));
        assert_eq!(samples.hundredth(99), Duration::from_millis(198));
        assert_eq!(samples.hundredth(100), Duration::from_millis(200));
    }

    #[test]
    fn a_median_is_not_moved_by_one_bad_run() {
        assert_eq!(median(vec![3.0, 900.0, 2.0]), 3.0);
    }
}
