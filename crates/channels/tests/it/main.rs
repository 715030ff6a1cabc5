//! The channels against services that run here and answer as the real ones are documented to, also
//! when those fail.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what every test may do, also in its helpers"
)]

mod calls;
mod clock;
mod fake;
mod sms;
mod tianditu;
mod wechat;
