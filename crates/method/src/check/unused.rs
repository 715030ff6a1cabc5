//! What is defined and named nowhere: fields, limits, catalogues, stages.

use super::{Check, Found};
use crate::definition::{At, By, Effect, Limit, Pack, Procedure, ValueOf, Who};
use crate::read::tree::Node;
use std::collections::BTreeSet;

pub(super) fn check(pack: &Pack, root: &Node, found: &Found) {
    let mut fields = BTreeSet::new();
    for procedure in pack.procedures.values() {
        used(procedure, &mut fields);
        within(pack, procedure, root, found);
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
        fields.extend(action.fill.values().map(String::as_str));
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
                fields.extend(each.as_deref());
                asker.iter().for_each(|who| party(who, fields));
                fields.extend(with.iter().flat_map(|(name, value)| match value {
                    ValueOf::Field(from) => vec![name.as_str(), from],
                    _ => vec![name.as_str()],
                }));
            }
            Effect::Extend(field) => {
                fields.insert(field);
            }
            Effect::Release(_) => {}
        }
    }
}

fn party<'a>(who: &'a Who, fields: &mut BTreeSet<&'a str>) {
    if let Who::Field(field) | Who::Role { at: At::Field(field), .. } = who {
        fields.insert(field);
    }
}
