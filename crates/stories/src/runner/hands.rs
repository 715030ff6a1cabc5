//! What a county is given in a story instead of the machine's: a clock that is moved, chance that is
//! always the same, and a telephone network that shows what it delivered.

use app::BoxFuture;
use app::messages::{Gateway, NotSent, ShortMessage};
use jiff::Timestamp;
use model::{Chance, Clock};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// A clock that stands until it is moved, in microseconds.
#[derive(Debug)]
pub struct Hands(AtomicI64);

impl Hands {
    /// A clock that shows `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_microsecond()))
    }

    /// Moves it.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

/// Chance that is the same in every run.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Chance for Count {
    fn seed(&self) -> [u8; 32] {
        let mut seed = [0x5e; 32];
        let n = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        seed.iter_mut().zip(n).for_each(|(to, from)| *to = from);
        seed
    }
}

/// The last code that each telephone was sent.
#[derive(Debug, Default)]
pub struct Phones(Mutex<HashMap<String, String>>);

impl Phones {
    /// The code that lies on a telephone.
    pub fn code(&self, phone: &str) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(phone).cloned()
    }
}

impl Gateway for Phones {
    fn send<'a>(&'a self, message: &'a ShortMessage) -> BoxFuture<'a, Result<(), NotSent>> {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(code) = message.parts.get("code") {
            sent.insert(message.phone.clone(), code.clone());
        }
        Box::pin(async { Ok(()) })
    }
}
