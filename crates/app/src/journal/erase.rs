//! Erasing a person: the private values go, the entries stay, and an entry says that they went.
//! What others wrote about the matter stays too, as far as it is not the person's own words. Photos
//! and files that came with the person's own words go with them, sealed originals and all; those
//! that the handlers added as proof of their work stay.

use super::audit::cases_of;
use crate::{Error, Result, Work};
use model::access::{Actor, Operation};
use model::journal::{Event, Link};
use model::{CaseId, Entry, EntryId, FileId, PersonId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use store::exchange::File;

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The entry that says so; none when there was nothing left.
    pub entry: Option<EntryId>,
    /// How many values went.
    pub values: usize,
    /// How many uploads went.
    pub files: usize,
    /// SHA-256 of bytes that nothing names any more: for the caller to drop behind `Files`.
    pub unnamed: Vec<String>,
}

/// Erases a person's name, telephone, and their own words in all their cases, ends their sessions and
/// takes the log-in by WeChat away. Refused while a case of theirs is open or they hold a post: withdraw or dismiss first.
pub async fn erase_person(
    tx: &mut Tx,
    work: &mut Work,
    (person, reason): (PersonId, &str),
) -> Result<Erasure> {
    work.may(Operation::ErasePerson)?;
    if matches!(work.actor, Actor::Resident { person: own } if own != person) {
        return Err(Error::not_found("person", person));
    }
    let known = store::people::entry_of(tx, person).await?;
    let cases = cases_of(tx, person).await?;
    if known.is_none() && cases.is_empty() {
        return Err(Error::not_found("person", person));
    }
    if !work.shelf.network.posts_of(person, work.today()).is_empty() {
        let (zh, en) = ("此人仍在岗，请先免去岗位", "holds a post; dismiss first");
        return Err(Error::rule("holds_post", zh, en));
    }
    let mut own = Own::default();
    for entry in store::audit::of_person(tx, person).await? {
        own.values.extend(kept(tx, entry, None).await?);
    }
    for case in &cases {
        own_words(tx, (*case, person), &mut own).await?;
    }
    store::audit::end_sessions(tx, person).await?;
    record(tx, work, (person, reason), own).await
}

/// What goes: private values, and photos and files that the person sent.
#[derive(Default)]
struct Own {
    values: Vec<(EntryId, String)>,
    files: BTreeMap<FileId, File>,
}

async fn record(
    tx: &mut Tx,
    work: &mut Work,
    (person, reason): (PersonId, &str),
    own: Own,
) -> Result<Erasure> {
    let (values, files) = (own.values.len(), own.files.len());
    let bound = store::access::wechat::key_of(tx, person).await?.is_some();
    if values + files == 0 && !bound {
        return Ok(Erasure { entry: None, values, files, unnamed: Vec::new() });
    }
    let event = Event::Erased {
        person: Some(person),
        values: own.values,
        files: own.files.keys().copied().collect(),
        reason: reason.to_owned(),
    };
    let entry = work.record(tx, person.0, event).await?;
    let unnamed = unnamed(tx, own.files.into_values()).await?;
    Ok(Erasure { entry: Some(entry.id), values, files, unnamed })
}

/// The bytes of files that no file has any more: another may have the same.
async fn unnamed(tx: &mut Tx, files: impl Iterator<Item = File>) -> Result<Vec<String>> {
    let mut unnamed = Vec::new();
    for hash in files.flat_map(|file| [Some(file.sha256), file.sealed]).flatten() {
        if store::exchange::of_bytes(tx, &hash).await?.is_empty() {
            unnamed.push(hash);
        }
    }
    Ok(unnamed)
}

/// The asker's own words in a case: all of the opening, and of the acts done by or for the asker.
async fn own_words(tx: &mut Tx, (case, person): (CaseId, PersonId), own: &mut Own) -> Result<()> {
    let found = store::cases::get(tx, case).await?;
    if found.is_some_and(|case| case.state.is_open()) {
        let (zh, en) = ("还有未办结的诉求，请先撤回或等办结", "a case is open; withdraw it first");
        return Err(Error::rule("case_open", zh, en));
    }
    for entry in store::journal::of_case(tx, case.0).await? {
        if is_own(&entry, person) {
            own.values.extend(kept(tx, entry.id, Some(&entry)).await?);
            for id in files_in(&entry.event) {
                own.files.extend(store::exchange::file(tx, id).await?.map(|file| (id, file)));
            }
        }
    }
    own.values.extend(copied(tx, case).await?);
    Ok(())
}

/// The ids in the fields that an entry wrote: those of files are among them.
fn files_in(event: &Event) -> BTreeSet<FileId> {
    let fields = match event {
        Event::CaseOpened { opening } => opening.state.get("fields"),
        Event::CaseActed { act } => act.change.get("fields"),
        _ => None,
    };
    let mut ids = BTreeSet::new();
    fields.into_iter().for_each(|value| gather(value, &mut ids));
    ids
}

fn gather(value: &Value, ids: &mut BTreeSet<FileId>) {
    match value {
        Value::String(text) => ids.extend(text.parse().ok().map(FileId)),
        Value::Array(list) => list.iter().for_each(|it| gather(it, ids)),
        Value::Object(map) => map.values().for_each(|it| gather(it, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What was copied from a case into the work below it, as deep as that goes.
async fn copied(tx: &mut Tx, case: CaseId) -> Result<Vec<(EntryId, String)>> {
    let (mut values, mut above) = (Vec::new(), vec![case]);
    while let Some(case) = above.pop() {
        for child in store::cases::children(tx, case).await? {
            if child.link == Some(Link::Child) {
                values.extend(kept(tx, child.entry, None).await?);
                above.push(child.id);
            }
        }
    }
    Ok(values)
}

fn is_own(entry: &Entry, person: PersonId) -> bool {
    entry.actor.person() == Some(person)
        || match &entry.event {
            Event::CaseOpened { .. } => true,
            Event::CaseActed { act } => act.voice.as_deref() == Some("asker"),
            _ => false,
        }
}

/// The private values still kept beside an entry.
async fn kept(tx: &mut Tx, id: EntryId, entry: Option<&Entry>) -> Result<Vec<(EntryId, String)>> {
    if entry.is_some_and(|entry| entry.private.is_empty()) {
        return Ok(Vec::new());
    }
    let fields: BTreeSet<String> = store::journal::private(tx, id).await?.into_keys().collect();
    Ok(fields.into_iter().map(|field| (id, field)).collect())
}
