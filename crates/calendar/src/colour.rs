//! Green, yellow, red: how urgent a deadline looks at an instant. Colours are computed, never acts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Calendar, Interval, Unit,
    clock::{Dial, runs},
    local::{Moment, day_of, moment, starts, timestamp},
};

/// The colour of a running clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Time enough.
    Green,
    /// 黄牌: the last working day or quarter has begun.
    Yellow,
    /// 红牌: overdue.
    Red,
}

impl Colour {
    /// The colour at `now` of what turns yellow at `yellow_at` and is due at `due`.
    #[must_use]
    pub fn at(now: Timestamp, yellow_at: Timestamp, due: Timestamp) -> Self {
        if now > due {
            Self::Red
        } else if now >= yellow_at {
            Self::Yellow
        } else {
            Self::Green
        }
    }
}

impl Calendar {
    /// When a clock turns yellow: one working day before `due`, or when a quarter of its running
    /// time is left, whichever comes later, but not before its last resumption.
    ///
    /// `unit` is the budget's: a quarter is of office time for `wh` and `wd` (so that a weekend does
    /// not use it up), else of all time. One working day before is the same time on the workday before.
    #[must_use]
    pub fn yellow_at(&self, work: &[Interval], unit: Unit, due: Timestamp) -> Timestamp {
        let due = moment(due);
        let dial = if unit.is_working() { Dial::Office } else { Dial::Time };
        let start = work.first().map_or(due, |first| moment(first.from));
        let (mut ran, mut resumed) = (0, start);
        for run in runs(work, start).take_while(|run| run.from < due) {
            ran += self.moved(dial, run.before(due));
            resumed = run.from;
        }
        let quarter_left = self.when(dial, self.read(dial, due) - ran / 4);
        timestamp(quarter_left.max(self.workday_before(due)).max(resumed).min(due))
    }

    fn workday_before(&self, at: Moment) -> Moment {
        let day = day_of(at);
        starts(self.days().select(self.days().rank(day) - 1)) + (at - starts(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn at(text: &str) -> Timestamp {
        format!("{}:00+08:00", text.replace(' ', "T")).parse().unwrap()
    }

    #[rstest]
    #[case("2026-10-12 09:00", "2 h", "2026-10-12 10:30")] // a quarter of two hours
    #[case("2026-10-12 09:00", "24 h", "2026-10-13 03:00")]
    #[case("2026-10-12 08:30", "4 wh", "2026-10-12 11:30")] // one open hour is left
    #[case("2026-10-16 17:00", "4 wh", "2026-10-19 11:00")] // not over the weekend
    #[case("2026-10-12 14:30", "2 wd", "2026-10-14 11:00")] // 4 of 16 open hours are left
    #[case("2026-10-12 09:00", "240 h", "2026-10-21 09:00")] // one working day, though 60 hours are a quarter
    fn yellow_begins_with_the_last_quarter_or_working_day(
        #[case] start: &str,
        #[case] budget: &str,
        #[case] yellow: &str,
    ) {
        let (calendar, budget) = (Calendar::shipped(), budget.parse::<crate::Span>().unwrap());
        let due = calendar.due(at(start), budget).at;
        let work = [Interval::since(at(start))];
        assert_eq!(calendar.yellow_at(&work, budget.unit(), due), at(yellow));
    }

    #[test]
    fn the_instant_of_a_bound_is_yellow_on_both_sides() {
        let [yellow, due] = [at("2026-10-12 10:30"), at("2026-10-12 11:00")];
        let instant = jiff::SignedDuration::from_micros(1);
        let seen = [yellow - instant, yellow, due, due + instant];
        assert_eq!(
            seen.map(|now| Colour::at(now, yellow, due)),
            [Colour::Green, Colour::Yellow, Colour::Yellow, Colour::Red]
        );
    }

    #[test]
    fn what_was_due_before_it_came_is_yellow_no_later_than_due() {
        let due = at("2026-10-12 09:00"); // set by another office
        for work in [vec![], vec![Interval::since(at("2026-10-13 09:00"))]] {
            assert!(Calendar::shipped().yellow_at(&work, Unit::Hour, due) <= due);
        }
    }
}
