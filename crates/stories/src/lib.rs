//! Runs the packs' stories and makes the demo counties.

pub mod demo;
pub mod runner;
pub mod shipped;
