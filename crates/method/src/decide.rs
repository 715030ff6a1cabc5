//! What a command does to a case: pure, so that it can be replayed, simulated and proven. The first
//! rule that says no is the refusal. Carrying out what is decided is the caller's work.

mod actions;
mod clock;
mod enter;
mod form;
mod open;
mod refusal;
mod rules;
mod scope;
mod who;

#[cfg(test)]
mod tests;

pub use actions::{Available, Routed, actions, has_part, route, routed};
pub use clock::worked;
pub use form::{FieldProblem, Form, Read, names_a_number};
pub use open::{Opening, open};
pub use refusal::Refusal;
pub use who::resolve;

use crate::definition::{Action, By, Pack, Procedure, State, Who};
use calendar::{Calendar, Span};
use jiff::Timestamp;
use jiff::civil::Date;
use model::cases::{Asker, CaseState, Count, FieldValue};
use model::ids::{CaseId, EntryId, PlaceId, PostId};
use model::network::Network;
use std::collections::BTreeMap;

/// The world a decision is taken in.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The pack the case is pinned to.
    pub pack: &'a Pack,
    /// Today's posts.
    pub network: &'a Network,
    /// Today's calendar.
    pub calendar: &'a Calendar,
    /// Now.
    pub now: Timestamp,
    /// When the parent case is due, for `limit = "parent"`.
    pub parent_due: Option<Timestamp>,
}

impl World<'_> {
    /// The local day.
    pub fn today(&self) -> Date {
        calendar::local_date(self.now)
    }
}

/// Who gives a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// The asker: a resident, or whoever holds the claim code.
    Asker,
    /// A post.
    Post(PostId),
    /// The clock.
    Clock,
    /// An approval granted by another post than the one that asked for it.
    Granted {
        /// The post that asked.
        asked: PostId,
    },
}

impl Doer {
    /// The post behind the command; the nil post stands for the asker.
    fn post(self) -> PostId {
        match self {
            Self::Post(post) | Self::Granted { asked: post } => post,
            Self::Asker | Self::Clock => PostId(uuid::Uuid::nil()),
        }
    }
}

/// A command.
#[derive(Clone, Debug)]
pub struct Command {
    /// The action's id in the procedure.
    pub action: String,
    /// Who gives it.
    pub by: Doer,
    /// The form as it came.
    pub form: Form,
    /// The entry under which private values will lie.
    pub entry: EntryId,
}

/// What is to be carried out besides the new state.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Tell posts, and the asker.
    Tell {
        /// Posts.
        posts: Vec<PostId>,
        /// Whether the asker is told.
        asker: bool,
    },
    /// Open another case.
    Open(Box<ToOpen>),
    /// End open children of a procedure as dropped; all when none is named.
    Release(Option<String>),
}

/// A case to be opened.
#[derive(Clone, Debug, PartialEq)]
pub struct ToOpen {
    /// The procedure.
    pub procedure: String,
    /// Who asks there.
    pub asker: Asker,
    /// Where.
    pub place: PlaceId,
    /// Waited for, or linked only.
    pub child: bool,
    /// Its form.
    pub form: Form,
}

/// An approval to be asked as a child case.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// The action that waits for it.
    pub action: String,
    /// The form as filled.
    pub form: BTreeMap<String, FieldValue>,
    /// Who asks.
    pub asked: PostId,
    /// Who approves.
    pub approver: PostId,
    /// Within which time.
    pub within: Span,
}

/// What a command does.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The state after it.
    pub state: CaseState,
    /// Personal text to be kept beside the entry, by field.
    pub private: BTreeMap<String, String>,
    /// The form's values that are not personal text.
    pub form: BTreeMap<String, FieldValue>,
    /// Whose words were written by another hand.
    pub voice: Option<String>,
    /// Effects, in order.
    pub effects: Vec<Effect>,
    /// An approval to be asked; then `state` is unchanged but for its pending request.
    pub approval: Option<Approval>,
}

