//! Effects: what they name is set, has the right type, and may be shown, booked, written.

use super::graph::sets_of;
use super::owners::unset;
use super::{Check, Found, On};
use crate::definition::{
    AccountOf, Each, Effect, Field, Holder, Kind, Named, Pack, Procedure, Unit, ValueOf, Who,
};
use crate::read::tree::{Mark, Node};
use std::collections::BTreeSet;

/// The effects of one list, where it stands, and what is surely set there.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    pub on: &'a On<'a>,
    pub set: &'a BTreeSet<&'a str>,
    pub path: &'a [&'a str],
}

type With = Named<ValueOf>;

pub(super) fn check(on: &On<'_>) {
    let sets = on.graph.set_in();
    for (id, state) in &on.procedure.states {
        let Some(set) = sets.get(id.as_str()) else { continue };
        List { on, set, path: &["state", id, "then"] }.all(&state.then);
    }
    for (id, action) in &on.procedure.actions {
        let set = before(action.from.iter().filter_map(|it| sets.get(it.as_str())));
        let set = set.into_iter().chain(sets_of(action)).collect();
        List { on, set: &set, path: &["action", id, "then"] }.all(&action.then);
        let extends = action.then.iter().any(|it| matches!(it, Effect::Extend(_)));
        if extends && action.approval.is_none() {
            on.add(Check::Extension, &["action", id], &[id]);
        }
    }
}

/// What is set in all of several states.
pub(crate) fn before<'a, 'b: 'a>(
    mut sets: impl Iterator<Item = &'a BTreeSet<&'b str>>,
) -> BTreeSet<&'b str> {
    let mut set = sets.next().cloned().unwrap_or_default();
    sets.for_each(|other| set.retain(|field| other.contains(field)));
    set
}

