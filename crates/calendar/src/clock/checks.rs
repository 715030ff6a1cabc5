//! Named days and hours: the check values of the domain, and each rule at its edge.

use super::*;
use crate::{OfficeHours, YearPlan};
use rstest::rstest;

/// Reads `2026-09-18 10:00` as local time.
pub(super) fn at(text: &str) -> Timestamp {
    format!("{}:00+08:00", text.replace(' ', "T")).parse().unwrap()
}

pub(super) fn span(text: &str) -> Span {
    text.parse().unwrap()
}

/// Shows an instant as local time, the last microsecond of a day as `24:00`.
fn shown(at: Timestamp) -> String {
    let date = crate::local_date(at);
    if at == crate::end_of_day(date) {
        return format!("{date} 24:00");
    }
    let time = jiff::tz::Offset::constant(8).to_datetime(at);
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Reads `from > until, from` as intervals, the last of them open.
fn work(text: &str) -> Vec<Interval> {
    let interval = |part: &str| match part.split_once(" > ") {
        Some((from, until)) => Interval::between(at(from), at(until)),
        None => Interval::since(at(part)),
    };
    text.split(", ").map(interval).collect()
}

fn due(start: &str, budget: &str) -> (String, bool) {
    let due = Calendar::shipped().due(at(start), span(budget));
    (shown(due.at), due.estimated)
}

fn due_with(intervals: &str, budget: &str, extensions: &[&str]) -> Option<String> {
    let extensions: Vec<Span> = extensions.iter().map(|text| span(text)).collect();
    let due = Calendar::shipped().due_with(&work(intervals), span(budget), &extensions);
    due.map(|due| shown(due.at))
}

#[rstest]
#[case("2026-09-18", ["2026-09-20", "2026-09-22", "2026-09-24", "2026-10-09"])]
#[case("2026-09-24", ["2026-09-28", "2026-09-30", "2026-10-09", "2026-10-15"])]
#[case("2026-09-30", ["2026-10-08", "2026-10-10", "2026-10-13", "2026-10-20"])]
#[case("2026-02-13", ["2026-02-14", "2026-02-25", "2026-02-27", "2026-03-05"])]
#[case("2026-04-30", ["2026-05-06", "2026-05-08", "2026-05-11", "2026-05-18"])]
#[case("2025-12-31", ["2026-01-04", "2026-01-06", "2026-01-08", "2026-01-15"])]
fn workdays_end_at_24_00_whatever_the_hour_of_receipt(
    #[case] start: &str,
    #[case] expected: [&str; 4],
    #[values("00:00", "10:30", "23:59")] time: &str,
) {
    for (budget, day) in ["1 wd", "3 wd", "5 wd", "10 wd"].into_iter().zip(expected) {
        assert_eq!(due(&format!("{start} {time}"), budget), (format!("{day} 24:00"), false));
    }
}

#[rstest]
#[case("2026-10-01 23:50", "30 min", "2026-10-02 00:20")] // holidays do not stop an emergency
#[case("2026-09-30 17:00", "2 h", "2026-09-30 19:00")]
#[case("2026-09-30 17:00", "24 h", "2026-10-01 17:00")]
#[case("2026-10-12 09:00", "10 d", "2026-10-22 24:00")]
#[case("2026-09-21 09:00", "10 d", "2026-10-08 24:00")] // 10-01 is off until 10-07
#[case("2026-09-13 09:00", "7 d", "2026-09-20 24:00")] // a Sunday that is worked
#[case("2026-01-31 09:00", "1 mo", "2026-02-28 24:00")] // no 31st; a Saturday that is worked
#[case("2026-09-04 09:00", "1 mo", "2026-10-08 24:00")]
#[case("2024-02-29 09:00", "1 y", "2025-02-28 24:00")]
#[case("2020-10-12 09:00", "5 y", "2025-10-13 24:00")] // 10-12 is a Sunday
fn clock_time_runs_at_once_and_a_last_day_off_gives_way(
    #[case] start: &str,
    #[case] budget: &str,
    #[case] expected: &str,
) {
    assert_eq!(due(start, budget), (expected.to_owned(), false));
}

#[rstest]
#[case("2026-10-12 08:30", "4 wh", "2026-10-12 15:00")]
#[case("2026-10-12 14:30", "3 wh", "2026-10-12 17:30")] // the close, not the next opening
#[case("2026-10-12 13:00", "1 wh", "2026-10-12 15:30")] // over lunch
#[case("2026-10-16 17:00", "4 wh", "2026-10-19 12:00")] // over a weekend
#[case("2026-10-03 09:00", "1 wh", "2026-10-08 09:30")] // received on a holiday
#[case("2026-09-19 23:00", "1 wh", "2026-09-20 09:30")] // a Sunday that is worked
#[case("2026-10-12 20:00", "13 wh", "2026-10-14 17:30")]
fn working_hours_run_only_while_offices_are_open(
    #[case] start: &str,
    #[case] budget: &str,
    #[case] expected: &str,
) {
    assert_eq!(due(start, budget), (expected.to_owned(), false));
}

#[test]
fn working_hours_follow_the_season() {
    let office: OfficeHours = serde_json::from_str(
        r#"{"usual": ["08:30-12:00", "14:30-17:30"], "seasons": [
            {"from": "06-01", "until": "09-30", "hours": ["08:30-12:00", "15:00-18:00"]}]}"#,
    )
    .unwrap();
    let calendar = Calendar::shipped().with_office_hours(office);
    let due = |start| shown(calendar.due(at(start), span("4 wh")).at);
    assert_eq!(due("2026-09-29 08:30"), "2026-09-29 15:30");
    assert_eq!(due("2026-09-30 17:00"), "2026-10-08 11:30");
    assert_eq!(due("2026-10-08 08:30"), "2026-10-08 15:00");
}

