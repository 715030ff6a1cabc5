//! What holds for every ledger: random intervals against walking day by day, and against each other.

use super::checks::at;
use super::*;
use proptest::{collection::vec, prelude::*, sample::select};
use std::sync::LazyLock;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::shipped);

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

/// A start within two years, then runs and pauses of up to twelve days; the last interval is open.
fn ledger() -> impl Strategy<Value = Vec<Interval>> {
    let length = || prop_oneof![1..600i64, 1..17_000i64, (1..10i64).prop_map(|days| days * 1_440)];
    (start(), vec((length(), length()), 0..5)).prop_map(|(start, pairs)| {
        let (mut from, mut work) = (start, Vec::new());
        for (run, pause) in pairs {
            let until = from + minutes(run);
            work.push(Interval::between(from, until));
            from = until + minutes(pause);
        }
        work.push(Interval::since(from));
        work
    })
}

fn start() -> impl Strategy<Value = Timestamp> {
    let minute = prop_oneof![0..700_000i64, (0..480i64).prop_map(|day| day * 1_440)];
    minute.prop_map(|minute| at("2025-01-01 00:00") + minutes(minute))
}

fn budget() -> impl Strategy<Value = Span> {
    let unit = select(vec![Unit::Minute, Unit::Hour, Unit::WorkHour, Unit::Day, Unit::Workday]);
    (1..40u32, unit).prop_map(|(count, unit)| Span::new(count, unit).unwrap())
}

fn due(work: &[Interval], budget: Span) -> Timestamp {
    CALENDAR.due_with(work, budget, &[]).unwrap().at
}

/// Whether the clock runs over the midnight that ends this day.
fn runs_at_end(work: &[Interval], day: i64) -> bool {
    let midnight = timestamp(ends(day) + 1);
    work.iter().any(|i| i.from < midnight && i.until.is_none_or(|until| midnight <= until))
}

/// The last day of a budget in days, found by walking.
fn walked(work: &[Interval], count: i64, worked_only: bool) -> Timestamp {
    let first = day_of(moment(work[0].from));
    let counts = |day: i64| !worked_only || CALENDAR.days().is_workday(day);
    let mut left = count + i64::from(counts(first));
    for day in first.. {
        left -= i64::from(counts(day) && runs_at_end(work, day));
        if left <= 0 && CALENDAR.days().is_workday(day) && runs_at_end(work, day) {
            return timestamp(ends(day));
        }
    }
    unreachable!("the last interval is open")
}

proptest! {
    #[test]
    fn deadlines_in_days_agree_with_walking_day_by_day(work in ledger(), count in 1..40u32) {
        for (unit, worked_only) in [(Unit::Workday, true), (Unit::Day, false)] {
            let budget = Span::new(count, unit).unwrap();
            prop_assert_eq!(due(&work, budget), walked(&work, count.into(), worked_only));
        }
    }

    #[test]
    fn without_a_pause_n_workdays_end_with_the_nth_workday_after_receipt(
        start in start(), count in 1..300u32
    ) {
        let last = CALENDAR.workday_after(crate::local_date(start), count);
        let found = CALENDAR.due(start, Span::new(count, Unit::Workday).unwrap()).at;
        prop_assert_eq!(found, crate::end_of_day(last));
    }

    #[test]
    fn a_pause_moves_the_deadline_by_exactly_its_workdays(
        start in start(), count in 1..30u32, run in 0..30_000i64, pause in 1..30_000i64
    ) {
        let budget = Span::new(count, Unit::Workday).unwrap();
        let halted = start + minutes(run);
        let unpaused = due(&[Interval::since(start)], budget);
        prop_assume!(halted <= unpaused);
        let resumed = halted + minutes(pause);
        let (from, until) = (crate::local_date(halted), crate::local_date(resumed));
        let moved = CALENDAR.workdays_between(from, until);
        let paused = due(&[Interval::between(start, halted), Interval::since(resumed)], budget);
        let expected = CALENDAR.workday_after(crate::local_date(unpaused), moved as u32);
        prop_assert_eq!(paused, crate::end_of_day(expected));
    }

    #[test]
    fn a_longer_pause_never_brings_the_deadline_nearer(
        work in ledger(), budget in budget(), which in 0..6usize, longer in 1..20_000i64
    ) {
        let mut paused = work.clone();
        let which = which % work.len();
        if which > 0 {
            let resumed = work[which].from + minutes(longer);
            paused[which].from = work[which].until.map_or(resumed, |until| resumed.min(until));
        }
        prop_assert!(due(&paused, budget) >= due(&work, budget));
    }

    #[test]
    fn a_deadline_not_yet_passed_never_lies_before_the_resumption(
        work in ledger(), budget in budget()
    ) {
        let (last, earlier) = work.split_last().unwrap();
        match CALENDAR.due_with(earlier, budget, &[]) {
            None => prop_assert!(due(&work, budget) >= last.from),
            Some(passed) => prop_assert_eq!(due(&work, budget), passed.at),
        }
    }

    #[test]
    fn splitting_an_interval_changes_nothing(
        work in ledger(), budget in budget(), which in 0..6usize, after in 0..20_000i64
    ) {
        let which = which % work.len();
        let whole = work[which];
        let cut = whole.from + minutes(after);
        let cut = whole.until.map_or(cut, |until| cut.min(until));
        let mut split = work.clone();
        split.splice(which..=which, [
            Interval::between(whole.from, cut),
            Interval { from: cut, until: whole.until },
        ]);
        prop_assert_eq!(due(&split, budget), due(&work, budget));
        let now = cut + minutes(5_000);
        let spent = |work: &[Interval]| CALENDAR.spent(work, budget.unit(), now);
        prop_assert_eq!(spent(&split), spent(&work));
    }

    #[test]
    fn late_means_that_the_budget_is_spent(
        work in ledger(), budget in budget(), after in 0..60_000i64
    ) {
        let now = work[0].from + minutes(after);
        let used_up = match CALENDAR.spent(&work, budget.unit(), now) {
            Spent::Days(days) => days >= budget.count().into(),
            Spent::Time(time) => time.as_micros() >= CALENDAR.price(budget, 0).into(),
        };
        match budget.unit() {
            Unit::Day => prop_assert!(used_up || now <= due(&work, budget)),
            Unit::Workday => prop_assert_eq!(used_up, now > due(&work, budget)),
            _ => prop_assert_eq!(used_up, now >= due(&work, budget)),
        }
    }

    #[test]
    fn more_budget_never_brings_the_deadline_nearer_and_an_extension_is_more_budget(
        work in ledger(), budget in budget(), more in 1..20u32, other in budget()
    ) {
        let extension = Span::new(more, budget.unit()).unwrap();
        let longer = Span::new(budget.count() + more, budget.unit()).unwrap();
        let extended = CALENDAR.due_with(&work, budget, &[extension]).unwrap().at;
        prop_assert_eq!(extended, due(&work, longer));
        prop_assert!(extended >= due(&work, budget));
        let mixed = CALENDAR.due_with(&work, budget, &[other]).unwrap().at;
        prop_assert!(mixed >= due(&work, budget));
    }

    #[test]
    fn yellow_lies_between_the_resumption_and_the_deadline(work in ledger(), budget in budget()) {
        let due = due(&work, budget);
        let yellow = CALENDAR.yellow_at(&work, budget.unit(), due);
        prop_assert!(yellow <= due);
        let resumed = work.iter().map(|run| run.from).filter(|&from| from < due).max();
        prop_assert!(yellow >= resumed.unwrap());
    }
}
