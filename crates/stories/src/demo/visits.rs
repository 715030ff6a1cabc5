//! Service visits of a year, planned: which post went where, when and what for. Counted only.

use super::Span;
use super::dice::{Dice, apportion};
use super::recipe::{Book, Seat};
use super::staff::Staff;
use jiff::{SignedDuration, Timestamp};

/// A visit.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub at: Timestamp,
    /// The post, held by somebody.
    pub seat: Seat,
    /// Code of the place visited.
    pub place: String,
    pub kind: String,
}

/// Plans the visits of a span of time, in order.
pub(super) fn plan(book: &Book, staff: &Staff, span: Span) -> Vec<Visit> {
    let mut dice = Dice::of(book.recipe.seed, "visits", 0);
    let recipe = &book.recipe.visits;
    let shares: Vec<f64> = recipe.by.values().copied().collect();
    let kinds: Vec<f64> = recipe.kinds.values().copied().collect();
    let mut visits = Vec::new();
    for (role, n) in recipe.by.keys().zip(apportion(recipe.total, &shares)) {
        let held = staff.chairs.iter().filter(|it| it.seat.role == *role && it.principal.is_some());
        let seats: Vec<&Seat> = held.map(|it| &it.seat).collect();
        for (kind, n) in recipe.kinds.keys().zip(apportion(n, &kinds)) {
            for _ in 0..n {
                let Some(seat) = dice.pick(&seats) else { continue };
                visits.push(Visit {
                    at: instant(span, &mut dice),
                    place: seat.place.clone().unwrap_or_default(),
                    seat: (*seat).clone(),
                    kind: kind.clone(),
                });
            }
        }
    }
    visits.sort_by_key(|visit| visit.at);
    visits
}

/// By day, on any day of the span.
fn instant(span: Span, dice: &mut Dice) -> Timestamp {
    let days: Vec<_> = span.days().collect();
    let day = dice.pick(&days).copied().unwrap_or_default();
    let minutes = i64::try_from(8 * 60 + dice.below(12 * 60)).unwrap_or(0);
    let at = calendar::start_of_day(day) + SignedDuration::from_mins(minutes);
    if at < span.from {
        at + SignedDuration::from_hours(24)
    } else if at >= span.until {
        at - SignedDuration::from_hours(24)
    } else {
        at
    }
}
