//! The timeline of a case as an actor sees it: one moment an entry.

use super::act::visible;
use super::facts::{Fact, facts};
use super::show::fields;
use super::sight::{Sight, sight};
use super::titles::{action_title, names, post_title};
use crate::{Error, Result, Work};
use calendar::{Spent, Unit};
use jiff::Timestamp;
use method::decide;
use method::definition::Pack;
use model::access::Operation;
use model::cases::CaseState;
use model::journal::Event;
use model::{CaseId, EntryId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One line of a case's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The entry.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// `asker`, `system`, or the post's title.
    pub by: String,
    /// The action and its title.
    pub action: (String, String),
    /// Whose words another hand wrote.
    pub voice: Option<String>,
    /// The state after it and its title.
    pub state: (String, String),
    /// What was written, as far as the actor sees it.
    pub texts: BTreeMap<String, String>,
    /// When the stage was due after it.
    pub due_at: Option<Timestamp>,
    /// The promise after it.
    pub promise_at: Option<Timestamp>,
    /// Whether the clock ran after it.
    pub running: bool,
    /// Whom or what the case waited for after it.
    pub reason: Option<String>,
    /// Latest end of that wait.
    pub paused_until: Option<Timestamp>,
    /// What it changed that is not text, in words.
    pub facts: Vec<Fact>,
    /// For staff: how much of the state's budget was used when the next moment came, or by now.
    pub budget: Option<Budget>,
}

/// Office time of a state's budget, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Used.
    pub spent: i64,
    /// From its beginning until it is due.
    pub whole: i64,
}

/// The timeline of a case.
pub async fn history(tx: &mut Tx, work: &mut Work, id: CaseId) -> Result<Vec<Moment>> {
    work.may(Operation::ShowHistory)?;
    let case = visible(tx, work, id).await?;
    let seen = sight(work, &case);
    let pack = work.shelf.pinned(&case.state.pack)?.clone();
    let mut memory = serde_json::Value::Null;
    let mut moments: Vec<Moment> = Vec::new();
    let mut before: Option<CaseState> = None;
    for entry in store::journal::of_case(tx, id.0).await? {
        let Some((action, voice)) = step(&entry.event, &mut memory) else { continue };
        let state: CaseState = serde_json::from_value(memory.clone()).map_err(Error::internal)?;
        let texts = store::journal::private(tx, entry.id).await?;
        if let Some((last, before)) = moments.last_mut().zip(before.as_ref()) {
            last.budget = budget(work, &pack, (before, entry.at), seen);
        }
        let mut new = moment(work, &pack, &entry, (action, voice), (&state, texts), seen);
        let changed = fields(&pack, &changed(before.as_ref(), &state), seen);
        new.facts = facts(tx, work, &pack, &changed).await?;
        moments.push(new);
        before = Some(state);
    }
    if let Some((last, state)) = moments.last_mut().zip(before.as_ref()) {
        last.budget = budget(work, &pack, (state, work.now()), seen);
    }
    if seen == Sight::Asker {
        hide_drafts(&pack, &mut moments);
    }
    Ok(moments)
}

/// The action of an entry and whose words it holds; `memory` becomes what the case is after it.
fn step(event: &Event, memory: &mut serde_json::Value) -> Option<(String, Option<String>)> {
    match event {
        Event::CaseOpened { opening } => {
            *memory = opening.state.clone();
            Some(("open".to_owned(), None))
        }
        Event::CaseActed { act } | Event::CaseMoved { act, .. } => {
            model::trees::patch(memory, &act.change);
            Some((act.action.clone(), act.voice.clone()))
        }
        Event::CaseUnjoined { .. } => Some(("unjoin".to_owned(), None)),
        _ => None,
    }
}

/// The state with those of its fields only that were not so before.
fn changed(before: Option<&CaseState>, after: &CaseState) -> CaseState {
    let mut changed = after.clone();
    changed.fields.retain(|id, value| before.and_then(|it| it.fields.get(id)) != Some(value));
    changed
}

/// The stages' budgets are the house's; of an ended case there is none.
fn budget(
    work: &Work,
    pack: &Pack,
    (state, until): (&CaseState, Timestamp),
    seen: Sight,
) -> Option<Budget> {
    let clock = state.clock.as_ref().filter(|_| seen != Sight::Asker)?;
    let ran = decide::worked(pack.procedures.get(state.procedure.as_str())?, state, until)?;
    let calendar = &work.shelf.calendar;
    let office = |until| match calendar.spent(&ran, Unit::WorkHour, until) {
        Spent::Time(time) => time.as_secs(),
        Spent::Days(_) => 0,
    };
    Some(Budget { spent: office(until), whole: office(clock.due_at) })
}

fn moment(
    work: &Work,
    pack: &Pack,
    entry: &model::Entry,
    (action, voice): (String, Option<String>),
    (state, mut texts): (&CaseState, BTreeMap<String, String>),
    seen: Sight,
) -> Moment {
    let procedure = pack.procedures.get(state.procedure.as_str());
    let title = action_title(work, procedure, &action);
    let names = names(procedure, pack, state, seen);
    texts.remove("contact");
    if seen == Sight::Asker {
        texts.retain(|field, _| matches!(field.as_str(), "title" | "body" | "words" | "reason"));
    }
    Moment {
        entry: entry.id,
        at: entry.at,
        by: actor_title(work, pack, &entry.actor),
        action: (action, title),
        voice,
        state: (state.state.to_string(), names.state),
        texts,
        due_at: state.clock.as_ref().map(|it| it.due_at).filter(|_| seen != Sight::Asker),
        promise_at: state.promise.as_ref().map(|it| it.at),
        running: state.clock.as_ref().is_some_and(|it| it.running),
        reason: state.waiting().map(|it| it.for_whom.clone()).map(Into::into),
        paused_until: state.waiting().and(state.clock.as_ref()).map(|it| it.due_at),
        facts: Vec::new(),
        budget: None,
    }
}

/// Words of the house reach the asker when the case is answered, not while they are a draft.
fn hide_drafts(pack: &Pack, moments: &mut [Moment]) {
    let open_to_asker = |moment: &Moment| {
        pack.procedures.values().find_map(|it| it.states.get(&moment.state.0)).is_some_and(|it| {
            it.awaits_verdict || it.end.is_some() || it.waits.iter().any(|who| who == "asker")
        })
    };
    let last = moments.iter().rposition(open_to_asker);
    for (idx, moment) in moments.iter_mut().enumerate() {
        let own = moment.by == "asker" || moment.voice.is_some();
        if !own && !open_to_asker(moment) && last.is_none_or(|last| idx > last) {
            moment.texts.clear();
            moment.facts.clear();
        }
    }
}

pub(super) fn actor_title(work: &Work, pack: &Pack, actor: &model::Actor) -> String {
    let Some(post) = actor.post() else {
        return match actor {
            model::Actor::System { .. } => "system".to_owned(),
            _ => "asker".to_owned(),
        };
    };
    post_title(work, pack, post)
}
