//! Carrying out what `method` decided: the entry of the act, then its effects, in one transaction.

use super::open::record_opening;
use super::world::{facts, facts_of_form, world};
use crate::{Error, Result, Work};
use method::decide::{self, Decision, Doer, Effect, Form, ToOpen, World};
use method::definition::Pack;
use model::cases::{Asker, CaseState, Choice, End};
use model::journal::{Act, Event, Link};
use model::{CaseId, EntryId};
use rowdb::{BoxFuture, Tx};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::cases::Case;

/// What an act is recorded as.
pub(super) struct Recorded<'a> {
    /// The action, or the program's own word.
    pub action: &'a str,
    /// The id the entry gets.
    pub entry: EntryId,
    /// What was decided.
    pub decision: Decision,
}

/// Records an act on a case with all that follows from it; gives the case after it.
pub(super) fn carry<'a>(
    tx: &'a mut Tx,
    work: &'a mut Work,
    case: &'a Case,
    act: Recorded<'a>,
) -> BoxFuture<'a, Result<Case>> {
    Box::pin(async move {
        let Recorded { action, entry, mut decision } = act;
        let opens = take_opens(&mut decision, work, case)?;
        let releases = releases(&decision);
        for released in &releases {
            forget_children(&mut decision.state, released.as_deref());
        }
        let after = record_act(tx, work, case, (action, entry), &decision).await?;
        for effect in &decision.effects {
            crate::effects::carry_out(tx, work, &after, effect).await?;
        }
        for released in releases {
            release(tx, work, &after, released.as_deref()).await?;
        }
        for (to_open, id) in opens {
            open_child(tx, work, &after, to_open, id).await?;
        }
        if after.state.end.is_some() {
            tell_parent(tx, work, &after).await?;
        }
        crate::messages::tell_acted(tx, work, (&case.state, &after)).await?;
        super::join::follow(tx, work, &after).await?;
        Ok(after)
    })
}

/// A case to be opened and the id it gets.
type Opens = Vec<(ToOpen, CaseId)>;

/// Takes the cases to be opened out of a decision, counts children, and adds the approval's.
fn take_opens(decision: &mut Decision, work: &mut Work, case: &Case) -> Result<Opens> {
    let mut opens = Opens::new();
    let effects = std::mem::take(&mut decision.effects);
    for effect in effects {
        match effect {
            Effect::Open(to_open) => opens.push((*to_open, work.draw.id())),
            other => decision.effects.push(other),
        }
    }
    if let Some(approval) = decision.approval.clone() {
        let id: CaseId = work.draw.id();
        let form = Form::from_iter([(
            "approver".to_owned(),
            Value::String(approval.approver.to_string()),
        )]);
        opens.push((
            ToOpen {
                procedure: APPROVAL.to_owned(),
                matter: None,
                asker: Asker::Post { post: approval.asked },
                place: case.state.place,
                child: true,
                form,
            },
            id,
        ));
        *decision = decide::asked(decision.clone(), id);
    }
    for (to_open, _) in opens.iter().filter(|(it, _)| it.child) {
        *decision.state.children.entry(to_open.procedure.as_str().into()).or_default() += 1;
    }
    Ok(opens)
}

/// The procedure in `base` by which approvals are asked.
pub(super) const APPROVAL: &str = "approval";

fn releases(decision: &Decision) -> Vec<Option<String>> {
    let wanted = decision.effects.iter().filter_map(|effect| match effect {
        Effect::Release(procedure) => Some(procedure.clone()),
        _ => None,
    });
    wanted.collect()
}

fn forget_children(state: &mut CaseState, procedure: Option<&str>) {
    match procedure {
        Some(procedure) => {
            state.children.remove(procedure);
        }
        None => state.children.clear(),
    }
}

/// Records the entry of an act: a merge patch from the state before to the state after.
pub(super) async fn record_act(
    tx: &mut Tx,
    work: &mut Work,
    case: &Case,
    (action, entry): (&str, EntryId),
    decision: &Decision,
) -> Result<Case> {
    let act = act_of(work, case, action, decision)?;
    record_event(tx, work, case, (entry, Event::CaseActed { act }), decision).await
}

