//! Cases: opening, acting, effects, timers, joining; and who sees what of them.

mod act;
mod alike;
mod callers;
mod carry;
mod counts;
mod facts;
mod forms;
mod history;
mod index;
mod join;
mod list;
mod open;
mod scope;
mod show;
mod sight;
mod similar;
mod timers;
mod titles;
mod urgency;

pub use act::{Acted, act, do_act};
pub use alike::{Alike, alike};
pub use callers::by_contact;
pub use counts::{Counts, StateCount, counts};
pub use facts::Fact;
pub use forms::{ActionView, AskView, Audience, actions};
pub use history::{Budget, Moment, history};
pub use index::index_new;
pub use join::{join, unjoin};
pub use list::{Line, Listed, list};
pub use open::{OpenCase, Opened, do_open, open};
pub use scope::{Awaiting, ListCases, Whose};
pub use show::{CaseView, ClockView, OwnerView, get, reveal};
pub use sight::{Sight, sight};
pub use similar::{Similar, similar};
pub use timers::{due, renew_all, run_due, tick};
pub use titles::PlaceName;
