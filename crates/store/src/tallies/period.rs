//! Periods of days, and how one is read in as few rows as possible: whole years, whole months at
//! their edges, days at theirs.

use jiff::civil::{Date, date};

/// From a day to before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The first day after.
    pub until: Date,
}

/// A stretch of rows of one dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub dim: i64,
    pub from: Date,
    pub until: Date,
}

/// A dimension and the first day of the unit of time in which a day lies.
pub(super) type Grain = (i64, fn(Date) -> Date);

impl Period {
    /// All time.
    pub const ALL: Self = Self { from: date(1, 1, 1), until: date(9999, 1, 1) };

    /// Since the beginning and until the end where no day is given.
    pub fn between(from: Option<Date>, until: Option<Date>) -> Self {
        Self { from: from.unwrap_or(Self::ALL.from), until: until.unwrap_or(Self::ALL.until) }
    }

    /// The whole months that it touches.
    pub(super) fn months(self) -> Self {
        Self {
            from: self.from.first_of_month(),
            until: ceil(self.until.min(Self::ALL.until), Date::first_of_month),
        }
    }

    /// The stretches that make up the period, of each grain (the coarsest first) as much as fits.
    pub(super) fn stretches(self, grains: &[Grain]) -> Vec<Stretch> {
        let mut found = Vec::new();
        let from = self.from.max(Self::ALL.from);
        split(from, self.until.min(Self::ALL.until), grains, &mut found);
        found
    }
}

fn split(from: Date, until: Date, grains: &[Grain], found: &mut Vec<Stretch>) {
    let Some(((dim, begin), finer)) = grains.split_first() else { return };
    let (first, last) = (ceil(from, *begin), begin(until));
    if from >= until {
    } else if first >= last {
        split(from, until, finer, found);
    } else {
        split(from, first, finer, found);
        found.push(Stretch { dim: *dim, from: first, until: last });
        split(last, until, finer, found);
    }
}

/// The first beginning of a unit on a day or after it.
fn ceil(day: Date, begin: fn(Date) -> Date) -> Date {
    if begin(day) == day {
        return day;
    }
    // The longest unit is a year; a day behind it begins no later than the next.
    let mut next = day;
    while begin(next) == begin(day) {
        match next.last_of_month().tomorrow() {
            Ok(tomorrow) => next = tomorrow,
            Err(_) => return day,
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GRAINS: [Grain; 3] =
        [(4, Date::first_of_year), (3, Date::first_of_month), (0, |day| day)];

    fn split_into(from: Date, until: Date) -> Vec<(i64, Date, Date)> {
        let stretches = Period { from, until }.stretches(&GRAINS);
        stretches.into_iter().map(|it| (it.dim, it.from, it.until)).collect()
    }

    #[test]
    fn a_period_is_read_in_the_longest_units_that_fit() {
        assert_eq!(
            split_into(date(2019, 11, 29), date(2022, 2, 3)),
            [
                (0, date(2019, 11, 29), date(2019, 12, 1)),
                (3, date(2019, 12, 1), date(2020, 1, 1)),
                (4, date(2020, 1, 1), date(2022, 1, 1)),
                (3, date(2022, 1, 1), date(2022, 2, 1)),
                (0, date(2022, 2, 1), date(2022, 2, 3)),
            ]
        );
        let march = (date(2026, 3, 1), date(2026, 4, 1));
        assert_eq!(split_into(march.0, march.1), [(3, march.0, march.1)]);
        assert_eq!(split_into(march.1, march.0), []);
        let all = Period::ALL;
        assert_eq!(split_into(all.from, all.until), [(4, all.from, all.until)]);
    }

    #[test]
    fn months_are_whole() {
        let period = Period { from: date(2026, 3, 31), until: date(2026, 5, 2) };
        let whole = Period { from: date(2026, 3, 1), until: date(2026, 6, 1) };
        assert_eq!((period.months(), whole.months()), (whole, whole));
        assert_eq!(Period::ALL.months(), Period::ALL);
        let beyond = Period::between(None, Some(Date::MAX));
        assert_eq!(beyond.months(), Period::ALL);
    }

    fn days() -> impl Strategy<Value = Date> {
        (2000i16..2010, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day))
    }

    proptest! {
        #[test]
        fn stretches_follow_each_other_without_gap_or_overlap(from in days(), until in days()) {
            let found = split_into(from, until);
            let mut at = from;
            for (dim, first, last) in &found {
                let begin = GRAINS.iter().find(|(it, _)| it == dim).unwrap().1;
                prop_assert!(*first == at && first < last);
                prop_assert!(begin(*first) == *first && begin(*last) == *last);
                at = *last;
            }
            prop_assert_eq!(at, if from < until { until } else { from });
            prop_assert!(found.len() <= 5);
        }
    }
}
