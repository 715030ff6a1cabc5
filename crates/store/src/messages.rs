//! Short messages on their way to askers. A row names the case and what is told, never a number or a
//! word: those are looked up when it is sent.

use crate::columns::{instant, rows};
use crate::statements::sql;
use crate::{Error, Result};
use jiff::Timestamp;
use model::CaseId;
use model::messages::{Delivery, MessageKind};
use rowdb::{Row, Tx, params};
use uuid::Uuid;

sql! {
    ENQUEUE = "INSERT INTO message (id, case_id, kind, made_at, due_at, tries, state, changed_at)
        VALUES ($1, $2, $3, $4, $4, 0, 'waiting', $4)";
    DUE = "SELECT id, case_id, kind, made_at, due_at, tries, state, changed_at FROM message
        WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $2";
    OF_CASE = "SELECT id, case_id, kind, made_at, due_at, tries, state, changed_at FROM message
        WHERE case_id = $1 ORDER BY made_at, id";
    TAKE = "UPDATE message SET tries = tries + 1, due_at = $3, changed_at = $4
        WHERE id = $1 AND due_at = $2";
    PUT_OFF = "UPDATE message SET due_at = $3, changed_at = $4 WHERE id = $1 AND due_at = $2";
    SETTLE = "UPDATE message SET state = $2, due_at = NULL, changed_at = $3
        WHERE id = $1 AND due_at IS NOT NULL";
    OVERTAKE = "UPDATE message SET state = 'overtaken', due_at = NULL, changed_at = $2
        WHERE case_id = $1 AND due_at IS NOT NULL";
    SWEEP = "DELETE FROM message WHERE due_at IS NULL AND changed_at <= $1";
    FORGET_LINKS = "DELETE FROM verdict_link WHERE case_id = $1";
    KEEP_LINK = "INSERT INTO verdict_link (hash, case_id, until) VALUES ($1, $2, $3)";
    LINKED = "SELECT case_id FROM verdict_link WHERE hash = $1 AND until > $2";
    SWEEP_LINKS = "DELETE FROM verdict_link WHERE until <= $1";
}

/// A short message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// The case it is about.
    pub case: CaseId,
    /// What is told.
    pub kind: MessageKind,
    /// When it was made, with the act.
    pub made_at: Timestamp,
    /// When it is tried next; none when it is settled.
    pub due_at: Option<Timestamp>,
    /// How often it was tried.
    pub tries: i64,
    /// How far it has come.
    pub state: Delivery,
    /// Since when.
    pub changed_at: Timestamp,
}

/// Queues a message, due at once; what was still to be told of the case before is overtaken.
pub async fn enqueue(
    tx: &mut Tx,
    id: Uuid,
    (case, kind): (CaseId, MessageKind),
    now: Timestamp,
) -> Result<()> {
    let now = now.as_microsecond();
    tx.execute(OVERTAKE, &params![case.0, now]).await?;
    tx.execute(ENQUEUE, &params![id, case.0, kind.as_str(), now]).await?;
    Ok(())
}

/// Messages that are due, the longest due first.
pub async fn due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Message>> {
    rows(&tx.query(DUE, &params![now.as_microsecond(), limit]).await?, read)
}

/// All messages of a case that are still kept, in order.
pub async fn of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<Message>> {
    rows(&tx.query(OF_CASE, &params![case.0]).await?, read)
}

fn read(row: &Row) -> Result<Message> {
    let (kind, state): (String, String) = (row.get(2)?, row.get(6)?);
    let unknown = |what: &str| Error::inconsistent("message", what);
    Ok(Message {
        id: row.get(0)?,
        case: CaseId(row.get(1)?),
        kind: MessageKind::parse(&kind).ok_or_else(|| unknown(&kind))?,
        made_at: instant(row.get(3)?)?,
        due_at: row.get::<Option<i64>>(4)?.map(instant).transpose()?,
        tries: row.get(5)?,
        state: Delivery::parse(&state).ok_or_else(|| unknown(&state))?,
        changed_at: instant(row.get(7)?)?,
    })
}

/// Takes a message to be tried now, and again at `again` should nobody settle it; false when somebody
/// else took it.
pub async fn take(
    tx: &mut Tx,
    message: &Message,
    (again, now): (Timestamp, Timestamp),
) -> Result<bool> {
    moved(tx, TAKE, message, (again, now)).await
}

/// Puts a message off without a try; false when somebody else took it.
pub async fn put_off(
    tx: &mut Tx,
    message: &Message,
    (until, now): (Timestamp, Timestamp),
) -> Result<bool> {
    moved(tx, PUT_OFF, message, (until, now)).await
}

async fn moved(
    tx: &mut Tx,
    text: &'static str,
    message: &Message,
    (due, now): (Timestamp, Timestamp),
) -> Result<bool> {
    let was = message.due_at.map(Timestamp::as_microsecond);
    let values = params![message.id, was, due.as_microsecond(), now.as_microsecond()];
    Ok(tx.execute(text, &values).await? == 1)
}

/// Settles a message for good; false when it was settled or overtaken meanwhile.
pub async fn settle(tx: &mut Tx, id: Uuid, state: Delivery, now: Timestamp) -> Result<bool> {
    Ok(tx.execute(SETTLE, &params![id, state.as_str(), now.as_microsecond()]).await? == 1)
}

/// Keeps the hash of the code of a case's newest answer; earlier ones open nothing more.
pub async fn keep_link(tx: &mut Tx, hash: &[u8], case: CaseId, until: Timestamp) -> Result<()> {
    tx.execute(FORGET_LINKS, &params![case.0]).await?;
    tx.execute(KEEP_LINK, &params![hash, case.0, until.as_microsecond()]).await?;
    Ok(())
}

/// The case whose answer a code's hash opens.
pub async fn linked(tx: &mut Tx, hash: &[u8], now: Timestamp) -> Result<Option<CaseId>> {
    let row = tx.query_opt(LINKED, &params![hash, now.as_microsecond()]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?.map(CaseId))
}

/// Forgets what was settled by `before`, and codes that are over; says how many.
pub async fn sweep(tx: &mut Tx, now: Timestamp, before: Timestamp) -> Result<u64> {
    let settled = tx.execute(SWEEP, &params![before.as_microsecond()]).await?;
    Ok(settled + tx.execute(SWEEP_LINKS, &params![now.as_microsecond()]).await?)
}
