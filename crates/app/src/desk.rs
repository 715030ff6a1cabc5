//! What desks keep for those who sit at them: words that are ready, and the records of shifts.

mod phrases;
mod shifts;

pub use phrases::{
    NewPhrase, PhraseQuery, PhraseView, change_phrase, drop_phrase, keep_phrase, list_phrases,
};
pub use shifts::{HandOver, Minded, ShiftView, hand_over_shift, list_shifts, take_shift};

use crate::{Error, Result, Work};
use model::access::Operation;
use model::people::Post;

/// The acting post, by which office and desk are known.
fn acting(work: &Work, operation: Operation) -> Result<&Post> {
    let post = work.actor.post().and_then(|it| work.shelf.network.post(it));
    post.ok_or(Error::Forbidden { operation })
}
