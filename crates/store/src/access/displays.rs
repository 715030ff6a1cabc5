//! Displays: walls that show the screen without anybody logged in at them. Only hashes of their codes
//! and tokens are kept.

use super::sessions::TokenHash;
use crate::Result;
use crate::columns::{instant, rows};
use crate::statements::sql;
use jiff::Timestamp;
use model::{AccountId, DisplayId, PersonId, PlaceId, PostId};
use rowdb::{Row, Tx, params};

sql! {
    OPEN = "INSERT INTO display
            (id, token, entered, name, place, post, account, person, opened_at, seen_at, expires_at, until)
        VALUES ($1, $2, FALSE, $3, $4, $5, $6, $7, $8, $8, $9, $10)";
    ENTER = "UPDATE display SET token = $2, entered = TRUE, seen_at = $3, expires_at = until
        WHERE token = $1 AND NOT entered AND expires_at > $3
        RETURNING id, entered, name, place, post, account, person, opened_at, seen_at, expires_at, until";
    GET = "SELECT id, entered, name, place, post, account, person, opened_at, seen_at, expires_at, until
        FROM display WHERE token = $1 AND entered AND expires_at > $2";
    ALL = "SELECT id, entered, name, place, post, account, person, opened_at, seen_at, expires_at, until
        FROM display WHERE expires_at > $1 ORDER BY opened_at DESC, id";
    SEEN = "UPDATE display SET seen_at = $2 WHERE token = $1";
    RENEW = "UPDATE display SET expires_at = CASE WHEN entered THEN $2 ELSE expires_at END, until = $2
        WHERE id = $1";
    END = "DELETE FROM display WHERE id = $1";
    END_ALL = "DELETE FROM display WHERE account = $1";
    SWEEP = "DELETE FROM display WHERE expires_at <= $1";
}

/// A wall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Display {
    /// Its id.
    pub id: DisplayId,
    /// Whether its code was used: it shows the screen.
    pub entered: bool,
    /// What it is called.
    pub name: String,
    /// The place it shows.
    pub place: PlaceId,
    /// The post as which it looks.
    pub post: PostId,
    /// The account that opened it.
    pub account: AccountId,
    /// The person behind that.
    pub person: PersonId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was last used, as far as that was noted.
    pub seen_at: Timestamp,
    /// When its code is good no more or, once that was used, when it ends.
    pub expires_at: Timestamp,
    /// Until when it may show the screen.
    pub until: Timestamp,
}

/// Opens a display that waits for its code, given by its hash.
pub async fn open(tx: &mut Tx, code: &TokenHash, it: &Display) -> Result<()> {
    let [opened, expires, until] =
        [it.opened_at, it.expires_at, it.until].map(Timestamp::as_microsecond);
    let values = params![
        it.id.0,
        code,
        &it.name,
        it.place.0,
        it.post.0,
        it.account.0,
        it.person.0,
        opened,
        expires,
        until
    ];
    tx.execute(OPEN, &values).await?;
    Ok(())
}

/// Uses a code up: whoever has the token is the display from now on. None for a code that is not
/// known, used or over.
pub async fn enter(
    tx: &mut Tx,
    (code, token): (&TokenHash, &TokenHash),
    now: Timestamp,
) -> Result<Option<Display>> {
    let row = tx.query_opt(ENTER, &params![code, token, now.as_microsecond()]).await?;
    row.as_ref().map(read).transpose()
}

/// The display of a token, unless it has ended.
pub async fn get(tx: &mut Tx, token: &TokenHash, now: Timestamp) -> Result<Option<Display>> {
    let row = tx.query_opt(GET, &params![token, now.as_microsecond()]).await?;
    row.as_ref().map(read).transpose()
}

/// All displays that have not ended, the newest first.
pub async fn all(tx: &mut Tx, now: Timestamp) -> Result<Vec<Display>> {
    rows(&tx.query(ALL, &params![now.as_microsecond()]).await?, read)
}

fn read(row: &Row) -> Result<Display> {
    Ok(Display {
        id: DisplayId(row.get(0)?),
        entered: row.get(1)?,
        name: row.get(2)?,
        place: PlaceId(row.get(3)?),
        post: PostId(row.get(4)?),
        account: AccountId(row.get(5)?),
        person: PersonId(row.get(6)?),
        opened_at: instant(row.get(7)?)?,
        seen_at: instant(row.get(8)?)?,
        expires_at: instant(row.get(9)?)?,
        until: instant(row.get(10)?)?,
    })
}

/// Notes that a display was used.
pub async fn seen(tx: &mut Tx, token: &TokenHash, at: Timestamp) -> Result<()> {
    tx.execute(SEEN, &params![token, at.as_microsecond()]).await?;
    Ok(())
}

/// Lets a display show the screen until later; the time of its code stays.
pub async fn renew(tx: &mut Tx, id: DisplayId, until: Timestamp) -> Result<()> {
    tx.execute(RENEW, &params![id.0, until.as_microsecond()]).await?;
    Ok(())
}

/// Ends a display.
pub async fn end(tx: &mut Tx, id: DisplayId) -> Result<()> {
    tx.execute(END, &params![id.0]).await?;
    Ok(())
}

/// Ends all displays that an account opened.
pub async fn end_all(tx: &mut Tx, account: AccountId) -> Result<u64> {
    Ok(tx.execute(END_ALL, &params![account.0]).await?)
}

/// Forgets displays that have ended and says how many.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    Ok(tx.execute(SWEEP, &params![now.as_microsecond()]).await?)
}
