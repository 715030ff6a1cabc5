//! Residents whom WeChat knows, by the keyed hash of its id for them; and tickets, by which somebody
//! whom it has just told lends the telephone number once. Of those too only hashes are kept.

use super::{Resident, read_resident};
use crate::Result;
use crate::statements::sql;
use jiff::Timestamp;
use model::PersonId;
use rowdb::{Tx, params};

sql! {
    FREE = "DELETE FROM wechat WHERE key = $1 OR person = $2";
    BIND = "INSERT INTO wechat (person, key) VALUES ($1, $2)";
    UNBIND = "DELETE FROM wechat WHERE person = $1";
    RESIDENT_OF = "SELECT r.person, r.verified_at FROM wechat w JOIN resident r ON r.person = w.person
        WHERE w.key = $1";
    KEY_OF = "SELECT key FROM wechat WHERE person = $1";
    KEEP_TICKET = "INSERT INTO wechat_ticket (hash, key, expires_at, tries) VALUES ($1, $2, $3, 0)";
    TRY_TICKET = "UPDATE wechat_ticket SET tries = tries + 1
        WHERE hash = $1 AND expires_at > $2 AND tries < $3 RETURNING key";
    USE_TICKET = "DELETE FROM wechat_ticket WHERE hash = $1 AND expires_at > $2 RETURNING key";
    SWEEP = "DELETE FROM wechat_ticket WHERE expires_at <= $1";
}

/// Binds a person to one id of WeChat's, and that to nobody else.
pub(crate) async fn bind(tx: &mut Tx, person: PersonId, key: &str) -> Result<()> {
    tx.execute(FREE, &params![key, person.0]).await?;
    tx.execute(BIND, &params![person.0, key]).await?;
    Ok(())
}

/// Unbinds a person, if bound.
pub(crate) async fn unbind(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(UNBIND, &params![person.0]).await?;
    Ok(())
}

/// The resident that an id is bound to.
pub async fn resident_of(tx: &mut Tx, key: &str) -> Result<Option<Resident>> {
    tx.query_opt(RESIDENT_OF, &params![key]).await?.as_ref().map(read_resident).transpose()
}

/// The keyed hash of the id that a person is bound to.
pub async fn key_of(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    let row = tx.query_opt(KEY_OF, &params![person.0]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// Keeps the hash of a ticket given to whoever has this id.
pub async fn keep_ticket(tx: &mut Tx, hash: &[u8], key: &str, until: Timestamp) -> Result<()> {
    tx.execute(KEEP_TICKET, &params![hash, key, until.as_microsecond()]).await?;
    Ok(())
}

/// Counts a try of a ticket, of which at most `most` are allowed, and says whose it is. The command
/// must succeed, or the try is not counted.
pub async fn try_ticket(
    tx: &mut Tx,
    hash: &[u8],
    now: Timestamp,
    most: i64,
) -> Result<Option<String>> {
    let row = tx.query_opt(TRY_TICKET, &params![hash, now.as_microsecond(), most]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// Uses a ticket up and says whose it was; none when it is over or another was faster.
pub async fn use_ticket(tx: &mut Tx, hash: &[u8], now: Timestamp) -> Result<Option<String>> {
    let row = tx.query_opt(USE_TICKET, &params![hash, now.as_microsecond()]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// Forgets tickets that are over and says how many.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    Ok(tx.execute(SWEEP, &params![now.as_microsecond()]).await?)
}
