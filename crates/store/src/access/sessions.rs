//! Sessions: who is logged in by which token. Only the SHA-256 of a token is kept.

use crate::columns::{instant, rows};
use crate::statements::sql;
use crate::{Error, Result};
use jiff::Timestamp;
use model::{AccountId, PersonId};
use rowdb::{Row, Tx, params};
use uuid::Uuid;

sql! {
    OPEN = "INSERT INTO session (token, account, person, created_at, seen_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    GET = "SELECT account, person, created_at, seen_at, expires_at FROM session
        WHERE token = $1 AND expires_at > $2";
    OF_STAFF = "SELECT token, account, person, created_at, seen_at, expires_at FROM session
        WHERE account IS NOT NULL AND expires_at > $1 ORDER BY seen_at DESC, token";
    SEEN = "UPDATE session SET seen_at = $2, expires_at = $3 WHERE token = $1";
    CLOSE = "DELETE FROM session WHERE token = $1";
    CLOSE_ALL = "DELETE FROM session WHERE account = $1";
    CLOSE_OTHERS = "DELETE FROM session WHERE account = $1 AND token <> $2";
    CLOSE_OTHERS_OF = "DELETE FROM session WHERE person = $1 AND account IS NULL AND token <> $2";
    SWEEP = "DELETE FROM session WHERE expires_at <= $1";
}

/// SHA-256 of an opaque token.
pub type TokenHash = [u8; 32];

/// Somebody who is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The account; none for a resident.
    pub account: Option<AccountId>,
    /// Who it is.
    pub person: PersonId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, as far as that was noted.
    pub seen_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// Begins a session.
pub async fn open(tx: &mut Tx, token: &TokenHash, session: &Session) -> Result<()> {
    let Session { account, person, created_at, seen_at, expires_at } = session;
    let [created, seen, expires] = [created_at, seen_at, expires_at].map(|at| at.as_microsecond());
    let account = account.map(|it| it.0);
    tx.execute(OPEN, &params![token, account, person.0, created, seen, expires]).await?;
    Ok(())
}

/// The session of a token, unless it has ended.
pub async fn get(tx: &mut Tx, token: &TokenHash, now: Timestamp) -> Result<Option<Session>> {
    let row = tx.query_opt(GET, &params![token, now.as_microsecond()]).await?;
    row.as_ref().map(read).transpose()
}

/// The sessions of staff that have not ended, the last used first.
pub async fn of_staff(tx: &mut Tx, now: Timestamp) -> Result<Vec<(TokenHash, Session)>> {
    rows(&tx.query(OF_STAFF, &params![now.as_microsecond()]).await?, |row| {
        let token: Vec<u8> = row.get(0)?;
        let token = token.try_into().map_err(|_| Error::inconsistent("session", "no hash"))?;
        Ok((token, read_from(row, 1)?))
    })
}

fn read(row: &Row) -> Result<Session> {
    read_from(row, 0)
}

fn read_from(row: &Row, at: usize) -> Result<Session> {
    Ok(Session {
        account: row.get::<Option<Uuid>>(at)?.map(AccountId),
        person: PersonId(row.get(at + 1)?),
        created_at: instant(row.get(at + 2)?)?,
        seen_at: instant(row.get(at + 3)?)?,
        expires_at: instant(row.get(at + 4)?)?,
    })
}

/// Notes that a session was used, and until when it now lasts.
pub async fn seen(
    tx: &mut Tx,
    token: &TokenHash,
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    let values = params![token, at.as_microsecond(), expires_at.as_microsecond()];
    tx.execute(SEEN, &values).await?;
    Ok(())
}

/// Ends a session.
pub async fn close(tx: &mut Tx, token: &TokenHash) -> Result<()> {
    tx.execute(CLOSE, &params![token]).await?;
    Ok(())
}

/// Ends all sessions of an account and says how many.
pub async fn close_all(tx: &mut Tx, account: AccountId) -> Result<u64> {
    Ok(tx.execute(CLOSE_ALL, &params![account.0]).await?)
}

/// Ends all sessions of an account but one: its password has changed.
pub async fn close_others(tx: &mut Tx, account: AccountId, but: &TokenHash) -> Result<u64> {
    Ok(tx.execute(CLOSE_OTHERS, &params![account.0, but]).await?)
}

/// Ends all sessions of a resident but one: the number has changed.
pub async fn close_others_of(tx: &mut Tx, person: PersonId, but: &TokenHash) -> Result<u64> {
    Ok(tx.execute(CLOSE_OTHERS_OF, &params![person.0, but]).await?)
}

/// Forgets sessions that have ended and says how many.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    Ok(tx.execute(SWEEP, &params![now.as_microsecond()]).await?)
}
