//! Office hours: the windows of a working day, and the seasons in which they differ.
//! Which days are worked is `days`; adding hours up over days is `office`.

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::local::{MINUTE, Moment};

/// When offices are open on a workday, through the year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Draft")]
pub struct OfficeHours {
    usual: DayHours,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    seasons: Vec<Season>,
}

/// A part of every year with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// Its first day.
    pub from: MonthDay,
    /// Its last day; before `from` when the season spans New Year.
    pub until: MonthDay,
    /// The hours of a workday in it.
    pub hours: DayHours,
}

/// The windows of one workday, in order and apart; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Window>", into = "Vec<Window>")]
pub struct DayHours {
    windows: Vec<Window>,
}

/// From one minute of the day to a later one, `08:30-12:00`; ends at 24:00 at the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Window {
    from: u16,
    until: u16,
}

/// A day of every year, `06-01`; not 29 February, which does not come every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    month: i8,
    day: i8,
}

/// Why hours cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HoursError {
    /// Write the window in the one known form.
    #[error("`{0}` is no window of a day such as 08:30-12:00")]
    Window(String),
    /// Write a day that every year has.
    #[error("`{0}` is no day of every year such as 06-01")]
    MonthDay(String),
    /// Put the windows in order, without overlap, at least one.
    #[error("the windows of a day must follow one another, and there must be one")]
    Windows,
    /// Let seasons end before the next begins.
    #[error("the seasons from {0} and from {1} overlap")]
    Seasons(MonthDay, MonthDay),
}

impl Default for OfficeHours {
    /// 8:30–12:00 and 14:30–17:30 all year.
    fn default() -> Self {
        let windows = vec![Window { from: 510, until: 720 }, Window { from: 870, until: 1050 }];
        Self { usual: DayHours { windows }, seasons: Vec::new() }
    }
}

impl OfficeHours {
    /// Hours for most of the year, and seasons that must not overlap.
    pub fn new(usual: DayHours, seasons: Vec<Season>) -> Result<Self, HoursError> {
        let mut rest = seasons.as_slice();
        while let [first, others @ ..] = rest {
            if let Some(other) = others.iter().find(|other| first.overlaps(other)) {
                return Err(HoursError::Seasons(first.from, other.from));
            }
            rest = others;
        }
        Ok(Self { usual, seasons })
    }

    /// The hours that hold on a workday at this date.
    #[must_use]
    pub fn on(&self, date: Date) -> &DayHours {
        let day = MonthDay { month: date.month(), day: date.day() };
        self.seasons.iter().find(|s| s.contains(day)).map_or(&self.usual, |s| &s.hours)
    }

    /// The dates in a year at which other hours may begin.
    pub(crate) fn turns(&self, year: i16) -> impl Iterator<Item = Date> {
        self.seasons.iter().flat_map(move |season| {
            let after = season.until.in_year(year).and_then(|date| date.tomorrow().ok());
            [season.from.in_year(year), after].into_iter().flatten()
        })
    }
}

impl Season {
    fn contains(&self, day: MonthDay) -> bool {
        if self.from <= self.until {
            (self.from..=self.until).contains(&day)
        } else {
            day >= self.from || day <= self.until
        }
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.contains(other.from) || other.contains(self.from)
    }
}

impl DayHours {
    /// Windows in order, each ending before or when the next begins.
    pub fn new(windows: Vec<Window>) -> Result<Self, HoursError> {
        let in_order = windows.is_sorted_by(|a, b| a.until <= b.from);
        if windows.is_empty() || !in_order {
            return Err(HoursError::Windows);
        }
        Ok(Self { windows })
    }

    /// Microseconds open in a whole day.
    pub(crate) fn length(&self) -> i64 {
        self.windows.iter().map(|window| window.length()).sum()
    }

    /// Microseconds open before this time of day.
    pub(crate) fn open_before(&self, time: Moment) -> i64 {
        self.windows.iter().map(|w| (time - w.opens()).clamp(0, w.length())).sum()
    }

    /// The earliest time of day by which so much was open; the close if it never is.
    pub(crate) fn time_when(&self, mut open: i64) -> Moment {
        let mut time = 0;
        for window in &self.windows {
            time = window.opens() + open.min(window.length());
            open -= window.length();
            if open <= 0 {
                break;
            }
        }
        time
    }
}

impl Window {
    fn opens(self) -> Moment {
        i64::from(self.from) * MINUTE
    }

    fn length(self) -> i64 {
        i64::from(self.until - self.from) * MINUTE
    }
}

impl MonthDay {
    fn in_year(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }
}

impl FromStr for Window {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let (from, until) = text.split_once('-').unwrap_or_default();
        let times = minute_of_day(from).zip(minute_of_day(until));
        let window = times.map(|(from, until)| Self { from, until });
        window.filter(|w| w.from < w.until).ok_or_else(|| HoursError::Window(text.to_owned()))
    }
}

/// Reads `08:30` or `8:30`, up to `24:00`.
fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let time = hour.checked_mul(60)? + minute.min(60);
    (minute < 60 && time <= 24 * 60).then_some(time)
}

impl FromStr for MonthDay {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let read = || {
            let (month, day) = text.split_once('-')?;
            let day = Self { month: month.parse().ok()?, day: day.parse().ok()? };
            day.in_year(2001).map(|_| day) // no leap year
        };
        read().ok_or_else(|| HoursError::MonthDay(text.to_owned()))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, until } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60)
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// Office hours as written, seasons not yet compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    usual: DayHours,
    #[serde(default)]
    seasons: Vec<Season>,
}

