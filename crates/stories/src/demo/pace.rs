//! When the next thing happens: a share of the stage's limit later, in office hours if the limit
//! leaves the choice, and so early that the course is over when the history ends.

use super::course::{Hand, Move, Pace};
use super::dice::Dice;
use super::recipe::Book;
use super::texts::local;
use calendar::{Calendar, Interval, Spent, Unit};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use store::cases::Case;

/// Before the end, this much is kept for every move that is still to come.
const SLOT: SignedDuration = SignedDuration::from_mins(20);
/// With less time to the end than this, everybody is quicker.
const HURRY: f64 = 14.0 * 24.0 * 3600.0;
/// Residents answer between these hours.
const AWAKE: [i8; 2] = [8, 21];

/// Computes instants.
pub(super) struct Timing {
    calendar: Calendar,
    paces: BTreeMap<String, [f64; 2]>,
    until: Timestamp,
}

/// What is to be timed.
pub(super) struct Next<'a> {
    pub case: &'a Case,
    pub child_due: Option<Timestamp>,
    pub next: Move,
    /// How many moves come after it.
    pub after: usize,
}

impl Timing {
    /// The paces of a pack, for a history that ends at `until`.
    pub fn new(book: &Book, until: Timestamp) -> Self {
        Self { calendar: Calendar::shipped(), paces: book.recipe.pace.clone(), until }
    }

    /// When the next move happens that is decided on `now`.
    pub fn at(&self, now: Timestamp, next: &Next<'_>, dice: &mut Dice) -> Timestamp {
        let wished = match next.next.pace() {
            Pace::Beyond => self.beyond(now, next, dice),
            Pace::Of(stage) => {
                let share = self.paces.get(stage).copied().unwrap_or([0.1, 0.9]);
                self.within(now, next, (share, dice))
            }
            Pace::Share(share) => self.within(now, next, (share, dice)),
        };
        let rest = self.until.duration_since(now);
        let moves = i32::try_from(next.after + 1).unwrap_or(i32::MAX);
        let latest = self.until - (SLOT * moves).min(rest * moves / (moves + 1));
        wished.min(latest).max(now + SignedDuration::from_secs(20))
    }

    /// Within what is due.
    fn within(
        &self,
        now: Timestamp,
        next: &Next<'_>,
        (share, dice): ([f64; 2], &mut Dice),
    ) -> Timestamp {
        let own = next.case.state.clock.as_ref().map(|clock| clock.due_at);
        let due = own.into_iter().chain(next.child_due).filter(|due| *due > now).min();
        let due = due.unwrap_or(now + SignedDuration::from_hours(4));
        let left = self.until.duration_since(now).as_secs_f64();
        let share = dice.between(share) * (left / HURRY).clamp(0.1, 1.0);
        let wait = due.duration_since(now).as_secs_f64() * share;
        let at = now + SignedDuration::from_secs(wait as i64);
        let jitter = SignedDuration::from_secs(i64::try_from(dice.below(50 * 60)).unwrap_or(0));
        let proper = match next.next.hand() {
            Hand::Asker | Hand::AskerAlone | Hand::Joiner => awake(at, jitter),
            _ => self.open(at, jitter),
        };
        // What cannot wait for the morning is done at night.
        if proper + SignedDuration::from_mins(1) < due { proper } else { at }
    }

    /// After the promise, by up to two days.
    fn beyond(&self, now: Timestamp, next: &Next<'_>, dice: &mut Dice) -> Timestamp {
        let promise = next.case.state.promise.as_ref().map_or(now, |promise| promise.at);
        let late = SignedDuration::from_mins(i64::try_from(dice.below(2 * 24 * 60)).unwrap_or(0));
        self.open(promise.max(now) + late, SignedDuration::from_mins(25))
    }

    /// The instant itself in office hours, else a little after they begin again.
    fn open(&self, at: Timestamp, jitter: SignedDuration) -> Timestamp {
        let minute = Interval::between(at, at + SignedDuration::from_mins(1));
        let spent =
            self.calendar.spent(&[minute], Unit::WorkHour, at + SignedDuration::from_mins(1));
        if spent != Spent::Time(SignedDuration::ZERO) {
            return at;
        }
        let Ok(hour) = calendar::Span::new(1, Unit::WorkHour) else { return at };
        self.calendar.due(at, hour).at - SignedDuration::from_hours(1) + jitter
    }
}

/// The instant itself by day, else a little after people get up.
fn awake(at: Timestamp, jitter: SignedDuration) -> Timestamp {
    let [from, until] = AWAKE;
    let (day, hour) = (local(at).date(), local(at).hour());
    let morning =
        |day| calendar::start_of_day(day) + SignedDuration::from_hours(from.into()) + jitter;
    match hour {
        hour if hour < from => morning(day),
        hour if hour >= until => day.tomorrow().map_or(at, morning),
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-03-02T10:00:00+08:00", "2026-03-02T10:00:00+08:00")]
    #[case("2026-03-02T23:00:00+08:00", "2026-03-03T08:30:00+08:00")]
    #[case("2026-03-07T10:00:00+08:00", "2026-03-09T08:30:00+08:00")]
    fn offices_work_in_office_hours(#[case] at: &str, #[case] then: &str) {
        let timing = Timing::new(&book(50), Timestamp::MAX);
        assert_eq!(timing.open(at.parse().unwrap(), SignedDuration::ZERO), then.parse().unwrap());
    }

    #[rstest]
    #[case("2026-03-07T10:00:00+08:00", "2026-03-07T10:00:00+08:00")]
    #[case("2026-03-07T22:10:00+08:00", "2026-03-08T08:00:00+08:00")]
    #[case("2026-03-07T04:10:00+08:00", "2026-03-07T08:00:00+08:00")]
    fn residents_sleep_at_night(#[case] at: &str, #[case] then: &str) {
        assert_eq!(awake(at.parse().unwrap(), SignedDuration::ZERO), then.parse().unwrap());
    }
}
