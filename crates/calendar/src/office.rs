//! Office time as one growing number: how much was open before an instant, and when a number is reached.
//! Each is two binary searches, over turns of season and over days that break the week.

use std::{collections::BTreeSet, sync::Arc};

use jiff::civil::Date;

use crate::{
    days::DayTable,
    hours::{DayHours, OfficeHours},
    local::{Day, Moment, day_number, day_of, starts},
    plan::YEARS,
};

/// Stretches of days with the same hours, in order.
#[derive(Debug, Clone)]
pub(crate) struct OfficeTable {
    first: Stretch,
    later: Vec<Stretch>,
}

/// From a day until the next stretch; the first also reaches back without end.
#[derive(Debug, Clone)]
struct Stretch {
    day: Day,
    /// Workdays before `day`.
    rank: i64,
    /// Microseconds open before `day`.
    open: i64,
    hours: Arc<DayHours>,
    /// Microseconds open in a workday.
    length: i64,
}

impl OfficeTable {
    pub(crate) fn new(office: &OfficeHours, days: &DayTable) -> Self {
        let first = Stretch::starting(Date::constant(*YEARS.start(), 1, 1), 0, office, days);
        let turns: BTreeSet<Date> = YEARS.flat_map(|year| office.turns(year)).collect();
        let later = turns.into_iter().scan(first.clone(), |last, date| {
            let open = last.open_before(day_number(date), days);
            *last = Stretch::starting(date, open, office, days);
            Some(last.clone())
        });
        Self { later: later.collect(), first }
    }

    /// Microseconds open before this moment, counted from a fixed origin.
    pub(crate) fn open_before(&self, moment: Moment, days: &DayTable) -> i64 {
        let day = day_of(moment);
        let stretch = self.last_where(|stretch| stretch.day <= day);
        let today =
            if days.is_workday(day) { stretch.hours.open_before(moment - starts(day)) } else { 0 };
        stretch.open_before(day, days) + today
    }

    /// The earliest moment by which so much was open.
    pub(crate) fn moment_when(&self, open: i64, days: &DayTable) -> Moment {
        let stretch = self.last_where(|stretch| stretch.open < open);
        let ahead = open - stretch.open;
        let whole_days = (ahead - 1).div_euclid(stretch.length);
        let day = days.select(stretch.rank + whole_days);
        starts(day) + stretch.hours.time_when(ahead - whole_days * stretch.length)
    }

    fn last_where(&self, holds: impl Fn(&Stretch) -> bool) -> &Stretch {
        let passed = self.later.partition_point(holds);
        passed.checked_sub(1).and_then(|last| self.later.get(last)).unwrap_or(&self.first)
    }
}

impl Stretch {
    fn starting(date: Date, open: i64, office: &OfficeHours, days: &DayTable) -> Self {
        let (day, hours) = (day_number(date), office.on(date));
        Self {
            day,
            rank: days.rank(day),
            open,
            hours: Arc::new(hours.clone()),
            length: hours.length(),
        }
    }

    fn open_before(&self, day: Day, days: &DayTable) -> i64 {
        self.open + (days.rank(day) - self.rank) * self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::{DAY, HOUR, MINUTE};
    use crate::plan::DayKind;
    use jiff::civil::date;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const SEASONAL: &str = r#"{"usual": ["08:30-12:00", "14:30-17:30"], "seasons": [
        {"from": "06-01", "until": "09-30", "hours": ["08:00-12:00", "15:00-18:00"]},
        {"from": "12-01", "until": "02-28", "hours": ["09:00-15:00"]}]}"#;

    fn seasonal() -> (OfficeHours, DayTable, OfficeTable) {
        let office = serde_json::from_str(SEASONAL).unwrap();
        let holiday = day_number(date(2026, 6, 1)); // the first day of a season, off
        let days = DayTable::new(&BTreeMap::from([(holiday, DayKind::Off)]));
        let table = OfficeTable::new(&office, &days);
        (office, days, table)
    }

    #[test]
    fn adding_up_agrees_with_walking_through_three_years_and_their_seasons() {
        let (office, days, table) = seasonal();
        let first = day_number(date(2025, 12, 25));
        let mut open = table.open_before(starts(first), &days);
        for day in first..first + 1_100 {
            assert_eq!(table.open_before(starts(day), &days), open);
            if days.is_workday(day) {
                open += office.on(crate::local::date_of(day)).length();
            }
        }
    }

    #[test]
    fn hours_count_before_the_first_and_after_the_last_computed_year() {
        let (_, days, table) = seasonal();
        for year in [1800, 2500] {
            let week = starts(day_number(date(year, 7, 1)));
            let open = table.open_before(week + 7 * DAY, &days) - table.open_before(week, &days);
            assert_eq!(open, 5 * 6 * HOUR, "{year}: the hours next to it, Monday to Friday");
        }
    }

    proptest! {
        #[test]
        fn the_moment_found_is_the_earliest_with_so_much_open(minute in 28_000_000i64..32_000_000) {
            let (_, days, table) = seasonal();
            let open = table.open_before(minute * MINUTE, &days);
            let earliest = table.moment_when(open, &days);
            prop_assert!(earliest <= minute * MINUTE);
            prop_assert_eq!(table.open_before(earliest, &days), open);
            prop_assert!(table.open_before(earliest - 1, &days) < open);
        }
    }
}
