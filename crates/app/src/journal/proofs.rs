//! What outsiders check the log by: the newest signed checkpoint, that an entry is in it, that a
//! later log continues an earlier one.

use crate::{Error, Result, Work};
use model::EntryId;
use model::access::Operation;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use tlog::{Checkpoint, Hash, Head, Note, Plan};

/// That an entry stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Its position, from zero.
    pub position: u64,
    /// Size of the log whose root the proof leads to.
    pub size: u64,
    /// SHA-256(0x00 ‖ text of the entry).
    pub leaf: Hash,
    /// The siblings on the way to the root, lowest first (RFC 6962).
    pub hashes: Vec<Hash>,
}

/// The newest signed checkpoint, a signed note.
pub async fn checkpoint(tx: &mut Tx, work: &mut Work) -> Result<String> {
    work.may(Operation::ShowCheckpoint)?;
    Ok(newest(tx).await?.1)
}

/// That an entry is in the log of the newest checkpoint; not found while it waits to be sealed.
pub async fn proof(tx: &mut Tx, work: &mut Work, entry: EntryId) -> Result<Proof> {
    work.may(Operation::ShowProof)?;
    prove(tx, entry).await
}

/// That the log of the first `to` entries begins with that of the first `from`.
pub async fn consistency(
    tx: &mut Tx,
    work: &mut Work,
    (from, to): (u64, u64),
) -> Result<Vec<Hash>> {
    work.may(Operation::ShowConsistency)?;
    let size = store::seal::size(tx).await?;
    let outside = || {
        let (zh, en) = ("范围应满足 from ≤ to ≤ 当前长度", "needed is from ≤ to ≤ the log's size");
        Error::field("to", "out_of_log", zh, en)
    };
    if to > size {
        return Err(outside());
    }
    let plan = Plan::consistency(from, to).map_err(|_| outside())?;
    hashes(tx, &plan).await
}

pub(super) async fn prove(tx: &mut Tx, entry: EntryId) -> Result<Proof> {
    let unknown = || Error::not_found("sealed entry", entry);
    let position = store::seal::position(tx, entry).await?.ok_or_else(unknown)?;
    let text = store::journal::text(tx, entry).await?.ok_or_else(unknown)?;
    let size = newest(tx).await?.0.size;
    let plan = Plan::inclusion(position, size).map_err(|_| unknown())?;
    let hashes = hashes(tx, &plan).await?;
    Ok(Proof { position, size, leaf: Hash::leaf(text.as_bytes()), hashes })
}

async fn hashes(tx: &mut Tx, plan: &Plan) -> Result<Vec<Hash>> {
    let records = store::seal::records(tx, &plan.needs()).await?;
    plan.proof(&records).map_err(Error::internal)
}

/// The newest checkpoint: the head it states, and the note.
pub(super) async fn newest(tx: &mut Tx) -> Result<(Head, String)> {
    let none = || Error::not_found("checkpoint", "newest");
    let (_, note) = store::seal::checkpoint(tx).await?.ok_or_else(none)?;
    Ok((head(&note)?, note))
}

/// The head a checkpoint of our own states; its signature is for others to check.
fn head(note: &str) -> Result<Head> {
    let note: Note = note.parse().map_err(Error::internal)?;
    let checkpoint: Checkpoint = note.text().parse().map_err(Error::internal)?;
    Ok(checkpoint.head)
}
