//! Carrying out what was decided: the case moves, others are opened or dropped, parents are told, clocks
//! are set. The same order as in earnest; what leaves the cases (messages, boards, ledgers, registers)
//! changes nothing here.

use super::dice::Dice;
use super::play::Play;
use super::slab::{Case, Event, Ref};
use super::work::ENTRY;
use crate::decide::{
    self, Command, Decision, Doer, Effect, Facts, Form, Opening, Refusal, ToCall, ToOpen, World,
};
use crate::definition::GatheringKind;
use jiff::SignedDuration;
use model::cases::{Asker, CaseState};
use model::effects::Tally;
use std::collections::{BTreeMap, BTreeSet};

/// The procedure by which approvals are asked, and the state in which they are given.
const APPROVAL: (&str, &str) = ("approval", "granted");
/// How many vote in a ballot.
const VOTERS: u32 = 100;
/// How long a meeting takes.
const MEETING: SignedDuration = SignedDuration::from_hours(2);

impl Play<'_> {
    /// Opens a case; a refusal is counted, and whoever waits for it waits no longer.
    pub fn open(&mut self, opening: &Opening, parent: Option<(Ref, bool)>, mut dice: Dice) {
        let world = self.world(parent.map(|(parent, _)| parent));
        self.tallies.decisions += 1;
        let decision = match decide::open(&world, opening) {
            Ok(decision) => decision,
            Err(refusal) => return self.not_opened(opening, parent, &refusal),
        };
        let state = CaseState { place: opening.place, ..decision.state.clone() };
        self.tallies.of(&opening.procedure).outcome.opened += 1;
        let id = dice.id().into();
        let at = self.cases.add(Case::new(id, state, dice, parent));
        if let Some((parent, _)) = parent {
            self.link(parent, at);
        }
        self.carry(at, decision);
    }

    /// A parent knows its children; an approval is known by its id.
    fn link(&mut self, parent: Ref, child: Ref) {
        let opened = self.cases.get(child).map(|it| (it.id, it.state.procedure == APPROVAL.0));
        let (Some((id, approval)), Some(parent)) = (opened, self.cases.get_mut(parent)) else {
            return;
        };
        parent.children.push(child);
        if let Some(pending) = parent.state.pending.as_mut().filter(|_| approval) {
            pending.request = id;
        }
    }

    fn not_opened(&mut self, opening: &Opening, parent: Option<(Ref, bool)>, refusal: &Refusal) {
        self.tallies.refused(&opening.procedure, "open", refusal.code());
        if let Some((parent, true)) = parent {
            self.child_ended(parent, &opening.procedure, false);
        }
    }

    /// Carries out what was decided for a case.
    pub fn carry(&mut self, at: Ref, mut decision: Decision) {
        let effects = std::mem::take(&mut decision.effects);
        let opens = opens(&mut decision, &effects);
        let released = effects.iter().filter_map(|effect| match effect {
            Effect::Release(procedure) => Some(procedure.as_deref()),
            _ => None,
        });
        let released: Vec<Option<&str>> = released.collect();
        for procedure in &released {
            forget_children(&mut decision.state, *procedure);
        }
        let limits = self.window(&decision);
        self.change(at, decision.state);
        for procedure in released {
            self.release(at, procedure);
        }
        for to_open in opens {
            self.open_child(at, to_open, limits.clone());
        }
        for effect in &effects {
            if let Effect::Call(call) = effect {
                self.call(at, call);
            }
        }
        self.settle(at);
    }

    /// The window of an approval as the action that waits for it says.
    fn window(&self, decision: &Decision) -> BTreeMap<String, String> {
        let within = decision.approval.as_ref().map(|it| it.within.to_string());
        within.map(|within| ("window".to_owned(), within)).into_iter().collect()
    }

    /// The case is in another state, or not; what belonged to the stay before is over.
    fn change(&mut self, at: Ref, after: CaseState) {
        let now = self.now;
        let Some(case) = self.cases.get_mut(at) else { return };
        let before = std::mem::replace(&mut case.state, after);
        let after = &case.state;
        let tally = self.tallies.of(&after.procedure);
        tally.acted((&before, after), now);
        let promise = before.promise.as_ref().filter(|_| before.answered_at.is_none());
        let missed = before.end.is_none() && promise.is_some_and(|promise| promise.at < now);
        if missed && !std::mem::replace(&mut case.late, true) {
            tally.outcome.late += 1;
        }
        let away = |state: &CaseState| {
            self.book.stay(&state.procedure, &state.state).is_some_and(|stay| stay.away)
        };
        let back = |state: &CaseState| {
            let procedure = self.setting.pack.procedures.get(state.procedure.as_str());
            procedure.and_then(|it| it.states.get_index_of(state.state.as_str()))
        };
        if after.end.is_none() && away(&before) && !away(after) && back(after) < back(&before) {
            tally.outcome.returned += 1;
        }
        if before.state != case.state.state || before.since != case.state.since {
            for desk in case.leave() {
                if let Some(desk) = self.desks.get_mut(desk as usize) {
                    desk.put_away(now);
                }
            }
        }
    }

    fn open_child(&mut self, parent: Ref, to_open: ToOpen, limits: BTreeMap<String, String>) {
        let Some(case) = self.cases.get_mut(parent) else { return };
        let dice = case.dice.apart();
        let about = if to_open.child { BTreeSet::new() } else { case.state.about.clone() };
        let opening = Opening {
            procedure: to_open.procedure,
            matter: to_open.matter,
            place: to_open.place,
            asker: to_open.asker,
            by: Doer::Clock,
            about,
            parent: Some(case.id),
            limits,
            source_due: None,
            form: to_open.form.into_iter().map(|(field, value)| (field, copied(value))).collect(),
            entry: ENTRY,
        };
        self.open(&opening, Some((parent, to_open.child)), dice);
    }

    /// Ends open children of a procedure, or all, as dropped.
    fn release(&mut self, at: Ref, procedure: Option<&str>) {
        let Some(case) = self.cases.get(at) else { return };
        let named = |child: &&Ref| {
            let child = self.cases.get(**child).filter(|it| it.state.end.is_none());
            child.is_some_and(|it| {
                it.parent.is_some_and(|(_, waited)| waited)
                    && procedure.is_none_or(|procedure| it.state.procedure == procedure)
            })
        };
        let children: Vec<Ref> = case.children.iter().filter(named).copied().collect();
        for child in children {
            self.release(child, None);
            let Some(mut case) = self.cases.remove(child) else { continue };
            self.tallies.of(&case.state.procedure).dropped(&case.state, self.now);
            for desk in case.leave() {
                if let Some(desk) = self.desks.get_mut(desk as usize) {
                    desk.put_away(self.now);
                }
            }
        }
    }

    /// A meeting is held when its time has come; ballots are counted by their state's clock.
    fn call(&mut self, at: Ref, call: &ToCall) {
        let gatherings = &self.setting.pack.gatherings;
        let known = gatherings.get_index_of(&call.gathering);
        let meets =
            gatherings.get(&call.gathering).is_some_and(|it| it.kind != GatheringKind::Ballot);
        if let Some(position) = known.filter(|_| meets) {
            let position = u32::try_from(position).unwrap_or(u32::MAX);
            self.events.add(call.at.max(self.now) + MEETING, Event::Held(at, position));
        }
    }

    /// A meeting of a case was held.
    pub fn held(&mut self, at: Ref, gathering: u32) {
        let known = self.setting.pack.gatherings.get_index(gathering as usize);
        let (Some((id, _)), Some(case)) = (known, self.cases.get_mut(at)) else { return };
        *case.state.held.entry(id.as_str().into()).or_default() += 1;
        self.settle(at);
    }

    /// Sets the clock and lays the case before whoever is next; one that has ended tells its parent.
    fn settle(&mut self, at: Ref) {
        let Some(case) = self.cases.get_mut(at) else { return };
        let timer = case.state.clock.as_ref().map(|clock| clock.timer_at);
        if let Some(timer) = timer.filter(|it| case.timer.is_none_or(|set| *it < set)) {
            case.timer = Some(timer);
            self.events.add(timer.max(self.now), Event::Timer(at));
        }
        if case.state.end.is_some() {
            self.ended(at);
        }
        self.plan(at);
        self.forget(at);
    }

    fn ended(&mut self, at: Ref) {
        let Some(case) = self.cases.get(at) else { return };
        let (id, state) = (case.id, &case.state);
        let (procedure, granted) = (state.procedure.clone(), state.state == APPROVAL.1);
        let Some((parent, true)) = case.parent else { return };
        let pending = self.cases.get(parent).and_then(|it| it.state.pending.as_ref());
        let awaited = pending.is_some_and(|it| it.request == id);
        if awaited {
            self.answered(parent, granted);
        } else {
            self.child_ended(parent, &procedure, true);
        }
    }

    fn child_ended(&mut self, parent: Ref, procedure: &str, ended: bool) {
        let Some(case) = self.cases.get(parent).filter(|it| it.state.end.is_none()) else { return };
        let world = self.world(case.parent.map(|(parent, _)| parent));
        let (_, mut decision) = decide::child_ended(&world, &case.state, procedure, ENTRY);
        if !ended && procedure == APPROVAL.0 {
            decision.state.pending = None;
        }
        self.tallies.decisions += 1;
        self.carry(parent, decision);
    }

    /// An approval was given or refused.
    fn answered(&mut self, parent: Ref, granted: bool) {
        let Some(case) = self.cases.get(parent) else { return };
        let mut counted = case.state.clone();
        forget_children(&mut counted, Some(APPROVAL.0));
        let Some(pending) = counted.pending.clone() else { return };
        if !granted {
            counted.pending = None;
            return self.carry(parent, Decision::plain(counted));
        }
        let by = Doer::Granted { asked: pending.by };
        let (action, form) = (pending.action, Form::new());
        let world = self.world(case.parent.map(|(parent, _)| parent));
        let command = Command { action, by, form, entry: ENTRY };
        self.tallies.decisions += 1;
        let decision = decide::decide(&world, &counted, &command).unwrap_or_else(|refusal| {
            self.tallies.refused(&counted.procedure, &command.action, refusal.code());
            Decision::plain(counted)
        });
        let state = CaseState { pending: None, ..decision.state };
        self.carry(parent, Decision { state, ..decision });
    }

    /// A case's clock rings, if it was not set anew.
    pub fn ring(&mut self, at: Ref) {
        let Some(case) = self.cases.get_mut(at) else { return };
        case.timer = None;
        let mut dice = case.dice.clone();
        let Some(case) = self.cases.get(at) else { return };
        let facts = Facts { tally: self.vote(&case.state, &mut dice), ..Facts::default() };
        let world = World { facts: &facts, ..self.world(case.parent.map(|(parent, _)| parent)) };
        let rung = decide::tick(&world, &case.state, ENTRY);
        let Some(case) = self.cases.get_mut(at) else { return };
        case.dice = dice;
        let Some((_, decision)) = rung else { return self.settle(at) };
        self.tallies.decisions += 1;
        self.overdue(at);
        self.carry(at, decision);
    }

    /// Counts a stage whose limit ran out: not a wait, nor a ballot that closes.
    fn overdue(&mut self, at: Ref) {
        let Some(case) = self.cases.get_mut(at) else { return };
        let first = case.state.clock.as_ref().is_some_and(|clock| clock.running && clock.rung == 0);
        let procedure = self.setting.pack.procedures.get(case.state.procedure.as_str());
        let state = procedure.and_then(|it| it.states.get(case.state.state.as_str()));
        if !first || state.is_none_or(|state| state.ballot.is_some()) {
            return;
        }
        let tally = self.tallies.of(&case.state.procedure);
        tally.overdue(&case.state.state);
        if case.state.promise.is_none() && !std::mem::replace(&mut case.late, true) {
            tally.outcome.late += 1;
        }
    }

    /// How the voters of a state's ballot vote: all of them, one way or the other.
    fn vote(&self, case: &CaseState, dice: &mut Dice) -> Option<Tally> {
        let pack = &self.setting.pack;
        let state =
            pack.procedures.get(case.procedure.as_str())?.states.get(case.state.as_str())?;
        let ballot = pack.gatherings.get(state.ballot.as_ref()?)?.ballot.as_ref()?;
        let carries = dice.share() < self.setting.habits.ballots;
        let mut choices = 0..ballot.choices.len();
        let chosen = choices.find(|choice| ballot.yes.contains(choice) == carries)?;
        let votes = (0..ballot.choices.len()).map(|at| if at == chosen { VOTERS } else { 0 });
        Some(Tally { called: VOTERS, cast: VOTERS, votes: votes.collect() })
    }

    /// An ended case that nobody will do anything about is done with.
    pub fn forget(&mut self, at: Ref) {
        let over = |case: &Case| case.state.end.is_some() && !case.asked && case.tasks.is_empty();
        if self.cases.get(at).is_some_and(over) {
            self.cases.remove(at);
        }
    }
}

