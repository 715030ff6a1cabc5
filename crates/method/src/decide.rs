//! What a command does to a case: pure, so that it can be replayed, simulated and proven. The first
//! rule that says no is the refusal. Carrying out what is decided is the caller's work.

mod actions;
mod ballot;
mod choice;
mod clock;
mod effects;
mod enter;
mod form;
mod moves;
mod open;
mod refusal;
mod rules;
mod scope;
mod who;

#[cfg(test)]
pub(crate) mod tests;

pub use actions::{Available, Routed, actions, has_part, route, routed};
pub(crate) use actions::{known, offers};
pub use ballot::{Outcome, outcome};
pub use choice::{as_ruled, choice, found_again};
pub use clock::worked;
pub(crate) use effects::{Scene, written};
pub use form::{FieldProblem, Form, Read, names_a_number, read_asks, read_row};
pub use moves::{WhyNot, move_case, renamed};
pub use open::{Opening, open};
pub use refusal::Refusal;
pub use scope::holds;
pub(crate) use who::each;
pub use who::{belongs, resolve};

use crate::definition::{Action, By, Pack, Procedure, State, Who};
use calendar::{Calendar, Span};
use jiff::Timestamp;
use jiff::civil::Date;
use model::Name;
use model::cases::{Asker, CaseState, Count, FieldValue};
use model::effects::{Columns, Tally};
use model::ids::{CaseId, EntryId, PersonId, PlaceId, PostId, RecordId};
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
    /// What the case's fields name outside it.
    pub facts: &'a Facts,
}

/// What a decision reads beside the case, as it is at this moment.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Rows that fields of the case or of the form name.
    pub records: BTreeMap<RecordId, Columns>,
    /// What the case's open ballot has come to.
    pub tally: Option<Tally>,
}

/// Nothing: what most cases read.
pub static NO_FACTS: Facts = Facts { records: BTreeMap::new(), tally: None };

impl Facts {
    /// The row a value names.
    fn row(&self, value: &FieldValue) -> Option<&Columns> {
        match value {
            FieldValue::Text(id) => self.records.get(&id.parse().ok()?),
            _ => None,
        }
    }
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
    /// Move an amount.
    Book(ToBook),
    /// Show fields of the case on a board.
    Publish {
        /// The board.
        board: String,
        /// The fields.
        show: Vec<String>,
        /// Until when; none = as long as the board keeps things.
        until: Option<Timestamp>,
    },
    /// Call a meeting or a ballot.
    Call(ToCall),
    /// Write a row of a register.
    Write(ToWrite),
    /// Appoint somebody to a post.
    Appoint {
        /// The person.
        person: PersonId,
        /// The post.
        post: PostId,
    },
    /// End the holding of a post.
    Dismiss(PostId),
}

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldBy {
    /// The county's own.
    County,
    /// The case's.
    Case,
    /// A person's, an organisation's or a place's.
    Id(uuid::Uuid),
}

/// An amount to be moved, in the ledger's unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToBook {
    /// The ledger.
    pub ledger: String,
    /// Whence: account and holder.
    pub from: (String, HeldBy),
    /// Whither.
    pub to: (String, HeldBy),
    /// Above zero.
    pub amount: i64,
}

/// A meeting or ballot to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToCall {
    /// The gathering.
    pub gathering: String,
    /// Whose affair it is.
    pub place: PlaceId,
    /// When it is held, or opens.
    pub at: Timestamp,
    /// When it closes; only of ballots.
    pub closes: Option<Timestamp>,
    /// Posts that are invited, or vote.
    pub posts: Vec<PostId>,
    /// The place whose households vote.
    pub households: Option<PlaceId>,
}

/// A row to be written. Texts that are passed on are named by entry and field.
#[derive(Clone, Debug, PartialEq)]
pub struct ToWrite {
    /// The register.
    pub register: String,
    /// The row; none = the one this case wrote, else a new one.
    pub row: Option<RecordId>,
    /// Columns to be set.
    pub set: Form,
}

/// A case to be opened.
#[derive(Clone, Debug, PartialEq)]
pub struct ToOpen {
    /// The procedure.
    pub procedure: String,
    /// The matter, where it is the opening case's own.
    pub matter: Option<String>,
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
    pub form: BTreeMap<Name, FieldValue>,
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
    pub form: BTreeMap<Name, FieldValue>,
    /// What the guard read from registers (`item.status`), so that a replay decides the same.
    pub facts: BTreeMap<Name, FieldValue>,
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
    apply(&step, case, read)
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
    let found = world.pack.procedures.get(case.procedure.as_str());
    found.ok_or_else(|| Refusal::UnknownProcedure { procedure: case.procedure.to_string() })
}

/// The definition of the state a case is in.
fn state_of<'a>(procedure: &'a Procedure, case: &CaseState) -> Option<&'a State> {
    procedure.states.get(case.state.as_str())
}

