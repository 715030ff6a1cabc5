//! What comes round by itself (月调度、季通报、夜研判): which periods have come, and what is then opened
//! and called. Pure; running each once is the caller's work.

use crate::decide::{Effect, Form, Scene, ToOpen, World};
use crate::definition::{Cycle, Each, Effect as Written, Every, On, Pack};
use crate::guard::{Part, Scope};
use calendar::Calendar;
use jiff::civil::{Date, Time};
use jiff::tz::{TimeZone, offset};
use jiff::{Timestamp, ToSpan};
use model::cases::{Asker, CaseState, FieldValue};
use model::effects::Columns;
use model::ids::{PlaceId, RecordId};

/// A period of a cycle whose moment has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The cycle.
    pub cycle: String,
    /// The period: `2026-11-22`, `2026-W47`, `2026-11`, `2026-Q4`, `2026-H2`, `2026`.
    pub period: String,
    /// The moment.
    pub at: Timestamp,
}

/// The runs of a pack's cycles that are due: for each cycle the newest moment up to `now`, if its whole
/// period lies after `since`, when the pack was loaded. An older one that was missed is not made up for:
/// a period that is missed is caught up once.
pub fn due(pack: &Pack, calendar: &Calendar, since: Timestamp, now: Timestamp) -> Vec<Run> {
    let newest = |(id, cycle): (&String, &Cycle)| {
        let today = calendar::local_date(now);
        let this = begins(cycle.every, today);
        let last = this.yesterday().ok().map(|day| begins(cycle.every, day));
        let run = |first: Date| {
            let at = moment(cycle, first, calendar)?;
            let whole = calendar::start_of_day(first) >= since;
            let period = name(cycle.every, first);
            (whole && at <= now).then(|| Run { cycle: id.clone(), period, at })
        };
        run(this).or_else(|| run(last?))
    };
    pack.cycles.iter().filter_map(newest).collect()
}

/// When a cycle comes next after `now`.
pub fn next(cycle: &Cycle, calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
    let mut first = begins(cycle.every, calendar::local_date(now));
    for _ in 0..3 {
        if let Some(at) = moment(cycle, first, calendar).filter(|it| *it > now) {
            return Some(at);
        }
        first = after(cycle.every, first)?;
    }
    None
}

/// The first day of the period a day lies in.
fn begins(every: Every, day: Date) -> Date {
    let of_month = |month: i8| Date::new(day.year(), month, 1).unwrap_or(day);
    match every {
        Every::Day => day,
        Every::Week => {
            let passed = i64::from(day.weekday().to_monday_zero_offset());
            day.checked_sub(passed.days()).unwrap_or(day)
        }
        Every::Month => day.first_of_month(),
        Every::Quarter => of_month((day.month() - 1) / 3 * 3 + 1),
        Every::Half => of_month(if day.month() < 7 { 1 } else { 7 }),
        Every::Year => of_month(1),
    }
}

/// The first day of the period after the one that begins so.
fn after(every: Every, first: Date) -> Option<Date> {
    let span = match every {
        Every::Day => 1.day(),
        Every::Week => 7.days(),
        Every::Month => 1.month(),
        Every::Quarter => 3.months(),
        Every::Half => 6.months(),
        Every::Year => 1.year(),
    };
    first.checked_add(span).ok()
}

fn name(every: Every, first: Date) -> String {
    let (year, month) = (first.year(), first.month());
    match every {
        Every::Day => first.to_string(),
        Every::Week => {
            let week = first.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        Every::Month => format!("{year}-{month:02}"),
        Every::Quarter => format!("{year}-Q{}", (month - 1) / 3 + 1),
        Every::Half => format!("{year}-H{}", (month - 1) / 6 + 1),
        Every::Year => year.to_string(),
    }
}

/// The moment of a cycle in the period that begins with `first`; a day begins with its office hours.
fn moment(cycle: &Cycle, first: Date, calendar: &Calendar) -> Option<Timestamp> {
    let day = match cycle.on {
        On::Time(time) => return local(first, time),
        On::Weekday(day) => {
            let ahead = i64::from(day.to_monday_zero_offset());
            first.checked_add(ahead.days()).ok()?
        }
        On::Workday(n) => calendar.workday_after(first.yesterday().ok()?, u32::from(n)),
        On::Day(n) => {
            let last = first.last_of_month();
            let n = i8::try_from(n).unwrap_or(i8::MAX).min(last.day());
            Date::new(first.year(), first.month(), n).unwrap_or(last)
        }
        On::Date(month, day) => Date::new(first.year(), month, day).ok()?,
    };
    local(day, OFFICE)
}

/// When offices open: the moment of what names only a day.
const OFFICE: Time = Time::constant(8, 30, 0, 0);

fn local(day: Date, time: Time) -> Option<Timestamp> {
    let zone = TimeZone::fixed(offset(8));
    day.to_datetime(time).to_zoned(zone).ok().map(|it| it.timestamp())
}

/// What a cycle opens and calls; `rows` gives the rows of a register it goes through.
pub fn effects(
    world: &World<'_>,
    root: PlaceId,
    cycle: &Cycle,
    rows: &dyn Fn(&str) -> Vec<(RecordId, Columns)>,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    let nobody = CaseState::blank(world.pack.hash.as_str().into(), root, world.now);
    let scene = Scene { world, case: &nobody };
    for written in &cycle.then {
        match written {
            Written::Open { each: Some(Each::Register(register)), .. } => {
                effects.extend(of_rows(&scene, written, rows(register)));
            }
            Written::Open { .. } => effects.extend(scene.openings(written)),
            Written::Hold { gathering, each, .. } => {
                effects.extend(scene.calls(gathering, each.as_ref(), world.now));
            }
            _ => {}
        }
    }
    effects
}

fn of_rows(scene: &Scene<'_>, written: &Written, rows: Vec<(RecordId, Columns)>) -> Vec<Effect> {
    let Written::Open { procedure, only, level, child, with, .. } = written else {
        return Vec::new();
    };
    let wanted = rows.into_iter().filter(|(_, row)| {
        only.as_ref().is_none_or(|guard| guard.holds(&RowScope { row, world: scene.world }))
    });
    let open = |(id, row): (RecordId, Columns)| {
        let facts =
            crate::decide::Facts { records: [(id, row)].into_iter().collect(), tally: None };
        let world = World { facts: &facts, ..*scene.world };
        let scene = Scene { world: &world, case: scene.case };
        let each = FieldValue::Text(id.to_string());
        let value = |(field, value): (&String, &crate::definition::ValueOf)| {
            Some((field.clone(), scene.value(value, Some(&each))?))
        };
        let place = level.as_ref().and_then(|it| scene.place_at(it)).unwrap_or(scene.case.place);
        Effect::Open(Box::new(ToOpen {
            procedure: procedure.clone(),
            matter: None,
            asker: Asker::None,
            place,
            child: *child,
            form: with.iter().filter_map(value).collect::<Form>(),
        }))
    };
    wanted.map(open).collect()
}

/// A row, and the calendar: all that `where` may look at.
struct RowScope<'a> {
    row: &'a Columns,
    world: &'a World<'a>,
}

