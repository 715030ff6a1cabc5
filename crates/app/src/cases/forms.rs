//! What an actor may open, and the actions an actor may take with a case, each with its form made from
//! the pack.

use super::act::{doer, visible};
use super::facts::{decimal, in_words};
use super::world::{facts, world};
use crate::{Result, Work};
use method::decide;
use method::definition::{Action, Ask, AskerOf, By, Field, Hide, Kind, Pack, Procedure, Who};
use model::CaseId;
use model::access::{Actor, Operation};
use model::cases::FieldValue;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A field of an action's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskView {
    /// The field.
    pub field: String,
    /// Its title.
    pub title: String,
    /// Its type in the words of the grammar.
    pub kind: String,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether several values may be given.
    pub many: bool,
    /// Choices: id → title.
    pub choices: BTreeMap<String, String>,
    /// What is known already.
    pub filled: Option<FieldValue>,
    /// The same in words.
    pub filled_text: Option<String>,
    /// The smallest or earliest value, as the form takes it.
    pub min: Option<String>,
    /// The largest or latest value, as the form takes it.
    pub max: Option<String>,
    /// Who will read it.
    pub audience: Audience,
}

/// Who will read what is written into a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Whoever handles the case.
    House,
    /// The asker too.
    Asker,
    /// Everybody, possibly.
    Public,
}

/// An action the actor has a right to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it leads, and the title of that state.
    pub to: Option<(String, String)>,
    /// Whether the case ends by it.
    pub ends: bool,
    /// Its form.
    pub asks: Vec<AskView>,
    /// Whether another post must approve.
    pub approval: bool,
    /// Why it is refused now: code, Chinese, English.
    pub refused: Option<(String, String, String)>,
}

/// A procedure the actor may open, with its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningView {
    /// The procedure.
    pub procedure: String,
    /// Its title.
    pub title: String,
    /// What opening it is called.
    pub action: String,
    /// What it rests on, and why its form asks.
    pub why: String,
    /// Its public stages in order.
    pub stages: Vec<String>,
    /// Whether it has a catalogue of matters.
    pub matters: bool,
    /// What a resident may choose to hide: `confidential`, `anonymous`.
    pub hides: Vec<String>,
    /// Its form.
    pub asks: Vec<AskView>,
}

/// The procedures the actor may open, in the order of the pack. Where a post may open only at some
/// places, it is asked again when it does.
pub async fn openings(tx: &mut Tx, work: &mut Work) -> Result<Vec<OpeningView>> {
    work.may(Operation::ListOpenings)?;
    let shelf = work.shelf.clone();
    let pack = shelf.pack()?;
    let mut views = Vec::new();
    for procedure in pack.procedures.values() {
        let Some(open) = procedure.actions.get("open") else { continue };
        if open.by.iter().any(|by| may_open(work, procedure, by)) {
            views.push(opening_view(tx, work, (pack, procedure), open).await?);
        }
    }
    Ok(views)
}

fn may_open(work: &Work, procedure: &Procedure, by: &By) -> bool {
    let By::Who(who) = by else { return false };
    match (&work.actor, who) {
        (Actor::Staff { post, .. }, Who::Role { role, .. }) => {
            work.shelf.network.post(*post).is_some_and(|held| held.role == *role)
        }
        (Actor::Resident { .. } | Actor::Visitor | Actor::Claimant { .. }, Who::Asker) => {
            procedure.asker == AskerOf::Resident
        }
        _ => false,
    }
}

async fn opening_view(
    tx: &mut Tx,
    work: &Work,
    (pack, procedure): (&Pack, &Procedure),
    open: &Action,
) -> Result<OpeningView> {
    let mut asks = Vec::with_capacity(open.asks.len());
    for ask in &open.asks {
        asks.push(ask_view(tx, work, (pack, Some(procedure)), (ask, None)).await?);
    }
    let hide = |it: &Hide| match it {
        Hide::Anonymous => "anonymous".to_owned(),
        Hide::Confidential => "confidential".to_owned(),
    };
    Ok(OpeningView {
        procedure: procedure.id.clone(),
        title: procedure.title.clone(),
        action: open.title.clone(),
        why: procedure.why.clone(),
        stages: procedure.stages.clone(),
        matters: procedure.matters.is_some(),
        hides: procedure.hides.iter().map(hide).collect(),
        asks,
    })
}

