//! Cases found by other keys than a list's: by number, claim code or another office's number, by
//! what hangs on them, by what the clock or a change of posts asks for, and what lies nearby.

use super::{Case, columns, instant, read};
use crate::Result;
use crate::columns::rows;
use crate::statements::sql;
use jiff::Timestamp;
use model::territory::MAX_LEVELS;
use model::{CaseId, EntryId, OrgId, PersonId, PlaceId, PostId};
use rowdb::{Row, Tx, Value, params};
use uuid::Uuid;

sql! {
    BY_NUMBER = concat!("SELECT ", columns!(), " FROM cases c WHERE c.number = $1");
    BY_SOURCE = "SELECT id FROM cases WHERE source_system = $1 AND source_number = $2";
    CHILDREN = concat!("SELECT ", columns!(), " FROM cases c WHERE c.parent = $1
        ORDER BY c.opened_at, c.id");
    JOINED = "SELECT id FROM cases WHERE parent = $1 AND link = 'joined' ORDER BY opened_at, id";
    TIMERS = "SELECT id FROM cases WHERE timer_at <= $1 ORDER BY timer_at, id LIMIT $2";
    OPEN = "SELECT id FROM cases WHERE ended_as IS NULL ORDER BY opened_at DESC, id DESC LIMIT $1";
    OPEN_AFTER = "SELECT id FROM cases WHERE ended_as IS NULL
        AND opened_at <= (SELECT opened_at FROM cases WHERE id = $2)
        AND (opened_at < (SELECT opened_at FROM cases WHERE id = $2) OR id < $2)
        ORDER BY opened_at DESC, id DESC LIMIT $1";
    OWNED_BY = "SELECT id FROM cases WHERE owner = $1 ORDER BY due_at, id";
    BY_CONTACT = "SELECT c.id FROM cases c JOIN private t ON t.entry = c.entry
        AND t.field = 'contact' WHERE c.ended_as IS NULL
        AND replace(replace(t.value, ' ', ''), '-', '') IN ($1, '+86' || $1, '0086' || $1)
        ORDER BY c.opened_at DESC, c.id DESC LIMIT $2";
    POINT = "SELECT lng_e7, lat_e7 FROM cases WHERE id = $1";
    ALERTS = "SELECT a.entry, a.case_id, a.at, j.body FROM alert a JOIN journal j ON j.id = a.entry
        WHERE a.recipient = $1 AND a.at <= $2 AND (a.at < $2 OR a.entry < $3)
        ORDER BY a.at DESC, a.entry DESC LIMIT $4";
    LOOKS = "SELECT entry, person, post, at FROM look WHERE case_id = $1 ORDER BY at, entry";
}

/// A case by its human number.
pub async fn by_number(tx: &mut Tx, number: &str) -> Result<Option<Case>> {
    tx.query_opt(BY_NUMBER, &params![number]).await?.as_ref().map(read).transpose()
}

/// The case of another office's work order.
pub async fn by_source(tx: &mut Tx, system: &str, number: &str) -> Result<Option<CaseId>> {
    id_of(tx.query_opt(BY_SOURCE, &params![system, number]).await?)
}

/// At most `limit` open cases whose asker is reached by a mobile number (eleven digits), however it
/// was typed, the newest first. No index knows contacts: the open cases are few, and each is looked at.
pub async fn by_contact(tx: &mut Tx, number: &str, limit: i64) -> Result<Vec<CaseId>> {
    ids(tx, BY_CONTACT, &params![number, limit]).await
}

/// Where the asker pointed when a case was opened: longitude and latitude in ten-millionths of a
/// degree, CGCS2000.
pub async fn point(tx: &mut Tx, id: CaseId) -> Result<Option<(i32, i32)>> {
    let Some(row) = tx.query_opt(POINT, &params![id.0]).await? else { return Ok(None) };
    let point: (Option<i32>, Option<i32>) = (row.get(0)?, row.get(1)?);
    Ok(point.0.zip(point.1))
}

/// The cases that hang on a case in whatever way, the oldest first.
pub async fn children(tx: &mut Tx, parent: CaseId) -> Result<Vec<Case>> {
    rows(&tx.query(CHILDREN, &params![parent.0]).await?, read)
}

/// The requests joined to a case, the oldest first.
pub async fn joined(tx: &mut Tx, to: CaseId) -> Result<Vec<CaseId>> {
    ids(tx, JOINED, &params![to.0]).await
}

/// At most `limit` cases whose timer has run out at `now` (microseconds UTC), in due order.
pub async fn timers(tx: &mut Tx, now: i64, limit: i64) -> Result<Vec<CaseId>> {
    ids(tx, TIMERS, &params![now, limit]).await
}

/// At most `limit` open cases after `after`, the newest first; a case that ended meanwhile still
/// marks the place.
pub async fn open_after(tx: &mut Tx, after: Option<CaseId>, limit: i64) -> Result<Vec<CaseId>> {
    match after {
        None => ids(tx, OPEN, &params![limit]).await,
        Some(case) => ids(tx, OPEN_AFTER, &params![limit, case.0]).await,
    }
}

/// The open cases that any of these posts owns, one statement a post, each in due order.
pub async fn owned_by(tx: &mut Tx, posts: &[PostId]) -> Result<Vec<CaseId>> {
    let mut found = Vec::new();
    for post in posts {
        found.extend(ids(tx, OWNED_BY, &params![post.0]).await?);
    }
    Ok(found)
}

async fn ids(tx: &mut Tx, statement: &str, values: &[Value]) -> Result<Vec<CaseId>> {
    rows(&tx.query(statement, values).await?, |row| Ok(CaseId(row.get(0)?)))
}

fn id_of(row: Option<Row>) -> Result<Option<CaseId>> {
    Ok(row.map(|row| row.get(0)).transpose()?.map(CaseId))
}

/// An open request near another, as much of it as tells whether it is about the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearby {
    /// The case.
    pub id: CaseId,
    /// The fingerprint of its text.
    pub simhash: i64,
    /// Longitude and latitude in ten-millionths of a degree, if it came with a point.
    pub point: Option<(i64, i64)>,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// At most `limit` open requests in a place of a level, opened at `since` or later, the newest
/// first. Sensitive ones, and those that hang on another, are not among them.
pub async fn nearby(
    tx: &mut Tx,
    (level, place): (usize, PlaceId),
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Nearby>> {
    let values = params![place.0, since.as_microsecond(), limit];
    rows(&tx.query(&nearby_text(level), &values).await?, |row| {
        let point: (Option<i64>, Option<i64>) = (row.get(2)?, row.get(3)?);
        Ok(Nearby {
            id: CaseId(row.get(0)?),
            simhash: row.get(1)?,
            point: point.0.zip(point.1),
            opened_at: instant(row.get(4)?)?,
        })
    })
}

fn nearby_text(level: usize) -> String {
    let level = level.min(MAX_LEVELS - 1);
    format!(
        "SELECT id, simhash, lng_e7, lat_e7, opened_at FROM cases
         WHERE p{level} = $1 AND ended_as IS NULL AND opened_at >= $2 AND NOT sensitive
         AND simhash IS NOT NULL AND (link IS NULL OR link = 'link')
         ORDER BY opened_at DESC, id DESC LIMIT $3"
    )
}

/// Open requests in a place of a level of which the house wrote something for everybody, with those
/// words, the newest first. Sensitive ones are not among them.
pub async fn around(
    tx: &mut Tx,
    (level, place): (usize, PlaceId),
    limit: i64,
) -> Result<Vec<(Case, String)>> {
    let found = tx.query(&around_text(level), &params![place.0, limit]).await?;
    rows(&found, |row| Ok((read(row)?, row.get(super::WIDTH)?)))
}

fn around_text(level: usize) -> String {
    let level = level.min(MAX_LEVELS - 1);
    format!(
        "SELECT {}, t.value FROM cases c
         JOIN private t ON t.entry = c.summary AND t.field = 'summary'
         WHERE c.p{level} = $1 AND c.summary IS NOT NULL AND c.ended_as IS NULL AND NOT c.sensitive
         ORDER BY c.opened_at DESC, c.id DESC LIMIT $2",
        columns!()
    )
}

/// The units that handle, or handled, the newest `limit` cases of a matter in a place of a level that
/// were opened at `since` or later, with how many of them each; the busiest first. Neither `but` nor
/// sensitive cases are counted.
pub async fn units_of(
    tx: &mut Tx,
    (matter, but): (&str, CaseId),
    (level, place): (usize, PlaceId),
    (since, limit): (Timestamp, i64),
) -> Result<Vec<(OrgId, i64)>> {
    let values = params![place.0, matter, since.as_microsecond(), limit, but.0];
    rows(&tx.query(&units_text(level), &values).await?, |row| Ok((OrgId(row.get(0)?), row.get(1)?)))
}

fn units_text(level: usize) -> String {
    let level = level.min(MAX_LEVELS - 1);
    format!(
        "SELECT n.unit, count(*) FROM (SELECT c.unit FROM cases c WHERE c.p{level} = $1
         AND c.matter = $2 AND c.opened_at >= $3 AND c.unit IS NOT NULL AND NOT c.sensitive
         AND c.id <> $5 ORDER BY c.opened_at DESC, c.id DESC LIMIT $4) n
         GROUP BY n.unit ORDER BY count(*) DESC, n.unit"
    )
}

/// The statements composed here by name.
pub(super) fn composed() -> impl Iterator<Item = (String, String)> {
    let named = |level| {
        [
            ("NEARBY", nearby_text(level)),
            ("AROUND", around_text(level)),
            ("UNITS", units_text(level)),
        ]
        .map(|(name, text)| (format!("store::cases::lookup::{name} p{level}"), text))
    };
    (0..MAX_LEVELS).flat_map(named)
}

/// Somebody was told of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The entry told of.
    pub entry: EntryId,
    /// Its case.
    pub case: CaseId,
    /// When it was written.
    pub at: Timestamp,
    /// The entry's sealed text.
    pub body: String,
}

