//! Reads for auditors and for exchange with other offices, and what erasing a person needs: entries
//! about a person, sessions of a person, cases by the system that sent them.

use crate::Result;
use crate::columns::rows;
use crate::statements::sql;
use jiff::Timestamp;
use model::{CaseId, Entry, EntryId, PersonId};
use rowdb::{Engine, Tx, params};

sql! {
    /// A person has few entries of its own, but each may hold a name or a telephone.
    OF_PERSON = "SELECT id FROM journal WHERE revision IS NULL AND subject = $1
        AND kind IN ('person_added', 'resident_registered', 'phone_changed') ORDER BY id";
    CALLS_TO = "SELECT body FROM journal WHERE revision IS NULL AND subject = $1 AND kind = 'called'
        ORDER BY at DESC, id DESC LIMIT 200";
    END_SESSIONS = "DELETE FROM session WHERE person = $1";
    OF_SOURCE = "SELECT source_number, id FROM cases WHERE source_system = $1
        AND source_number > $2 AND changed_at >= $3 AND (ended_as IS NULL OR ended_as <> 'imported')
        ORDER BY source_number LIMIT $4";
}

/// The entries that may hold a person's name and telephone.
pub async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<EntryId>> {
    rows(&tx.query(OF_PERSON, &params![person.0]).await?, |row| Ok(EntryId(row.get(0)?)))
}

/// The newest entries of calls to a person.
pub async fn calls_to(tx: &mut Tx, person: PersonId) -> Result<Vec<Entry>> {
    let found = tx.query(CALLS_TO, &params![person.0]).await?;
    rows(&found, |row| crate::journal::parse(&row.get::<String>(0)?))
}

/// Ends all sessions of a person; says how many.
pub async fn end_sessions(tx: &mut Tx, person: PersonId) -> Result<u64> {
    Ok(tx.execute(END_SESSIONS, &params![person.0]).await?)
}

/// The cases that another system sent to be handled here and that changed since an instant, by their
/// numbers there after `after`, at most `limit`.
pub async fn of_source(
    tx: &mut Tx,
    system: &str,
    (after, since): (&str, Timestamp),
    limit: i64,
) -> Result<Vec<(String, CaseId)>> {
    let values = params![system, after, since.as_microsecond(), limit];
    rows(&tx.query(OF_SOURCE, &values).await?, |row| Ok((row.get(0)?, CaseId(row.get(1)?))))
}

/// SQLite finds broken indexes itself; PostgreSQL has its own tools for that.
const CHECK: &str = "PRAGMA integrity_check(20)";
/// A connection that searched before keeps what the text index looked like then, and the check believes
/// it: merged parts that are gone since look like corruption. Opening the index makes it look again.
const LOOK_AGAIN: &str = "SELECT rowid FROM search LIMIT 1";

/// What is wrong with the indexes, in the engine's words; nothing when they agree with their tables.
pub async fn indexes(tx: &mut Tx) -> Result<Vec<String>> {
    if tx.engine() == Engine::Postgres {
        return Ok(Vec::new());
    }
    tx.query(LOOK_AGAIN, &[]).await?;
    let found: Vec<String> = rows(&tx.query(CHECK, &[]).await?, |row| Ok(row.get(0)?))?;
    Ok(found.into_iter().filter(|words| words != "ok").collect())
}

/// The statements that only one engine knows.
pub(crate) fn composed(engine: Engine) -> Vec<(String, String)> {
    let all = [("store::audit::CHECK", CHECK), ("store::audit::LOOK_AGAIN", LOOK_AGAIN)];
    let named = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
    all.into_iter().filter(|_| engine == Engine::Sqlite).map(named).collect()
}