/// An act as the journal keeps it.
pub(super) fn act_of(work: &Work, case: &Case, action: &str, decision: &Decision) -> Result<Act> {
    let before = serde_json::to_value(&case.state).map_err(Error::internal)?;
    let after = serde_json::to_value(&decision.state).map_err(Error::internal)?;
    let change = model::trees::diff(&before, &after).unwrap_or_else(|| Value::Object(Form::new()));
    let (mut notified, mut tell_asker) = (Vec::new(), false);
    for effect in &decision.effects {
        if let Effect::Tell { posts, asker } = effect {
            notified.extend(posts.iter().copied());
            tell_asker |= *asker;
        }
    }
    let form = (!decision.form.is_empty())
        .then(|| serde_json::to_value(&decision.form).map_err(Error::internal))
        .transpose()?;
    let moved = decision.state.place != case.state.place;
    Ok(Act {
        case: case.id,
        path: moved.then(|| work.shelf.network.path(decision.state.place)),
        hushed: !case.sensitive && super::open::is_sensitive(work, &decision.state)?,
        action: action.to_owned(),
        voice: decision.voice.clone(),
        form,
        facts: decision.facts.clone(),
        choice: chosen(work, &case.state, &decision.state, action)?,
        change,
        notified,
        tell_asker,
    })
}

/// Records an act with its private texts; gives the case after it.
pub(super) async fn record_event(
    tx: &mut Tx,
    work: &mut Work,
    case: &Case,
    (entry, event): (EntryId, Event),
    decision: &Decision,
) -> Result<Case> {
    let at = work.now().max(case.changed_at);
    let hushed = !case.sensitive && super::open::is_sensitive(work, &decision.state)?;
    work.private.clone_from(&decision.private);
    work.record_on(tx, (entry, case), at, event).await?;
    let mut after = case.clone();
    if decision.state.place != case.state.place {
        let path = work.shelf.network.path(decision.state.place);
        after.path = path.into_iter().flatten().collect();
    }
    after.revision += 1;
    after.changed_at = at;
    after.sensitive |= hushed;
    after.state = decision.state.clone();
    Ok(after)
}

/// How a new owner was found; a joined request has its owner from the one it was joined to.
fn chosen(
    work: &Work,
    before: &CaseState,
    after: &CaseState,
    action: &str,
) -> Result<Option<Choice>> {
    if action == FOLLOW {
        return Ok(None);
    }
    let world = work.shelf.world(work.shelf.pinned(&after.pack)?, work.now());
    Ok(decide::choice(&world, Some(before), after, action))
}

/// What a joined request does when the one it was joined to has moved.
pub(super) const FOLLOW: &str = "follow";

/// Ends open children of a procedure (or all) as dropped: what they were for is no longer wanted.
fn release<'a>(
    tx: &'a mut Tx,
    work: &'a mut Work,
    parent: &'a Case,
    procedure: Option<&'a str>,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        for child in store::cases::children(tx, parent.id).await? {
            let named = procedure.is_none_or(|it| it == child.state.procedure);
            if named && child.state.end.is_none() && child.link == Some(Link::Child) {
                drop_child(tx, work, &child).await?;
            }
        }
        Ok(())
    })
}

async fn drop_child(tx: &mut Tx, work: &mut Work, child: &Case) -> Result<()> {
    let mut state = child.state.clone();
    state.state = "withdrawn".into();
    state.end = Some(End::Withdrawn);
    state.ended_at = Some(work.now());
    state.owner = None;
    state.clock = None;
    state.pending = None;
    state.children.clear();
    if let Some(wait) = state.waits.last_mut().filter(|wait| wait.until.is_none()) {
        wait.until = Some(work.now());
    }
    let entry = work.draw.entry();
    let after = record_act(tx, work, child, ("dropped", entry), &Decision::plain(state)).await?;
    release(tx, work, &after, None).await
}

async fn open_child(
    tx: &mut Tx,
    work: &mut Work,
    parent: &Case,
    to_open: ToOpen,
    id: CaseId,
) -> Result<()> {
    let shelf = work.shelf.clone();
    let pack = shelf.pinned(&parent.state.pack)?;
    let entry = work.draw.entry();
    let form = copy_texts(tx, to_open.form).await?;
    let facts = facts_of_form(tx, pack, &form).await?;
    let opening = decide::Opening {
        procedure: to_open.procedure,
        matter: to_open.matter,
        place: to_open.place,
        asker: to_open.asker,
        by: Doer::Clock,
        about: if to_open.child { BTreeSet::new() } else { parent.state.about.clone() },
        parent: Some(parent.id),
        limits: approval_window(pack, parent),
        source_due: None,
        form,
        entry,
    };
    let mut world = shelf.world(pack, work.now());
    world.facts = &facts;
    world.parent_due = parent.state.clock.as_ref().map(|clock| clock.due_at);
    let decision = decide::open(&world, &opening)?;
    let link = if to_open.child { Link::Child } else { Link::Link };
    record_opening(tx, work, (id, entry), decision, Some((parent, link))).await?;
    Ok(())
}

