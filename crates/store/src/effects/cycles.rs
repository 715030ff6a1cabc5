//! The periods for which cycles have run: each once.

use crate::Result;
use crate::columns::{instant, rows};
use crate::statements::sql;
use jiff::Timestamp;
use model::EntryId;
use model::journal::Entry;
use rowdb::{Tx, params};

sql! {
    RUN = "INSERT INTO cycle_run (cycle, period, entry, at) VALUES ($1, $2, $3, $4)";
    HAS_RUN = "SELECT 1 FROM cycle_run WHERE cycle = $1 AND period = $2";
    RUNS = "SELECT period, entry, at FROM cycle_run WHERE cycle = $1 ORDER BY at DESC LIMIT $2";
}

/// A run of a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The period it was for (`2026-11`, `2026-Q4`).
    pub period: String,
    /// The entry that says so.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
}

pub(super) async fn ran(tx: &mut Tx, entry: &Entry, cycle: &str, period: &str) -> Result<()> {
    let row = params![cycle, period, entry.id.0, entry.at.as_microsecond()];
    tx.execute(RUN, &row).await?;
    Ok(())
}

/// Whether a cycle has run for a period.
pub async fn has_run(tx: &mut Tx, cycle: &str, period: &str) -> Result<bool> {
    Ok(tx.query_opt(HAS_RUN, &params![cycle, period]).await?.is_some())
}

/// At most `limit` runs of a cycle, the latest first.
pub async fn runs(tx: &mut Tx, cycle: &str, limit: i64) -> Result<Vec<Run>> {
    rows(&tx.query(RUNS, &params![cycle, limit]).await?, |row| {
        Ok(Run { period: row.get(0)?, entry: EntryId(row.get(1)?), at: instant(row.get(2)?)? })
    })
}
