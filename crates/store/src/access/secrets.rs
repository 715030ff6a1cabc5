//! Secrets and what guards them: credentials, failed attempts, codes sent by telephone, claim codes
//! and blocks of case numbers. All of it is kept as hashes or counters and outside the journal.

use crate::Result;
use crate::columns::{day, instant};
use crate::statements::sql;
use jiff::Timestamp;
use jiff::civil::Date;
use model::{AccountId, CaseId};
use rowdb::{Tx, params};

sql! {
    CREDENTIAL = "SELECT password, must_change, totp, changed_at FROM credential
        WHERE account = $1";
    SET_PASSWORD = "INSERT INTO credential
            (account, password, must_change, totp, last_totp, changed_at)
        VALUES ($1, $2, $3, NULL, 0, $4)
        ON CONFLICT (account) DO UPDATE SET password = excluded.password,
            must_change = excluded.must_change, changed_at = excluded.changed_at";
    SET_TOTP = "UPDATE credential SET totp = $2, last_totp = 0, changed_at = $3
        WHERE account = $1";
    USE_TOTP = "UPDATE credential SET last_totp = $2 WHERE account = $1 AND last_totp < $2";
    FAILED = "SELECT failed FROM attempt WHERE key = $1 AND since > $2";
    FAIL = "INSERT INTO attempt (key, failed, since) VALUES ($1, 1, $2)
        ON CONFLICT (key) DO UPDATE SET
            failed = CASE WHEN attempt.since > $3 THEN attempt.failed + 1 ELSE 1 END,
            since = CASE WHEN attempt.since > $3 THEN attempt.since ELSE excluded.since END
        RETURNING failed";
    FORGIVE = "DELETE FROM attempt WHERE key = $1";
    SEND_CODE = "INSERT INTO phone_code (key, hash, expires_at, tries) VALUES ($1, $2, $3, 0)
        ON CONFLICT (key) DO UPDATE SET
            hash = excluded.hash, expires_at = excluded.expires_at, tries = 0";
    TRY_CODE = "UPDATE phone_code SET tries = tries + 1
        WHERE key = $1 AND expires_at > $2 AND tries < $3 RETURNING hash, tries";
    USE_CODE = "DELETE FROM phone_code WHERE key = $1";
    KEEP_CLAIM = "INSERT INTO claim (hash, case_id) VALUES ($1, $2)";
    CLAIMED = "SELECT case_id FROM claim WHERE hash = $1";
    RESERVE = "INSERT INTO number_block (day, reserved) VALUES ($1, $2)
        ON CONFLICT (day) DO UPDATE SET reserved = number_block.reserved + excluded.reserved
        RETURNING reserved";
    SWEEP_CODES = "DELETE FROM phone_code WHERE expires_at <= $1";
    SWEEP_ATTEMPTS = "DELETE FROM attempt WHERE since <= $1";
}

/// How an account proves who logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Argon2id hash in PHC form.
    pub password: String,
    /// Whether the password was given by somebody else and must be changed at once.
    pub must_change: bool,
    /// The second factor's secret, sealed by the caller; none until it is set up.
    pub totp: Option<String>,
    /// When password or second factor last changed.
    pub changed_at: Timestamp,
}

/// What became of a code that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is the one that was sent, which is now used up.
    Right,
    /// It is another; so many tries are left.
    Wrong {
        /// Tries left.
        left: i64,
    },
    /// None was sent, its time is over, or all tries are spent.
    Gone,
}

/// The credential of an account.
pub async fn credential(tx: &mut Tx, account: AccountId) -> Result<Option<Credential>> {
    let row = tx.query_opt(CREDENTIAL, &params![account.0]).await?;
    let read = |row: rowdb::Row| {
        Ok(Credential {
            password: row.get(0)?,
            must_change: row.get(1)?,
            totp: row.get(2)?,
            changed_at: instant(row.get(3)?)?,
        })
    };
    row.map(read).transpose()
}

/// Sets the password hash of an account; its second factor stays.
pub async fn set_password(
    tx: &mut Tx,
    account: AccountId,
    hash: &str,
    must_change: bool,
    at: Timestamp,
) -> Result<()> {
    let values = params![account.0, hash, must_change, at.as_microsecond()];
    tx.execute(SET_PASSWORD, &values).await?;
    Ok(())
}

