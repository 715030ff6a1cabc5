//! `calendar`: how many deadlines are computed a second, over every day of twenty years and every
//! kind of clock, with pauses.

use crate::figure::{Figure, Report, per_second};
use crate::rim::Dice;
use crate::stopwatch::timed;
use anyhow::Result;
use calendar::{Calendar, Interval, Span};
use jiff::{SignedDuration, Timestamp};
use std::hint::black_box;

const DEADLINES: usize = 200_000;

/// Measures it.
pub fn run(report: &mut Report) -> Result<()> {
    let calendar = Calendar::shipped();
    for (name, budget) in
        [("5 working days", "5 wd"), ("4 working hours", "4 wh"), ("24 hours", "24 h")]
    {
        let (budget, starts): (Span, _) = (budget.parse()?, starts()?);
        let ((), took) = timed(|| {
            for start in &starts {
                black_box(calendar.due(black_box(*start), budget));
            }
        });
        let rate = per_second(starts.len(), took);
        report.add(Figure::new(format!("calendar: {name}"), rate, "/s"));
    }
    let budget: Span = "5 wd".parse()?;
    let works: Vec<[Interval; 2]> = starts()?.into_iter().map(paused).collect();
    let (halted, took) = timed(|| {
        works.iter().filter(|work| calendar.due_with(*work, budget, &[]).is_none()).count()
    });
    anyhow::ensure!(halted == 0, "{halted} clocks never came due");
    report.add(Figure::new(
        "calendar: 5 working days, paused once",
        per_second(works.len(), took),
        "/s",
    ));
    Ok(())
}

/// Instants of 2007 to 2026.
fn starts() -> Result<Vec<Timestamp>> {
    let (first, mut dice): (Timestamp, _) = ("2007-01-01T00:00:00Z".parse()?, Dice::new(1));
    let minutes = 20 * 365 * 24 * 60;
    let at = |_| {
        let after = i64::try_from(dice.below(minutes)).unwrap_or(0);
        first + SignedDuration::from_mins(after)
    };
    Ok((0..DEADLINES).map(at).collect())
}

/// Paused after a day, for three.
fn paused(from: Timestamp) -> [Interval; 2] {
    let hours = |n| from + SignedDuration::from_hours(n);
    [Interval::between(from, hours(24)), Interval::since(hours(96))]
}
