//! Cases: opening, acting, effects, timers, joining; and who sees what of them.

mod act;
mod alike;
mod attached;
mod callers;
mod carry;
mod counts;
mod doors;
mod facts;
mod forms;
mod history;
mod index;
mod join;
mod list;
mod moves;
mod open;
mod scope;
mod show;
mod sight;
mod similar;
mod steps;
mod suggest;
mod timers;
mod titles;
mod urgency;
mod why;
mod world;

pub(crate) use act::visible;
pub use act::{Acted, act, do_act};
pub use alike::{Alike, alike};
pub(crate) use attached::must_be_there;
pub use callers::by_contact;
pub(crate) use carry::{copy_texts, count_meeting, open_by_cycle};
pub use counts::{Counts, StateCount, counts};
pub use doors::{DoorView, LastVisit, doors};
pub use facts::Fact;
pub(crate) use facts::facts;
pub(crate) use forms::ask_view;
pub use forms::{ActionView, AskView, Audience, OpeningView, actions, openings};
pub use history::{Budget, Moment, history};
pub use index::index_new;
pub use join::{join, unjoin};
pub use list::{Line, Listed, list};
pub(crate) use list::{line, list_up_to};
pub use method::decide::WhyNot;
pub use moves::{
    CannotMove, Difference, Example, MonthTrial, MoveCases, MovedCases, Trial, TrialCount,
    may_move, move_cases, try_moves,
};
pub use open::{OpenCase, Opened, do_open, open};
pub use scope::{Awaiting, ListCases, Whose};
pub(crate) use show::purpose_of;
pub use show::{CaseView, ClockView, OwnerView, claimed, get, reveal};
pub use sight::{Sight, sight};
pub use similar::{Around, Public, Similar, around, similar};
pub use steps::{StepView, steps};
pub use suggest::{SuggestedMatter, SuggestedUnit, Suggestions, suggestions};
pub use timers::{due, renew_all, renew_if_moved, run_due, tick};
pub use titles::PlaceName;
pub(crate) use titles::{action_title, place_name};
pub use why::{
    LineView, LookView, OwnerChange, Recomputed, RouteView, Rule, TitledPost, TriedView, UnitView,
    why,
};
