//! The method in use: loading packs, the matters one can report, the calendar. What a pack means is
//! crate `method`; what a working day is, crate `calendar`.

mod burden;
mod changes;
mod load;
mod matters;
mod procedures;
mod year;

pub use burden::{BurdenView, FormView, burden};
pub(crate) use changes::loaded;
pub use changes::{PackChanges, changes, flat_of};
pub use load::{
    LoadedPack, PackFiles, PackView, check_pack, list_packs, load_pack, may_load, remarks,
};
pub use method::burden::AskCost;
pub use method::check::Problem;
pub use method::diff::{Change, Sort};
// What callers hold between checking and loading.
pub use matters::{MatterQuery, MatterView, Suggested, list_matters};
pub use method::read::Loaded;
pub use procedures::{ActionInWords, ProcedureView, StateView, list_procedures};
pub use year::{CalendarDay, CalendarView, import_year, set_office_hours, show_calendar};
