//! Experiments without a database: look-ups, decisions, deadlines, texts.

pub mod calendar;
pub mod decide;
pub mod locate;
pub mod text;
