//! Outward adapters: what the use cases ask of the world, asked of services outside. Each implements
//! a port of `app`; nothing is decided here and nothing is kept for good.

mod calls;
mod signed;
mod sms;
mod tianditu;
mod web;
mod wechat;

pub use calls::HttpSwitchboard;
pub use sms::{ConsoleGateway, HttpGateway};
pub use tianditu::Tianditu;
pub use web::{Address, WebError};
pub use wechat::WeChatServer;
