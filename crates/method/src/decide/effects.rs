//! What the effects of an action or a state come to for one case: who is told, what is opened, booked,
//! shown, called, written. Carrying them out is the caller's work.

use super::{Effect, Form, HeldBy, Refusal, Step, ToBook, ToCall, ToOpen, ToWrite, World, who};
use crate::definition::{
    AccountOf, At, Called, Each, Effect as Written, Holder, Kind, Named, Pack, ValueOf, Who,
};
use calendar::Span;
use jiff::Timestamp;
use jiff::civil::Date;
use model::cases::{Asker, CaseState, FieldValue};
use model::ids::{PersonId, PlaceId, PostId};
use uuid::Uuid;

/// What the effects of an action or a state come to. One that has nobody to act on refuses the act.
pub(super) fn effects(
    step: &Step<'_>,
    case: &CaseState,
    written: &[Written],
    effects: &mut Vec<Effect>,
) -> Result<(), Refusal> {
    let scene = Scene { world: step.world, case };
    for effect in written {
        scene.one(effect, effects)?;
    }
    Ok(())
}

/// Whom an effect happens to.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub world: &'a World<'a>,
    pub case: &'a CaseState,
}

/// One of `each`: what `$each` stands for, and where it is.
struct Member {
    value: FieldValue,
    place: Option<PlaceId>,
}

