//! The packs' stories over HTTP on SQLite and PostgreSQL, and what becomes of stories that are not
//! true.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what a test's helper does not find is the test's failure"
)]

mod demo;
mod drawn;
mod grounds;
mod mutations;
mod newcomer;
mod stories;
mod untold;

use ::stories::runner::read;
use ::stories::runner::story::Story;
use ::stories::shipped;
use method::read::{Loaded, load};
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn pack(id: &str) -> Loaded {
    load(id, &shipped::packs)
}

fn all_stories() -> Vec<Story> {
    read::stories(&root()).unwrap_or_else(|faults| {
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("the stories cannot be read:\n{}", told.join("\n"))
    })
}
