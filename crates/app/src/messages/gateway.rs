//! The port through which everything that goes to telephones passes.

use jiff::SignedDuration;
use rowdb::BoxFuture;
use std::collections::BTreeMap;
use std::fmt;
use uuid::Uuid;

/// What a message is for: gateways keep an approved template for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A code that logs in.
    Code,
    /// What became of a request.
    Notice(model::messages::MessageKind),
}

impl Purpose {
    /// The name of its template.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Notice(kind) => kind.as_str(),
        }
    }
}

/// A message to a telephone.
#[derive(Clone)]
pub struct ShortMessage {
    /// The same whenever it is tried again, so that a gateway may know it.
    pub id: Uuid,
    /// Eleven digits.
    pub phone: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The whole text, signed.
    pub text: String,
    /// What the text was made of, by name: for gateways that fill templates themselves.
    pub parts: BTreeMap<&'static str, String>,
}

impl fmt::Debug for ShortMessage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither numbers nor codes enter a log by mistake.
        write!(out, "ShortMessage({}, {})", self.id, self.purpose.as_str())
    }
}

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// It never will be: the number or the text is refused.
    Refused(String),
    /// Not now; perhaps after a time the gateway names.
    Later(String, Option<SignedDuration>),
}

/// Sends short messages; implemented by a channel.
pub trait Gateway: Send + Sync {
    /// Hands a message over; once it is taken, all else is the gateway's.
    fn send<'a>(&'a self, message: &'a ShortMessage) -> BoxFuture<'a, Result<(), NotSent>>;
}