#[rstest]
#[case("2026-12-25 09:00", "4 wd", false)] // 12-31
#[case("2026-12-25 09:00", "5 wd", true)]
#[case("2026-12-31 17:00", "2 wh", true)]
#[case("2026-12-31 23:00", "2 h", false)] // needs no holidays
#[case("2026-12-01 09:00", "40 d", true)]
#[case("2006-12-20 09:00", "30 d", false)] // only the last day needs them
#[case("2006-12-20 09:00", "30 wd", true)]
#[case("2006-12-26 09:00", "5 d", true)] // 12-31 has a notice, its year has none
fn what_touches_an_unpublished_year_is_estimated(
    #[case] start: &str,
    #[case] budget: &str,
    #[case] estimated: bool,
) {
    assert_eq!(due(start, budget).1, estimated);
}

#[test]
fn what_follows_an_estimated_time_is_estimated_too() {
    let work = [Interval::since(at("2026-12-31 09:00"))];
    let due = Calendar::shipped().due_with(&work, span("1 wd"), &[span("2 h")]).unwrap();
    assert_eq!((shown(due.at), due.estimated), ("2027-01-05 02:00".to_owned(), true));
}

#[test]
fn importing_a_year_prices_an_estimated_deadline_anew() {
    let before = due("2026-12-30 09:00", "2 wd");
    assert_eq!(before, ("2027-01-04 24:00".to_owned(), true));
    let off = ["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"].map(|d| d.parse().unwrap());
    let calendar = Calendar::shipped().with_year(YearPlan::new(2027, off, []).unwrap());
    let after = calendar.due(at("2026-12-30 09:00"), span("2 wd"));
    assert_eq!((shown(after.at), after.estimated), ("2027-01-05 24:00".to_owned(), false));
}

#[rstest]
// 5 wd from Monday 10-12 end on Monday 10-19.
#[case("2026-10-12 09:00 > 2026-10-14 09:00, 2026-10-14 16:00", "2026-10-19 24:00")] // same day
#[case("2026-10-12 09:00 > 2026-10-14 09:00, 2026-10-15 09:00", "2026-10-20 24:00")]
#[case("2026-10-12 09:00 > 2026-10-14 00:00, 2026-10-16 00:00", "2026-10-21 24:00")]
#[case("2026-10-12 09:00 > 2026-10-16 18:00, 2026-10-18 20:00", "2026-10-20 24:00")] // Friday's end
#[case("2026-10-12 09:00 > 2026-10-17 08:00, 2026-10-18 20:00", "2026-10-19 24:00")] // a weekend
#[case("2026-10-12 09:00 > 2026-10-12 10:00, 2026-10-13 10:00", "2026-10-20 24:00")] // receipt
#[case("2026-10-12 09:00 > 2026-10-19 23:59, 2026-11-02 15:00", "2026-11-02 24:00")] // last day
#[case("2026-10-12 09:00 > 2026-10-20 09:00, 2026-11-02 15:00", "2026-10-19 24:00")] // was late
fn a_pause_moves_a_deadline_by_the_workdays_whose_end_it_covers(
    #[case] intervals: &str,
    #[case] expected: &str,
) {
    assert_eq!(due_with(intervals, "5 wd", &[]).as_deref(), Some(expected));
}

#[rstest]
#[case("2 h", "2026-10-15 10:00")] // one hour was used
#[case("8 wh", "2026-10-16 09:30")] // one working hour was used, 5.5 on Thursday
#[case("2 d", "2026-10-19 24:00")] // Saturday gives way
fn every_clock_pauses(#[case] budget: &str, #[case] expected: &str) {
    let intervals = "2026-10-12 09:00 > 2026-10-12 10:00, 2026-10-15 09:00";
    assert_eq!(due_with(intervals, budget, &[]).as_deref(), Some(expected));
}

#[test]
fn a_last_day_off_gives_way_to_a_workday_on_which_the_clock_runs() {
    // The tenth day is 10-01; paused on the holiday, resumed on the second workday after.
    let intervals = "2026-09-21 09:00 > 2026-10-05 09:00, 2026-10-09 15:00";
    assert_eq!(due_with(intervals, "10 d", &[]).as_deref(), Some("2026-10-09 24:00"));
}

