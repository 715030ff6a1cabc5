//! The calendar itself: plans, local days and office hours, and the questions about days they answer.
//! Deadlines are asked in `clock`, colours in `colour`.

use std::{collections::BTreeMap, ops::RangeInclusive};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    days::DayTable,
    hours::OfficeHours,
    local::{Day, Moment, date_of, day_number},
    office::OfficeTable,
    plan::{DayKind, YEARS, YearPlan},
};

/// The notices of 2007 to 2026; origin and licence stand beside the file.
const SHIPPED: &str = include_str!("../../../data/holidays/2007-2026.json");

/// Which days and hours are worked; stored as its plans, local days and office hours.
///
/// A county's local days overrule the plan of their year, a later year's plan an earlier one's. A
/// year without a plan is Monday–Friday less 1 January, and what rests on it is *estimated*.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Rules", into = "Rules")]
pub struct Calendar {
    rules: Rules,
    days: DayTable,
    office: OfficeTable,
    published: Vec<RangeInclusive<Day>>,
}

/// All that makes one calendar differ from another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    plans: Plans,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    local: BTreeMap<Date, DayKind>,
    #[serde(default)]
    office: OfficeHours,
}

/// One plan a year, stored as a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<YearPlan>", into = "Vec<YearPlan>")]
struct Plans(BTreeMap<i16, YearPlan>);

impl Calendar {
    /// The shipped notices of 2007 to 2026, usual office hours, no local days.
    #[must_use]
    pub fn shipped() -> Self {
        // A test reads the file; it cannot change after the build.
        let plans = serde_json::from_str(SHIPPED).unwrap_or_default();
        Self::from(Rules { plans, ..Rules::default() })
    }

    /// With a year added, or corrected as a whole.
    #[must_use]
    pub fn with_year(mut self, plan: YearPlan) -> Self {
        self.rules.plans.0.insert(plan.year(), plan);
        Self::from(self.rules)
    }

    /// With these as the only local days; they overrule every notice.
    #[must_use]
    pub fn with_local_days(mut self, local: BTreeMap<Date, DayKind>) -> Self {
        self.rules.local = local;
        Self::from(self.rules)
    }

    /// With other office hours.
    #[must_use]
    pub fn with_office_hours(mut self, office: OfficeHours) -> Self {
        self.rules.office = office;
        Self::from(self.rules)
    }

    /// Whether this day is worked.
    #[must_use]
    pub fn is_workday(&self, date: Date) -> bool {
        self.days.is_workday(day_number(date))
    }

    /// Whether the year has a plan, so that results within it are not estimated. (The next year's
    /// notice may still set its last days of December: import re-prices those.)
    #[must_use]
    pub fn is_published(&self, year: i16) -> bool {
        self.rules.plans.0.contains_key(&year)
    }

    /// The `n`-th workday after a date; with 0, the last workday not after it.
    #[must_use]
    pub fn workday_after(&self, date: Date, n: u32) -> Date {
        let passed = self.days.rank(day_number(date) + 1);
        date_of(self.days.select(passed + i64::from(n) - 1))
    }

    /// How many workdays lie from one date to another, the first counted, the last not; negative
    /// when they stand the other way round.
    #[must_use]
    pub fn workdays_between(&self, from: Date, until: Date) -> i64 {
        self.days.rank(day_number(until)) - self.days.rank(day_number(from))
    }

    pub(crate) fn days(&self) -> &DayTable {
        &self.days
    }

    pub(crate) fn open_before(&self, moment: Moment) -> i64 {
        self.office.open_before(moment, &self.days)
    }

    pub(crate) fn moment_when(&self, open: i64) -> Moment {
        self.office.moment_when(open, &self.days)
    }

    /// Whether every day from `first` to `last` lies in a published year.
    pub(crate) fn is_certain(&self, first: Day, last: Day) -> bool {
        let passed = self.published.partition_point(|years| *years.end() < first);
        self.published.get(passed).is_some_and(|y| y.contains(&first) && y.contains(&last))
    }
}

impl PartialEq for Calendar {
    /// The tables follow from the rules.
    fn eq(&self, other: &Self) -> bool {
        self.rules == other.rules
    }
}

impl Eq for Calendar {}

impl From<Rules> for Calendar {
    fn from(rules: Rules) -> Self {
        let days = DayTable::new(&rules.day_kinds());
        let office = OfficeTable::new(&rules.office, &days);
        let published = rules.plans.stretches();
        Self { rules, days, office, published }
    }
}

impl From<Calendar> for Rules {
    fn from(calendar: Calendar) -> Self {
        calendar.rules
    }
}