/// What the actor may do with a case now, and what is refused and why.
pub async fn actions(tx: &mut Tx, work: &mut Work, id: CaseId) -> Result<Vec<ActionView>> {
    work.may(Operation::ListActions)?;
    let case = visible(tx, work, id).await?;
    let shelf = work.shelf.clone();
    let facts = facts(tx, &shelf, &case, &decide::Form::new()).await?;
    let world = world(tx, work, (&shelf, &facts), &case).await?;
    let by = doer(work, &case)?;
    let found = decide::actions(&world, &case.state, by);
    let procedure = world.pack.procedures.get(case.state.procedure.as_str());
    let mut views = Vec::new();
    for it in found {
        views.push(action_view(tx, work, (world.pack, procedure), it).await?);
    }
    Ok(views)
}

pub(super) async fn action_view(
    tx: &mut Tx,
    work: &Work,
    (pack, procedure): (&Pack, Option<&Procedure>),
    found: decide::Available,
) -> Result<ActionView> {
    let mut asks = Vec::with_capacity(found.asks.len());
    for ask in &found.asks {
        let filled = found.fill.get(ask.field.as_str());
        asks.push(ask_view(tx, work, (pack, procedure), (ask, filled)).await?);
    }
    let state = |id: &String| procedure.and_then(|it| it.states.get(id));
    let to = found.to.as_ref().and_then(state);
    let ends = to.is_some_and(|it| it.end.is_some());
    let title = to.map(|it| it.title.clone()).unwrap_or_default();
    let refusal = found.refusal;
    Ok(ActionView {
        asks,
        id: found.id,
        title: found.title,
        to: found.to.map(|id| (id, title)),
        ends,
        approval: found.approval,
        refused: refusal.map(|it| (it.code().to_owned(), it.chinese(), it.english())),
    })
}

pub(crate) async fn ask_view(
    tx: &mut Tx,
    work: &Work,
    (pack, procedure): (&Pack, Option<&Procedure>),
    (ask, filled): (&Ask, Option<&FieldValue>),
) -> Result<AskView> {
    let field = pack.fields.get(&ask.field);
    let filled_text = match field.zip(filled) {
        Some((field, value)) => Some(in_words(tx, work, (pack, field), value).await?),
        None => None,
    };
    let (min, max) = field.map(|it| bounds(work, it)).unwrap_or_default();
    Ok(AskView {
        field: ask.field.clone(),
        title: field.map(|it| it.title.clone()).unwrap_or_default(),
        kind: field.map(|it| it.kind.as_str().to_owned()).unwrap_or_default(),
        optional: ask.optional,
        many: field.is_some_and(|it| it.many),
        choices: choices(pack, procedure, &ask.field),
        filled: filled.cloned(),
        filled_text,
        min,
        max,
        audience: audience(&ask.field, field),
    })
}

/// The choices of a field; of `matter`, those of the procedure's catalogue.
fn choices(pack: &Pack, procedure: Option<&Procedure>, field: &str) -> BTreeMap<String, String> {
    let catalogue = procedure.and_then(|it| it.matters.as_ref()).filter(|_| field == "matter");
    if let Some(matters) = catalogue.and_then(|it| pack.matters.get(it)) {
        return matters.iter().map(|(id, it)| (id.clone(), it.title.clone())).collect();
    }
    let known = pack.fields.get(field).map(|it| it.choices.clone()).unwrap_or_default();
    known.into_iter().collect()
}

fn bounds(work: &Work, field: &Field) -> (Option<String>, Option<String>) {
    let scale = match field.kind {
        Kind::Stars => return (Some("1".to_owned()), Some("5".to_owned())),
        Kind::Date | Kind::Time => return window(work, field),
        Kind::Money => 100,
        Kind::Hours => 2,
        _ => 1,
    };
    let told = |bound: Option<i64>| bound.map(|it| decimal(it, scale));
    (told(field.min), told(field.max))
}

/// From now until the latest date or time that a field takes.
fn window(work: &Work, field: &Field) -> (Option<String>, Option<String>) {
    let Some(span) = field.max_span else { return (None, None) };
    let latest = work.shelf.calendar.due(work.now(), span).at;
    if field.kind == Kind::Time {
        return (Some(work.now().to_string()), Some(latest.to_string()));
    }
    let day = calendar::local_date(latest);
    let whole = calendar::end_of_day(day) <= latest;
    let last = if whole { day } else { day.yesterday().unwrap_or(day) };
    (Some(work.today().to_string()), Some(last.to_string()))
}

/// The asker reads what is written to him, and what the pack calls public.
fn audience(id: &str, field: Option<&Field>) -> Audience {
    let told = matches!(
        id,
        "title"
            | "body"
            | "words"
            | "reason"
            | "photos"
            | "place"
            | "stars"
            | "contacted"
            | "review_on"
    );
    match field {
        Some(field) if field.public => Audience::Public,
        _ if told => Audience::Asker,
        _ => Audience::House,
    }
}
