//! Forms and effects: what is used is set, what is asked is not known yet, what opens a child gives
//! it what it needs.

use super::graph::sets_of;
use super::owners::unset;
use super::{Check, Found, On};
use crate::definition::{Action, By, Effect, Field, Kind, Limit, Pack, Procedure, ValueOf, Who};
use crate::read::tree::{Mark, Node};
use std::collections::BTreeSet;

pub(super) fn check(on: &On<'_>) {
    let sets = on.graph.set_in();
    for (id, state) in &on.procedure.states {
        let Some(set) = sets.get(id.as_str()) else { continue };
        if let Some(Limit::Until(field)) = &state.limit
            && !set.contains(field.as_str())
        {
            on.add(Check::FieldUnset, &["state", id, "limit"], &[field]);
        }
        effects(on, &state.then, set, &["state", id, "then"]);
    }
    for (id, action) in &on.procedure.actions {
        let from: Vec<_> = action.from.iter().filter_map(|it| sets.get(it.as_str())).collect();
        let mut set = from.first().map(|it| (*it).clone()).unwrap_or_default();
        for other in &from {
            set.retain(|field| other.contains(field));
        }
        set.extend(sets_of(action));
        if let Some(guard) = &action.when {
            for field in guard.needs().into_iter().filter(|it| !set.contains(it)) {
                on.add(Check::FieldUnset, &["action", id, "when"], &[field]);
            }
        }
        effects(on, &action.then, &set, &["action", id, "then"]);
        let extends = action.then.iter().any(|it| matches!(it, Effect::Extend(_)));
        if extends && action.approval.is_none() {
            on.add(Check::Extension, &["action", id], &[id]);
        }
        fills(on, id, action);
        known(on, id, action);
        becomes(on, id, action);
    }
    burden(on);
}

fn effects(on: &On<'_>, effects: &[Effect], set: &BTreeSet<&str>, path: &[&str]) {
    for effect in effects {
        match effect {
            Effect::Notify(parties) => parties.iter().for_each(|who| unset(on, who, set, path)),
            Effect::Open { procedure, each, asker, with, .. } => {
                asker.iter().for_each(|who| unset(on, who, set, path));
                let child = on.pack.procedures.get(procedure);
                opening(on, (each.as_deref(), with), child, set, path);
            }
            Effect::Release(procedure) if !opens(on.procedure, procedure) => {
                on.add(Check::EffectType, path, &[procedure]);
            }
            Effect::Release(_) => {}
            Effect::Extend(field) => {
                if on.pack.fields.get(field).map(|it| it.kind) != Some(Kind::Int) {
                    on.add(Check::EffectType, path, &[field]);
                } else if !set.contains(field.as_str()) {
                    on.add(Check::FieldUnset, path, &[field]);
                }
            }
        }
    }
}

type With = indexmap::IndexMap<String, ValueOf>;

fn opening(
    on: &On<'_>,
    (each, with): (Option<&str>, &With),
    child: Option<&Procedure>,
    set: &BTreeSet<&str>,
    path: &[&str],
) {
    let field = |name: &str| on.pack.fields.get(name);
    if let Some(each) = each.filter(|each| !field(each).is_some_and(|it| it.many)) {
        on.add(Check::EffectType, path, &[each]);
    }
    let form = child.and_then(|it| it.actions.get("open")).map(|it| it.asks.as_slice());
    for (name, value) in with {
        let fits = field(name).is_some_and(|target| match value {
            ValueOf::Literal(it) => crate::read::fits(it, target),
            ValueOf::Field(from) => field(from).is_some_and(|from| same(from, target)),
            ValueOf::Each => each.and_then(field).is_some_and(|from| from.kind == target.kind),
        });
        let asked = form.is_none_or(|form| form.iter().any(|ask| ask.field == *name));
        if !fits || !asked {
            on.add(Check::EffectType, path, &[name]);
        }
        if let ValueOf::Field(from) = value
            && field(from).is_some()
            && !set.contains(from.as_str())
        {
            on.add(Check::FieldUnset, path, &[from]);
        }
    }
}

fn same(from: &Field, to: &Field) -> bool {
    from.kind == to.kind
        && (from.many == to.many)
        && from.choices.keys().all(|it| to.choices.contains_key(it))
}

