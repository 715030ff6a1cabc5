//! Counting workdays: how many lie before a day, and which day is the n-th, each by one binary search.
//! Knows days that differ from Monday–Friday, not where they come from.

use std::collections::BTreeMap;

use crate::local::Day;
use crate::plan::DayKind;

/// 1970-01-01 was a Thursday; weeks begin on Monday.
const MONDAY: i64 = 3;

/// Workdays as plain weeks, corrected at each day that breaks the pattern.
#[derive(Debug, Clone)]
pub(crate) struct DayTable {
    marks: Vec<Mark>,
}

/// A day that differs from its week, with the count as it stands when that day is over.
#[derive(Debug, Clone)]
struct Mark {
    day: Day,
    kind: DayKind,
    /// Workdays up to here, less the Mondays to Fridays up to here.
    shift: i64,
    /// Workdays up to here, this day included.
    rank: i64,
}

impl DayTable {
    pub(crate) fn new(rules: &BTreeMap<Day, DayKind>) -> Self {
        let mut shift = 0;
        let marks = rules
            .iter()
            .filter(|&(&day, &kind)| kind != in_plain_week(day))
            .map(|(&day, &kind)| {
                shift += if kind == DayKind::Work { 1 } else { -1 };
                Mark { day, kind, shift, rank: weekdays_before(day + 1) + shift }
            })
            .collect();
        Self { marks }
    }

    /// How many workdays lie before this day, counted from a fixed origin.
    pub(crate) fn rank(&self, day: Day) -> i64 {
        let passed = self.marks.partition_point(|mark| mark.day < day);
        weekdays_before(day) + self.shift_after(passed)
    }

    /// The workday that has exactly `rank` workdays before it.
    pub(crate) fn select(&self, rank: i64) -> Day {
        let passed = self.marks.partition_point(|mark| mark.rank <= rank);
        match self.marks.get(passed) {
            Some(next) if next.kind == DayKind::Work && next.rank == rank + 1 => next.day,
            _ => nth_weekday(rank - self.shift_after(passed)),
        }
    }

    pub(crate) fn is_workday(&self, day: Day) -> bool {
        let named = self.marks.binary_search_by_key(&day, |mark| mark.day).ok();
        let kind = named.and_then(|at| self.marks.get(at)).map(|mark| mark.kind);
        kind.unwrap_or_else(|| in_plain_week(day)) == DayKind::Work
    }

    fn shift_after(&self, passed: usize) -> i64 {
        passed.checked_sub(1).and_then(|last| self.marks.get(last)).map_or(0, |mark| mark.shift)
    }
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
