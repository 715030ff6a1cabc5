//! Runs the packs' stories and makes the demo counties.

pub mod county;
pub mod demo;
pub mod runner;
pub mod shipped;
