//! Forms filled with values that pass: what is known already, else something fitting.

use super::dice::Dice;
use crate::decide::{Form, World, known, written};
use crate::definition::{Action, Ask, Field, Kind};
use model::cases::{CaseState, FieldValue};
use model::ids::{OrgId, PlaceId};
use serde_json::Value;

/// A text that tells nothing.
const TEXT: &str = "略";

/// What forms are filled from.
pub(super) struct Sampler<'a> {
    pub world: World<'a>,
    /// Organisations with somebody in them.
    pub orgs: &'a [OrgId],
    pub place: PlaceId,
    pub matter: Option<&'a str>,
    pub case: Option<&'a CaseState>,
    /// The catalogue of matters.
    pub catalogue: Option<&'a str>,
}

impl Sampler<'_> {
    /// The form of an action: what must be filled in, and what is prefilled.
    pub fn form(&self, (id, action): (&str, &Action), dice: &mut Dice) -> Form {
        let known = self.case.map(|case| known(&self.world, case, (id, action)));
        let known = known.unwrap_or_default();
        let prefilled = |field: &str| {
            let value = written(self.world.pack, field, known.get(field)?)?;
            Some(if value.is_object() { TEXT.into() } else { value })
        };
        let value = |ask: &Ask, dice: &mut Dice| {
            let own = prefilled(&ask.field);
            own.or_else(|| (!ask.optional).then(|| self.value(&ask.field, dice)).flatten())
        };
        let filled = |ask: &Ask| Some((ask.field.clone(), value(ask, dice)?));
        action.asks.iter().filter_map(filled).collect()
    }

    fn value(&self, id: &str, dice: &mut Dice) -> Option<Value> {
        let field = self.world.pack.fields.get(id)?;
        let value = if id == "matter" { self.matter(dice) } else { self.one(id, field, dice) };
        value.map(|value| if field.many { Value::Array(vec![value]) } else { value })
    }

    fn matter(&self, dice: &mut Dice) -> Option<Value> {
        let matters = self.world.pack.matters.get(self.catalogue?)?;
        let mut any = || matters.get_index((dice.share() * matters.len() as f64) as usize);
        let id = self.matter.map(str::to_owned).or_else(|| any().map(|(id, _)| id.clone()));
        id.map(Value::from)
    }

    fn one(&self, id: &str, field: &Field, dice: &mut Dice) -> Option<Value> {
        Some(match field.kind {
            Kind::Text | Kind::Point => TEXT.into(),
            Kind::Int | Kind::Money | Kind::Hours => {
                let least = field.min.unwrap_or(1).max(1);
                let fitting = least.min(field.max.unwrap_or(least));
                written(self.world.pack, id, &FieldValue::Int(fitting))?
            }
            Kind::Stars => 5.into(),
            Kind::YesNo => true.into(),
            Kind::Date => self.date(field).into(),
            Kind::Time => self.time(field).into(),
            Kind::Choice => {
                let choices: Vec<&String> = field.choices.keys().collect();
                (*dice.pick(&choices)?).clone().into()
            }
            Kind::Place => self.place.to_string().into(),
            Kind::Post => self.post(field)?.into(),
            Kind::Org => dice.pick(self.orgs)?.to_string().into(),
            Kind::Person => self.person(dice).into(),
            Kind::Case | Kind::Photo | Kind::File | Kind::Record | Kind::Household => {
                dice.id().to_string().into()
            }
        })
    }

    /// A week from now, or as late as the field takes.
    fn date(&self, field: &Field) -> String {
        let today = self.world.today();
        let week = today.checked_add(jiff::Span::new().days(7)).unwrap_or(today);
        let due = |most| self.world.calendar.due(self.world.now, most).at;
        let latest = field.max_span.map(|most| calendar::local_date(due(most)));
        latest.map_or(week, |latest| latest.min(week)).to_string()
    }

    /// An hour from now, or as late as the field takes.
    fn time(&self, field: &Field) -> String {
        let hour = self.world.now + jiff::SignedDuration::from_hours(1);
        let latest = field.max_span.map(|most| self.world.calendar.due(self.world.now, most).at);
        latest.map_or(hour, |latest| latest.min(hour)).to_string()
    }

    /// The nearest post of the field's role, else any that is held.
    fn post(&self, field: &Field) -> Option<String> {
        let (network, day) = (self.world.network, self.world.today());
        let Some(role) = &field.of else {
            return self.case.and_then(|it| it.owner).map(|post| post.to_string());
        };
        let near = network.nearest(role, self.place, &Default::default(), day);
        let held = || network.posts().filter(|it| it.role == *role && network.manned(it.id, day));
        near.or_else(|| held().map(|it| it.id).min()).map(|post| post.to_string())
    }

    /// Who holds the owner's post, else a stranger.
    fn person(&self, dice: &mut Dice) -> String {
        let owner = self.case.and_then(|it| it.owner);
        let holder = owner.and_then(|post| self.world.network.person(post, self.world.today()));
        holder.map_or_else(|| dice.id().to_string(), |person| person.to_string())
    }
}
