//! Rows of registers (台账): as they stand, and the entries that wrote them.

use super::{from_text, to_text};
use crate::Result;
use crate::columns::{instant, rows};
use crate::journal::parse;
use crate::statements::sql;
use jiff::Timestamp;
use model::effects::Record;
use model::journal::Entry;
use model::{CaseId, EntryId, RecordId};
use rowdb::{Row, Tx, params};
use uuid::Uuid;

/// The columns of a [`Written`] row, in the order in which [`read`] wants them.
macro_rules! columns {
    () => {
        "id, register, key, case_id, columns, revision, entry, at FROM register_row "
    };
}

sql! {
    // The case that wrote a row first stays its case.
    WRITE = "INSERT INTO register_row (id, register, key, case_id, columns, revision, entry, at)
        VALUES ($1, $2, $3, $4, $5, 1, $6, $7)
        ON CONFLICT (id) DO UPDATE SET key = excluded.key, columns = excluded.columns,
            revision = register_row.revision + 1, entry = excluded.entry, at = excluded.at";
    REMEMBER = "INSERT INTO register_entry (record, revision, entry)
        SELECT id, revision, entry FROM register_row WHERE id = $1";
    GET = concat!("SELECT ", columns!(), "WHERE id = $1");
    BY_KEY = concat!("SELECT ", columns!(), "WHERE register = $1 AND key = $2");
    OF_CASE = concat!("SELECT ", columns!(), "WHERE case_id = $1 AND register = $2
        ORDER BY at DESC, id DESC LIMIT 1");
    ALL_OF_CASE = concat!("SELECT ", columns!(), "WHERE case_id = $1
        ORDER BY at DESC, id DESC LIMIT $2");
    PAGE = concat!("SELECT ", columns!(), "WHERE register = $1 AND key > $2
        ORDER BY key LIMIT $3");
    // What is left of a key without the words is shorter only if it holds them.
    SEARCH = concat!("SELECT ", columns!(), "WHERE register = $1 AND key > $2
        AND replace(key, $4, '') <> key ORDER BY key LIMIT $3");
    COUNT = "SELECT COUNT(*) FROM register_row WHERE register = $1";
    HISTORY = "SELECT j.body FROM register_entry e JOIN journal j ON j.id = e.entry
        WHERE e.record = $1 ORDER BY e.revision";
}

/// A row of a register as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The row.
    pub record: Record,
    /// How often it was written.
    pub revision: i64,
    /// The entry that wrote it last.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
}

/// Which rows of a register, in the order of their keys.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Behind this key; the first page is behind the empty one.
    pub after: &'a str,
    /// Whose key holds these words; all if empty.
    pub holding: &'a str,
    /// At most so many.
    pub limit: i64,
}

pub(super) async fn written(tx: &mut Tx, entry: &Entry, record: &Record) -> Result<()> {
    let Record { id, register, key, case, columns } = record;
    let (case, at) = (case.map(|it| it.0), entry.at.as_microsecond());
    let values = params![id.0, register, key, case, to_text(columns)?, entry.id.0, at];
    tx.execute(WRITE, &values).await?;
    tx.execute(REMEMBER, &params![id.0]).await?;
    Ok(())
}

/// A row by id.
pub async fn get(tx: &mut Tx, id: RecordId) -> Result<Option<Written>> {
    tx.query_opt(GET, &params![id.0]).await?.as_ref().map(read).transpose()
}

/// The row of a register whose key column holds this.
pub async fn by_key(tx: &mut Tx, register: &str, key: &str) -> Result<Option<Written>> {
    tx.query_opt(BY_KEY, &params![register, key]).await?.as_ref().map(read).transpose()
}

/// The row of a register that a case wrote first; the one touched last of several.
pub async fn of_case(tx: &mut Tx, case: CaseId, register: &str) -> Result<Option<Written>> {
    tx.query_opt(OF_CASE, &params![case.0, register]).await?.as_ref().map(read).transpose()
}

/// At most `limit` rows of any register that a case wrote first, those written last first.
pub async fn all_of_case(tx: &mut Tx, case: CaseId, limit: i64) -> Result<Vec<Written>> {
    rows(&tx.query(ALL_OF_CASE, &params![case.0, limit]).await?, read)
}

/// Rows of a register.
pub async fn page(tx: &mut Tx, register: &str, page: Page<'_>) -> Result<Vec<Written>> {
    let Page { after, holding, limit } = page;
    let found = match holding {
        "" => tx.query(PAGE, &params![register, after, limit]).await?,
        words => tx.query(SEARCH, &params![register, after, limit, words]).await?,
    };
    rows(&found, read)
}

/// How many rows a register has.
pub async fn count(tx: &mut Tx, register: &str) -> Result<i64> {
    Ok(tx.query_one(COUNT, &params![register]).await?.get(0)?)
}

/// The entries that wrote a row, the oldest first.
pub async fn history(tx: &mut Tx, id: RecordId) -> Result<Vec<Entry>> {
    rows(&tx.query(HISTORY, &params![id.0]).await?, |row| parse(&row.get::<String>(0)?))
}

fn read(row: &Row) -> Result<Written> {
    let record = Record {
        id: RecordId(row.get(0)?),
        register: row.get(1)?,
        key: row.get(2)?,
        case: row.get::<Option<Uuid>>(3)?.map(CaseId),
        columns: from_text(&row.get::<String>(4)?)?,
    };
    let (revision, entry) = (row.get(5)?, EntryId(row.get(6)?));
    Ok(Written { record, revision, entry, at: instant(row.get(7)?)? })
}
