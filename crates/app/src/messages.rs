//! Short messages to whoever asked: what became of the request, for those who have no app. They are
//! queued in the transaction of the act and sent by a job; codes for log-ins pass the same gateway.

mod deliver;
mod gateway;
mod queue;
mod verdict;
mod words;

pub use deliver::{Sender, deliver, sweep};
pub use gateway::{Gateway, NotSent, Purpose, ShortMessage};
pub use queue::{MessageView, list_messages};
pub use words::Tongue;

pub(crate) use queue::{tell_acted, tell_opened};
pub(crate) use words::code_words;
