//! A running case goes over to another version of its pack: only into a state that is still there or
//! has a successor, only with all that is surely held there, and never so that it becomes late.

use super::{Decision, Effect, World, enter, state_of};
use crate::check::held;
use crate::definition::{Limit, Pack, Procedure, State};
use model::cases::{CaseState, Kept};
use thiserror::Error;

/// Why a case cannot go over.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WhyNot {
    /// It goes on to its end as it is: there is nothing to move.
    #[error("the case has ended")]
    Ended,
    /// It is there already.
    #[error("the case has this version already")]
    There,
    /// It moves with the case it is joined to.
    #[error("the case moves with the one it is joined to")]
    Joined,
    /// Keep the procedure until its cases have ended.
    #[error("the new version has no procedure {0}")]
    NoProcedure(String),
    /// Name a successor in `[moves.PROCEDURE]`.
    #[error("the new version has no state {0} and names no successor that is open")]
    NoState(String),
    /// Keep the matter, or change the case's before it moves.
    #[error("the new version has no matter {0}")]
    NoMatter(String),
    /// Fill the field by an action before the case moves.
    #[error("in its state the new version surely holds {}", .0.join(", "))]
    Unset(Vec<String>),
    /// Give the field another id: what it holds is of the old type.
    #[error("the field {0} has another type in the new version")]
    OtherType(String),
    /// Wait until the pause has ended.
    #[error("one of both states waits and the other does not")]
    Waits,
    /// Wait until the votes are counted.
    #[error("another ballot, or none, belongs to the state in the new version")]
    Ballot,
    /// Wait until the approval was given or refused.
    #[error("an approval is asked that the new version does not know")]
    Pending,
    /// Appoint somebody.
    #[error("nobody would own it")]
    NoOwner,
    /// Extend its limit, or let it end as it is.
    #[error("it would become late")]
    Late,
}

impl WhyNot {
    /// Its word, for lists and counts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::There => "there",
            Self::Joined => "joined",
            Self::NoProcedure(_) => "no_procedure",
            Self::NoState(_) => "no_state",
            Self::NoMatter(_) => "no_matter",
            Self::Unset(_) => "unset",
            Self::OtherType(_) => "other_type",
            Self::Waits => "waits",
            Self::Ballot => "ballot",
            Self::Pending => "pending",
            Self::NoOwner => "no_owner",
            Self::Late => "late",
        }
    }

    /// In Chinese.
    pub fn chinese(&self) -> String {
        match self {
            Self::Ended => "办件已经办结".to_owned(),
            Self::There => "已在新版本上".to_owned(),
            Self::Joined => "随所并入的诉求一起移".to_owned(),
            Self::NoProcedure(id) => format!("新版本没有流程 {id}"),
            Self::NoState(id) => format!("新版本没有状态 {id},也没有写由哪个未结状态接续"),
            Self::NoMatter(id) => format!("新版本没有事项 {id}"),
            Self::Unset(fields) => format!("新版本在这个状态必有 {},本件没有", fields.join("、")),
            Self::OtherType(field) => format!("字段 {field} 在新版本里换了类型"),
            Self::Waits => "新旧状态一个停表、一个走表".to_owned(),
            Self::Ballot => "正在表决,新版本的表决不同".to_owned(),
            Self::Pending => "正在报批的动作新版本没有".to_owned(),
            Self::NoOwner => "没有人承担".to_owned(),
            Self::Late => "移过去就会超期".to_owned(),
        }
    }
}

/// What going over from `old` to `new` does to a case.
pub fn move_case(
    old: &Pack,
    new: &Pack,
    case: &CaseState,
    world: &World<'_>,
) -> Result<Decision, WhyNot> {
    let world = &World { pack: new, ..*world };
    if case.end.is_some() {
        return Err(WhyNot::Ended);
    }
    if case.pack == new.hash {
        return Err(WhyNot::There);
    }
    let gone = || WhyNot::NoProcedure(case.procedure.to_string());
    let procedure = new.procedures.get(case.procedure.as_str()).ok_or_else(gone)?;
    let before = old.procedures.get(case.procedure.as_str()).ok_or_else(gone)?;
    let (to, state) = successor(new, procedure, &case.state)?;
    fits(old, new, procedure, case)?;
    stands(before, procedure, case, (to, state))?;
    let mut after = case.clone();
    after.pack = new.hash.as_str().into();
    rename(new, procedure, &mut after, to)?;
    keep_promise(old, before, world, &mut after);
    begin(procedure, state, &mut after, world.now);
    after.owner = Some(enter::owner(world, state, &after).ok_or(WhyNot::NoOwner)?);
    if state.awaits_verdict && after.answered_at.is_none() {
        after.answered_at = Some(world.now);
    }
    let after = reckoned(world, procedure, case, after)?;
    let posts = after.owner.filter(|it| case.owner != Some(*it)).into_iter().collect::<Vec<_>>();
    let mut decision = Decision::plain(after);
    if !posts.is_empty() {
        decision.effects.push(Effect::Tell { posts, asker: false });
    }
    Ok(decision)
}

/// A case as far as it goes in another version: in the state of the same name, or its successor.
pub fn renamed(new: &Pack, case: &CaseState) -> Option<CaseState> {
    let procedure = new.procedures.get(case.procedure.as_str())?;
    let (state, _) = successor(new, procedure, &case.state).ok()?;
    Some(CaseState { state: state.into(), pack: new.hash.as_str().into(), ..case.clone() })
}