impl List<'_> {
    fn all(&self, effects: &[Effect]) {
        effects.iter().for_each(|effect| self.one(effect));
    }

    fn wrong(&self, what: &str) {
        self.on.add(Check::EffectType, self.path, &[what]);
    }

    fn field(&self, id: &str) -> Option<&Field> {
        self.on.pack.fields.get(id)
    }

    /// A field that must be of a kind, and set.
    fn must_be(&self, id: &str, kinds: &[Kind]) {
        if !self.field(id).is_some_and(|it| kinds.contains(&it.kind) && !it.many) {
            self.wrong(id);
        } else if !self.set.contains(id) {
            self.on.add(Check::FieldUnset, self.path, &[id]);
        }
    }

    fn party(&self, who: &Who) {
        unset(self.on, who, self.set, self.path);
    }

    fn one(&self, effect: &Effect) {
        match effect {
            Effect::Notify(parties) => parties.iter().for_each(|who| self.party(who)),
            Effect::Open { procedure, each, asker, with, .. } => {
                asker.iter().for_each(|who| self.party(who));
                let child = self.on.pack.procedures.get(procedure);
                self.opening(each.as_ref(), with, child);
            }
            Effect::Release(procedure) if !opens(self.on.procedure, procedure) => {
                self.wrong(procedure);
            }
            Effect::Release(_) => {}
            Effect::Extend(field) => self.must_be(field, &[Kind::Int]),
            Effect::Book { ledger, from, to, amount } => self.booking(ledger, [from, to], amount),
            Effect::Publish { show, .. } => self.publishing(show),
            Effect::Hold { gathering, each, at } => self.holding(gathering, each.as_ref(), at),
            Effect::Write { register, row, set } => self.writing(register, row.as_deref(), set),
            Effect::Appoint { person, post } => {
                self.must_be(person, &[Kind::Person]);
                self.must_be(post, &[Kind::Post]);
            }
            Effect::Dismiss(post) => self.must_be(post, &[Kind::Post]),
        }
    }

    fn opening(&self, each: Option<&Each>, with: &With, child: Option<&Procedure>) {
        match each {
            Some(Each::Field(field)) if !self.field(field).is_some_and(|it| it.many) => {
                self.wrong(field);
            }
            // Rows are gone through by cycles alone.
            Some(Each::Register(register)) => self.wrong(register),
            _ => {}
        }
        let form = child.and_then(|it| it.actions.get("open")).map(|it| it.asks.as_slice());
        for (name, value) in with {
            let asked = form.is_none_or(|form| form.iter().any(|ask| ask.field == *name));
            if !asked || !self.fits(value, name, each) {
                self.wrong(name);
            }
            self.value_set(value);
        }
    }

    fn value_set(&self, value: &ValueOf) {
        if let ValueOf::Field(from) | ValueOf::Column(from, _) = value
            && self.field(from).is_some()
            && !self.set.contains(from.as_str())
        {
            self.on.add(Check::FieldUnset, self.path, &[from]);
        }
    }

    fn fits(&self, value: &ValueOf, target: &str, each: Option<&Each>) -> bool {
        fits(self.on.pack, value, target, each)
    }

    fn booking(&self, ledger: &str, holders: [&Holder; 2], amount: &str) {
        let Some(ledger) = self.on.pack.ledgers.get(ledger) else { return };
        let kind = match ledger.unit {
            Unit::HalfHour => Kind::Hours,
            Unit::Fen => Kind::Money,
            Unit::Point | Unit::Piece => Kind::Int,
        };
        let field = self.field(amount);
        let fits = |it: &Field| it.kind == kind && !it.many && it.min.is_some_and(|min| min >= 0);
        // Of what adds up the total would be booked again each time.
        if !field.is_some_and(|it| fits(it) && !it.sum) {
            self.wrong(amount);
        }
        for holder in holders {
            let Some(account) = ledger.accounts.get(&holder.account) else { continue };
            if !self.holds(account.of, holder.party.as_ref()) {
                self.wrong(&holder.account);
            }
            holder.party.iter().for_each(|who| self.party(who));
        }
        let [from, to] = holders;
        if from == to {
            self.wrong(&to.account);
        }
    }

    /// Whether a party can have such an account.
    fn holds(&self, of: AccountOf, party: Option<&Who>) -> bool {
        let kind = |who: &Who| match who {
            Who::Field(field) => self.field(field).map(|it| it.kind),
            _ => None,
        };
        match (of, party) {
            (AccountOf::Pack | AccountOf::Case | AccountOf::Place, None) => true,
            (AccountOf::Pack | AccountOf::Case, Some(_)) | (_, None) => false,
            (AccountOf::Person, Some(who)) => kind(who) != Some(Kind::Org),
            (AccountOf::Org | AccountOf::Place, Some(who)) => kind(who) != Some(Kind::Person),
        }
    }

    fn publishing(&self, show: &[String]) {
        for id in show {
            let Some(field) = self.field(id) else { continue };
            let personal = matches!(field.kind, Kind::Person | Kind::Household);
            if !field.public || personal {
                self.on.add(Check::PublishPrivate, self.path, &[id]);
            }
        }
    }

    fn holding(&self, gathering: &str, each: Option<&Each>, at: &Option<String>) {
        let known = self.on.pack.gatherings.get(gathering);
        if known.is_some_and(|it| it.ballot.is_some()) {
            self.wrong(gathering);
        }
        if let Some(at) = at {
            self.must_be(at, &[Kind::Time, Kind::Date]);
        }
        if let Some(Each::Field(name) | Each::Register(name)) = each {
            self.wrong(name);
        }
    }

    fn writing(&self, id: &str, row: Option<&str>, set: &With) {
        let Some(register) = self.on.pack.registers.get(id) else { return };
        for (column, value) in set {
            if !register.fields.contains(column) || !self.fits(value, column, None) {
                self.wrong(column);
            }
            self.value_set(value);
        }
        if let Some(row) = row {
            let of = self.field(row).filter(|it| it.kind == Kind::Record && !it.many);
            if of.and_then(|it| it.of.as_deref()) != Some(id) {
                self.wrong(row);
            } else if !self.set.contains(row) {
                self.on.add(Check::FieldUnset, self.path, &[row]);
            }
        } else if !keyed(self.on.procedure, id, &register.key) {
            self.on.add(Check::ChildForm, self.path, &[id, &register.key]);
        }
    }
}

/// Whether a value can stand in a field or column.
fn fits(pack: &Pack, value: &ValueOf, target: &str, each: Option<&Each>) -> bool {
    let field = |name: &str| pack.fields.get(name);
    let Some(target) = field(target) else { return false };
    let column = |register: Option<&String>, column: &str| {
        let register = register.and_then(|it| pack.registers.get(it));
        let known = register.is_some_and(|it| it.fields.iter().any(|it| it == column));
        known && field(column).is_some_and(|from| same(from, target))
    };
    match value {
        ValueOf::Literal(it) => crate::read::fits(it, target),
        ValueOf::Field(from) => field(from).is_some_and(|from| same(from, target)),
        ValueOf::Column(from, name) => column(field(from).and_then(|it| it.of.as_ref()), name),
        ValueOf::Each => match each {
            Some(Each::Field(from)) => field(from).is_some_and(|from| from.kind == target.kind),
            Some(Each::Role(_)) => target.kind == Kind::Post,
            Some(Each::Register(id)) => {
                target.kind == Kind::Record && target.of.as_ref() == Some(id)
            }
            None => false,
        },
        ValueOf::EachColumn(name) => match each {
            Some(Each::Register(id)) => column(Some(id), name),
            _ => false,
        },
        ValueOf::From(_) | ValueOf::Day(_) => target.kind == Kind::Date,
    }
}

