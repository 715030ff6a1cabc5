//! What a case adds to the counters, and the rates made of them (blueprint §3). Pure: the counters
//! themselves are the store's, kept by adding the difference between before and after an act.

use crate::cases::{CaseState, End};
use crate::journal::Link;
use jiff::civil::Date;
use jiff::{Timestamp, tz};
use std::collections::BTreeMap;
use std::ops::Range;

/// The local day (Asia/Shanghai, +08:00 all year) of an instant.
pub fn local_day(at: Timestamp) -> Date {
    at.to_zoned(tz::TimeZone::fixed(tz::offset(8))).date()
}

/// The counters, in the order of the store's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Measure {
    /// 反映量: requests and joins, by opening day.
    Asked,
    /// 诉求量: requests, by opening day.
    Opened,
    /// 派单量: dispatches of those requests, by opening day.
    Dispatched,
    /// Opened and now ended `solved`, by opening day.
    Solved,
    /// … `unsolved`.
    Unsolved,
    /// … `unreached`.
    Unreached,
    /// … `withdrawn`.
    Withdrawn,
    /// … `referred`.
    Referred,
    /// … `merged`.
    Merged,
    /// … `excluded`.
    Excluded,
    /// … `imported`.
    Imported,
    /// … `decided`.
    Decided,
    /// Promises that fall on this day.
    Due,
    /// Of these, ended or answered by then.
    OnTime,
    /// Valid call-backs, by the day of the answer's verdict or call.
    Called,
    /// Of these, contact confirmed.
    Contacted,
    /// Valid verdicts, by day.
    Judged,
    /// Of these: solved.
    SaidSolved,
    /// Verdicts with stars, by day.
    Rated,
    /// Of these, three stars or more (满意 + 基本满意).
    Satisfied,
    /// Dispatched at least twice, by opening day.
    Redispatched,
    /// Dispatched at least once (the denominator of re-dispatching), by opening day.
    EverDispatched,
    /// Requests that have ended, in whatever way, by the day of their end.
    Ended,
}

/// How many counters there are.
pub const MEASURES: usize = 23;

/// Column names in the order of [`Measure`].
pub const COLUMNS: [&str; MEASURES] = [
    "asked",
    "opened",
    "dispatched",
    "solved",
    "unsolved",
    "unreached",
    "withdrawn",
    "referred",
    "merged",
    "excluded",
    "imported",
    "decided",
    "due",
    "on_time",
    "called",
    "contacted",
    "judged",
    "said_solved",
    "rated",
    "satisfied",
    "redispatched",
    "ever_dispatched",
    "ended",
];

/// Counters of one place and day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters(pub [i64; MEASURES]);

impl Counters {
    /// The value of a counter.
    pub fn get(&self, measure: Measure) -> i64 {
        self.0.get(measure as usize).copied().unwrap_or(0)
    }

    fn add(&mut self, measure: Measure, n: i64) {
        if let Some(slot) = self.0.get_mut(measure as usize) {
            *slot += n;
        }
    }

    /// Whether nothing is counted.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|n| *n == 0)
    }
}

/// Counters by local day.
pub type ByDay = BTreeMap<Date, Counters>;

/// How a case is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedAs {
    /// A request of its own.
    Request,
    /// Joined to another request: in 反映量 only, its verdict counts.
    Joined,
    /// Work below another case: not counted.
    Child,
}

impl CountedAs {
    /// How a case is counted that hangs on another in this way.
    pub fn of(link: Option<Link>) -> Self {
        match link {
            None | Some(Link::Link) => Self::Request,
            Some(Link::Joined) => Self::Joined,
            Some(Link::Child) => Self::Child,
        }
    }
}

/// What a case adds to the counters of each of its places, by day.
pub fn contributions(case: &CaseState, counted: CountedAs) -> ByDay {
    let mut by_day = ByDay::new();
    if counted == CountedAs::Child {
        return by_day;
    }
    let opened = local_day(case.opened_at);
    by_day.entry(opened).or_default().add(Measure::Asked, 1);
    count_verdict(case, &mut by_day);
    if counted == CountedAs::Request {
        count_request(case, by_day.entry(opened).or_default());
        count_promise(case, &mut by_day);
        count_end(case, &mut by_day);
    }
    by_day
}

fn count_request(case: &CaseState, day: &mut Counters) {
    day.add(Measure::Opened, 1);
    day.add(Measure::Dispatched, i64::from(case.dispatches));
    day.add(Measure::EverDispatched, i64::from(case.dispatches > 0));
    day.add(Measure::Redispatched, i64::from(case.dispatches > 1));
    if let Some(end) = case.end {
        day.add(measure_of(end), 1);
    }
}

fn count_promise(case: &CaseState, by_day: &mut ByDay) {
    let Some(promise) = &case.promise else { return };
    if case.end.is_some_and(End::leaves_denominator) {
        return;
    }
    let kept = |at: Option<Timestamp>| at.is_some_and(|at| at <= promise.at);
    let day = by_day.entry(local_day(promise.at)).or_default();
    day.add(Measure::Due, 1);
    day.add(Measure::OnTime, i64::from(kept(case.ended_at) || kept(case.answered_at)));
}

