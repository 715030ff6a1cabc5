//! Figures and the stream of what happened: rates, durations and counts of a place, each with what
//! it is counted of, and entries as the acting post may see them.

mod about;
mod behind;
mod feed;
mod figures;
mod indicators;
mod masked;
mod past;
mod screen;

pub use about::{About, AboutPack, about};
pub use behind::{ListRateCases, RateCases, rate_cases};
pub use feed::{Feed, Happened, feed};
pub use figures::{By, Durations, Figures, Rates, Row, durations, place_of, rates, tallies};
pub use indicators::{Count, IndicatorView, indicators};
pub use masked::{Cell, RateCells};
pub use past::{Past, past};
pub use screen::{Screen, ScreenCell, ScreenStep, ShowScreen, screen};