impl Rules {
    /// Every named day; of two namings the stronger comes later and stays.
    fn day_kinds(&self) -> BTreeMap<Day, DayKind> {
        let unpublished = YEARS.filter(|year| !self.plans.0.contains_key(year));
        let new_years = unpublished.map(|year| (first_day(year), DayKind::Off));
        let planned = self.plans.0.values().flat_map(YearPlan::days);
        let local = self.local.iter().map(|(&date, &kind)| (date, kind));
        let named = planned.chain(local).map(|(date, kind)| (day_number(date), kind));
        new_years.chain(named).collect()
    }
}

impl Plans {
    /// Years with a plan, neighbours joined, as ranges of days.
    fn stretches(&self) -> Vec<RangeInclusive<Day>> {
        let mut stretches: Vec<RangeInclusive<Day>> = Vec::new();
        for &year in self.0.keys() {
            let (first, last) = (first_day(year), first_day(year + 1) - 1);
            match stretches.last_mut() {
                Some(open) if *open.end() == first - 1 => *open = *open.start()..=last,
                _ => stretches.push(first..=last),
            }
        }
        stretches
    }
}

impl From<Vec<YearPlan>> for Plans {
    fn from(plans: Vec<YearPlan>) -> Self {
        Self(plans.into_iter().map(|plan| (plan.year(), plan)).collect())
    }
}

impl From<Plans> for Vec<YearPlan> {
    fn from(plans: Plans) -> Self {
        plans.0.into_values().collect()
    }
}

