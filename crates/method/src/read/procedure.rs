//! One procedure: its head, its states, its actions. Guards and effects are read in `act`.

use super::effects::Effects;
use super::guards;
use super::keys::Keys;
use super::tree::Node;
use super::words::{Vocabulary, limit};
use crate::check::{Check, Found};
use crate::definition::{
    Action, AskerOf, By, Hide, Limit, Matter, Named, Procedure, State, VerdictBy, Who,
};
use model::cases::End;

/// Keys of a procedure, besides those by which it inherits.
pub(super) const HEAD: [&str; 12] = [
    "title",
    "why",
    "asker",
    "hides",
    "sensitive",
    "verdict",
    "promise",
    "matters",
    "stages",
    "limits",
    "state",
    "action",
];

pub(super) const STATE: [&str; 15] = [
    "title", "stage", "shown", "owner", "limit", "late", "again", "waits", "joined", "end", "then",
    "ballot", "passed", "failed", "void",
];

const ASKERS: [(&str, AskerOf); 5] = [
    ("resident", AskerOf::Resident),
    ("post", AskerOf::Post),
    ("unit", AskerOf::Unit),
    ("parent", AskerOf::Parent),
    ("none", AskerOf::None),
];

pub(super) type Catalogues = Named<Named<Matter>>;

/// All procedures. Guards are compiled last, when every procedure's id is known.
pub(super) fn all(
    node: Option<&Node>,
    words: &Vocabulary,
    matters: &Catalogues,
    found: &Found,
) -> Named<Procedure> {
    let Some(node) = node else { return Named::default() };
    let keys = Keys::open(node, found);
    let ids: Vec<&str> = keys.entries().map(|(id, _)| id).collect();
    let one = |(id, node): (&str, &Node)| {
        let mut procedure = Reader { words, found, ids: &ids }.procedure(id, node);
        guards::all(&mut procedure, node, (words, matters, &ids), found);
        derive(&mut procedure, words);
        (id.to_owned(), procedure)
    };
    keys.entries().map(one).collect()
}

/// What reading a procedure needs beside it.
pub(super) struct Reader<'a> {
    pub words: &'a Vocabulary,
    pub found: &'a Found,
    pub ids: &'a [&'a str],
}