/// Fields, parties, counters, move, effects: only an effect with nobody to act on refuses here.
fn apply(step: &Step<'_>, case: &CaseState, read: Read) -> Result<Decision, Refusal> {
    let mut after = case.clone();
    let mut effects = Vec::new();
    fill(step, &mut after, &read.values);
    count(step, &mut after);
    if after.pending.as_ref().is_some_and(|it| it.action == step.id) {
        after.pending = None;
    }
    verdict(step, &mut after, &read.values);
    let moves = step.action.to.as_ref().filter(|_| everyone_did(step, &after));
    effects::effects(step, &after, &step.action.then, &mut effects)?;
    enter::extend(step, &mut after);
    match moves {
        Some(to) => enter::enter(step, &mut after, to, &mut effects)?,
        None => clock::reprice(step.world, step.procedure, &mut after),
    }
    Ok(Decision {
        voice: voice(step),
        facts: rules::facts(step, &after.fields),
        state: after,
        private: read.private,
        form: read.values,
        effects,
        approval: None,
    })
}

fn fill(step: &Step<'_>, after: &mut CaseState, values: &BTreeMap<Name, FieldValue>) {
    for (id, value) in values {
        let sums = step.world.pack.fields.get(id.as_str()).is_some_and(|field| field.sum);
        let value = match (sums, after.fields.get(id.as_str()), value) {
            (true, Some(FieldValue::Int(before)), FieldValue::Int(more)) => {
                FieldValue::Int(before.saturating_add(*more))
            }
            _ => value.clone(),
        };
        match (id.as_str(), &value) {
            ("matter", FieldValue::Text(matter)) => {
                after.matter = Some(matter.as_str().into());
                clock::forget_promise(after);
            }
            ("place", FieldValue::Text(place)) => {
                after.place = place.parse().unwrap_or(after.place);
            }
            ("contacted", FieldValue::Bool(yes)) => after.contacted = Some(*yes),
            _ => {}
        }
        after.fields.insert(id.as_str().into(), value);
    }
    forget(step, after, values);
    if let Some((party, doer)) = becomes(step) {
        after.fields.insert(party.into(), FieldValue::Text(doer));
    }
}

/// A party or row that a form asks for and that is left empty is none: who was named before is not
/// called again.
fn forget(step: &Step<'_>, after: &mut CaseState, values: &BTreeMap<Name, FieldValue>) {
    use crate::definition::Kind;
    let empty = step.action.asks.iter().filter(|ask| !values.contains_key(ask.field.as_str()));
    for ask in empty {
        let kind = step.world.pack.fields.get(&ask.field).map(|it| it.kind);
        if matches!(kind, Some(Kind::Org | Kind::Post | Kind::Person | Kind::Record | Kind::Case)) {
            after.fields.remove(ask.field.as_str());
        }
    }
}

/// The party the doer becomes: the post, its organisation, or who holds it.
fn becomes(step: &Step<'_>) -> Option<(String, String)> {
    use crate::definition::Kind;
    let (party, Doer::Post(post)) = (step.action.becomes.clone()?, step.by) else { return None };
    let network = step.world.network;
    let doer = match step.world.pack.fields.get(&party)?.kind {
        Kind::Org => network.post(post)?.org?.to_string(),
        Kind::Person => network.person(post, step.world.today())?.to_string(),
        _ => post.to_string(),
    };
    Some((party, doer))
}

fn count(step: &Step<'_>, after: &mut CaseState) {
    let Count { case, stay } = after.count(step.id);
    after.counts.insert(step.id.into(), Count { case: case + 1, stay: stay + 1 });
    if step.by != Doer::Clock {
        after.done_by.entry(step.id.into()).or_default().push(step.by.post());
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
fn verdict(step: &Step<'_>, after: &mut CaseState, values: &BTreeMap<Name, FieldValue>) {
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
    step.action.voice.as_ref().filter(|_| other).map(ToString::to_string)
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
    let mut counted = case.clone();
    let ladder = ballot::close(world, &mut counted, state).unwrap_or(&state.late);
    let acts = first_possible(world, &counted, ladder, entry);
    let (action, mut decision) =
        acts.unwrap_or_else(|| ("tick".to_owned(), Decision::plain(counted)));
    if decision.state.state == case.state && decision.state.since == case.since {
        clock::next_rung(world, state, &mut decision.state, timer);
    }
    Some((action, decision))
}

/// The post that would own a case in its state by today's posts; none at an end.
pub fn owner_of(world: &World<'_>, case: &CaseState) -> Option<PostId> {
    let procedure = procedure(world, case).ok()?;
    enter::owner(world, state_of(procedure, case)?, case)
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
        first_possible(world, &after, &state.joined, entry)
    });
    match joined.flatten() {
        Some((action, decision)) => (Some(action), decision),
        None => (None, Decision::plain(after)),
    }
}

/// The first of several actions that the clock can do.
fn first_possible(
    world: &World<'_>,
    case: &CaseState,
    ladder: &[String],
    entry: EntryId,
) -> Option<(String, Decision)> {
    ladder.iter().find_map(|action| {
        let form = Form::new();
        let command = Command { action: action.clone(), by: Doer::Clock, form, entry };
        decide(world, case, &command).ok().map(|decision| (action.clone(), decision))
    })
}

impl Decision {
    /// A decision that only changes the state.
    pub fn plain(state: CaseState) -> Self {
        Self {
            state,
            private: BTreeMap::new(),
            form: BTreeMap::new(),
            facts: BTreeMap::new(),
            voice: None,
            effects: Vec::new(),
            approval: None,
        }
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
