//! Working time in China: statutory holidays and adjusted workdays, office hours, and interval clocks that pause.
//! Pure arithmetic on given instants: no clock, no files, no knowledge of what a deadline is for.
//!
//! ```
//! use calendar::{Calendar, Interval};
//!
//! let calendar = Calendar::shipped();
//! let received = "2026-09-24T10:00:00+08:00".parse()?;
//! let due = calendar.due(received, "5 wd".parse()?);
//! assert_eq!(calendar::local_date(due.at).to_string(), "2026-10-09"); // past 中秋 and 国庆
//!
//! let paused = "2026-09-28T09:00:00+08:00".parse()?;
//! let resumed = "2026-09-30T15:00:00+08:00".parse()?;
//! let work = [Interval::between(received, paused), Interval::since(resumed)];
//! let due = calendar.due_with(&work, "5 wd".parse()?, &[]).ok_or("halted")?;
//! assert_eq!(calendar::local_date(due.at).to_string(), "2026-10-12"); // two workdays later
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calendar;
mod clock;
mod colour;
mod days;
mod hours;
mod import;
mod local;
mod office;
mod plan;
mod span;

pub use calendar::Calendar;
pub use clock::{Due, Interval, Spent};
pub use colour::Colour;
pub use hours::{DayHours, HoursError, MonthDay, OfficeHours, Season, Window};
pub use import::{ImportProblem, RowProblem, local_days_from_csv};
pub use local::{end_of_day, local_date, start_of_day};
pub use plan::{DayKind, PlanProblem, YearPlan};
pub use span::{Span, SpanError, Unit};
