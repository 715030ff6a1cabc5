//! A clock that stands still until it is moved.

use jiff::{SignedDuration, Timestamp};
use model::Clock;
use std::sync::{Arc, Mutex};

pub struct MovedClock(Mutex<Timestamp>);

impl MovedClock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new("2026-03-02T09:00:00+08:00".parse().unwrap())))
    }

    pub fn forward(&self, by: SignedDuration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}
