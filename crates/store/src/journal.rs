//! The journal: recording an entry with its private values and its projection, and reading back.
//! Sealing entries into the log is `seal`.

use crate::cases::Case;
use crate::columns::rows;
use crate::project::project;
use crate::statements::sql;
use crate::{Error, Result, tallies};
use jiff::Timestamp;
use model::journal::{Entry, Event, Private, VERSION};
use model::{Actor, EntryId};
use rowdb::{Tx, Value, params};
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

sql! {
    INSERT = "INSERT INTO journal (id, kind, at, subject, revision, body)
        VALUES ($1, $2, $3, $4, $5, $6)";
    KEEP = "INSERT INTO private (entry, field, salt, value) VALUES ($1, $2, $3, $4)";
    OF_KIND = "SELECT body FROM journal WHERE revision IS NULL AND kind = $1
        ORDER BY at DESC, id DESC LIMIT $2";
    WAIT = "INSERT INTO unsealed (entry, counts) VALUES ($1, $2)";
    TEXT = "SELECT body FROM journal WHERE id = $1";
    OF_CASE = "SELECT body FROM journal WHERE subject = $1 AND revision IS NOT NULL
        ORDER BY revision";
    LAST_OF_CASE = "SELECT id FROM journal WHERE subject = $1 AND revision IS NOT NULL
        ORDER BY revision DESC LIMIT 1";
    USES = "SELECT c.procedure, j.body, j.at FROM journal j JOIN cases c ON c.id = j.subject
        WHERE j.id >= $1 AND j.revision IS NOT NULL ORDER BY j.id DESC LIMIT $2";
    PRIVATE = "SELECT field, value FROM private WHERE entry = $1 ORDER BY field";
    PRIVATE_VALUE = "SELECT value FROM private WHERE entry = $1 AND field = $2";
}

/// Which forms were filled in.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    /// Procedure and action of each act, the newest first.
    pub acts: Vec<(String, String)>,
    /// When the oldest of them was.
    pub since: Option<Timestamp>,
    /// Whether there were more than were read.
    pub cut: bool,
}

/// The acts on cases since a moment, at most the newest `limit`.
pub async fn uses(tx: &mut Tx, since: Timestamp, limit: i64) -> Result<Uses> {
    // Ids grow with time: their first 48 bits are milliseconds.
    let millis = u128::try_from(since.as_millisecond()).unwrap_or(0);
    let found = tx.query(USES, &params![Uuid::from_u128(millis << 80), limit]).await?;
    let cut = i64::try_from(found.len()).is_ok_and(|n| n == limit);
    let last = found.last().map(|row| row.get(2)).transpose()?;
    let acts = rows(&found, |row| {
        let body: String = row.get(1)?;
        let done: Done =
            serde_json::from_str(&body).map_err(|error| Error::inconsistent("journal", error))?;
        Ok((row.get(0)?, done.event.act.map_or_else(|| "open".to_owned(), |it| it.action)))
    })?;
    Ok(Uses { acts, since: last.map(crate::columns::instant).transpose()?, cut })
}

/// As much of an entry as says which form it was.
#[derive(Deserialize)]
struct Done {
    event: DoneEvent,
}

#[derive(Deserialize)]
struct DoneEvent {
    act: Option<DoneAct>,
}

#[derive(Deserialize)]
struct DoneAct {
    action: String,
}

/// An entry about to be recorded.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its id, drawn outside the command.
    pub id: EntryId,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// What it is about.
    pub subject: Option<Uuid>,
    /// The case's revision after it.
    pub revision: Option<i64>,
    /// What was done.
    pub event: Event,
    /// Private values by field.
    pub private: BTreeMap<String, Private>,
}

/// Records an entry: journal, private values and every table that follows from it, in the
/// transaction of the command.
pub async fn record(tx: &mut Tx, draft: Draft) -> Result<Entry> {
    record_on(tx, draft, None).await
}

/// As [`record`], of an act on a case that this transaction has read already.
pub async fn record_on(tx: &mut Tx, draft: Draft, case: Option<&Case>) -> Result<Entry> {
    let hashes = draft.private.iter().map(|(field, it)| (field.clone(), it.hash())).collect();
    let entry = Entry {
        v: VERSION,
        id: draft.id,
        at: draft.at,
        actor: draft.actor,
        subject: draft.subject,
        revision: draft.revision,
        event: draft.event,
        private: hashes,
    };
    insert(tx, &entry).await?;
    keep(tx, entry.id, &draft.private).await?;
    let change = project(tx, &entry, case).await?;
    let counts = change.map(|change| tallies::to_text(&change)).transpose()?;
    tx.execute(WAIT, &params![entry.id.0, counts]).await?;
    Ok(entry)
}

/// Inserts an entry's own row.
pub async fn insert(tx: &mut Tx, entry: &Entry) -> Result<()> {
    let body = entry.text().map_err(|error| Error::inconsistent("journal", error))?;
    insert_text(tx, entry, &body).await
}

/// Inserts an entry's own row with the very text that was sealed, as restoring needs it.
pub async fn insert_text(tx: &mut Tx, entry: &Entry, body: &str) -> Result<()> {
    let Entry { id, subject, revision, .. } = *entry;
    let (kind, at) = (entry.event.kind(), entry.at.as_microsecond());
    tx.execute(INSERT, &params![id.0, kind, at, subject, revision, body]).await?;
    Ok(())
}

/// Keeps private values beside their entry.
pub async fn keep<'a>(
    tx: &mut Tx,
    entry: EntryId,
    private: impl IntoIterator<Item = (&'a String, &'a Private)>,
) -> Result<()> {
    let row = |(field, it): (&String, &Private)| params![entry.0, field, it.salt, &it.value].into();
    let rows: Vec<Vec<Value>> = private.into_iter().map(row).collect();
    tx.execute_all(KEEP, &rows).await?;
    Ok(())
}

/// The sealed text of an entry.
pub async fn text(tx: &mut Tx, id: EntryId) -> Result<Option<String>> {
    let row = tx.query_opt(TEXT, &params![id.0]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// An entry.
pub async fn get(tx: &mut Tx, id: EntryId) -> Result<Option<Entry>> {
    text(tx, id).await?.map(|body| parse(&body)).transpose()
}

/// The newest entries of a kind that are not about cases.
pub async fn of_kind(tx: &mut Tx, kind: &str, limit: i64) -> Result<Vec<Entry>> {
    rows(&tx.query(OF_KIND, &params![kind, limit]).await?, |row| parse(&row.get::<String>(0)?))
}

/// The entries about a case, in order.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Result<Vec<Entry>> {
    let found = tx.query(OF_CASE, &params![case]).await?;
    rows(&found, |row| parse(&row.get::<String>(0)?))
}

/// The last entry about a case.
pub async fn last_of_case(tx: &mut Tx, case: Uuid) -> Result<Option<EntryId>> {
    let row = tx.query_opt(LAST_OF_CASE, &params![case]).await?;
    Ok(row.map(|row| row.get(0).map(EntryId)).transpose()?)
}

/// The private values kept beside an entry.
pub async fn private(tx: &mut Tx, entry: EntryId) -> Result<BTreeMap<String, String>> {
    rows(&tx.query(PRIVATE, &params![entry.0]).await?, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// One private value.
pub async fn private_value(tx: &mut Tx, entry: EntryId, field: &str) -> Result<Option<String>> {
    let row = tx.query_opt(PRIVATE_VALUE, &params![entry.0, field]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

pub(crate) fn parse(body: &str) -> Result<Entry> {
    serde_json::from_str(body).map_err(|error| Error::inconsistent("journal", error))
}