/// The cases that are to be opened, an approval's among them; children are counted.
fn opens(decision: &mut Decision, effects: &[Effect]) -> Vec<ToOpen> {
    let written = effects.iter().filter_map(|effect| match effect {
        Effect::Open(to_open) => Some((**to_open).clone()),
        _ => None,
    });
    let mut opens: Vec<ToOpen> = written.collect();
    if let Some(approval) = &decision.approval {
        opens.push(ToOpen {
            procedure: APPROVAL.0.to_owned(),
            matter: None,
            asker: Asker::Post { post: approval.asked },
            place: decision.state.place,
            child: true,
            form: Form::from_iter([("approver".to_owned(), approval.approver.to_string().into())]),
        });
        // The request gets its id when it is opened.
        *decision = decide::asked(decision.clone(), uuid::Uuid::nil().into());
    }
    for to_open in opens.iter().filter(|it| it.child) {
        *decision.state.children.entry(to_open.procedure.as_str().into()).or_default() += 1;
    }
    opens
}

fn forget_children(state: &mut CaseState, procedure: Option<&str>) {
    match procedure {
        Some(procedure) => {
            state.children.remove(procedure);
        }
        None => state.children.clear(),
    }
}

/// A text that is passed on stands for itself.
fn copied(value: serde_json::Value) -> serde_json::Value {
    if value.get("private").is_some() { "略".into() } else { value }
}
