//! The local day: China's one zone as whole day numbers and microseconds, and back.
//! Fixed at +08:00 (no summer time since 1991); everything else in this crate is arithmetic on these.

use jiff::{SignedDuration, Timestamp, civil::Date};

/// Days since 1970-01-01, counted by local midnights.
pub(crate) type Day = i64;
/// Microseconds since local midnight of 1970-01-01.
pub(crate) type Moment = i64;

pub(crate) const MINUTE: i64 = 60_000_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;
const EAST: i64 = 8 * HOUR;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// The local date of an instant.
#[must_use]
pub fn local_date(at: Timestamp) -> Date {
    date_of(day_of(moment(at)))
}

/// The first instant of a local day, 00:00.
#[must_use]
pub fn start_of_day(date: Date) -> Timestamp {
    timestamp(starts(day_number(date)))
}

/// The last microsecond of a local day: 24:00 written so that it still shows the right date.
#[must_use]
pub fn end_of_day(date: Date) -> Timestamp {
    timestamp(ends(day_number(date)))
}

pub(crate) fn moment(at: Timestamp) -> Moment {
    at.as_microsecond() + EAST
}

/// Saturates at the ends of what a timestamp can say.
pub(crate) fn timestamp(moment: Moment) -> Timestamp {
    let limit = if moment < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(moment - EAST).unwrap_or(limit)
}

pub(crate) fn day_of(moment: Moment) -> Day {
    moment.div_euclid(DAY)
}

pub(crate) fn starts(day: Day) -> Moment {
    day * DAY
}

pub(crate) fn ends(day: Day) -> Moment {
    starts(day + 1) - 1
}

pub(crate) fn day_number(date: Date) -> Day {
    date.duration_since(EPOCH).as_hours() / 24
}

/// Saturates at the years −9999 and 9999.
pub(crate) fn date_of(day: Day) -> Date {
    EPOCH.saturating_add(SignedDuration::from_hours(24 * day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_local_day_runs_from_midnight_to_the_last_microsecond_before_the_next() {
        let day = date(2026, 3, 1);
        assert_eq!(start_of_day(day).to_string(), "2026-02-28T16:00:00Z");
        assert_eq!(end_of_day(day).to_string(), "2026-03-01T15:59:59.999999Z");
        assert_eq!(local_date(start_of_day(day)), day);
        assert_eq!(local_date(end_of_day(day)), day);
    }

    #[test]
    fn day_numbers_and_dates_are_inverse_on_both_sides_of_1970() {
        for day in [-25_568, -1, 0, 1, 20_000, 100_000] {
            assert_eq!(day_number(date_of(day)), day);
        }
        assert_eq!(date_of(-1), date(1969, 12, 31));
    }

    #[test]
    fn instants_beyond_the_calendar_saturate() {
        assert_eq!(timestamp(i64::MAX / 2), Timestamp::MAX);
        assert_eq!(timestamp(i64::MIN / 2), Timestamp::MIN);
        assert_eq!(date_of(1_000_000_000), Date::MAX);
    }
}
