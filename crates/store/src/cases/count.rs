//! How many cases pass a filter, by procedure, state and due date, and their states alone, for what
//! only a state tells. Both are for open cases, which are few.

use super::filter::CaseFilter;
use super::state_of;
use crate::Result;
use crate::columns::rows;
use jiff::Timestamp;
use model::cases::CaseState;
use rowdb::{Engine, Row, Tx, Value};

/// So many cases are counted at most.
pub const MOST: i64 = 100_000;

/// Cases of one state whose stages are due alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// Their procedure.
    pub procedure: String,
    /// Their state.
    pub state: String,
    /// When they are due.
    pub due: Due,
    /// How many.
    pub n: i64,
}

/// When a stage is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// Later, or never.
    Later,
    /// From now until a bound.
    Soon,
    /// Before now.
    Past,
}

/// Counts the first [`MOST`] cases that pass a filter, in its order; due soon is from `now` until `soon`.
pub async fn count(
    tx: &mut Tx,
    filter: &CaseFilter,
    (now, soon): (Timestamp, Timestamp),
) -> Result<Vec<Group>> {
    let (text, values) = count_text(filter, tx.engine(), (now, soon));
    rows(&tx.query(&text, &values).await?, group)
}

fn group(row: &Row) -> Result<Group> {
    let due = match row.get::<i64>(2)? {
        2 => Due::Past,
        1 => Due::Soon,
        _ => Due::Later,
    };
    Ok(Group { procedure: row.get(0)?, state: row.get(1)?, due, n: row.get(3)? })
}

/// The states of at most `limit` cases that pass a filter, in its order.
pub async fn states(tx: &mut Tx, filter: &CaseFilter, limit: i64) -> Result<Vec<CaseState>> {
    let (text, values) = states_text(filter, tx.engine(), limit);
    rows(&tx.query(&text, &values).await?, |row| state_of(&row.get::<String>(0)?))
}

fn count_text(
    filter: &CaseFilter,
    engine: Engine,
    (now, soon): (Timestamp, Timestamp),
) -> (String, Vec<Value>) {
    let bounds = [now, soon].map(|at| Value::Int(at.as_microsecond()));
    let mut values: Vec<Value> = [Value::Int(MOST)].into_iter().chain(bounds).collect();
    let narrowed = filter.narrowing(engine, &mut values);
    let text = format!(
        "SELECT n.procedure, n.state, n.due, count(*) FROM (
         SELECT c.procedure, c.state, CAST(CASE WHEN c.due_at < $2 THEN 2 WHEN c.due_at <= $3 THEN 1
         ELSE 0 END AS BIGINT) AS due FROM cases c {narrowed} LIMIT $1) n
         GROUP BY n.procedure, n.state, n.due"
    );
    (text, values)
}

fn states_text(filter: &CaseFilter, engine: Engine, limit: i64) -> (String, Vec<Value>) {
    let mut values = vec![Value::Int(limit)];
    let narrowed = filter.narrowing(engine, &mut values);
    (format!("SELECT c.memory FROM cases c {narrowed} LIMIT $1"), values)
}

/// The statements of counts by name.
pub(super) fn composed(engine: Engine) -> impl Iterator<Item = (String, String)> {
    let never = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
    CaseFilter::samples().into_iter().filter(|it| !it.0.ends_with("after")).flat_map(
        move |(name, filter)| {
            let count = count_text(&filter, engine, never).0;
            let states = states_text(&filter, engine, 1).0;
            [("COUNT", count), ("STATES", states)]
                .map(|(kind, text)| (format!("store::cases::count::{kind} {name}"), text))
        },
    )
}
