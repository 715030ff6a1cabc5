//! What the clock does: cases whose timer has run out act in due order, also after a stop; and all
//! open cases are asked again who owns them and when they are due, after posts or calendar changed.

use super::carry::{Recorded, carry, record_act};
use super::world::{facts, world};
use crate::{County, Result, Work};
use method::decide::{self, Decision, Form, NO_FACTS};
use model::CaseId;
use model::access::Actor;
use rowdb::Tx;
use std::sync::Arc;

/// Cases whose timer has run out, in due order, at most `limit`.
pub async fn due(tx: &mut Tx, work: &Work, limit: i64) -> Result<Vec<CaseId>> {
    Ok(store::cases::timers(tx, work.now().as_microsecond(), limit).await?)
}

/// Lets the clock act on one case; false when its timer had not run out after all.
pub async fn tick(tx: &mut Tx, work: &mut Work, id: CaseId) -> Result<bool> {
    let Some(case) = store::cases::get(tx, id).await? else { return Ok(false) };
    let shelf = work.shelf.clone();
    let facts = facts(tx, &shelf, &case, &Form::new()).await?;
    let world = world(tx, work, (&shelf, &facts), &case).await?;
    let entry = work.draw.entry();
    let Some((action, decision)) = decide::tick(&world, &case.state, entry) else {
        return Ok(false);
    };
    carry(tx, work, &case, Recorded { action: &action, entry, decision }).await?;
    Ok(true)
}

/// Lets the clock act on every case whose timer has run out by now; says how many acted. A case
/// that fails is logged and does not stop the others.
pub async fn run_due(county: &Arc<County>) -> Result<usize> {
    let mut acted = 0;
    loop {
        let ids = county
            .look(Actor::system("clock"), |tx, work| {
                Box::pin(async move { due(tx, &work, 100).await })
            })
            .await?;
        let mut moved = 0;
        for id in ids {
            let done = county
                .run(Actor::system("clock"), move |tx, mut work| {
                    Box::pin(async move { tick(tx, &mut work, id).await })
                })
                .await;
            match done {
                Ok(done) => moved += usize::from(done),
                Err(error) => tracing::error!(case.id = %id, %error, "the clock could not act"),
            }
        }
        acted += moved;
        // What failed stays due: without progress it is left for the next run.
        if moved == 0 {
            return Ok(acted);
        }
    }
}

/// Asks one open case again for its owner and its dates; records an entry if they changed.
async fn renew(tx: &mut Tx, work: &mut Work, id: CaseId) -> Result<bool> {
    let Some(case) = store::cases::get(tx, id).await? else { return Ok(false) };
    let shelf = work.shelf.clone();
    let world = world(tx, work, (&shelf, &NO_FACTS), &case).await?;
    let Some(after) = decide::renew(&world, &case.state) else { return Ok(false) };
    let entry = work.draw.entry();
    record_act(tx, work, &case, ("renew", entry), &Decision::plain(after)).await?;
    Ok(true)
}

/// Asks all open cases again if posts have changed since that was last done: an act of a case may
/// have appointed somebody.
pub async fn renew_if_moved(county: &Arc<County>) -> Result<usize> {
    if county.note_renewed(&network_version(county).await?) {
        renew_all(county).await
    } else {
        Ok(0)
    }
}

async fn network_version(county: &Arc<County>) -> Result<String> {
    let version = county.look(Actor::system("renew"), |_, work| {
        Box::pin(async move { Ok(work.shelf.network_version().to_owned()) })
    });
    version.await
}

/// Asks all open cases again, in chunks; says how many changed.
pub async fn renew_all(county: &Arc<County>) -> Result<usize> {
    const CHUNK: i64 = 100;
    county.note_renewed(&network_version(county).await?);
    let (mut after, mut changed) = (None, 0);
    loop {
        let ids = county
            .look(Actor::system("renew"), move |tx, _| {
                Box::pin(async move { Ok(store::cases::open_after(tx, after, CHUNK).await?) })
            })
            .await?;
        let Some(last) = ids.last().copied() else { return Ok(changed) };
        after = Some(last);
        changed += county
            .run(Actor::system("renew"), move |tx, mut work| {
                let ids = ids.clone();
                Box::pin(async move {
                    let mut changed = 0;
                    for id in ids {
                        changed += usize::from(renew(tx, &mut work, id).await?);
                    }
                    Ok(changed)
                })
            })
            .await?;
    }
}
