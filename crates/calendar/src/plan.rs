//! What a notice says: the days off and the days worked in exchange, for one year.
//! Reading such a plan from a file is `import`; counting with it is `days`.

use std::{collections::BTreeSet, ops::RangeInclusive};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The years this crate computes; beyond them every week is Monday–Friday.
pub(crate) const YEARS: RangeInclusive<i16> = 1950..=2299;

/// What a notice makes of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayKind {
    /// 放假: nobody works.
    Off,
    /// 上班: worked, though the week might say otherwise.
    Work,
}

/// The holidays of one year as its notice sets them; days it does not name follow the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Draft")]
pub struct YearPlan {
    year: i16,
    off: BTreeSet<Date>,
    work: BTreeSet<Date>,
}

/// Why a plan cannot be a year's notice.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanProblem {
    /// Choose a year that this crate computes.
    #[error("{0} is not between {first} and {last}", first = YEARS.start(), last = YEARS.end())]
    YearOutOfRange(i16),
    /// Move the day to the plan of its own year.
    #[error("{date} lies neither in {year} nor in the December before it")]
    OtherYear {
        /// The day that does not belong.
        date: Date,
        /// The year of the plan.
        year: i16,
    },
    /// Keep one of the two.
    #[error("{0} is named twice")]
    NamedTwice(Date),
    /// Complete the list: every notice names New Year's Day.
    #[error("1 January {0} is missing among the days off, so the list cannot be whole")]
    NoNewYear(i16),
}

impl YearPlan {
    /// A whole plan: dates of `year` or of the December before it, each named once.
    pub fn new(
        year: i16,
        off: impl IntoIterator<Item = Date>,
        work: impl IntoIterator<Item = Date>,
    ) -> Result<Self, PlanProblem> {
        let mut plan = Self::blank(year)?;
        off.into_iter().try_for_each(|date| plan.name(date, DayKind::Off))?;
        work.into_iter().try_for_each(|date| plan.name(date, DayKind::Work))?;
        plan.complete()
    }

    /// The year whose notice this is.
    #[must_use]
    pub fn year(&self) -> i16 {
        self.year
    }

    /// Every named day with what it is: first the days off, then those worked.
    pub fn days(&self) -> impl Iterator<Item = (Date, DayKind)> {
        let off = self.off.iter().map(|&date| (date, DayKind::Off));
        off.chain(self.work.iter().map(|&date| (date, DayKind::Work)))
    }

    pub(crate) fn blank(year: i16) -> Result<Self, PlanProblem> {
        if !YEARS.contains(&year) {
            return Err(PlanProblem::YearOutOfRange(year));
        }
        Ok(Self { year, off: BTreeSet::new(), work: BTreeSet::new() })
    }

    pub(crate) fn name(&mut self, date: Date, kind: DayKind) -> Result<(), PlanProblem> {
        let december_before = date.year() + 1 == self.year && date.month() == 12;
        if date.year() != self.year && !december_before {
            return Err(PlanProblem::OtherYear { date, year: self.year });
        }
        if self.off.contains(&date) || self.work.contains(&date) {
            return Err(PlanProblem::NamedTwice(date));
        }
        match kind {
            DayKind::Off => self.off.insert(date),
            DayKind::Work => self.work.insert(date),
        };
        Ok(())
    }

    pub(crate) fn complete(self) -> Result<Self, PlanProblem> {
        let new_year = self.off.iter().any(|d| (d.year(), d.month(), d.day()) == (self.year, 1, 1));
        if new_year { Ok(self) } else { Err(PlanProblem::NoNewYear(self.year)) }
    }
}

/// A plan as written, not yet believed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    year: i16,
    off: Vec<Date>,
    work: Vec<Date>,
}

impl TryFrom<Draft> for YearPlan {
    type Error = PlanProblem;

    fn try_from(draft: Draft) -> Result<Self, PlanProblem> {
        Self::new(draft.year, draft.off, draft.work)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_notice_may_set_days_in_the_december_before_its_year_and_no_others() {
        let new_year = date(2019, 1, 1);
        let plan = YearPlan::new(2019, [new_year, date(2018, 12, 31)], [date(2018, 12, 29)]);
        assert_eq!(plan.unwrap().days().count(), 3);
        for stranger in [date(2018, 11, 30), date(2020, 1, 1)] {
            let refused = YearPlan::new(2019, [new_year, stranger], []);
            assert_eq!(refused, Err(PlanProblem::OtherYear { date: stranger, year: 2019 }));
        }
    }

    #[test]
    fn a_day_cannot_be_off_and_worked() {
        let day = date(2027, 1, 1);
        assert_eq!(YearPlan::new(2027, [day], [day]), Err(PlanProblem::NamedTwice(day)));
    }

    #[test]
    fn an_empty_list_does_not_pass_for_a_published_year() {
        assert_eq!(YearPlan::new(2027, [], []), Err(PlanProblem::NoNewYear(2027)));
        let december = YearPlan::new(2027, [date(2026, 12, 31)], []);
        assert_eq!(december, Err(PlanProblem::NoNewYear(2027)));
    }

    #[test]
    fn a_year_far_away_is_refused() {
        for year in [1949, 2300, i16::MIN, i16::MAX] {
            assert_eq!(YearPlan::new(year, [], []), Err(PlanProblem::YearOutOfRange(year)));
        }
    }

    #[test]
    fn a_stored_plan_is_checked_again_when_read() {
        let text = r#"{"year":2027,"off":["2027-01-01"],"work":["2027-01-03"]}"#;
        let plan: YearPlan = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&plan).unwrap(), text);
        let broken = text.replace("2027-01-03", "2027-01-01");
        assert!(serde_json::from_str::<YearPlan>(&broken).is_err());
    }
}
