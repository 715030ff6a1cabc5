//! What a screen in a hall shows of the cases: how many are open in each cell of a level, from one
//! index, and the newest steps of the log.

use super::{Case, columns, read};
use crate::columns::rows;
use crate::journal::parse;
use crate::{Error, Result};
use jiff::Timestamp;
use model::PlaceId;
use model::journal::Entry;
use model::territory::MAX_LEVELS;
use rowdb::{Tx, Value, params};
use std::collections::BTreeMap;
use std::ops::Range;
use uuid::Uuid;

/// How many cases are open in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellCount {
    /// The cell; none for those that lie in no cell of the level.
    pub cell: Option<PlaceId>,
    /// Open cases, sensitive ones and work below others among them.
    pub open: i64,
    /// Of these, with a stage that was due before now.
    pub late: i64,
}

/// How many cases are open in a place in each cell of a level. `path` holds the place at each
/// level from the widest down to its own.
pub async fn open_by_cell(
    tx: &mut Tx,
    path: &[Option<PlaceId>],
    level: usize,
    now: Timestamp,
) -> Result<Vec<CellCount>> {
    let held: Vec<bool> = path.iter().map(Option::is_some).collect();
    let mut values: Vec<Value> = params![now.as_microsecond()].into();
    values.extend(path.iter().flatten().map(|place| Value::Id(place.0)));
    let mut found = BTreeMap::new();
    for row in tx.query(&cells_text(&held, level), &values).await? {
        // A cell comes in several rows where it is reached by several paths.
        let cell = row.get::<Option<Uuid>>(0)?.map(PlaceId);
        let count = found.entry(cell).or_insert(CellCount { cell, open: 0, late: 0 });
        count.open += row.get::<i64>(1)?;
        count.late += row.get::<i64>(2)?;
    }
    Ok(found.into_values().collect())
}

/// The whole path stands in the condition and the grouping, so that the index is read in its order.
fn cells_text(held: &[bool], level: usize) -> String {
    let level = level.min(MAX_LEVELS - 1);
    let mut n = 1;
    let need = |(at, held): (usize, &bool)| {
        n += i64::from(*held);
        if *held { format!("c.p{at} = ${n}") } else { format!("c.p{at} IS NULL") }
    };
    let needs: Vec<String> = held.iter().enumerate().map(need).collect();
    let below: Range<usize> = held.len().min(level)..level + 1;
    let groups: Vec<String> = below.map(|at| format!("c.p{at}")).collect();
    format!(
        "SELECT c.p{level}, count(*), CAST(SUM(CASE WHEN c.due_at < $1 THEN 1 ELSE 0 END) AS BIGINT)
         FROM cases c WHERE c.ended_as IS NULL AND {} GROUP BY {}",
        needs.join(" AND "),
        groups.join(", ")
    )
}

/// An entry about a case with its position in the log, and the case as it is now.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its position.
    pub position: u64,
    /// The entry.
    pub entry: Entry,
    /// The case.
    pub case: Case,
}

/// At most `limit` entries sealed at `from` or after, the newest first, about cases that lie in a
/// place of a level now and are not sensitive.
pub async fn steps(
    tx: &mut Tx,
    (level, place): (usize, PlaceId),
    from: u64,
    limit: i64,
) -> Result<Vec<Step>> {
    let from = i64::try_from(from).map_err(|error| Error::inconsistent("seal", error))?;
    rows(&tx.query(&steps_text(level), &params![from, place.0, limit]).await?, |row| {
        Ok(Step {
            case: read(row)?,
            position: row.get(super::WIDTH)?,
            entry: parse(&row.get::<String>(super::WIDTH + 1)?)?,
        })
    })
}

/// The joins are crossed so that the log is read backwards and the first matches end it.
fn steps_text(level: usize) -> String {
    let level = level.min(MAX_LEVELS - 1);
    format!(
        "SELECT {}, s.position, j.body FROM seal s CROSS JOIN journal j CROSS JOIN cases c
         WHERE j.id = s.entry AND c.id = j.subject AND s.position >= $1
         AND j.revision IS NOT NULL AND NOT c.sensitive AND c.p{level} = $2
         ORDER BY s.position DESC LIMIT $3",
        columns!()
    )
}

/// The statements composed here by name.
pub(super) fn composed() -> Vec<(String, String)> {
    let levels = 0..MAX_LEVELS;
    let steps = levels.clone().map(|at| (format!("STEPS p{at}"), steps_text(at)));
    let cells = levels.flat_map(|own| {
        let whole = vec![true; own + 1];
        let headless: Vec<bool> = (0..=own).map(|at| at == own).collect();
        (own..MAX_LEVELS).flat_map(move |level| {
            let texts = [("whole", &whole), ("headless", &headless)];
            texts.map(|(kind, held)| {
                (format!("CELLS {kind} p{own} p{level}"), cells_text(held, level))
            })
        })
    });
    let all = steps.chain(cells);
    all.map(|(name, text)| (format!("store::cases::screen::{name}"), text)).collect()
}