/// Decides what `command` does to `case`.
pub fn decide(world: &World<'_>, case: &CaseState, command: &Command) -> Result<Decision, Refusal> {
    let procedure = procedure(world, case)?;
    let action = procedure
        .actions
        .get(&command.action)
        .filter(|_| command.action != "open")
        .ok_or_else(|| Refusal::UnknownAction { action: command.action.clone() })?;
    let step = Step { world, procedure, action, id: &command.action, by: command.by };
    rules::state(&step, case)?;
    rules::doer(&step, case)?;
    rules::bounds(&step, case)?;
    let read = match command.by {
        Doer::Granted { .. } => Read::given(case.pending.as_ref()),
        _ => form::read(&step, &command.form, command.entry)?,
    };
    rules::guard(&step, case, &read.values)?;
    if let (Some((who, within)), Doer::Post(asked)) = (&action.approval, command.by) {
        return rules::approval(&step, case, read, who, (asked, *within));
    }
    rules::children(&step, case)?;
    Ok(apply(&step, case, read))
}

/// One step: an action of a procedure, and who takes it.
#[derive(Clone, Copy)]
struct Step<'a> {
    world: &'a World<'a>,
    procedure: &'a Procedure,
    action: &'a Action,
    id: &'a str,
    by: Doer,
}

/// The procedure of a case in its pack.
fn procedure<'a>(world: &World<'a>, case: &CaseState) -> Result<&'a Procedure, Refusal> {
    let found = world.pack.procedures.get(&case.procedure);
    found.ok_or_else(|| Refusal::UnknownProcedure { procedure: case.procedure.clone() })
}

/// The definition of the state a case is in.
fn state_of<'a>(procedure: &'a Procedure, case: &CaseState) -> Option<&'a State> {
    procedure.states.get(&case.state)
}

/// Fields, parties, counters, move, effects: nothing here can refuse.
fn apply(step: &Step<'_>, case: &CaseState, read: Read) -> Decision {
    let mut after = case.clone();
    let mut effects = Vec::new();
    fill(step, &mut after, &read.values);
    count(step, &mut after);
    if after.pending.as_ref().is_some_and(|it| it.action == step.id) {
        after.pending = None;
    }
    verdict(step, &mut after, &read.values);
    let moves = step.action.to.as_ref().filter(|_| everyone_did(step, &after));
    enter::effects(step, &after, &step.action.then, &mut effects);
    enter::extend(step, &mut after);
    match moves {
        Some(to) => enter::enter(step, &mut after, to, &mut effects),
        None => clock::reprice(step.world, step.procedure, &mut after),
    }
    Decision {
        voice: voice(step),
        state: after,
        private: read.private,
        form: read.values,
        effects,
        approval: None,
    }
}

fn fill(step: &Step<'_>, after: &mut CaseState, values: &BTreeMap<String, FieldValue>) {
    for (id, value) in values {
        let sums = step.world.pack.fields.get(id).is_some_and(|field| field.sum);
        let value = match (sums, after.fields.get(id), value) {
            (true, Some(FieldValue::Int(before)), FieldValue::Int(more)) => {
                FieldValue::Int(before.saturating_add(*more))
            }
            _ => value.clone(),
        };
        match (id.as_str(), &value) {
            ("matter", FieldValue::Text(matter)) => after.matter = Some(matter.clone()),
            ("place", FieldValue::Text(place)) => {
                after.place = place.parse().unwrap_or(after.place);
            }
            ("contacted", FieldValue::Bool(yes)) => after.contacted = Some(*yes),
            _ => {}
        }
        after.fields.insert(id.clone(), value);
    }
    if let (Some(party), Doer::Post(post)) = (&step.action.becomes, step.by) {
        after.fields.insert(party.clone(), FieldValue::Text(post.to_string()));
    }
}

fn count(step: &Step<'_>, after: &mut CaseState) {
    let Count { case, stay } = after.count(step.id);
    after.counts.insert(step.id.to_owned(), Count { case: case + 1, stay: stay + 1 });
    if step.by != Doer::Clock {
        after.done_by.entry(step.id.to_owned()).or_default().push(step.by.post());
    }
}

/// 会签: whether every party of `by` has done the action since the stay began.
fn everyone_did(step: &Step<'_>, after: &CaseState) -> bool {
    if !step.action.all {
        return true;
    }
    let parties = u32::try_from(who::parties(step, after)).unwrap_or(u32::MAX);
    after.count(step.id).stay >= parties
}