impl Reader<'_> {
    fn procedure(&self, id: &str, node: &Node) -> Procedure {
        let keys = Keys::new(node, &HEAD, self.found);
        let asker = keys.word("asker", &ASKERS).unwrap_or(AskerOf::Resident);
        if !keys.has("why") {
            self.found.add(Check::NoBasis, keys.at, &[id]);
        }
        let states = self.states(&keys);
        let mut actions = self.actions(&keys, &states);
        default_doers(&mut actions);
        Procedure {
            id: id.to_owned(),
            title: keys.title(),
            why: keys.text("why").unwrap_or_default().to_owned(),
            asker,
            hides: self.hides(&keys),
            sensitive: keys.flag("sensitive"),
            verdict: self.verdict(&keys, asker),
            promise: self.limit(&keys, "promise"),
            matters: keys.text("matters").map(str::to_owned),
            stages: keys.strings("stages"),
            limits: keys.map("limits", "\"5 wd\"", |node| node.text()?.parse().ok()),
            states: with_ladders(states, &actions),
            actions,
        }
    }

    fn hides(&self, keys: &Keys<'_>) -> Vec<Hide> {
        let mut hides = Vec::new();
        for (word, at) in keys.names("hides") {
            match word {
                "anonymous" => hides.push(Hide::Anonymous),
                "confidential" => hides.push(Hide::Confidential),
                _ => self.found.add(Check::WrongType, at, &["hides", "anonymous · confidential"]),
            }
        }
        hides
    }

    fn verdict(&self, keys: &Keys<'_>, asker: AskerOf) -> VerdictBy {
        match keys.text("verdict") {
            None if asker == AskerOf::None => VerdictBy::None,
            None | Some("asker") => VerdictBy::Asker,
            Some("none") => VerdictBy::None,
            Some(other) => {
                let ballot = other.strip_prefix("ballot ").filter(|it| self.words.is_ballot(it));
                if ballot.is_none() {
                    let forms = "asker · none · ballot ID";
                    self.found.add(Check::WrongType, keys.mark("verdict"), &["verdict", forms]);
                }
                ballot.map_or(VerdictBy::Asker, |it| VerdictBy::Ballot(it.to_owned()))
            }
        }
    }

    fn limit(&self, keys: &Keys<'_>, key: &str) -> Option<Limit> {
        let limit = limit(keys.text(key)?);
        if limit.is_none() {
            let forms = "5 wd · handle · handle from STATE · until FIELD · parent";
            self.found.add(Check::WrongType, keys.mark(key), &[key, forms]);
        }
        limit
    }

    fn states(&self, keys: &Keys<'_>) -> Named<State> {
        let Some(node) = keys.get("state") else { return Named::default() };
        let states = Keys::open(node, self.found);
        states.entries().map(|(id, node)| (id.to_owned(), self.state(node))).collect()
    }

    fn state(&self, node: &Node) -> State {
        let keys = Keys::new(node, &STATE, self.found);
        let ballot = keys.text("ballot").map(str::to_owned);
        if let Some(id) = ballot.as_ref().filter(|id| !self.words.is_ballot(id)) {
            self.found.add(Check::UnknownRef, keys.mark("ballot"), &[id]);
        }
        let ends = End::ALL.map(|end| (end.as_str(), end));
        State {
            title: keys.title(),
            stage: keys.text("stage").map(str::to_owned),
            shown: keys.text("shown").map(str::to_owned),
            owner: self.words.whose(&keys, "owner").into_iter().next(),
            limit: self.limit(&keys, "limit"),
            late: keys.strings("late"),
            again: keys.parsed("again", "\"1 wd\""),
            waits: self.waits(&keys),
            joined: keys.strings("joined"),
            ballot,
            outcomes: ["passed", "failed", "void"].map(|key| keys.strings(key)),
            end: keys.word("end", &ends),
            then: self.effects().read(&keys),
            awaits_verdict: false,
            dispatches: false,
        }
    }

    fn waits(&self, keys: &Keys<'_>) -> Vec<String> {
        let party = |name: &str| {
            matches!(name, "conditions" | "asker" | "owner") || self.words.fields.contains_key(name)
        };
        for (name, at) in keys.names("waits").into_iter().filter(|(name, _)| !party(name)) {
            self.found.add(Check::UnknownRef, at, &[name]);
        }
        keys.strings("waits")
    }

    pub fn effects(&self) -> Effects<'_> {
        Effects { words: self.words, found: self.found, ids: self.ids }
    }

    fn actions(&self, keys: &Keys<'_>, states: &Named<State>) -> Named<Action> {
        let Some(node) = keys.get("action") else { return Named::default() };
        let open = || states.iter().filter(|(_, it)| it.end.is_none()).map(|(id, _)| id.clone());
        let entry = |(id, node): (&str, &Node)| {
            let mut action = self.action(id, node);
            if action.from == ["*"] {
                action.from = open().collect();
            }
            (id.to_owned(), action)
        };
        Keys::open(node, self.found).entries().map(entry).collect()
    }
}

/// Who may do an action that does not say: the owner.
fn default_doers(actions: &mut Named<Action>) {
    for action in actions.values_mut().filter(|it| it.by.is_empty()) {
        action.by.push(By::Who(Who::Owner));
    }
}

/// An open state that names no ladder reminds, where `remind` may be done.
fn with_ladders(mut states: Named<State>, actions: &Named<Action>) -> Named<State> {
    let Some(remind) = actions.get("remind") else { return states };
    for (id, state) in &mut states {
        if state.end.is_none() && state.late.is_empty() && remind.from.contains(id) {
            state.late.push("remind".to_owned());
        }
    }
    states
}

/// What the states mean for the clock and the figures.
fn derive(procedure: &mut Procedure, words: &Vocabulary) {
    let at_unit = |state: &State| match &state.owner {
        Some(Who::Role { at: crate::definition::At::Field(field), .. } | Who::Field(field)) => {
            words.fields.get(field).is_some_and(|field| field.kind == crate::definition::Kind::Org)
        }
        _ => false,
    };
    let units: Vec<bool> = procedure.states.values().map(at_unit).collect();
    let solves = |action: &&Action| {
        let to = action.to.as_ref().and_then(|to| procedure.states.get(to));
        to.and_then(|it| it.end) == Some(End::Solved)
    };
    let asked: Vec<String> =
        procedure.actions.values().filter(solves).flat_map(|it| it.from.clone()).collect();
    let dispatched: Vec<bool> = procedure
        .states
        .keys()
        .zip(&units)
        .map(|(id, unit)| {
            let mut into = procedure.actions.values().filter(|it| it.to.as_deref() == Some(id));
            let from_outside = |action: &Action| {
                action.from.is_empty()
                    || action.from.iter().any(|from| {
                        let at = procedure.states.get_index_of(from);
                        !at.and_then(|at| units.get(at)).copied().unwrap_or(true)
                    })
            };
            *unit && into.any(from_outside)
        })
        .collect();
    for ((id, state), dispatches) in procedure.states.iter_mut().zip(dispatched) {
        state.awaits_verdict = state.end.is_none() && asked.contains(id);
        state.dispatches = dispatches;
    }
}
