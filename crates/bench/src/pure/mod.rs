//! Experiments without a database: look-ups, decisions, deadlines, texts.

pub mod calendar;
pub mod decide;
pub mod locate;
pub mod method;
pub mod plan;
pub mod shapes;
pub mod simulate;
pub mod text;
