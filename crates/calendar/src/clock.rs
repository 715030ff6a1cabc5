//! Clocks that pause: when a budget of time is used up by the intervals in which a clock ran.
//! A deadline is a function of those intervals; nothing here keeps or moves one.
//!
//! # One rule for every clock
//!
//! Each kind of time is a *dial*, a number that only grows: microseconds; microseconds in which
//! offices were open; workdays ended; days ended. A budget is used up at the earliest instant at
//! which the intervals together have moved its dial that far. So it does not matter how an interval
//! is split, a longer pause never brings a deadline nearer, and a changed budget or calendar
//! prices the same intervals anew.
//!
//! **Days.** A day is spent when the clock runs at its end, and a deadline in days falls on such an
//! end. Hence a pause moves a deadline by exactly the workdays (or days) from the day of pausing to
//! the day of resuming, a pause within one day by none, and a deadline not yet passed never lies
//! before the resumption. The day of receipt is not counted: it is added to the budget. A last
//! *calendar* day that is not worked gives way to the next workday at whose end the clock runs
//! (民法典 203).

use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::{
    Calendar,
    local::{DAY, HOUR, MINUTE, Moment, date_of, day_number, day_of, ends, moment, timestamp},
    span::{Span, Unit},
};

/// A stretch in which the clock ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// When it was started or resumed.
    pub from: Timestamp,
    /// When it was halted; none while it runs.
    pub until: Option<Timestamp>,
}

/// The last instant in time; whatever happens later is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// For days, the last microsecond of the last day.
    pub at: Timestamp,
    /// It rests on a year whose holidays are not published (预估,节假日安排未发布).
    pub estimated: bool,
}

/// How much of a budget was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// Of minutes, hours or working hours.
    Time(SignedDuration),
    /// Of days, months and years (calendar days) or of workdays.
    Days(i64),
}

impl Interval {
    /// Running since then.
    #[must_use]
    pub fn since(from: Timestamp) -> Self {
        Self { from, until: None }
    }

    /// Ran from then until then.
    #[must_use]
    pub fn between(from: Timestamp, until: Timestamp) -> Self {
        Self { from, until: Some(until) }
    }
}

impl Calendar {
    /// When a budget is used up by a clock that runs from `start` without a pause.
    #[must_use]
    pub fn due(&self, start: Timestamp, budget: Span) -> Due {
        let never = Due { at: Timestamp::MAX, estimated: true };
        self.due_with(&[Interval::since(start)], budget, &[]).unwrap_or(never)
    }

    /// When the budget and its extensions are used up by these intervals (in order; what overlaps
    /// counts once); none while the clock stands with something left.
    ///
    /// Extensions in the unit of what they extend add up with it; one in another unit begins where
    /// the time before it ended. A budget already used up keeps the instant at which that happened.
    #[must_use]
    pub fn due_with(&self, work: &[Interval], budget: Span, extensions: &[Span]) -> Option<Due> {
        let mut due = Due { at: work.first()?.from, estimated: false };
        let mut leg = budget;
        for &extension in extensions {
            if let Some(longer) = leg.joined(extension) {
                leg = longer;
            } else {
                due = self.used_up(work, due, leg)?;
                leg = extension;
            }
        }
        self.used_up(work, due, leg)
    }

    /// How much of a budget in this unit the intervals have used until `now`.
    #[must_use]
    pub fn spent(&self, work: &[Interval], unit: Unit, now: Timestamp) -> Spent {
        let Some(first) = work.first() else { return Spent::none(unit) };
        let (start, dial) = (moment(first.from), Dial::of(unit));
        let moved = runs(work, start).map(|run| self.moved(dial, run.before(moment(now)))).sum();
        match dial {
            Dial::Time | Dial::Office => Spent::Time(SignedDuration::from_micros(moved)),
            Dial::Workdays | Dial::Days => Spent::Days((moved - self.receipt(dial, start)).max(0)),
        }
    }

    /// The first instant from `at` on at which offices are open.
    #[must_use]
    pub fn opening(&self, at: Timestamp) -> Timestamp {
        let at = moment(at);
        timestamp(self.moment_when(self.open_before(at) + 1) - 1)
    }

    /// When work that takes so long is done if it is begun at `from` and rests while offices are closed.
    #[must_use]
    pub fn done_at(&self, from: Timestamp, work: SignedDuration) -> Timestamp {
        let work = i64::try_from(work.as_micros()).unwrap_or(i64::MAX / 4).max(1);
        timestamp(self.moment_when(self.open_before(moment(from)) + work))
    }

    /// How long offices are open between two instants; nothing where they stand the other way round.
    #[must_use]
    pub fn office_time(&self, from: Timestamp, until: Timestamp) -> SignedDuration {
        let open = self.open_before(moment(until)) - self.open_before(moment(from));
        SignedDuration::from_micros(open.max(0))
    }

