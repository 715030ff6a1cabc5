//! What is defined and named nowhere: fields, limits, catalogues, stages.

use super::{Check, Found};
use crate::definition::{At, By, Each, Effect, Limit, Named, Pack, Procedure, ValueOf, Who};
use crate::read::tree::Node;
use std::collections::BTreeSet;

pub(super) fn check(pack: &Pack, root: &Node, found: &Found) {
    let mut fields = BTreeSet::new();
    for procedure in pack.procedures.values() {
        used(procedure, &mut fields);
        within(pack, procedure, root, found);
    }
    for register in pack.registers.values() {
        fields.extend(register.fields.iter().map(String::as_str));
    }
    for gathering in pack.gatherings.values() {
        fields.extend(gathering.asks.iter().map(|ask| ask.field.as_str()));
    }
    for cycle in pack.cycles.values() {
        effects(&cycle.then, &mut fields);
    }
    for matter in pack.matters.values().flat_map(|it| it.values()) {
        fields.extend(matter.columns.keys().map(String::as_str));
    }
    for id in pack.fields.keys().filter(|id| !fields.contains(id.as_str())) {
        let at = root.mark(&["fields", id]);
        if found.path(at.file) != "built_in.toml" {
            found.add(Check::Unused, at, &[id]);
        }
    }
    let catalogues: BTreeSet<_> =
        pack.procedures.values().filter_map(|it| it.matters.as_ref()).collect();
    for id in pack.matters.keys().filter(|id| !catalogues.contains(id)) {
        found.add(Check::Unused, root.mark(&["matters", id]), &[id]);
    }
}

fn within(pack: &Pack, procedure: &Procedure, root: &Node, found: &Found) {
    let limits: BTreeSet<&str> = procedure
        .states
        .values()
        .filter_map(|state| state.limit.as_ref())
        .chain(&procedure.promise)
        .filter_map(|limit| match limit {
            Limit::Named(name, _) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let unused = |path: &[&str], name: &str| {
        let path = [&["procedures", procedure.id.as_str()], path].concat();
        found.add(Check::Unused, root.mark(&path), &[name]);
    };
    for name in procedure.limits.keys().filter(|it| !limits.contains(it.as_str())) {
        unused(&["limits", name], name);
    }
    for stage in &procedure.stages {
        if !procedure.states.values().any(|state| state.stage.as_ref() == Some(stage)) {
            unused(&["stages"], stage);
        }
    }
    let catalogue = procedure.matters.as_ref().and_then(|id| Some((id, pack.matters.get(id)?)));
    for (catalogue, (id, matter)) in
        catalogue.into_iter().flat_map(|(id, it)| it.iter().map(move |one| (id, one)))
    {
        for name in matter.limits.keys().filter(|it| !procedure.limits.contains_key(*it)) {
            let at = root.mark(&["matters", catalogue, id, "limits", name]);
            found.add(Check::UnknownRef, at, &[name]);
        }
    }
}

fn used<'a>(procedure: &'a Procedure, fields: &mut BTreeSet<&'a str>) {
    for state in procedure.states.values() {
        state.owner.iter().for_each(|who| party(who, fields));
        fields.extend(state.waits.iter().map(String::as_str));
        if let Some(Limit::Until(field)) = &state.limit {
            fields.insert(field);
        }
        effects(&state.then, fields);
    }
    for action in procedure.actions.values() {
        fields.extend(action.asks.iter().map(|ask| ask.field.as_str()));
        fields.extend(action.becomes.as_deref());
        let root = |path: &'a String| path.split('.').next().unwrap_or(path);
        fields.extend(action.fill.values().map(root));
        fields.extend(action.when.iter().flat_map(|guard| guard.reads()));
        let by = action.by.iter().filter_map(|by| match by {
            By::Who(who) => Some(who),
            By::Clock => None,
        });
        by.chain(&action.voice).for_each(|who| party(who, fields));
        effects(&action.then, fields);
    }
}

fn effects<'a>(list: &'a [Effect], fields: &mut BTreeSet<&'a str>) {
    for effect in list {
        match effect {
            Effect::Notify(parties) => parties.iter().for_each(|who| party(who, fields)),
            Effect::Open { each, asker, with, .. } => {
                members(each.as_ref(), fields);
                asker.iter().for_each(|who| party(who, fields));
                values(with, fields);
            }
            Effect::Extend(field) | Effect::Dismiss(field) => {
                fields.insert(field);
            }
            Effect::Book { from, to, amount, .. } => {
                fields.insert(amount);
                from.party.iter().chain(&to.party).for_each(|who| party(who, fields));
            }
            Effect::Publish { show, .. } => fields.extend(show.iter().map(String::as_str)),
            Effect::Hold { each, at, .. } => {
                members(each.as_ref(), fields);
                fields.extend(at.as_deref());
            }
            Effect::Write { row, set, .. } => {
                fields.extend(row.as_deref());
                values(set, fields);
            }
            Effect::Appoint { person, post } => fields.extend([person.as_str(), post.as_str()]),
            Effect::Release(_) => {}
        }
    }
}

fn members<'a>(each: Option<&'a Each>, fields: &mut BTreeSet<&'a str>) {
    match each {
        Some(Each::Field(field)) => {
            fields.insert(field);
        }
        Some(Each::Role(who)) => party(who, fields),
        Some(Each::Register(_)) | None => {}
    }
}

fn values<'a>(set: &'a Named<ValueOf>, fields: &mut BTreeSet<&'a str>) {
    for (name, value) in set {
        fields.insert(name);
        if let ValueOf::Field(from) | ValueOf::Column(from, _) = value {
            fields.insert(from);
        }
    }
}

fn party<'a>(who: &'a Who, fields: &mut BTreeSet<&'a str>) {
    if let Who::Field(field) | Who::Role { at: At::Field(field), .. } = who {
        fields.insert(field);
    }
}
