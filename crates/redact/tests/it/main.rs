//! Hostile and honest files through the front door.

mod hostile;
mod kit;
mod office;
mod photos;