    /// Runs one budget from where the time before it ended.
    fn used_up(&self, work: &[Interval], before: Due, budget: Span) -> Option<Due> {
        let (start, dial) = (moment(before.at), Dial::of(budget.unit()));
        let end = self.exhausted(work, start, dial, self.price(budget, start))?;
        // Only where the last calendar day falls rests on holidays, not how it was reached.
        let at = match dial {
            Dial::Days => self.exhausted(work, end, Dial::Workdays, 1)?,
            Dial::Time | Dial::Office | Dial::Workdays => end,
        };
        let certain = match dial {
            Dial::Time => true,
            Dial::Days => self.is_certain(day_of(end), day_of(at)),
            Dial::Office | Dial::Workdays => self.is_certain(day_of(start), day_of(at)),
        };
        Some(Due { at: timestamp(at), estimated: before.estimated || !certain })
    }

    /// The earliest moment by which the runs after `start` have moved the dial by `left`.
    fn exhausted(
        &self,
        work: &[Interval],
        start: Moment,
        dial: Dial,
        mut left: i64,
    ) -> Option<Moment> {
        for run in runs(work, start) {
            let (from, until) = (self.read(dial, run.from), self.read(dial, run.until));
            if until - from >= left {
                return Some(self.when(dial, from + left));
            }
            left -= until - from;
        }
        None
    }

    /// What a budget received at `start` comes to on its dial.
    fn price(&self, budget: Span, start: Moment) -> i64 {
        let count = i64::from(budget.count());
        let receipt = self.receipt(Dial::of(budget.unit()), start);
        match budget.unit() {
            Unit::Minute => count * MINUTE + receipt,
            Unit::Hour | Unit::WorkHour => count * HOUR + receipt,
            Unit::Day | Unit::Workday => count + receipt,
            Unit::Month => days_of(count.months(), start) + receipt,
            Unit::Year => days_of(count.years(), start) + receipt,
        }
    }

    /// What a dial moves by the end of the day of receipt without being charged for it.
    fn receipt(&self, dial: Dial, start: Moment) -> i64 {
        match dial {
            // Hours that follow days begin at 24:00, not a microsecond before.
            Dial::Time => i64::from(start == ends(day_of(start))),
            Dial::Office => 0,
            Dial::Workdays => i64::from(self.days().is_workday(day_of(start))),
            Dial::Days => 1,
        }
    }

    pub(crate) fn moved(&self, dial: Dial, run: Run) -> i64 {
        self.read(dial, run.until) - self.read(dial, run.from)
    }

    pub(crate) fn read(&self, dial: Dial, at: Moment) -> i64 {
        match dial {
            Dial::Time => at,
            Dial::Office => self.open_before(at),
            Dial::Workdays => self.days().rank(day_of(at)),
            Dial::Days => day_of(at),
        }
    }

    /// The earliest moment at which the dial shows this; for days, the last of the day that ends.
    pub(crate) fn when(&self, dial: Dial, reading: i64) -> Moment {
        match dial {
            Dial::Time => reading,
            Dial::Office => self.moment_when(reading),
            Dial::Workdays => ends(self.days().select(reading - 1)),
            Dial::Days => ends(reading - 1),
        }
    }
}

/// What a clock counts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Dial {
    /// Microseconds.
    Time,
    /// Microseconds in which offices were open.
    Office,
    /// Workdays that have ended.
    Workdays,
    /// Days that have ended.
    Days,
}

impl Dial {
    fn of(unit: Unit) -> Self {
        match unit {
            Unit::Minute | Unit::Hour => Self::Time,
            Unit::WorkHour => Self::Office,
            Unit::Workday => Self::Workdays,
            Unit::Day | Unit::Month | Unit::Year => Self::Days,
        }
    }
}

impl Spent {
    fn none(unit: Unit) -> Self {
        match Dial::of(unit) {
            Dial::Time | Dial::Office => Self::Time(SignedDuration::ZERO),
            Dial::Workdays | Dial::Days => Self::Days(0),
        }
    }
}

/// An interval in local time, with an end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) from: Moment,
    pub(crate) until: Moment,
}

impl Run {
    /// The part before a moment; empty if there is none.
    pub(crate) fn before(self, moment: Moment) -> Self {
        Self { until: self.until.min(moment).max(self.from), ..self }
    }
}

/// Far beyond every timestamp, yet every dial can read it.
const FOREVER: Moment = DAY * 50_000_000;

/// The intervals after `start`, each cut to what those before it leave.
pub(crate) fn runs(work: &[Interval], start: Moment) -> impl Iterator<Item = Run> {
    let mut over = start;
    work.iter().filter_map(move |interval| {
        let from = moment(interval.from).max(over);
        let until = interval.until.map_or(FOREVER, moment);
        over = over.max(until);
        (from < until).then_some(Run { from, until })
    })
}

/// How many days a span of months or years comes to from the day of receipt.
fn days_of(span: jiff::Span, start: Moment) -> i64 {
    let day = day_of(start);
    day_number(date_of(day).saturating_add(span)) - day
}

#[cfg(test)]
mod checks;
#[cfg(test)]
mod promises;
