//! Forms: what is used is set, what is asked is not known yet.

use super::effects::before;
use super::graph::sets_of;
use super::{Check, On};
use crate::definition::{Action, By, Kind, Limit, Who};
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
    }
    for (id, action) in &on.procedure.actions {
        let mut set = before(action.from.iter().filter_map(|it| sets.get(it.as_str())));
        set.extend(sets_of(action));
        if let Some(guard) = &action.when {
            for field in guard.needs().into_iter().filter(|it| !set.contains(it)) {
                on.add(Check::FieldUnset, &["action", id, "when"], &[field]);
            }
        }
        fills(on, id, action);
        known(on, id, action);
        becomes(on, id, action);
    }
    burden(on);
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
            Some(("asker", name)) => name == "contact",
            Some((row, column)) => on.pack.column(row, column).is_some(),
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