fn opens(procedure: &Procedure, child: &str) -> bool {
    all_effects(procedure)
        .any(|(_, effect)| matches!(effect, Effect::Open { procedure, .. } if procedure == child))
}

/// Every effect of a procedure with the path of the list it stands in.
fn all_effects(procedure: &Procedure) -> impl Iterator<Item = ([&str; 3], &Effect)> {
    let states = procedure.states.iter().map(|(id, it)| (["state", id.as_str(), "then"], &it.then));
    let actions =
        procedure.actions.iter().map(|(id, it)| (["action", id.as_str(), "then"], &it.then));
    states.chain(actions).flat_map(|(path, list)| list.iter().map(move |effect| (path, effect)))
}

fn fills(on: &On<'_>, id: &str, action: &Action) {
    let catalogue = on.procedure.matters.as_ref().and_then(|it| on.pack.matters.get(it));
    for (field, source) in &action.fill {
        let asked = action.asks.iter().any(|ask| ask.field == *field);
        let there = match source.split_once('.') {
            Some(("matter", "unit")) => {
                catalogue.is_some_and(|it| it.values().any(|matter| !matter.route.is_empty()))
            }
            Some(("matter", column)) => catalogue
                .is_some_and(|it| it.values().any(|matter| matter.columns.contains_key(column))),
            Some((root, name)) => root == "asker" && name == "contact",
            None => on.pack.fields.contains_key(source),
        };
        if !asked || !there {
            on.add(Check::FillUnknown, &["action", id, "fill", field], &[source]);
        }
    }
}

/// The unit that the matter's route names, and the contact that the asker's household holds.
fn known(on: &On<'_>, id: &str, action: &Action) {
    let catalogue = on.procedure.matters.as_ref().and_then(|it| on.pack.matters.get(it));
    let routed = catalogue.is_some_and(|it| it.values().all(|matter| !matter.route.is_empty()));
    let dispatched: BTreeSet<&str> = on
        .procedure
        .states
        .iter()
        .filter(|(_, state)| state.dispatches)
        .map(|(id, _)| id.as_str())
        .collect();
    // Only the first dispatch follows the matter; to dispatch again is to decide otherwise.
    let first = action.from.iter().any(|from| Some(from.as_str()) == on.graph.entry);
    let to_unit = action.to.as_deref().is_some_and(|to| dispatched.contains(to));
    for ask in action.asks.iter().filter(|ask| !action.fill.contains_key(&ask.field)) {
        let unit = ask.field == "unit" && routed && first && to_unit;
        let asker = action.by.contains(&By::Who(Who::Asker));
        if unit || (ask.field == "contact" && asker) {
            on.add(Check::AskedKnown, &["action", id, "asks"], &[id, &ask.field]);
        }
    }
}

fn becomes(on: &On<'_>, id: &str, action: &Action) {
    let Some(field) = action.becomes.as_ref().and_then(|it| on.pack.fields.get(it)) else { return };
    if !matches!(field.kind, Kind::Post | Kind::Org | Kind::Person) {
        on.add(Check::EffectType, &["action", id, "becomes"], &["becomes"]);
    }
}

fn burden(on: &On<'_>) {
    let forms = || on.procedure.actions.values().filter(|it| !it.asks.is_empty());
    let count = |optional| {
        forms().flat_map(|it| &it.asks).filter(|it| it.optional == optional).count().to_string()
    };
    let forms = forms().count().to_string();
    on.add(Check::Burden, &[], &[&on.procedure.id, &forms, &count(false), &count(true)]);
}

/// Openings across procedures: the child's form, and chains that come back.
pub(super) fn openings(pack: &Pack, root: &Node, found: &Found) {
    for (id, procedure) in &pack.procedures {
        for (path, effect) in all_effects(procedure) {
            let Effect::Open { procedure: child, with, .. } = effect else { continue };
            let [list, name, key] = path;
            let at = root.mark(&["procedures", id, list, name, key]);
            child_form(pack, child, with, (at, found));
            if let Some(chain) = chain_back(pack, id, effect) {
                found.add(Check::OpensItself, at, &[&chain]);
            }
        }
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
        for (_, effect) in procedure.into_iter().flat_map(all_effects) {
            chains.extend(child(effect).map(|next| [chain.clone(), vec![next]].concat()));
        }
    }
    None
}
