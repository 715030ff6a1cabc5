//! The use cases on a tiny county, on both engines. The county is founded by `testkit`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what every test may do, also in its helpers"
)]

mod access;
mod answers;
mod audit;
mod backup;
mod calls;
mod displays;
mod effects;
mod exchange;
mod filled;
mod journal;
mod messages;
mod method_packs;
mod oversight;
mod people;
mod permissions;
mod phone;
mod sweep;
mod territory;
mod testkit;
mod wechat;