fn count_end(case: &CaseState, by_day: &mut ByDay) {
    if let Some(at) = case.ended_at.filter(|_| case.end.is_some()) {
        by_day.entry(local_day(at)).or_default().add(Measure::Ended, 1);
    }
}

fn count_verdict(case: &CaseState, by_day: &mut ByDay) {
    let Some(verdict) = case.verdict else { return };
    let day = by_day.entry(local_day(verdict.at)).or_default();
    day.add(Measure::Judged, 1);
    day.add(Measure::SaidSolved, i64::from(verdict.solved));
    if let Some(stars) = verdict.stars {
        day.add(Measure::Rated, 1);
        day.add(Measure::Satisfied, i64::from(stars >= 3));
    }
    if let Some(contacted) = case.contacted {
        day.add(Measure::Called, 1);
        day.add(Measure::Contacted, i64::from(contacted));
    }
}

fn measure_of(end: End) -> Measure {
    match end {
        End::Solved => Measure::Solved,
        End::Unsolved => Measure::Unsolved,
        End::Unreached => Measure::Unreached,
        End::Withdrawn => Measure::Withdrawn,
        End::Referred => Measure::Referred,
        End::Merged => Measure::Merged,
        End::Excluded => Measure::Excluded,
        End::Imported => Measure::Imported,
        End::Decided => Measure::Decided,
    }
}

/// Counters after minus counters before, without days on which nothing changed.
pub fn difference(before: &ByDay, after: &ByDay) -> ByDay {
    let mut change = after.clone();
    for (day, counters) in before {
        let slot = change.entry(*day).or_default();
        slot.0.iter_mut().zip(counters.0).for_each(|(to, n)| *to -= n);
    }
    change.retain(|_, counters| !counters.is_zero());
    change
}

/// A rate: never a bare percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// What is counted.
    pub numerator: i64,
    /// Out of what.
    pub denominator: i64,
    /// What left the denominator.
    pub excluded: i64,
}

impl Rate {
    /// The value as hundredths of a percent, rounded half up; `None` for an empty denominator.
    pub fn basis_points(&self) -> Option<i64> {
        (self.denominator > 0)
            .then(|| (self.numerator * 20_000 + self.denominator) / (2 * self.denominator))
    }
}

/// The rates of counters summed over a period, by name.
pub fn rates(sum: &Counters) -> Vec<(&'static str, Rate)> {
    use Measure as M;
    let total = |list: &[Measure]| list.iter().map(|it| sum.get(*it)).sum::<i64>();
    let out = total(&[M::Withdrawn, M::Referred, M::Merged, M::Excluded, M::Imported]);
    let ended = total(&[M::Solved, M::Unsolved, M::Unreached, M::Decided]);
    let of = |numerator, denominator, excluded| Rate { numerator, denominator, excluded };
    vec![
        ("closed", of(ended, sum.get(M::Opened) - out, out)),
        ("on_time", of(sum.get(M::OnTime), sum.get(M::Due), 0)),
        ("response", of(sum.get(M::Contacted), sum.get(M::Called), 0)),
        ("solved", of(sum.get(M::SaidSolved), sum.get(M::Judged), 0)),
        ("satisfied", of(sum.get(M::Satisfied), sum.get(M::Rated), 0)),
        ("redispatched", of(sum.get(M::Redispatched), sum.get(M::EverDispatched), 0)),
    ]
}

/// The instant by whose day a rate counts a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Its opening.
    Opened,
    /// Its promise.
    Promised,
    /// Its verdict.
    Judged,
}

impl Basis {
    /// The basis of a rate by the rate's name.
    pub fn of(rate: &str) -> Option<Self> {
        match rate {
            "closed" | "redispatched" => Some(Self::Opened),
            "on_time" => Some(Self::Promised),
            "response" | "solved" | "satisfied" => Some(Self::Judged),
            _ => None,
        }
    }
}

/// Which part of a rate a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Counted, and what is asked for.
    Numerator,
    /// Counted, and not what is asked for.
    Rest,
    /// Left the denominator.
    Excluded,
}

/// Which part of a rate over some days a case is: the rate of this case alone, so that the cases of
/// a part are as many as the figure says.
pub fn part(case: &CaseState, counted: CountedAs, days: &Range<Date>, rate: &str) -> Option<Part> {
    let mut sum = Counters::default();
    for (_, counters) in contributions(case, counted).range(days.start..days.end) {
        sum.0.iter_mut().zip(counters.0).for_each(|(to, n)| *to += n);
    }
    let (_, alone) = rates(&sum).into_iter().find(|(name, _)| *name == rate)?;
    match (alone.numerator, alone.denominator, alone.excluded) {
        (1.., _, _) => Some(Part::Numerator),
        (_, 1.., _) => Some(Part::Rest),
        (_, _, 1..) => Some(Part::Excluded),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_the_sources_are_recomputed() {
        let percent = |numerator, denominator| {
            Rate { numerator, denominator, excluded: 0 }.basis_points().unwrap()
        };
        assert_eq!(percent(13_880, 13_900), 9_986);
        assert_eq!(percent(934, 970), 9_629);
        assert_eq!(percent(363, 1_188), 3_056);
        assert_eq!(percent(40, 44), 9_091);
        assert_eq!(Rate { numerator: 0, denominator: 0, excluded: 3 }.basis_points(), None);
    }
}
