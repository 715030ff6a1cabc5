//! What is measured: durations by their spread, lengths of queues by how long they lasted.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// Each class of durations is so much longer than the one before: quantiles are right within 1 %.
const STEP: f64 = 1.01;

/// Durations; mean and longest exact, quantiles within 1 %.
#[derive(Clone, Debug, Default)]
pub(super) struct Spread {
    classes: Vec<u64>,
    n: u64,
    sum: f64,
    most: f64,
}

/// Durations in hours, nights and holidays counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Hours {
    /// How many were measured.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Half took no longer.
    pub p50: f64,
    /// Nine of ten took no longer.
    pub p90: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
    /// The longest.
    pub most: f64,
}

impl Spread {
    pub fn add(&mut self, duration: SignedDuration) {
        let seconds = duration.as_secs_f64().max(0.0);
        let class = if seconds < 1.0 { 0 } else { 1 + (seconds.ln() / STEP.ln()) as usize };
        if class >= self.classes.len() {
            self.classes.resize(class + 1, 0);
        }
        if let Some(count) = self.classes.get_mut(class) {
            *count += 1;
        }
        self.n += 1;
        self.sum += seconds;
        self.most = self.most.max(seconds);
    }

    /// Seconds that this share took no longer than.
    fn quantile(&self, share: f64) -> f64 {
        let wanted = (share * self.n as f64).ceil() as u64;
        let mut passed = 0;
        let reached = |count: &u64| {
            passed += count;
            passed >= wanted
        };
        match self.classes.iter().position(reached) {
            None | Some(0) => 0.0,
            Some(class) => STEP.powf(class as f64 - 0.5).min(self.most),
        }
    }

    pub fn hours(&self) -> Hours {
        let of = |share| self.quantile(share) / 3600.0;
        let mean = if self.n == 0 { 0.0 } else { self.sum / self.n as f64 / 3600.0 };
        let (n, most) = (self.n, self.most / 3600.0);
        Hours { n, mean, p50: of(0.5), p90: of(0.9), p99: of(0.99), most }
    }
}

/// The length of a queue through time.
#[derive(Clone, Debug)]
pub(super) struct Length {
    now: usize,
    since: Timestamp,
    /// Seconds for which it was so long.
    lasted: Vec<f64>,
}

/// How long a queue was, by how long it was so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Queue {
    /// On the average.
    pub mean: f64,
    /// Nine tenths of the time no longer.
    pub p90: usize,
    /// The longest.
    pub most: usize,
}

impl Length {
    pub fn new(since: Timestamp) -> Self {
        Self { now: 0, since, lasted: Vec::new() }
    }

    pub fn change(&mut self, now: Timestamp, by: isize) {
        if self.now >= self.lasted.len() {
            self.lasted.resize(self.now + 1, 0.0);
        }
        if let Some(lasted) = self.lasted.get_mut(self.now) {
            *lasted += now.duration_since(self.since).as_secs_f64();
        }
        self.since = now;
        self.now = self.now.saturating_add_signed(by);
    }

    /// Over all time from `from` on; before it was first asked the queue was empty.
    pub fn queue(&self, from: Timestamp, until: Timestamp) -> Queue {
        let all = until.duration_since(from).as_secs_f64();
        let measured: f64 = self.lasted.iter().sum();
        let sum: f64 = self.lasted.iter().enumerate().map(|(n, lasted)| n as f64 * lasted).sum();
        let mut left = 0.9 * all - (all - measured).max(0.0);
        let reached = |lasted: &f64| {
            left -= lasted;
            left <= 0.0
        };
        let p90 = self.lasted.iter().position(reached).unwrap_or(0);
        let most = self.lasted.iter().rposition(|lasted| *lasted > 0.0).unwrap_or(0);
        Queue { mean: if all > 0.0 { sum / all } else { 0.0 }, p90, most }
    }
}