/// What the asker says of the answer, by whichever hand.
fn verdict(step: &Step<'_>, after: &mut CaseState, values: &BTreeMap<String, FieldValue>) {
    use model::cases::{End, Verdict};
    let said =
        step.action.voice == Some(Who::Asker) || step.action.by.contains(&By::Who(Who::Asker));
    let Some(to) = step.action.to.as_ref().and_then(|to| step.procedure.states.get(to)) else {
        return;
    };
    let awaited = state_of(step.procedure, after).is_some_and(|it| it.awaits_verdict);
    let reopened = after.end.is_some() && to.end.is_none();
    let solved = match (awaited || reopened, said, to.end) {
        (true, true, Some(End::Solved)) => true,
        (true, true, None) => false,
        _ => return,
    };
    let stars = match values.get("stars") {
        Some(FieldValue::Int(stars)) => u8::try_from(*stars).ok(),
        _ => None,
    };
    after.verdict = Some(Verdict { at: step.world.now, solved, stars });
    if !solved {
        after.answered_at = None;
    }
}

fn voice(step: &Step<'_>) -> Option<String> {
    let other = matches!(step.by, Doer::Post(_));
    (other && step.action.voice == Some(Who::Asker)).then(|| "asker".to_owned())
}

/// What the clock does to a case whose timer has run out: the first action of `late` that is still
/// possible. A case that cannot be acted on gets its next timer only.
pub fn tick(world: &World<'_>, case: &CaseState, entry: EntryId) -> Option<(String, Decision)> {
    let timer = case.clock.as_ref()?.timer_at;
    if timer > world.now {
        return None;
    }
    let procedure = procedure(world, case).ok()?;
    let state = state_of(procedure, case)?;
    let acts = state.late.iter().find_map(|action| {
        let form = Form::new();
        let command = Command { action: action.clone(), by: Doer::Clock, form, entry };
        decide(world, case, &command).ok().map(|decision| (action.clone(), decision))
    });
    let (action, mut decision) = acts.unwrap_or_else(|| {
        let state = case.clone();
        let empty = BTreeMap::new();
        let decision = Decision {
            state,
            private: BTreeMap::new(),
            form: empty,
            voice: None,
            effects: Vec::new(),
            approval: None,
        };
        ("tick".to_owned(), decision)
    });
    if decision.state.state == case.state && decision.state.since == case.since {
        clock::next_rung(world, state, &mut decision.state, timer);
    }
    Some((action, decision))
}

/// The case after today's posts, calendar and matter were asked again; `None` when nothing changes.
pub fn renew(world: &World<'_>, case: &CaseState) -> Option<CaseState> {
    let procedure = procedure(world, case).ok()?;
    let state = state_of(procedure, case)?;
    if case.end.is_some() {
        return None;
    }
    let mut after = case.clone();
    after.owner = enter::owner(world, state, &after);
    clock::reprice(world, procedure, &mut after);
    (after != *case).then_some(after)
}

/// The case after one of its open children ended: counted down, and `joined` acts when it was the
/// last.
pub fn child_ended(
    world: &World<'_>,
    case: &CaseState,
    procedure_of_child: &str,
    entry: EntryId,
) -> (Option<String>, Decision) {
    let mut after = case.clone();
    if let Some(open) = after.children.get_mut(procedure_of_child) {
        *open = open.saturating_sub(1);
    }
    after.children.retain(|_, open| *open > 0);
    let joined = after.children.is_empty().then(|| {
        let state = state_of(procedure(world, &after).ok()?, &after)?;
        state.joined.iter().find_map(|action| {
            let form = Form::new();
            let command = Command { action: action.clone(), by: Doer::Clock, form, entry };
            decide(world, &after, &command).ok().map(|decision| (action.clone(), decision))
        })
    });
    match joined.flatten() {
        Some((action, decision)) => (Some(action), decision),
        None => (
            None,
            Decision {
                state: after,
                private: BTreeMap::new(),
                form: BTreeMap::new(),
                voice: None,
                effects: Vec::new(),
                approval: None,
            },
        ),
    }
}

/// A request for approval that the app has opened as a case.
pub fn asked(mut decision: Decision, request: CaseId) -> Decision {
    if let Some(approval) = &decision.approval {
        decision.state.pending = Some(model::cases::Pending {
            action: approval.action.clone(),
            request,
            by: approval.asked,
            form: approval.form.clone(),
        });
    }
    decision
}
