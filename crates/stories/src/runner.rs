//! Plays the packs' stories: founds their worlds, does each step by HTTP under a moved clock, and
//! asks whether what they say is true. What a story may say stands in `docs/stories.md`.

mod cast;
mod client;
mod deeds;
mod gathered;
mod hands;
mod imports;
mod play;
mod prose;
pub mod read;
mod report;
mod shifts;
mod stage;
pub mod story;
mod told;
mod truths;
pub mod when;

pub use play::play;
pub use prose::prose;
pub use report::{Failure, Passed, word, write};
pub use stage::{Accounts, Database, Holds, demo_setup};
pub use told::Told;