impl Scope for RowScope<'_> {
    fn field(&self, _: &str) -> Option<&FieldValue> {
        None
    }
    fn column(&self, _: &str, _: &str) -> Option<&FieldValue> {
        None
    }
    fn row(&self, column: &str) -> Option<&FieldValue> {
        self.row.get(column)
    }
    fn held(&self, _: &str) -> u32 {
        0
    }
    fn ballot(&self, _: Part) -> Option<u32> {
        None
    }
    fn matter(&self, _: &str) -> Option<serde_json::Value> {
        None
    }
    fn done(&self, _: &str) -> u32 {
        0
    }
    fn children_open(&self, _: Option<&str>) -> u32 {
        0
    }
    fn late(&self) -> bool {
        false
    }
    fn now(&self) -> Timestamp {
        self.world.now
    }
    fn today(&self) -> Date {
        self.world.today()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Weekday;

    fn cycle(every: Every, on: On) -> Cycle {
        Cycle { title: "调度".into(), every, on, then: Vec::new() }
    }

    fn at(text: &str) -> Timestamp {
        let (day, time) = text.split_once(' ').unwrap();
        local(day.parse().unwrap(), time.parse().unwrap()).unwrap()
    }

    fn periods(cycle: Cycle, since: &str, now: &str) -> Vec<(String, Timestamp)> {
        let mut pack = crate::read::load("small", &crate::read::tests::small).pack.unwrap();
        pack.cycles.insert("round".into(), cycle);
        let runs = due(&pack, &Calendar::shipped(), at(since), at(now));
        runs.into_iter().map(|run| (run.period, run.at)).collect()
    }

    #[test]
    fn a_period_comes_at_its_moment_and_the_first_is_the_first_whole_one() {
        let monthly = || cycle(Every::Month, On::Workday(1));
        let loaded = "2026-09-10 09:00";
        assert_eq!(periods(monthly(), loaded, "2026-09-30 18:00"), []);
        // The first working day of October 2026 is the 8th.
        assert_eq!(periods(monthly(), loaded, "2026-10-08 08:29"), []);
        let october = vec![("2026-10".to_owned(), at("2026-10-08 08:30"))];
        assert_eq!(periods(monthly(), loaded, "2026-10-08 08:30"), october);
        assert_eq!(periods(monthly(), loaded, "2026-10-31 23:59"), october);
        // November begins with a Sunday: until its own moment October's is the newest.
        assert_eq!(periods(monthly(), loaded, "2026-11-02 08:00"), october);
        let november = vec![("2026-11".to_owned(), at("2026-11-02 08:30"))];
        assert_eq!(periods(monthly(), loaded, "2026-11-02 08:30"), november);
    }

    #[test]
    fn periods_have_names_that_sort() {
        let day = "2026-11-22".parse().unwrap();
        let named = |every| name(every, begins(every, day));
        let all = [Every::Day, Every::Week, Every::Month, Every::Quarter, Every::Half, Every::Year];
        let names = ["2026-11-22", "2026-W47", "2026-11", "2026-Q4", "2026-H2", "2026"];
        assert_eq!(all.map(named), names);
    }

    #[test]
    fn the_next_moment_is_in_the_future() {
        let calendar = Calendar::shipped();
        let weekly = cycle(Every::Week, On::Weekday(Weekday::Friday));
        let next = |cycle: &Cycle, now: &str| super::next(cycle, &calendar, at(now)).unwrap();
        assert_eq!(next(&weekly, "2026-11-20 08:30"), at("2026-11-27 08:30"));
        let evening = cycle(Every::Day, On::Time(Time::constant(19, 30, 0, 0)));
        assert_eq!(next(&evening, "2026-11-22 19:29"), at("2026-11-22 19:30"));
        let last = cycle(Every::Month, On::Day(31));
        assert_eq!(next(&last, "2026-11-01 00:00"), at("2026-11-30 08:30"));
    }
}