impl TryFrom<Draft> for OfficeHours {
    type Error = HoursError;

    fn try_from(draft: Draft) -> Result<Self, HoursError> {
        Self::new(draft.usual, draft.seasons)
    }
}

impl TryFrom<Vec<Window>> for DayHours {
    type Error = HoursError;

    fn try_from(windows: Vec<Window>) -> Result<Self, HoursError> {
        Self::new(windows)
    }
}

impl From<DayHours> for Vec<Window> {
    fn from(hours: DayHours) -> Self {
        hours.windows
    }
}

/// Lets serde read and write a type through its one text.
macro_rules! as_text {
    ($($kind:ty),+) => {$(
        impl TryFrom<String> for $kind {
            type Error = HoursError;

            fn try_from(text: String) -> Result<Self, HoursError> {
                text.parse()
            }
        }

        impl From<$kind> for String {
            fn from(value: $kind) -> Self {
                value.to_string()
            }
        }
    )+};
}
as_text!(Window, MonthDay);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::HOUR;
    use jiff::civil::date;
    use rstest::rstest;

    fn hours(text: &str) -> DayHours {
        let windows = text.split(' ').map(|window| window.parse().unwrap());
        DayHours::new(windows.collect()).unwrap()
    }

    fn season(from: &str, until: &str) -> Season {
        let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
        Season { from, until, hours: hours("09:00-10:00") }
    }

    #[rstest]
    #[case("8:30-12:00", "08:30-12:00")]
    #[case("00:00-24:00", "00:00-24:00")]
    #[case("14:05-14:06", "14:05-14:06")]
    fn windows_read_and_write_the_same(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(text.parse::<Window>().unwrap().to_string(), shown);
    }

    #[rstest]
    fn impossible_windows_are_refused(
        #[values("", "08:30", "12:00-08:30", "08:30-08:30", "08:60-09:00", "23:00-24:01", "8-12")]
        text: &str,
    ) {
        assert_eq!(text.parse::<Window>(), Err(HoursError::Window(text.to_owned())));
    }

    #[rstest]
    fn only_days_that_every_year_has_bound_a_season(
        #[values("02-29", "04-31", "13-01", "00-10", "0601", "")] text: &str,
    ) {
        assert_eq!(text.parse::<MonthDay>(), Err(HoursError::MonthDay(text.to_owned())));
    }

    #[test]
    fn windows_of_a_day_stand_in_order_and_apart() {
        let window = |text: &str| text.parse::<Window>().unwrap();
        for windows in [
            vec![],
            vec![window("14:30-17:30"), window("08:30-12:00")],
            vec![window("08:30-12:00"), window("11:59-17:30")],
        ] {
            assert_eq!(DayHours::new(windows), Err(HoursError::Windows));
        }
        assert_eq!(hours("08:00-12:00 12:00-16:00").length(), 8 * HOUR);
    }

    #[test]
    fn time_open_and_time_of_day_are_inverse() {
        let day = OfficeHours::default().usual;
        assert_eq!(day.length(), 13 * HOUR / 2);
        assert_eq!(day.open_before(8 * HOUR), 0);
        assert_eq!(day.open_before(13 * HOUR), 7 * HOUR / 2);
        assert_eq!(day.open_before(23 * HOUR), day.length());
        assert_eq!(day.time_when(7 * HOUR / 2), 12 * HOUR); // the close, not the next opening
        assert_eq!(day.time_when(4 * HOUR), 15 * HOUR);
        assert_eq!(day.time_when(day.length()), 35 * HOUR / 2);
    }

    #[test]
    fn a_season_may_span_new_year() {
        let winter = season("11-01", "02-28");
        let office = OfficeHours::new(OfficeHours::default().usual, vec![winter.clone()]).unwrap();
        for day in [date(2026, 11, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 28)] {
            assert_eq!(office.on(day), &winter.hours);
        }
        for day in [date(2026, 10, 31), date(2028, 2, 29), date(2027, 3, 1)] {
            assert_eq!(office.on(day), &office.usual);
        }
    }

    #[rstest]
    #[case(["06-01", "09-30"], ["09-30", "10-31"])]
    #[case(["06-01", "09-30"], ["07-01", "07-31"])]
    #[case(["07-01", "07-31"], ["06-01", "09-30"])]
    #[case(["11-01", "02-28"], ["02-01", "03-31"])]
    fn seasons_that_overlap_are_refused(#[case] one: [&str; 2], #[case] other: [&str; 2]) {
        let seasons = [one, other].map(|[from, until]| season(from, until));
        let first = seasons.each_ref().map(|season| season.from);
        let refused = OfficeHours::new(hours("08:30-12:00"), seasons.to_vec());
        assert_eq!(refused, Err(HoursError::Seasons(first[0], first[1])));
    }

    #[test]
    fn office_hours_are_stored_as_people_write_them() {
        let text = r#"{"usual":["08:30-12:00","14:30-17:30"],"seasons":[{"from":"06-01","until":"09-30","hours":["08:30-12:00","15:00-18:00"]}]}"#;
        let office: OfficeHours = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&office).unwrap(), text);
        assert_eq!(office.on(date(2026, 7, 1)), &hours("08:30-12:00 15:00-18:00"));
        for broken in ["12:00-08:30", "16:00-18:00"] {
            let text = text.replacen("08:30-12:00", broken, 1);
            assert!(serde_json::from_str::<OfficeHours>(&text).is_err(), "{text}");
        }
    }
}
