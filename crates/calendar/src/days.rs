//! Counting workdays: how many lie before a day, and which day is the n-th, each by one look into a
//! table. Knows days that differ from Monday–Friday, not where they come from.

use std::collections::BTreeMap;

use crate::local::Day;
use crate::plan::DayKind;

/// 1970-01-01 was a Thursday; weeks begin on Monday.
const MONDAY: i64 = 3;

/// Workdays counted from the first named day to the last, and as plain weeks before and after.
#[derive(Debug, Clone)]
pub(crate) struct DayTable {
    first: Day,
    /// Workdays from `first` to each day, the day itself not counted; at the end, all of them.
    before: Vec<u32>,
    /// The workdays, as days after `first`.
    workdays: Vec<u32>,
}

impl DayTable {
    pub(crate) fn new(rules: &BTreeMap<Day, DayKind>) -> Self {
        let (first, last) = (rules.keys().next(), rules.keys().next_back());
        let first = first.copied().unwrap_or_default();
        let (mut before, mut workdays) = (vec![0], Vec::new());
        for (after, day) in (0..).zip(first..=last.copied().unwrap_or(first - 1)) {
            if rules.get(&day).copied().unwrap_or_else(|| in_plain_week(day)) == DayKind::Work {
                workdays.push(after);
            }
            before.push(u32::try_from(workdays.len()).unwrap_or(u32::MAX));
        }
        Self { first, before, workdays }
    }

    /// How many workdays lie before this day, counted from a fixed origin.
    pub(crate) fn rank(&self, day: Day) -> i64 {
        match at(&self.before, day - self.first) {
            Some(counted) => weekdays_before(self.first) + counted,
            None if day < self.first => weekdays_before(day),
            None => weekdays_before(day) + self.shift(),
        }
    }

    /// The workday that has exactly `rank` workdays before it.
    pub(crate) fn select(&self, rank: i64) -> Day {
        let counted = rank - weekdays_before(self.first);
        match at(&self.workdays, counted) {
            Some(after) => self.first + after,
            None if counted < 0 => nth_weekday(rank),
            None => nth_weekday(rank - self.shift()),
        }
    }

    pub(crate) fn is_workday(&self, day: Day) -> bool {
        self.rank(day + 1) > self.rank(day)
    }

    /// How many workdays more than plain weeks have the table makes.
    fn shift(&self) -> i64 {
        let (days, workdays) = (length(&self.before) - 1, length(&self.workdays));
        workdays - (weekdays_before(self.first + days) - weekdays_before(self.first))
    }
}

fn at(list: &[u32], index: i64) -> Option<i64> {
    list.get(usize::try_from(index).ok()?).copied().map(i64::from)
}

fn length<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}

fn in_plain_week(day: Day) -> DayKind {
    if (day + MONDAY).rem_euclid(7) < 5 { DayKind::Work } else { DayKind::Off }
}

fn weekdays_before(day: Day) -> i64 {
    let day = day + MONDAY;
    day.div_euclid(7) * 5 + day.rem_euclid(7).min(5)
}

fn nth_weekday(rank: i64) -> Day {
    rank.div_euclid(5) * 7 + rank.rem_euclid(5) - MONDAY
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::btree_map, prelude::*};

    fn kind() -> impl Strategy<Value = DayKind> {
        prop_oneof![Just(DayKind::Off), Just(DayKind::Work)]
    }

    proptest! {
        #[test]
        fn counting_agrees_with_walking_day_by_day(
            rules in btree_map(-60i64..60, kind(), 0..60)
        ) {
            let table = DayTable::new(&rules);
            let mut rank = table.rank(-80);
            for day in -80..80 {
                let works = rules.get(&day).copied().unwrap_or_else(|| in_plain_week(day));
                prop_assert_eq!(table.rank(day), rank);
                prop_assert_eq!(table.is_workday(day), works == DayKind::Work);
                if works == DayKind::Work {
                    prop_assert_eq!(table.select(rank), day);
                    rank += 1;
                }
            }
        }
    }
}