/// At most `limit` alerts of a post or person before (`at`, `entry`), the newest first.
pub async fn alerts(
    tx: &mut Tx,
    recipient: Uuid,
    before: (Timestamp, EntryId),
    limit: i64,
) -> Result<Vec<Alert>> {
    let (at, entry) = (before.0.as_microsecond(), before.1.0);
    rows(&tx.query(ALERTS, &params![recipient, at, entry, limit]).await?, |row| {
        Ok(Alert {
            entry: EntryId(row.get(0)?),
            case: CaseId(row.get(1)?),
            at: instant(row.get(2)?)?,
            body: row.get(3)?,
        })
    })
}

/// Somebody looked at masked values of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The entry that says so.
    pub entry: EntryId,
    /// Who looked, if known.
    pub person: Option<PersonId>,
    /// In which post.
    pub post: Option<PostId>,
    /// When.
    pub at: Timestamp,
}

/// Who looked at masked values of a case, in order.
pub async fn looks(tx: &mut Tx, case: CaseId) -> Result<Vec<Look>> {
    rows(&tx.query(LOOKS, &params![case.0]).await?, |row| {
        Ok(Look {
            entry: EntryId(row.get(0)?),
            person: row.get::<Option<Uuid>>(1)?.map(PersonId),
            post: row.get::<Option<Uuid>>(2)?.map(PostId),
            at: instant(row.get(3)?)?,
        })
    })
}
