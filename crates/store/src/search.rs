//! The text index: terms of a case made by the caller, expressions matched against them. The one
//! area with a text for each engine: FTS5 on SQLite, `tsvector` on PostgreSQL.
//!
//! A case's terms are kept under the position of its opening in the log, so that the newest come
//! first without sorting. Beside the text's terms stands one for each place of the case, so that a
//! search in a small place is as fast as the place is small. Sensitive cases are never indexed.

use crate::statements::sql;
use crate::{Error, Result};
use model::{CaseId, EntryId, PlaceId};
use rowdb::{Engine, Row, Tx, params};
use uuid::Uuid;

/// A search looks at so many of the newest matches.
pub const LIMIT: usize = 1000;

sql! {
    CASE = "SELECT s.position, c.sensitive, c.p0, c.p1, c.p2, c.p3, c.p4, c.p5, c.p6, c.p7
        FROM cases c JOIN seal s ON s.entry = c.entry WHERE c.id = $1";
    SUBJECT = "SELECT j.subject FROM journal j JOIN cases c ON c.id = j.subject WHERE j.id = $1";
    POSITION = "SELECT position FROM indexed WHERE one = 1";
    KEEP_POSITION = "INSERT INTO indexed (one, position) VALUES (1, $1)
        ON CONFLICT (one) DO UPDATE SET position = excluded.position";
}

/// The texts of one engine.
struct Texts {
    /// The document column's test against parameter `$n`, as a subquery for the newest cases.
    matches: fn(usize) -> String,
    remove: &'static str,
    insert: &'static str,
    /// How two expressions are joined so that both must match.
    and: &'static str,
    /// What encloses a term, in documents and in expressions.
    quote: &'static str,
}

const SQLITE: Texts = Texts {
    matches: |n| {
        format!(
            "SELECT case_id FROM search WHERE search MATCH ${n} ORDER BY rowid DESC LIMIT {LIMIT}"
        )
    },
    remove: "DELETE FROM search WHERE rowid = $1",
    insert: "INSERT INTO search (rowid, case_id, terms) VALUES ($1, $2, $3)",
    and: "AND",
    quote: "",
};

const POSTGRES: Texts = Texts {
    matches: |n| {
        format!(
            "SELECT s.case_id FROM search s
             WHERE s.terms @@ CAST(CAST(${n} AS TEXT) AS tsquery)
             ORDER BY s.position DESC LIMIT {LIMIT}"
        )
    },
    remove: "DELETE FROM search WHERE position = $1",
    insert: "INSERT INTO search (position, case_id, terms)
        VALUES ($1, $2, CAST(CAST($3 AS TEXT) AS tsvector))",
    and: "&",
    quote: "'",
};

fn texts(engine: Engine) -> &'static Texts {
    match engine {
        Engine::Sqlite => &SQLITE,
        Engine::Postgres => &POSTGRES,
    }
}

/// Indexes a case anew. `terms` is the engine's document (an FTS5 column's value, a `tsvector`'s
/// text) of all that can be searched for; a sensitive case is left out.
pub async fn index(tx: &mut Tx, case: CaseId, terms: &str) -> Result<()> {
    let texts = texts(tx.engine());
    let row = wanted(tx, case).await?;
    let (position, sensitive): (i64, bool) = (row.get(0)?, row.get(1)?);
    tx.execute(texts.remove, &params![position]).await?;
    if sensitive {
        return Ok(());
    }
    let mut document = terms.to_owned();
    for level in 2..row.values().len() {
        let place: Option<Uuid> = row.get(level)?;
        let term = place.map(|place| format!(" {0}{1}{0}", texts.quote, of_place(PlaceId(place))));
        document.extend(term);
    }
    tx.execute(texts.insert, &params![position, case.0, document]).await?;
    Ok(())
}

/// Takes a case's terms out of the index, as when one of its texts was erased.
pub async fn remove(tx: &mut Tx, case: CaseId) -> Result<()> {
    let position: i64 = wanted(tx, case).await?.get(0)?;
    tx.execute(texts(tx.engine()).remove, &params![position]).await?;
    Ok(())
}

async fn wanted(tx: &mut Tx, case: CaseId) -> Result<Row> {
    let row = tx.query_opt(CASE, &params![case.0]).await?;
    row.ok_or_else(|| Error::Missing { what: format!("sealed case {case}") })
}

/// Takes out the terms of the case that an entry is about, if any: a value beside it was erased.
pub(crate) async fn erased(tx: &mut Tx, entry: EntryId) -> Result<()> {
    let row = tx.query_opt(SUBJECT, &params![entry.0]).await?;
    let case: Option<Uuid> = row.map(|row| row.get(0)).transpose()?;
    let Some(case) = case else { return Ok(()) };
    let sealed = tx.query_opt(CASE, &params![case]).await?;
    if let Some(position) = sealed.map(|row| row.get::<i64>(0)).transpose()? {
        tx.execute(texts(tx.engine()).remove, &params![position]).await?;
    }
    Ok(())
}

/// How many entries of the log the index has followed.
pub async fn position(tx: &mut Tx) -> Result<u64> {
    let row = tx.query_opt(POSITION, &[]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?.unwrap_or(0))
}

/// Keeps how many entries of the log the index has followed.
pub async fn keep_position(tx: &mut Tx, position: u64) -> Result<()> {
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    tx.execute(KEEP_POSITION, &params![position]).await?;
    Ok(())
}

/// The subquery for the newest cases that match parameter `$n`.
pub(crate) fn matches(engine: Engine, n: usize) -> String {
    (texts(engine).matches)(n)
}

/// An expression that matches in one place only.
pub(crate) fn narrowed(engine: Engine, expression: &str, place: Option<PlaceId>) -> String {
    let Texts { and, quote, .. } = texts(engine);
    match place {
        None => expression.to_owned(),
        Some(place) => format!("({expression}) {and} {quote}{}{quote}", of_place(place)),
    }
}

/// The term of a place: longer than any word of a text is taken for.
fn of_place(place: PlaceId) -> String {
    format!("place{}", place.0.simple())
}

/// The statements of one engine by name.
pub(crate) fn composed(engine: Engine) -> Vec<(String, String)> {
    let texts = texts(engine);
    let named = [("REMOVE", texts.remove), ("INSERT", texts.insert)];
    let named = named.map(|(name, text)| (format!("store::search::{name}"), text.to_owned()));
    let matches = ("store::search::MATCHES".to_owned(), (texts.matches)(1));
    named.into_iter().chain([matches]).collect()
}