#[test]
fn a_clock_that_stands_has_no_deadline_unless_it_was_passed() {
    assert_eq!(due_with("2026-10-12 09:00 > 2026-10-14 09:00", "5 wd", &[]), None);
    let passed = due_with("2026-10-12 09:00 > 2026-10-14 09:00", "1 wd", &[]);
    assert_eq!(passed.as_deref(), Some("2026-10-13 24:00"));
    assert_eq!(Calendar::shipped().due_with(&[], span("5 wd"), &[]), None);
}

#[rstest]
#[case("5 wd", &["5 wd"], "2026-10-26 24:00")]
#[case("5 wd", &["3 wd", "2 wd"], "2026-10-26 24:00")]
#[case("5 d", &["2 d"], "2026-10-19 24:00")] // seven days, not five to a Saturday moved and two
#[case("1 mo", &["1 mo"], "2026-12-14 24:00")] // 12-12 is a Saturday
#[case("24 h", &["2 wd"], "2026-10-15 24:00")] // Tuesday 9:00, then two workdays
#[case("5 wd", &["2 h"], "2026-10-20 02:00")]
fn extensions_add_up_or_follow(
    #[case] budget: &str,
    #[case] extensions: &[&str],
    #[case] expected: &str,
) {
    assert_eq!(due_with("2026-10-12 09:00", budget, extensions).as_deref(), Some(expected));
}

#[test]
fn a_changed_matter_prices_the_same_intervals_and_what_is_spent_stays_spent() {
    let intervals = "2026-10-12 09:00 > 2026-10-15 09:00, 2026-10-20 09:00";
    let calendar = Calendar::shipped();
    let spent = calendar.spent(&work(intervals), Unit::Workday, at("2026-10-21 09:00"));
    assert_eq!(spent, Spent::Days(3)); // 13, 14, and 20 of October
    assert_eq!(due_with(intervals, "5 wd", &[]).as_deref(), Some("2026-10-22 24:00"));
    assert_eq!(due_with(intervals, "15 wd", &[]).as_deref(), Some("2026-11-05 24:00"));
    assert_eq!(due_with(intervals, "2 wd", &[]).as_deref(), Some("2026-10-14 24:00"));
}

#[rstest]
#[case(Unit::Hour, Spent::Time(SignedDuration::from_hours(49)))]
#[case(Unit::WorkHour, Spent::Time(SignedDuration::from_hours(14)))]
#[case(Unit::Workday, Spent::Days(1))]
#[case(Unit::Month, Spent::Days(1))]
fn spent_is_told_in_the_unit_of_the_clock(#[case] unit: Unit, #[case] expected: Spent) {
    let intervals = work("2026-10-16 09:00 > 2026-10-16 10:00, 2026-10-19 09:00");
    let calendar = Calendar::shipped();
    assert_eq!(calendar.spent(&intervals, unit, at("2026-10-21 09:00")), expected);
    let before = calendar.spent(&intervals, unit, at("2026-10-01 09:00"));
    assert_eq!(before, calendar.spent(&[], unit, at("2026-10-20 09:00")));
}

#[test]
fn intervals_that_overlap_count_once() {
    let overlapping = "2026-10-12 09:00 > 2026-10-12 11:00, 2026-10-12 10:00 > 2026-10-12 12:00";
    let spent = Calendar::shipped().spent(&work(overlapping), Unit::Hour, at("2026-10-13 09:00"));
    assert_eq!(spent, Spent::Time(SignedDuration::from_hours(3)));
}

#[rstest]
fn the_longest_spans_saturate_instead_of_overflowing(
    #[values("9999 min", "9999 h", "9999 d", "9999 mo", "9999 y", "9999 wh", "9999 wd")]
    budget: &str,
) {
    let calendar = Calendar::shipped();
    let start = at("2026-10-12 09:00");
    assert!(calendar.due(start, span(budget)).at > start);
    assert_eq!(calendar.due(Timestamp::MAX, span(budget)).at, Timestamp::MAX);
    assert!(calendar.due(Timestamp::MIN, span(budget)).at > Timestamp::MIN);
}

#[rstest]
#[case("2026-09-18 10:00", 60, "2026-09-18 10:00", "2026-09-18 11:00")]
#[case("2026-09-18 11:30", 60, "2026-09-18 11:30", "2026-09-18 15:00")]
#[case("2026-09-18 12:30", 60, "2026-09-18 14:30", "2026-09-18 15:30")]
#[case("2026-09-18 17:30", 30, "2026-09-20 08:30", "2026-09-20 09:00")] // the Sunday is worked
fn work_begins_when_offices_open_and_rests_while_they_are_closed(
    #[case] from: &str,
    #[case] minutes: i64,
    #[case] opens: &str,
    #[case] done: &str,
) {
    let calendar = Calendar::shipped();
    let work = SignedDuration::from_mins(minutes);
    assert_eq!(calendar.opening(at(from)), at(opens));
    assert_eq!(calendar.done_at(at(from), work), at(done));
    assert_eq!(calendar.office_time(at(from), at(done)), work);
    assert_eq!(calendar.office_time(at(done), at(from)), SignedDuration::ZERO);
}