/// Sets, replaces or takes away the second factor of an account that has a password.
pub async fn set_totp(
    tx: &mut Tx,
    account: AccountId,
    secret: Option<&str>,
    at: Timestamp,
) -> Result<()> {
    tx.execute(SET_TOTP, &params![account.0, secret, at.as_microsecond()]).await?;
    Ok(())
}

/// Uses up a time step of the second factor; false when it, or a later one, was used before.
pub async fn use_totp(tx: &mut Tx, account: AccountId, step: i64) -> Result<bool> {
    Ok(tx.execute(USE_TOTP, &params![account.0, step]).await? == 1)
}

/// How often `key` (an account, an address, a number) failed in the window that began after `since`.
pub async fn failures(tx: &mut Tx, key: &str, since: Timestamp) -> Result<i64> {
    let row = tx.query_opt(FAILED, &params![key, since.as_microsecond()]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?.unwrap_or(0))
}

/// Counts a failure at `at` and says how many there are now; a window that began at `since` or
/// before is over, and this is the first of a new one.
pub async fn fail(tx: &mut Tx, key: &str, at: Timestamp, since: Timestamp) -> Result<i64> {
    let values = params![key, at.as_microsecond(), since.as_microsecond()];
    Ok(tx.query_one(FAIL, &values).await?.get(0)?)
}

/// Forgets the failures of a key: it succeeded.
pub async fn forgive(tx: &mut Tx, key: &str) -> Result<()> {
    tx.execute(FORGIVE, &params![key]).await?;
    Ok(())
}

/// Keeps the hash of a code that is sent; an earlier one no longer counts.
pub async fn send_code(tx: &mut Tx, key: &str, hash: &[u8], expires_at: Timestamp) -> Result<()> {
    tx.execute(SEND_CODE, &params![key, hash, expires_at.as_microsecond()]).await?;
    Ok(())
}

/// Compares a typed code's hash with the one sent, of which at most `most` tries are allowed. The
/// command must succeed after a wrong one too, or the try is not counted.
pub async fn try_code(
    tx: &mut Tx,
    key: &str,
    hash: &[u8],
    now: Timestamp,
    most: i64,
) -> Result<Tried> {
    let row = tx.query_opt(TRY_CODE, &params![key, now.as_microsecond(), most]).await?;
    let Some(row) = row else { return Ok(Tried::Gone) };
    let (sent, tries): (Vec<u8>, i64) = (row.get(0)?, row.get(1)?);
    if sent != hash {
        return Ok(Tried::Wrong { left: most - tries });
    }
    tx.execute(USE_CODE, &params![key]).await?;
    Ok(Tried::Right)
}

/// Keeps the hash of the claim code of a case.
pub async fn keep_claim(tx: &mut Tx, hash: &[u8], case: CaseId) -> Result<()> {
    tx.execute(KEEP_CLAIM, &params![hash, case.0]).await?;
    Ok(())
}

/// The case that a claim code's hash opens.
pub async fn claimed(tx: &mut Tx, hash: &[u8]) -> Result<Option<CaseId>> {
    let row = tx.query_opt(CLAIMED, &params![hash]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?.map(CaseId))
}

/// Reserves `n` case numbers of a day and answers the first; no number is given twice.
pub async fn reserve_numbers(tx: &mut Tx, on: Date, n: i64) -> Result<i64> {
    let reserved: i64 = tx.query_one(RESERVE, &params![day(on), n]).await?.get(0)?;
    Ok(reserved - n + 1)
}

/// Forgets codes that are over, and failures of windows that began at `attempts_before` or earlier.
pub async fn sweep(tx: &mut Tx, now: Timestamp, attempts_before: Timestamp) -> Result<u64> {
    let codes = tx.execute(SWEEP_CODES, &params![now.as_microsecond()]).await?;
    let attempts = tx.execute(SWEEP_ATTEMPTS, &params![attempts_before.as_microsecond()]).await?;
    Ok(codes + attempts)
}
