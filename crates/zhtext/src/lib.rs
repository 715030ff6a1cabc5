//! Chinese text without a dictionary: terms for a search index, near-duplicates, and the matters that
//! a text speaks of. No word list but the caller's, no model, no I/O: the same text always yields the
//! same answer.

mod fold;
mod near;
mod recogniser;
mod search;

pub use fold::{LONGEST, fold};
pub use near::{ALIKE, CLOSE, bands, distance, simhash, similarity};
pub use recogniser::{Recogniser, Suggestion};
pub use search::{LONGEST_QUERY, LONGEST_WORD, Query, Terms};
