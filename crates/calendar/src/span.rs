//! A length of time as packs write it: `30 min`, `2 h`, `10 d`, `1 mo`, `1 y`, `4 wh`, `5 wd`.
//! Only words and numbers; what they come to on a calendar is `clock`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A whole number of one unit, from 1 to 9,999; written and stored in exactly one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    count: u32,
    unit: Unit,
}

/// What a span counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// `min`: sixty seconds, day and night.
    Minute,
    /// `h`: sixty minutes, day and night.
    Hour,
    /// `d`: calendar days; a last day on a holiday moves to the next workday.
    Day,
    /// `mo`: calendar months, to the same day or the month's last; then as days.
    Month,
    /// `y`: calendar years; then as days.
    Year,
    /// `wh`: hours inside office hours of workdays.
    WorkHour,
    /// `wd`: workdays.
    Workday,
}

/// Why a text or a number is no span.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpanError {
    /// Write it in the one known form.
    #[error(
        "`{0}` is no duration: write a whole number, one space and \
         min, h, d, mo, y, wh or wd, such as `5 wd`"
    )]
    Form(String),
    /// Choose a number in range.
    #[error("a duration counts from 1 to {most}, not {0}", most = Span::MOST)]
    Count(u32),
}

impl Span {
    const MOST: u32 = 9_999;

    /// A span of `count` units, 1 to 9,999.
    pub fn new(count: u32, unit: Unit) -> Result<Self, SpanError> {
        if (1..=Self::MOST).contains(&count) {
            Ok(Self { count, unit })
        } else {
            Err(SpanError::Count(count))
        }
    }

    /// How many.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// Of what.
    #[must_use]
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// Both spans as one, if they count the same thing; at most the longest span there is.
    pub(crate) fn joined(self, other: Self) -> Option<Self> {
        let count = (self.count + other.count).min(Self::MOST);
        (self.unit == other.unit).then_some(Self { count, unit: self.unit })
    }
}

impl Unit {
    const ALL: [Self; 7] = [
        Self::Minute,
        Self::Hour,
        Self::Day,
        Self::Month,
        Self::Year,
        Self::WorkHour,
        Self::Workday,
    ];

    /// Whether nights and days off do not count.
    #[must_use]
    pub fn is_working(self) -> bool {
        matches!(self, Self::WorkHour | Self::Workday)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Minute => "min",
            Self::Hour => "h",
            Self::Day => "d",
            Self::Month => "mo",
            Self::Year => "y",
            Self::WorkHour => "wh",
            Self::Workday => "wd",
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.count, self.unit.word())
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let form = || SpanError::Form(text.to_owned());
        let (count, word) = text.split_once(' ').ok_or_else(form)?;
        let unit = Unit::ALL.into_iter().find(|unit| unit.word() == word).ok_or_else(form)?;
        let span = Self::new(count.parse().map_err(|_| form())?, unit)?;
        // One way to write it, so that equal packs have equal hashes: no `+5`, no `05`.
        if span.to_string() == text { Ok(span) } else { Err(form()) }
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("30 min", 30, Unit::Minute)]
    #[case("2 h", 2, Unit::Hour)]
    #[case("10 d", 10, Unit::Day)]
    #[case("1 mo", 1, Unit::Month)]
    #[case("1 y", 1, Unit::Year)]
    #[case("4 wh", 4, Unit::WorkHour)]
    #[case("9999 wd", 9_999, Unit::Workday)]
    fn each_unit_reads_and_writes_the_same(
        #[case] text: &str,
        #[case] count: u32,
        #[case] unit: Unit,
    ) {
        let span: Span = text.parse().unwrap();
        assert_eq!((span.count(), span.unit()), (count, unit));
        assert_eq!(span.to_string(), text);
        let json = serde_json::to_string(&span).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Span>(&json).unwrap(), span);
    }

    #[rstest]
    fn anything_else_is_refused_with_the_right_form(
        #[values(
            "",
            "5",
            "wd",
            "5wd",
            "5  wd",
            " 5 wd",
            "5 wd ",
            "05 wd",
            "+5 wd",
            "-5 wd",
            "5 WD",
            "5 days",
            "1.5 h",
            "五 wd",
            "5 工作日",
            "4294967296 h"
        )]
        text: &str,
    ) {
        assert_eq!(text.parse::<Span>(), Err(SpanError::Form(text.to_owned())));
    }

    #[test]
    fn zero_and_overlong_counts_are_refused_by_number() {
        assert_eq!("0 wd".parse::<Span>(), Err(SpanError::Count(0)));
        assert_eq!("10000 y".parse::<Span>(), Err(SpanError::Count(10_000)));
    }

    #[test]
    fn the_message_shows_the_text_and_a_model() {
        let message = "5 days".parse::<Span>().unwrap_err().to_string();
        assert!(message.starts_with("`5 days` is no duration"), "{message}");
        assert!(message.ends_with("such as `5 wd`"), "{message}");
    }
}
