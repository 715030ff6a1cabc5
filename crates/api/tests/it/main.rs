//! The interface through its front door, in process, on both engines where the engine matters.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::disallowed_methods,
    reason = "what every test may do, also in its helpers"
)]

mod access;
mod behind;
mod cases;
mod client;
mod desk;
mod document;
mod effects;
mod exports;
mod feed;
mod forms;
mod hostile;
mod journal;
mod kit;
mod lists;
mod lite;
mod lookup;
mod moves;
mod near;
mod notices;
mod pages;
mod permissions;
mod rim;
mod screen;
mod suggest;
mod tiles;
mod uploads;
mod wechat;
mod why;