fn first_day(year: i16) -> Day {
    day_number(Date::new(year, 1, 1).unwrap_or(Date::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rstest::rstest;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_shipped_file_reads_and_holds_2007_to_2026() {
        let plans: Plans = serde_json::from_str(SHIPPED).unwrap();
        assert!(plans.0.keys().copied().eq(2007..=2026));
    }

    #[rstest]
    #[case(2024, 251)]
    #[case(2025, 248)]
    #[case(2026, 248)]
    fn a_year_has_its_known_number_of_workdays(#[case] year: i16, #[case] workdays: i64) {
        let (first, next) = (date(year, 1, 1), date(year + 1, 1, 1));
        assert_eq!(Calendar::shipped().workdays_between(first, next), workdays);
        assert_eq!(Calendar::shipped().workdays_between(next, first), -workdays);
    }

    #[rstest]
    #[case(
        2024,
        "01-01 02-10..17 04-04..06 05-01..05 06-10 09-15..17 10-01..07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"
    )]
    #[case(
        2025,
        "01-01 01-28..31 02-01..04 04-04..06 05-01..05 05-31 06-01..02 10-01..08",
        "01-26 02-08 04-27 09-28 10-11"
    )]
    #[case(
        2026,
        "01-01..03 02-15..23 04-04..06 05-01..05 06-19..21 09-25..27 10-01..07",
        "01-04 02-14 02-28 05-09 09-20 10-10"
    )]
    fn the_notices_of_three_years_hold_to_the_day(
        #[case] year: i16,
        #[case] off: &str,
        #[case] work: &str,
    ) {
        let plan = Calendar::shipped().rules.plans.0[&year].clone();
        let named = |kind| plan.days().filter(move |d| d.1 == kind).map(|d| d.0);
        assert!(named(DayKind::Off).eq(dates(year, off)));
        assert!(named(DayKind::Work).eq(dates(year, work)));
    }

    /// Reads `02-10..17` as the eight days it means.
    fn dates(year: i16, text: &str) -> impl Iterator<Item = Date> {
        text.split(' ').flat_map(move |part| {
            let (first, last) = part.split_once("..").unwrap_or((part, ""));
            let first = day(&format!("{year}-{first}"));
            (first.day()..=last.parse().unwrap_or(first.day()))
                .map(move |d| date(year, first.month(), d))
        })
    }

    #[rstest]
    #[case("2026-09-18", ["2026-09-20", "2026-09-22", "2026-09-24", "2026-10-09"])]
    #[case("2026-09-24", ["2026-09-28", "2026-09-30", "2026-10-09", "2026-10-15"])]
    #[case("2026-09-30", ["2026-10-08", "2026-10-10", "2026-10-13", "2026-10-20"])]
    #[case("2026-02-13", ["2026-02-14", "2026-02-25", "2026-02-27", "2026-03-05"])]
    #[case("2026-04-30", ["2026-05-06", "2026-05-08", "2026-05-11", "2026-05-18"])]
    #[case("2025-12-31", ["2026-01-04", "2026-01-06", "2026-01-08", "2026-01-15"])]
    fn the_1st_3rd_5th_and_10th_workday_after(#[case] start: &str, #[case] expected: [&str; 4]) {
        let calendar = Calendar::shipped();
        let found = [1, 3, 5, 10].map(|n| calendar.workday_after(day(start), n));
        assert_eq!(found, expected.map(day));
    }

    #[rstest]
    #[case("2018-12-29", true)] // by the notice of 2019
    #[case("2018-12-31", false)]
    #[case("2006-12-30", true)] // by the notice of 2007, though 2006 has none
    #[case("2025-12-31", true)]
    #[case("2026-09-20", true)] // a Sunday
    #[case("2026-09-19", false)] // the Saturday before, not named
    #[case("2026-10-10", true)]
    #[case("2026-02-23", false)] // a Monday
    #[case("2027-01-01", false)]
    #[case("2027-01-02", false)]
    #[case("2027-10-01", true)] // unpublished: a Friday like any other
    #[case("2000-05-01", true)]
    fn named_days(#[case] date: &str, #[case] worked: bool) {
        assert_eq!(Calendar::shipped().is_workday(day(date)), worked);
    }

    #[test]
    fn with_0_the_workday_after_is_the_last_one_not_after() {
        let calendar = Calendar::shipped();
        assert_eq!(calendar.workday_after(day("2026-10-05"), 0), day("2026-09-30"));
        assert_eq!(calendar.workday_after(day("2026-10-08"), 0), day("2026-10-08"));
    }

    #[test]
    fn an_imported_year_is_published_and_its_neighbours_are_not() {
        let plan = YearPlan::new(2028, [day("2028-01-01"), day("2027-12-31")], []).unwrap();
        let calendar = Calendar::shipped().with_year(plan);
        let published = [2006, 2007, 2026, 2027, 2028, 2029].map(|y| calendar.is_published(y));
        assert_eq!(published, [false, true, true, false, true, false]);
        assert!(!calendar.is_workday(day("2027-12-31")));
        let certain =
            |from, until| calendar.is_certain(day_number(day(from)), day_number(day(until)));
        assert!(certain("2007-01-01", "2026-12-31"));
        assert!(certain("2026-12-31", "2026-12-31"));
        assert!(certain("2028-01-01", "2028-12-31"));
        assert!(!certain("2026-12-31", "2028-01-01"));
        assert!(!certain("2006-12-31", "2007-01-01"));
        assert!(!certain("2028-12-31", "2029-01-01"));
    }

    #[test]
    fn a_corrected_year_replaces_the_whole_plan() {
        let plan = YearPlan::new(2026, [day("2026-01-01")], []).unwrap();
        let calendar = Calendar::shipped().with_year(plan);
        assert!(calendar.is_workday(day("2026-10-01")));
        assert!(!calendar.is_workday(day("2026-10-10")));
    }

    #[test]
    fn where_two_notices_name_a_december_day_the_later_holds() {
        let earlier = YearPlan::new(2027, [day("2027-01-01"), day("2027-12-31")], []).unwrap();
        let later = YearPlan::new(2028, [day("2028-01-01")], [day("2027-12-31")]).unwrap();
        for (one, other) in [(&earlier, &later), (&later, &earlier)] {
            let calendar = Calendar::shipped().with_year(one.clone()).with_year(other.clone());
            assert!(calendar.is_workday(day("2027-12-31")));
        }
    }

    #[test]
    fn local_days_overrule_the_notice() {
        let local = [(day("2026-11-23"), DayKind::Off), (day("2026-10-03"), DayKind::Work)];
        let calendar = Calendar::shipped().with_local_days(local.into());
        assert!(!calendar.is_workday(day("2026-11-23")));
        assert!(calendar.is_workday(day("2026-10-03")));
        assert!(calendar.with_local_days(BTreeMap::new()).is_workday(day("2026-11-23")));
    }

    #[test]
    fn a_calendar_is_stored_by_its_rules_and_comes_back_equal() {
        let plan = YearPlan::new(2027, [day("2027-01-01")], [day("2027-01-03")]).unwrap();
        let calendar = Calendar::from(Rules::default())
            .with_year(plan)
            .with_local_days([(day("2027-11-23"), DayKind::Off)].into());
        let text = serde_json::to_string(&calendar).unwrap();
        assert_eq!(
            text,
            r#"{"plans":[{"year":2027,"off":["2027-01-01"],"work":["2027-01-03"]}],"local":{"2027-11-23":"off"},"office":{"usual":["08:30-12:00","14:30-17:30"]}}"#
        );
        let back: Calendar = serde_json::from_str(&text).unwrap();
        assert_eq!(back, calendar);
        assert!(!back.is_workday(day("2027-11-23")) && back.is_workday(day("2027-01-03")));
        assert_ne!(back, Calendar::shipped());
    }
}
