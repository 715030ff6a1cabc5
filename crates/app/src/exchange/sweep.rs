//! Sweeping out uploads that no case names: photos of a request that was never sent, bytes whose entry
//! was never made.
//!
//! Rows go first, by an entry; bytes that no row names go after, whoever was killed in between: so bytes
//! may lie there for nothing for a while, and no row is ever without its bytes. Bytes that are put again
//! are new again, and their row may take its time.

use super::Files;
use crate::{County, Error, Result, Work};
use jiff::{SignedDuration, Timestamp};
use model::access::Actor;
use model::journal::Event;
use rowdb::Tx;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How long an upload may wait for a case that names it, and bytes for their row.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Rows that go by one entry.
const AT_ONCE: usize = 500;

/// What was swept out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads.
    pub uploads: usize,
    /// Files and sealed originals that nothing names any more.
    pub bytes: usize,
}

/// Drops uploads that no case ever named within seven days, and bytes that no upload names.
pub async fn sweep_uploads(county: &Arc<County>, files: &dyn Files) -> Result<Swept> {
    let mut swept = Swept::default();
    loop {
        let dropped = county.run(sweeper(), |tx, mut work| {
            Box::pin(async move { drop_unnamed(tx, &mut work).await })
        });
        let dropped = dropped.await?;
        swept.uploads += dropped;
        if dropped < AT_ONCE {
            break;
        }
    }
    for head in 0..=u8::MAX {
        swept.bytes += drop_bytes(county, files, head).await?;
    }
    Ok(swept)
}

fn sweeper() -> Actor {
    Actor::system("sweep")
}

fn before(now: Timestamp) -> Result<Timestamp> {
    now.checked_sub(KEPT).map_err(Error::internal)
}

async fn drop_unnamed(tx: &mut Tx, work: &mut Work) -> Result<usize> {
    let most = i64::try_from(AT_ONCE).map_err(Error::internal)?;
    let files = store::exchange::unnamed(tx, before(work.now())?, most).await?;
    let dropped = files.len();
    if dropped > 0 {
        let reason = "七天内没有诉求用到".to_owned();
        let event = Event::Erased { person: None, values: Vec::new(), files, reason };
        let id = work.draw.entry();
        work.record_as(tx, id, (None, None, work.now()), event).await?;
    }
    Ok(dropped)
}

/// Drops the bytes whose hash begins so and that no row names.
async fn drop_bytes(county: &Arc<County>, files: &dyn Files, head: u8) -> Result<usize> {
    let before = before(county.now())?;
    let stale = files.stale(head, before).await.map_err(Error::internal)?;
    if stale.is_empty() {
        return Ok(0);
    }
    let named = named(county, head).await?;
    let mut dropped = 0;
    for hash in stale.iter().filter(|it| !named.contains(*it)) {
        let gone = files.remove_stale(hash, before).await.map_err(Error::internal)?;
        dropped += usize::from(gone);
    }
    Ok(dropped)
}

async fn named(county: &Arc<County>, head: u8) -> Result<BTreeSet<String>> {
    let (from, until) = (format!("{head:02x}"), format!("{:02x}", u16::from(head) + 1));
    // Behind all that begins with ff stands nothing but what is no hash.
    let until = if head == u8::MAX { "g".to_owned() } else { until };
    let found = county.look(sweeper(), move |tx, _| {
        let span = (from.clone(), until.clone());
        Box::pin(async move { Ok(store::exchange::hashes(tx, (&span.0, &span.1)).await?) })
    });
    found.await
}