impl Scene<'_> {
    fn one(&self, effect: &Written, effects: &mut Vec<Effect>) -> Result<(), Refusal> {
        match effect {
            Written::Notify(whom) => effects.push(self.tell(whom)),
            Written::Open { .. } => effects.extend(self.openings(effect)),
            Written::Release(procedure) => effects.push(Effect::Release(Some(procedure.clone()))),
            Written::Extend(_) => {}
            Written::Book { .. } => effects.extend(self.booking(effect)?),
            Written::Publish { board, show, lasts } => effects.push(Effect::Publish {
                board: board.clone(),
                show: show.clone(),
                until: lasts.map(|it| self.world.calendar.due(self.world.now, it).at),
            }),
            Written::Hold { gathering, each, at } => {
                let at = at.as_ref().and_then(|field| super::clock::until(self.case, field));
                let at = at.unwrap_or(self.world.now);
                effects.extend(self.calls(gathering, each.as_ref(), at));
            }
            Written::Write { register, row, set } => effects.push(self.row(register, row, set)),
            Written::Appoint { person, post } => {
                let nobody = |party: &str| Refusal::Nobody { party: party.to_owned() };
                let of = |field: &str| self.id(field).ok_or_else(|| nobody(field));
                let (person, post) = (of(person)?.into(), of(post)?.into());
                effects.push(Effect::Appoint { person, post });
            }
            Written::Dismiss(post) => {
                let nobody = || Refusal::Nobody { party: post.clone() };
                effects.push(Effect::Dismiss(self.id(post).ok_or_else(nobody)?.into()));
            }
        }
        Ok(())
    }

    fn id(&self, field: &str) -> Option<Uuid> {
        match self.case.fields.get(field)? {
            FieldValue::Text(id) => id.parse().ok(),
            _ => None,
        }
    }

    fn tell(&self, whom: &[Who]) -> Effect {
        let asker_is_post = matches!(self.case.asker, Asker::Post { .. });
        let mut posts: Vec<PostId> = whom
            .iter()
            .filter(|who| **who != Who::Asker || asker_is_post)
            .flat_map(|who| who::each(self.world, self.case, who))
            .collect();
        posts.sort();
        posts.dedup();
        let resident = matches!(self.case.asker, Asker::Resident { .. });
        Effect::Tell { posts, asker: resident && whom.contains(&Who::Asker) }
    }

    pub(crate) fn openings(&self, effect: &Written) -> Vec<Effect> {
        let Written::Open { procedure, each, asker, level, child, with, .. } = effect else {
            return Vec::new();
        };
        let open = |member: Option<&Member>| {
            let place = match (level, member.and_then(|it| it.place)) {
                (Some(level), _) => self.place_at(level).unwrap_or(self.case.place),
                (None, at) => at.unwrap_or(self.case.place),
            };
            let value = |(field, value): (&String, &ValueOf)| {
                Some((field.clone(), self.value(value, member.map(|it| &it.value))?))
            };
            let mut form = with.iter().filter_map(value).collect::<Form>();
            let given = form.get("place").and_then(|it| it.as_str()?.parse().ok());
            let place = given.unwrap_or(place);
            if self.asks_place(procedure) {
                form.insert("place".to_owned(), place.to_string().into());
            }
            Effect::Open(Box::new(ToOpen {
                procedure: procedure.clone(),
                matter: self.matter(procedure),
                asker: self.asker(asker.as_ref()),
                place,
                child: *child,
                form,
            }))
        };
        match each {
            None => vec![open(None)],
            Some(each) => self.members(each).iter().map(|it| open(Some(it))).collect(),
        }
    }

    fn asks_place(&self, procedure: &str) -> bool {
        let open = self.world.pack.procedures.get(procedure).and_then(|it| it.actions.get("open"));
        open.is_some_and(|it| it.asks.iter().any(|ask| ask.field == "place"))
    }

    /// What is opened has the case's matter where both follow one catalogue.
    fn matter(&self, procedure: &str) -> Option<String> {
        let catalogue = |id: &str| self.world.pack.procedures.get(id)?.matters.as_ref();
        let same = catalogue(procedure) == catalogue(&self.case.procedure);
        self.case.matter.as_ref().filter(|_| same).map(ToString::to_string)
    }

    /// The case's place at a level.
    pub(crate) fn place_at(&self, level: &str) -> Option<PlaceId> {
        let network = self.world.network;
        let level = network.level(level)?;
        network.path(self.case.place).get(level).copied().flatten()
    }

    /// One child for each member of a field, or for each post of a role that is held.
    fn members(&self, each: &Each) -> Vec<Member> {
        let of_post = |post: PostId| Member {
            value: FieldValue::Text(post.to_string()),
            place: self.world.network.post(post).and_then(|it| it.place),
        };
        let alone = |value: &FieldValue| Member { value: value.clone(), place: None };
        match each {
            Each::Field(field) => match self.case.fields.get(field.as_str()) {
                None => Vec::new(),
                Some(FieldValue::List(list)) => list.iter().map(alone).collect(),
                Some(one) => vec![alone(one)],
            },
            Each::Role(who) => who::all(self.world, self.case.place, who).map(of_post).collect(),
            // Rows are gone through by cycles alone.
            Each::Register(_) => Vec::new(),
        }
    }

    fn asker(&self, party: Option<&Who>) -> Asker {
        let post = match party {
            Some(Who::Asker) => return self.case.asker,
            Some(who) => who::exactly(self.world, self.case, who).or(self.case.owner),
            None => self.case.owner,
        };
        post.map_or(Asker::None, |post| Asker::Post { post })
    }

    pub(crate) fn value(
        &self,
        value: &ValueOf,
        member: Option<&FieldValue>,
    ) -> Option<serde_json::Value> {
        let told = |value: &FieldValue| serde_json::to_value(value).ok();
        let pack = self.world.pack;
        match value {
            ValueOf::Literal(literal) => Some(literal.clone()),
            // A private text is named by entry and field: whoever opens the case copies it.
            ValueOf::Field(field) if field == "place" => Some(self.case.place.to_string().into()),
            ValueOf::Field(field) => written(pack, field, self.case.fields.get(field.as_str())?),
            ValueOf::Column(field, column) => {
                let row = self.world.facts.row(self.case.fields.get(field.as_str())?)?;
                written(pack, column, row.get(column.as_str())?)
            }
            ValueOf::Each => told(member?),
            ValueOf::EachColumn(column) => {
                written(pack, column, self.world.facts.row(member?)?.get(column.as_str())?)
            }
            ValueOf::From(span) => Some(self.world.day_in(*span).to_string().into()),
            ValueOf::Day(day) => Some(self.world.day_of_month(*day).to_string().into()),
        }
    }

    fn booking(&self, effect: &Written) -> Result<Option<Effect>, Refusal> {
        let Written::Book { ledger, from, to, amount } = effect else { return Ok(None) };
        let Some(FieldValue::Int(amount @ 1..)) = self.case.fields.get(amount.as_str()) else {
            return Ok(None);
        };
        let held = |holder: &Holder| {
            let account = self.world.pack.ledgers.get(ledger)?.accounts.get(&holder.account)?;
            Some((holder.account.clone(), self.holder(account.of, holder.party.as_ref())?))
        };
        let nobody = |holder: &Holder| Refusal::Nobody { party: holder.account.clone() };
        Ok(Some(Effect::Book(ToBook {
            ledger: ledger.clone(),
            from: held(from).ok_or_else(|| nobody(from))?,
            to: held(to).ok_or_else(|| nobody(to))?,
            amount: *amount,
        })))
    }

    fn holder(&self, of: AccountOf, party: Option<&Who>) -> Option<HeldBy> {
        let network = self.world.network;
        let post = || who::exactly(self.world, self.case, party?);
        match of {
            AccountOf::Pack => Some(HeldBy::County),
            AccountOf::Case => Some(HeldBy::Case),
            AccountOf::Person => self.person(party?).map(|it| HeldBy::Id(it.0)),
            AccountOf::Org => {
                let named = match party? {
                    Who::Field(field) => self.kind_of(field, Kind::Org),
                    Who::Asker => match self.case.asker {
                        Asker::Unit { org } => Some(org.0),
                        _ => None,
                    },
                    _ => None,
                };
                let of_post = || network.post(post()?)?.org.map(|it| it.0);
                named.or_else(of_post).map(HeldBy::Id)
            }
            AccountOf::Place => match party {
                None => Some(HeldBy::Id(self.case.place.0)),
                Some(Who::Field(field)) if self.kind_of(field, Kind::Place).is_some() => {
                    self.id(field).map(HeldBy::Id)
                }
                Some(_) => network.post(post()?)?.place.map(|it| HeldBy::Id(it.0)),
            },
        }
    }

    fn kind_of(&self, field: &str, kind: Kind) -> Option<Uuid> {
        let fits = self.world.pack.fields.get(field).is_some_and(|it| it.kind == kind);
        self.id(field).filter(|_| fits)
    }

    /// The person a party is, or who holds its post today.
    fn person(&self, party: &Who) -> Option<PersonId> {
        match (party, self.case.asker) {
            (Who::Asker, Asker::Resident { person, .. }) => person,
            (Who::Field(field), _) if self.kind_of(field, Kind::Person).is_some() => {
                self.id(field).map(PersonId)
            }
            _ => {
                let post = who::exactly(self.world, self.case, party)?;
                self.world.network.person(post, self.world.today())
            }
        }
    }

    pub(crate) fn calls(&self, gathering: &str, each: Option<&Each>, at: Timestamp) -> Vec<Effect> {
        let here = |place| Effect::Call(self.call(gathering, place, (at, None)));
        match each {
            None => vec![here(self.case.place)],
            Some(each) => {
                let members = self.members(each);
                members.iter().filter_map(|it| it.place).map(here).collect()
            }
        }
    }

    /// Who is called to a gathering at a place.
    pub(crate) fn call(
        &self,
        gathering: &str,
        place: PlaceId,
        (at, closes): (Timestamp, Option<Timestamp>),
    ) -> ToCall {
        let there = CaseState { place, ..self.case.clone() };
        let scene = Scene { world: self.world, case: &there };
        let defined = self.world.pack.gatherings.get(gathering);
        let voters = defined.and_then(|it| it.ballot.as_ref()).map(|it| &it.voters);
        let mut posts = Vec::new();
        let mut households = None;
        for called in defined.into_iter().flat_map(|it| &it.who).chain(voters) {
            match called {
                Called::Who(who) if scene.is_below(who) => {
                    posts.extend(who::all(scene.world, place, who));
                }
                Called::Who(who) => posts.extend(who::each(scene.world, scene.case, who)),
                Called::Households(level) if voters == Some(called) => {
                    households = scene.place_at(level);
                }
                // To a meeting neighbours are bidden by a notice, not one by one.
                Called::Households(_) => {}
            }
        }
        posts.sort();
        posts.dedup();
        ToCall { gathering: gathering.to_owned(), place, at, closes, posts, households }
    }

    /// Whether a role is sought at a level below the place: then everybody there is meant.
    fn is_below(&self, who: &Who) -> bool {
        let network = self.world.network;
        let here = network.place(self.case.place).map(|it| it.level);
        match who {
            Who::Role { at: At::Level(level), .. } => network.level(level) > here,
            _ => false,
        }
    }

    fn row(&self, register: &str, row: &Option<String>, set: &Named<ValueOf>) -> Effect {
        let row = row.as_ref().and_then(|field| self.id(field)).map(Into::into);
        let value =
            |(column, value): (&String, &ValueOf)| Some((column.clone(), self.value(value, None)?));
        let set = set.iter().filter_map(value).collect::<Form>();
        Effect::Write(ToWrite { register: register.to_owned(), row, set })
    }
}

