//! Human case numbers: running within a local day. On SQLite the one writer counts; on PostgreSQL
//! each process takes blocks, so that no row is fought over by all who open cases.

use crate::{Error, Result};
use jiff::civil::Date;
use rowdb::{Db, Engine, Tx};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Numbers taken at a time; twice as many at each further time for one command.
pub const BLOCK: i64 = 64;
/// The most taken at a time: no command opens more cases.
pub const MOST: i64 = 16_384;

/// Numbers this process has taken and not yet used, by day.
#[derive(Debug, Default)]
pub struct Numbers(Mutex<BTreeMap<Date, Range<i64>>>);

impl Numbers {
    /// The next number of a day.
    pub async fn take(&self, tx: &mut Tx, day: Date) -> Result<i64> {
        if tx.engine() == Engine::Sqlite {
            return Ok(store::access::secrets::reserve_numbers(tx, day, 1).await?);
        }
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.get_mut(&day).and_then(Iterator::next).ok_or(Error::NoNumbers { day })
    }

    /// Takes a block of numbers of a day.
    pub async fn refill(&self, db: &Db, day: Date, block: i64) -> Result<()> {
        let first = db
            .command(move |tx| {
                Box::pin(
                    async move { store::access::secrets::reserve_numbers(tx, day, block).await },
                )
            })
            .await?;
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Days that are over are not numbered again.
        held.retain(|it, _| *it >= day);
        held.insert(day, first..first + block);
        Ok(())
    }
}
