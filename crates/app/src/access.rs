//! Who is asking: accounts and passwords, second factors, residents' codes, sessions. What an actor
//! may then do is `Operation::admits` and the packs; appointing to posts is `people`.

mod account;
mod claim;
mod code;
mod display;
mod log_in;
mod me;
pub mod password;
mod phone;
mod resident;
mod roster;
mod second_factor;
mod session;
pub(crate) mod throttle;
mod wechat;

pub use account::{ChangePassword, NewAccount, Opened, close_account, open_account, reset_totp};
pub use code::{CodeRequest, CodeSent, CodeUse, normal_phone};
pub(crate) use code::{bound, phone_key};
pub use display::{
    DisplayView, OpenDisplay, OpenedDisplay, end_display, list_displays, open_display,
    renew_display,
};
pub use log_in::{LogIn, LoggedIn, Must, Token};
pub use me::{Me, MyPost, show_me};
pub use phone::ChangePhone;
pub use resident::{CodeLogIn, register_resident};
pub use roster::{
    AccountQuery, AccountView, SessionView, end_session, list_accounts, list_sessions,
};
pub use second_factor::{Setup, confirm_totp};
pub use session::{Authenticated, Ticket, authenticate, log_out, sweep};
pub use wechat::{ByWeChat, LentPhone, Mobile, NotTold, WeChat, WeChatLogIn, unbind_wechat};