/// The window of an approval as the action that waits for it says.
fn approval_window(pack: &Arc<Pack>, parent: &Case) -> BTreeMap<String, String> {
    let waits = parent.state.pending.as_ref().and_then(|pending| {
        let procedure = pack.procedures.get(parent.state.procedure.as_str())?;
        let (_, within) = procedure.actions.get(&pending.action)?.approval.as_ref()?;
        Some(within.to_string())
    });
    waits.map(|within| ("window".to_owned(), within)).into_iter().collect()
}

/// Opens a case that nobody asked for: a cycle's.
pub(crate) async fn open_by_cycle(
    tx: &mut Tx,
    work: &mut Work,
    pack: &Pack,
    to_open: ToOpen,
) -> Result<Case> {
    let (id, entry) = (work.draw.id(), work.draw.entry());
    let opening = decide::Opening {
        procedure: to_open.procedure,
        matter: None,
        place: to_open.place,
        asker: to_open.asker,
        by: Doer::Clock,
        about: BTreeSet::new(),
        parent: None,
        limits: BTreeMap::new(),
        source_due: None,
        form: to_open.form,
        entry,
    };
    let shelf = work.shelf.clone();
    let facts = facts_of_form(tx, pack, &opening.form).await?;
    let world = World { facts: &facts, ..shelf.world(pack, work.now()) };
    let decision = decide::open(&world, &opening)?;
    record_opening(tx, work, (id, entry), decision, None).await
}

/// Counts a meeting of a case whose minutes were kept.
pub(crate) async fn count_meeting(
    tx: &mut Tx,
    work: &mut Work,
    case: &Case,
    gathering: &str,
) -> Result<()> {
    let mut state = case.state.clone();
    *state.held.entry(gathering.into()).or_default() += 1;
    let entry = work.draw.entry();
    record_act(tx, work, case, ("minuted", entry), &Decision::plain(state)).await?;
    Ok(())
}

/// Private texts that an effect passes on are copied from the entry they lie beside.
pub(crate) async fn copy_texts(tx: &mut Tx, form: Form) -> Result<Form> {
    let mut copied = Form::new();
    for (field, value) in form {
        let private = value.get("private").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let of = value.get("field").and_then(Value::as_str);
        let value = match (private, of) {
            (Some(entry), Some(of)) => {
                let text = store::journal::private_value(tx, entry, of).await?;
                let text = text.unwrap_or_default();
                let line = matches!(field.as_str(), "title" | "contact");
                let most = if line { 30 } else { 4000 };
                Value::String(text.chars().take(most).collect())
            }
            _ => value,
        };
        copied.insert(field, value);
    }
    Ok(copied)
}

/// A child has ended: its parent counts it, goes on when it was the last, and carries out what an
/// approval granted.
async fn tell_parent(tx: &mut Tx, work: &mut Work, child: &Case) -> Result<()> {
    let (Some(Link::Child), Some(parent)) = (child.link, child.parent) else { return Ok(()) };
    let Some(parent) = store::cases::get(tx, parent).await? else { return Ok(()) };
    if parent.state.end.is_some() {
        return Ok(());
    }
    let shelf = work.shelf.clone();
    let facts = facts(tx, &shelf, &parent, &Form::new()).await?;
    let world = world(tx, work, (&shelf, &facts), &parent).await?;
    if let Some(pending) = parent.state.pending.clone().filter(|it| it.request == child.id) {
        let granted = child.state.state == "granted";
        return approved(tx, work, (&world, &parent), (pending, granted)).await;
    }
    let entry = work.draw.entry();
    let (action, decision) =
        decide::child_ended(&world, &parent.state, &child.state.procedure, entry);
    let action = action.unwrap_or_else(|| "child_ended".to_owned());
    carry(tx, work, &parent, Recorded { action: &action, entry, decision }).await?;
    Ok(())
}

async fn approved(
    tx: &mut Tx,
    work: &mut Work,
    (world, parent): (&World<'_>, &Case),
    (pending, granted): (model::cases::Pending, bool),
) -> Result<()> {
    let entry = work.draw.entry();
    let mut counted = parent.clone();
    forget_children(&mut counted.state, Some(APPROVAL));
    if !granted {
        counted.state.pending = None;
        let decision = Decision::plain(counted.state.clone());
        let refused = Recorded { action: "approval_refused", entry, decision };
        carry(tx, work, parent, refused).await?;
        return Ok(());
    }
    let command = decide::Command {
        action: pending.action.clone(),
        by: Doer::Granted { asked: pending.by },
        form: Form::new(),
        entry,
    };
    let mut decision = decide::decide(world, &counted.state, &command)?;
    decision.state.pending = None;
    carry(tx, work, parent, Recorded { action: &pending.action, entry, decision }).await?;
    Ok(())
}