/// A stored value as a form takes it: money in yuan, hours in hours; a text is named by the entry it
/// lies beside.
pub(crate) fn written(pack: &Pack, field: &str, value: &FieldValue) -> Option<serde_json::Value> {
    let decimal = |n: i64, scale: i64, places: usize| {
        let (whole, part) = (n.abs() / scale, n.abs() % scale * if scale == 2 { 5 } else { 1 });
        let sign = if n < 0 { "-" } else { "" };
        Some(format!("{sign}{whole}.{part:0places$}").into())
    };
    match (value, pack.fields.get(field).map(|it| it.kind)) {
        (FieldValue::Private { private }, _) => {
            Some(serde_json::json!({ "private": private, "field": field }))
        }
        (FieldValue::Int(n), Some(Kind::Money)) => decimal(*n, 100, 2),
        (FieldValue::Int(n), Some(Kind::Hours)) => decimal(*n, 2, 1),
        (value, _) => serde_json::to_value(value).ok(),
    }
}

impl World<'_> {
    fn day_in(&self, span: Span) -> Date {
        calendar::local_date(self.calendar.due(self.now, span).at)
    }

    /// The next n-th day of a month, today included; its last where the month is shorter.
    fn day_of_month(&self, day: u8) -> Date {
        let day = i8::try_from(day).unwrap_or(i8::MAX);
        let in_month = |any: Date| {
            let last = any.last_of_month();
            any.with().day(day.min(last.day())).build().unwrap_or(last)
        };
        let today = self.today();
        let this = in_month(today);
        let next = || today.last_of_month().tomorrow().map_or(this, in_month);
        if this < today { next() } else { this }
    }
}
