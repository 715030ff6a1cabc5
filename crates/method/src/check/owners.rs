//! One owner and one clock: every open state has both, no end has either, and the owner is a post.

use super::{Check, On};
use crate::definition::{AskerOf, At, Kind, Who};
use std::collections::BTreeSet;

pub(super) fn check(on: &On<'_>) {
    let sets = on.graph.set_in();
    for (id, state) in &on.procedure.states {
        let path = ["state", id.as_str()];
        if state.end.is_some() {
            let clock = ["owner", "limit", "late", "again", "waits", "joined"];
            if clock.iter().any(|key| on.has(&["state", id, key])) {
                on.add(Check::EndWithClock, &path, &[id]);
            }
            continue;
        }
        if !on.has(&["state", id, "owner"]) {
            on.add(Check::NoOwner, &path, &[id]);
        }
        if !on.has(&["state", id, "limit"]) {
            on.add(Check::NoLimit, &path, &[id]);
        }
        if let Some(owner) = &state.owner {
            let path = ["state", id.as_str(), "owner"];
            if !is_post(on, owner) {
                on.add(Check::OwnerUnfit, &path, &[id]);
            }
            if let Some(set) = sets.get(id.as_str()) {
                unset(on, owner, set, &path);
            }
        }
    }
    for (id, action) in &on.procedure.actions {
        if let Some((approver, _)) = &action.approval
            && !is_post(on, approver)
        {
            on.add(Check::OwnerUnfit, &["action", id, "approval"], &[id]);
        }
    }
}

/// Whether a WHO is always a post that may be held to account.
fn is_post(on: &On<'_>, who: &Who) -> bool {
    match who {
        Who::Asker => matches!(on.procedure.asker, AskerOf::Post | AskerOf::Parent),
        Who::Owner => false,
        Who::Field(field) => on.pack.fields.get(field).is_some_and(|it| {
            it.kind == Kind::Post
                && !it
                    .of
                    .as_ref()
                    .and_then(|of| on.pack.roles.get(of))
                    .is_some_and(|it| it.voluntary)
        }),
        Who::Role { role, .. } => on.pack.roles.get(role).is_none_or(|role| !role.voluntary),
    }
}

/// Reports the field a WHO rests on where it may not be set yet.
pub(super) fn unset(on: &On<'_>, who: &Who, set: &BTreeSet<&str>, path: &[&str]) {
    let (Who::Field(field) | Who::Role { at: At::Field(field), .. }) = who else { return };
    if !set.contains(field.as_str()) {
        on.add(Check::FieldUnset, path, &[field]);
    }
}
