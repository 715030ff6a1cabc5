//! Hostile and honest files through the front door.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what every test may do, also in its helpers"
)]

mod hostile;
mod kit;
mod office;
mod photos;
