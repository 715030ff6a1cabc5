//! The actions a doer may take now, each with its form, and the rule that refuses where one does.

use super::{Doer, Refusal, Step, World, rules, state_of};
use crate::definition::{Action, Ask, Procedure, Route};
use jiff::Timestamp;
use model::Name;
use model::cases::{CaseState, FieldValue};
use model::ids::OrgId;
use std::collections::BTreeMap;

/// An action the doer has a right to, possible now or not.
#[derive(Clone, Debug)]
pub struct Available {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it leads.
    pub to: Option<String>,
    /// Its form.
    pub asks: Vec<Ask>,
    /// Prefilled values.
    pub fill: BTreeMap<Name, FieldValue>,
    /// Whether another post must approve.
    pub approval: bool,
    /// The rule that refuses it now.
    pub refusal: Option<Refusal>,
}

/// The actions of the case's state that are the doer's, in the order of the pack.
pub fn actions(world: &World<'_>, case: &CaseState, by: Doer) -> Vec<Available> {
    let Ok(procedure) = super::procedure(world, case) else { return Vec::new() };
    if state_of(procedure, case).is_none() {
        return Vec::new();
    }
    let listed = procedure.actions.iter().filter(|(id, _)| id.as_str() != "open");
    listed.filter_map(|(id, action)| available(world, procedure, case, (id, action), by)).collect()
}

/// Whether any action of the case's state is the doer's, possible now or not.
pub fn has_part(world: &World<'_>, case: &CaseState, by: Doer) -> bool {
    let Ok(procedure) = super::procedure(world, case) else { return false };
    procedure.actions.iter().filter(|(id, _)| id.as_str() != "open").any(|(id, action)| {
        let step = Step { world, procedure, action, id, by };
        rules::state(&step, case).is_ok() && rules::doer(&step, case) != Err(Refusal::NotYours)
    })
}

fn available(
    world: &World<'_>,
    procedure: &Procedure,
    case: &CaseState,
    (id, action): (&str, &Action),
    by: Doer,
) -> Option<Available> {
    let step = Step { world, procedure, action, id, by };
    let refusal = offered(&step, case)?.err();
    Some(Available {
        id: id.to_owned(),
        title: action.title.clone(),
        to: action.to.clone(),
        asks: action.asks.clone(),
        fill: fill(&step, case),
        approval: action.approval.is_some(),
        refusal,
    })
}

/// Whether an action is the doer's; if so, whether it is possible now.
fn offered(step: &Step<'_>, case: &CaseState) -> Option<Result<(), Refusal>> {
    rules::state(step, case).ok()?;
    let yours = rules::doer(step, case);
    if yours == Err(Refusal::NotYours) {
        return None;
    }
    let possible = yours
        .and_then(|()| rules::bounds(step, case))
        .and_then(|()| guard(step, case))
        .and_then(|()| rules::children(step, case));
    Some(possible)
}

/// Whether [`actions`] would offer this one of the case's procedure as possible now.
pub(crate) fn offers(
    world: &World<'_>,
    case: &CaseState,
    (id, action): (&str, &Action),
    by: Doer,
) -> bool {
    let step = |procedure| Step { world, procedure, action, id, by };
    let offered = super::procedure(world, case).map(|it| offered(&step(it), case));
    matches!(offered, Ok(Some(Ok(()))))
}

/// The values an action's form is prefilled with.
pub(crate) fn known(
    world: &World<'_>,
    case: &CaseState,
    (id, action): (&str, &Action),
) -> BTreeMap<Name, FieldValue> {
    let step = |procedure| Step { world, procedure, action, id, by: Doer::Clock };
    super::procedure(world, case).map(|it| fill(&step(it), case)).unwrap_or_default()
}

/// A guard that names an asked field is tried on submission only.
fn guard(step: &Step<'_>, case: &CaseState) -> Result<(), Refusal> {
    let asked = |field: &str| step.action.asks.iter().any(|ask| ask.field == field);
    let waits = step.action.when.as_ref().is_some_and(|it| it.reads().iter().any(|it| asked(it)));
    if waits { Ok(()) } else { rules::guard(step, case, &BTreeMap::new()) }
}

/// What is known already: the field itself, or the path the pack names (`matter.unit`).
fn fill(step: &Step<'_>, case: &CaseState) -> BTreeMap<Name, FieldValue> {
    let mut known = BTreeMap::new();
    for (field, path) in &step.action.fill {
        let value = match path.as_str() {
            "matter.unit" => routed(step.world, step.procedure, case).map(FieldValue::Text),
            path => match path.split_once('.') {
                None => case.fields.get(path).cloned(),
                Some((field, column)) => {
                    let row = case.fields.get(field).and_then(|it| step.world.facts.row(it));
                    row.and_then(|row| row.get(column)).cloned()
                }
            },
        };
        known.extend(value.map(|value| (field.as_str().into(), value)));
    }
    known
}

/// The unit that a line of a matter's route names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routed<'a> {
    /// The line.
    pub line: &'a Route,
    /// Which one it is, from 1.
    pub number: usize,
    /// The unit.
    pub unit: OrgId,
}

/// The unit a matter's route names for the case, as text.
pub fn routed(world: &World<'_>, procedure: &Procedure, case: &CaseState) -> Option<String> {
    route(world, procedure, case).map(|it| it.unit.to_string())
}

/// The first line of a matter's route that matches the case, with the unit it names.
pub fn route<'a>(world: &World<'a>, procedure: &Procedure, case: &CaseState) -> Option<Routed<'a>> {
    let matter = super::clock::matter(world, procedure, case)?;
    let mut lines = matter.route.iter().zip(1..);
    let (line, number) = lines.find(|(line, _)| matches(world, line, case))?;
    Some(Routed { line, number, unit: unit(world, line, case)? })
}

pub(super) fn unit(world: &World<'_>, line: &Route, case: &CaseState) -> Option<OrgId> {
    let network = world.network;
    if let Some(org) = network.org_by_code(&line.unit) {
        return Some(network.living_org(org.id, world.today())?.id);
    }
    let (role, at) = line.unit.split_once('@')?;
    let level = network.level(at)?;
    let post = network.nearest_at(role, level, case.place, &case.about, world.today())?;
    network.post(post)?.org
}

fn matches(world: &World<'_>, line: &Route, case: &CaseState) -> bool {
    let worked = || line.days.is_some() && world.calendar.is_workday(world.today());
    matches_place(world, line, case) && matches_time(line, worked(), world.now)
}

/// Whether the case lies in the place of a line.
pub(super) fn matches_place(world: &World<'_>, line: &Route, case: &CaseState) -> bool {
    line.place.as_ref().is_none_or(|code| {
        let place = world.network.place_by_code(code);
        place.is_some_and(|place| world.network.within(case.place, place.id))
    })
}

/// Whether a line holds at a moment of a day that is worked or not.
pub(super) fn matches_time(line: &Route, workday: bool, at: Timestamp) -> bool {
    let day = line.days.as_ref().is_none_or(|days| workday == (days == "workday"));
    day && line.hours.as_ref().is_none_or(|hours| open_at(at, hours))
}

/// Whether the local time lies in `"08:00-18:00"`, or in `"22:00-06:00"` over midnight.
fn open_at(at: Timestamp, hours: &str) -> bool {
    let now = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).time();
    let bounds = hours.split_once('-').and_then(|(from, until)| {
        Some((from.parse::<jiff::civil::Time>().ok()?, until.parse::<jiff::civil::Time>().ok()?))
    });
    bounds.is_some_and(|(from, until)| match from <= until {
        true => from <= now && now < until,
        false => from <= now || now < until,
    })
}