/// The state a case of another version is in: the one of this name, else the successor that is named.
fn successor<'a>(
    new: &'a Pack,
    procedure: &'a Procedure,
    state: &'a str,
) -> Result<(&'a str, &'a State), WhyNot> {
    let named = new.moves.get(&procedure.id).and_then(|it| it.get(state));
    let id = match procedure.states.contains_key(state) {
        true => state,
        false => named.map_or(state, String::as_str),
    };
    let found = procedure.states.get_key_value(id).filter(|(_, it)| it.end.is_none());
    found.map(|(id, it)| (id.as_str(), it)).ok_or_else(|| WhyNot::NoState(state.to_owned()))
}

/// What the case holds means the same in the new version, and nothing is missing there.
fn fits(old: &Pack, new: &Pack, procedure: &Procedure, case: &CaseState) -> Result<(), WhyNot> {
    if let (Some(catalogue), Some(matter)) = (&procedure.matters, &case.matter)
        && !new.matters.get(catalogue).is_some_and(|it| it.contains_key(matter.as_str()))
    {
        return Err(WhyNot::NoMatter(matter.to_string()));
    }
    for field in case.fields.keys() {
        let (was, is) = (old.fields.get(field.as_str()), new.fields.get(field.as_str()));
        let other = was.zip(is).is_some_and(|(was, is)| was.kind != is.kind || was.many != is.many);
        if other {
            return Err(WhyNot::OtherType(field.to_string()));
        }
    }
    let (to, _) = successor(new, procedure, &case.state)?;
    let held = held(procedure).remove(to).unwrap_or_default();
    let unset = |field: &&str| {
        let column = match *field {
            "matter" => case.matter.is_some(),
            _ => false,
        };
        !column && !case.fields.contains_key(*field)
    };
    let unset: Vec<String> = held.into_iter().filter(unset).map(str::to_owned).collect();
    if unset.is_empty() { Ok(()) } else { Err(WhyNot::Unset(unset)) }
}

/// What is under way around the state goes on: a pause, a ballot, an approval that is asked.
fn stands(
    before: &Procedure,
    procedure: &Procedure,
    case: &CaseState,
    (to, state): (&str, &State),
) -> Result<(), WhyNot> {
    if case.waiting().is_some() == state.waits.is_empty() {
        return Err(WhyNot::Waits);
    }
    let was = state_of(before, case).and_then(|it| it.ballot.as_ref());
    if was != state.ballot.as_ref() {
        return Err(WhyNot::Ballot);
    }
    let known = |action: &str| {
        let found = procedure.actions.get(action);
        found.is_some_and(|it| it.approval.is_some() && it.from.iter().any(|it| it == to))
    };
    match &case.pending {
        Some(pending) if !known(&pending.action) => Err(WhyNot::Pending),
        _ => Ok(()),
    }
}

/// Gives states their new names wherever the case remembers them.
fn rename(new: &Pack, procedure: &Procedure, case: &mut CaseState, to: &str) -> Result<(), WhyNot> {
    let was = std::mem::replace(&mut case.state, to.into());
    if was != to {
        if let Some(at) = case.entered.remove(&was) {
            case.entered.insert(to.into(), at);
        }
        if let Some(longer) = case.extensions.remove(&was) {
            case.extensions.insert(to.into(), longer);
        }
    }
    if let Some(wait) = case.waits.last_mut().filter(|it| it.until.is_none()) {
        wait.state = to.into();
        wait.back_to = successor(new, procedure, &wait.back_to)?.0.into();
    }
    Ok(())
}

/// The date the asker was given stands: the promise keeps the span it was made with.
fn keep_promise(old: &Pack, before: &Procedure, world: &World<'_>, case: &mut CaseState) {
    let kept = case.kept.as_ref().and_then(|it| it.promise.clone());
    let made = || {
        let limit = before.promise.as_ref()?;
        let world = World { pack: old, ..*world };
        super::clock::span(&world, before, case, limit).map(|it| it.to_string())
    };
    let promise = if case.promise.is_some() { kept.or_else(made) } else { None };
    case.kept = Some(Kept { promise, ..Kept::default() });
}

/// The new limit counts from now on; of a pause that lasts, that of the state it goes back to.
fn begin(procedure: &Procedure, state: &State, case: &mut CaseState, now: jiff::Timestamp) {
    let wait = case.waiting().map(|it| it.back_to.clone());
    let of = wait.unwrap_or_else(|| case.state.clone());
    let state = procedure.states.get(of.as_str()).unwrap_or(state);
    let origin = match &state.limit {
        Some(Limit::Span(_, Some(from)) | Limit::Named(_, Some(from))) => from.clone(),
        _ => of.to_string(),
    };
    case.entered.insert(origin.into(), now);
}

/// The clock after it. The old due date stands where the new one would lie before it.
fn reckoned(
    world: &World<'_>,
    procedure: &Procedure,
    case: &CaseState,
    mut after: CaseState,
) -> Result<CaseState, WhyNot> {
    let old = case.clock.as_ref().map(|it| it.due_at);
    let paused = after.waiting().is_some();
    // A pause is bounded from its beginning: its new bound counts from the move as well.
    let since = after.since;
    if paused {
        after.since = world.now;
    }
    after.clock = None;
    super::clock::reprice(world, procedure, &mut after);
    after.since = since;
    let anew = after.clock.as_ref().map(|it| it.due_at);
    let floor = old.max(anew);
    if let Some(kept) = after.kept.as_mut().filter(|_| paused || old > anew) {
        kept.due_at = floor.map(|at| (after.state.clone(), at));
    }
    after.kept = after.kept.filter(|it| *it != Kept::default());
    after.clock = case.clock.clone().filter(|it| it.rung > 0 && floor <= Some(world.now));
    super::clock::reprice(world, procedure, &mut after);
    let due = after.clock.as_ref().map(|it| it.due_at);
    let late = |due: Option<jiff::Timestamp>| due.is_some_and(|it| it <= world.now);
    if late(due) && !late(old) { Err(WhyNot::Late) } else { Ok(after) }
}
