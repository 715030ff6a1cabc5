//! When a step happens, as a story writes it, and what that comes to. All times are local
//! (Asia/Shanghai); which days are worked is the caller's to say.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ToSpan, tz};
use serde::Deserialize;

/// When a step happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum When {
    /// At a local time.
    At(DateTime),
    /// At a time of the same day.
    Today(Time),
    /// So long after the step before.
    After(SignedDuration),
    /// At a time so many workdays after the day of the step before.
    Workdays(u32, Time),
    /// At a time so many days after the day of the step before.
    Days(u32, Time),
}

/// What a story says of a date that the program computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Until {
    /// The end of a local day.
    EndOf(Date),
    /// To the minute.
    Minute(DateTime),
}

/// The local time of an instant.
pub fn local(at: Timestamp) -> DateTime {
    at.to_zoned(tz::TimeZone::fixed(tz::offset(8))).datetime()
}

/// The instant of a local time.
pub fn instant(at: DateTime) -> anyhow::Result<Timestamp> {
    Ok(at.to_zoned(tz::TimeZone::fixed(tz::offset(8)))?.timestamp())
}

/// So many days after a day: `+30 d`.
pub fn days_after(text: &str, day: Date) -> Option<Date> {
    let n: i64 = text.strip_prefix('+')?.strip_suffix(" d")?.parse().ok()?;
    day.checked_add(n.days()).ok()
}

impl When {
    /// The local time meant, the step before having been at `before`.
    pub fn after(
        self,
        before: DateTime,
        workday: impl Fn(Date, u32) -> Date,
    ) -> anyhow::Result<DateTime> {
        Ok(match self {
            Self::At(at) => at,
            Self::Today(time) => before.date().to_datetime(time),
            Self::After(span) => before.checked_add(span)?,
            Self::Workdays(n, time) => workday(before.date(), n).to_datetime(time),
            Self::Days(n, time) => {
                before.date().checked_add(i64::from(n).days())?.to_datetime(time)
            }
        })
    }

    fn later(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (n, unit, time) = (words.next()?, words.next()?, words.next());
        let n: u32 = n.parse().ok()?;
        let at = |time: Option<&str>| time.and_then(|it| it.parse::<Time>().ok());
        match (unit, time) {
            ("min", None) => Some(Self::After(SignedDuration::from_mins(n.into()))),
            ("h", None) => Some(Self::After(SignedDuration::from_hours(n.into()))),
            ("wd", _) => Some(Self::Workdays(n, at(time)?)),
            ("d", _) => Some(Self::Days(n, at(time)?)),
            _ => None,
        }
    }
}

impl TryFrom<String> for When {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let read = match text.strip_prefix('+') {
            Some(later) => Self::later(later),
            None if text.contains('T') => text.parse().ok().map(Self::At),
            None => text.parse().ok().map(Self::Today),
        };
        read.ok_or_else(|| {
            format!(
                "`{text}` is no time of a story: write 2026-09-21T09:30, 15:00, +10 min, +2 h, \
                 +1 wd 09:30 or +30 d 09:30"
            )
        })
    }
}

impl TryFrom<String> for Until {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let read = match text.contains('T') {
            true => text.parse().ok().map(Self::Minute),
            false => text.parse().ok().map(Self::EndOf),
        };
        read.ok_or_else(|| format!("`{text}` is neither a day nor a minute"))
    }
}

impl Until {
    /// Whether an instant is the one meant.
    pub fn is(self, found: Timestamp) -> bool {
        let found = local(found);
        match self {
            Self::EndOf(day) => {
                let last = Time::constant(23, 59, 59, 0);
                found.date() == day && found.time() >= last
            }
            Self::Minute(at) => {
                let minute = |at: DateTime| (at.date(), at.hour(), at.minute());
                minute(found) == minute(at)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn when(text: &str) -> Result<When, String> {
        text.to_owned().try_into()
    }

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_story_says_when_in_six_ways() {
        let friday = at("2026-09-18T16:50");
        // Fridays are followed by Mondays, as far as this test goes.
        let workday = |day: Date, n: u32| day.checked_add((i64::from(n) + 2).days()).unwrap();
        for (said, meant) in [
            ("2026-09-21T09:30", "2026-09-21T09:30"),
            ("17:05", "2026-09-18T17:05"),
            ("+10 min", "2026-09-18T17:00"),
            ("+8 h", "2026-09-19T00:50"),
            ("+1 wd 09:30", "2026-09-21T09:30"),
            ("+30 d 08:00", "2026-10-18T08:00"),
        ] {
            assert_eq!(when(said).unwrap().after(friday, workday).unwrap(), at(meant), "{said}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for said in ["", "+", "+1", "+1 wd", "+x min", "+1 min 09:00", "+1 y", "25:00", "tomorrow"]
        {
            assert!(when(said).is_err(), "{said}");
        }
    }

    #[test]
    fn a_day_is_meant_to_its_end_and_a_minute_as_it_is() {
        let until = |text: &str| Until::try_from(text.to_owned()).unwrap();
        let found = |text: &str| instant(at(text)).unwrap();
        assert!(until("2026-09-24").is(found("2026-09-24T23:59:59.999999")));
        assert!(!until("2026-09-24").is(found("2026-09-24T17:00")));
        assert!(!until("2026-09-24").is(found("2026-09-25T00:00")));
        assert!(until("2026-09-24T17:00").is(found("2026-09-24T17:00:59")));
        assert!(!until("2026-09-24T17:00").is(found("2026-09-24T17:01")));
    }

    #[test]
    fn dates_in_a_form_count_from_the_steps_day() {
        assert_eq!(days_after("+30 d", date(2026, 9, 18)), Some(date(2026, 10, 18)));
        assert_eq!(days_after("2026-09-18", date(2026, 9, 18)), None);
    }
}