fn same(from: &Field, to: &Field) -> bool {
    from.kind == to.kind
        && from.many == to.many
        && from.of == to.of
        && from.choices.keys().all(|it| to.choices.contains_key(it))
}

/// Whether some effect of the procedure gives its own row the key.
fn keyed(procedure: &Procedure, id: &str, key: &str) -> bool {
    all(procedure).any(|(_, effect)| match effect {
        Effect::Write { register, row: None, set } => register == id && set.contains_key(key),
        _ => false,
    })
}

fn opens(procedure: &Procedure, child: &str) -> bool {
    all(procedure)
        .any(|(_, effect)| matches!(effect, Effect::Open { procedure, .. } if procedure == child))
}

/// Every effect of a procedure with the path of the list it stands in.
pub(super) fn all(procedure: &Procedure) -> impl Iterator<Item = ([&str; 3], &Effect)> {
    let states = procedure.states.iter().map(|(id, it)| (["state", id.as_str(), "then"], &it.then));
    let actions =
        procedure.actions.iter().map(|(id, it)| (["action", id.as_str(), "then"], &it.then));
    states.chain(actions).flat_map(|(path, list)| list.iter().map(move |effect| (path, effect)))
}

/// Openings across procedures: the child's form, and chains that come back.
pub(super) fn openings(pack: &Pack, root: &Node, found: &Found) {
    for (id, procedure) in &pack.procedures {
        for (path, effect) in all(procedure) {
            let Effect::Open { procedure: child, with, .. } = effect else { continue };
            let [list, name, key] = path;
            let at = root.mark(&["procedures", id, list, name, key]);
            child_form(pack, child, with, (at, found));
            if let Some(chain) = chain_back(pack, id, effect) {
                found.add(Check::OpensItself, at, &[&chain]);
            }
        }
    }
    for (id, cycle) in &pack.cycles {
        let at = root.mark(&["cycles", id, "then"]);
        cycle.then.iter().for_each(|effect| of_cycle(pack, effect, (at, found)));
    }
}

/// A cycle opens cases and calls meetings: there is no case whose fields it could use.
fn of_cycle(pack: &Pack, effect: &Effect, (at, found): (Mark, &Found)) {
    let wrong = |what: &str| found.add(Check::EffectType, at, &[what]);
    match effect {
        Effect::Open { procedure, each, with, .. } => {
            if let Some(Each::Field(field)) = each {
                wrong(field);
            }
            for (name, value) in with {
                let names_a_case = matches!(value, ValueOf::Field(_) | ValueOf::Column(..));
                if names_a_case || !fits(pack, value, name, each.as_ref()) {
                    wrong(name);
                }
            }
            child_form(pack, procedure, with, (at, found));
        }
        Effect::Hold { each: None | Some(Each::Role(_)), at: None, .. } => {}
        _ => wrong("then"),
    }
}

fn child_form(pack: &Pack, child: &str, with: &With, (at, found): (Mark, &Found)) {
    let open = pack.procedures.get(child).and_then(|it| it.actions.get("open"));
    let asks = open.into_iter().flat_map(|it| &it.asks).filter(|ask| !ask.optional);
    // The place is the parent's unless another is given.
    for ask in asks.filter(|ask| ask.field != "place" && !with.contains_key(&ask.field)) {
        found.add(Check::ChildForm, at, &[child, &ask.field]);
    }
}

/// A chain of children that opening `effect` in `start` begins and that comes back to `start`.
fn chain_back(pack: &Pack, start: &str, effect: &Effect) -> Option<String> {
    let child = |effect: &Effect| match effect {
        Effect::Open { procedure, child: true, .. } => Some(procedure.clone()),
        _ => None,
    };
    let mut chains = vec![vec![start.to_owned(), child(effect)?]];
    let mut seen: BTreeSet<String> = BTreeSet::new();
    while let Some(chain) = chains.pop() {
        let last = chain.last()?.clone();
        if last == start {
            return Some(chain.join(" → "));
        }
        if !seen.insert(last.clone()) {
            continue;
        }
        let procedure = pack.procedures.get(&last);
        for (_, effect) in procedure.into_iter().flat_map(all) {
            chains.extend(child(effect).map(|next| [chain.clone(), vec![next]].concat()));
        }
    }
    None
}
