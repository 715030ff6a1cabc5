//! Sealing: entries that wait get their positions in the Merkle log, the counters what the entries
//! add, and the log a signed checkpoint, all in one transaction.

use crate::{Error, Result};
use rowdb::{BeforeCommit, Tx};
use std::sync::Arc;
use store::tallies::Sums;
use tlog::{Checkpoint, Frontier, Hash, Head, Signer, Verifier};

/// Holds the county's key.
pub struct Sealer {
    origin: String,
    signer: Signer,
}

impl Sealer {
    /// A sealer for the log `origin` with an Ed25519 key.
    pub fn new(origin: &str, key: &[u8; 32]) -> Result<Self> {
        let signer = Signer::new(origin, key).map_err(Error::internal)?;
        Ok(Self { origin: origin.to_owned(), signer })
    }

    /// The public half: what outsiders verify with.
    pub fn verifier(&self) -> &Verifier {
        self.signer.verifier()
    }

    /// The hook that seals at the end of each group on SQLite.
    pub fn hook(self: Arc<Self>) -> BeforeCommit {
        Arc::new(move |tx, _| {
            let sealer = self.clone();
            Box::pin(async move {
                sealer.seal(tx).await.map(|_| ()).map_err(|error| match error {
                    Error::Store(store::Error::Db(error)) => error,
                    other => rowdb::Error::Inconsistent(other.to_string()),
                })
            })
        })
    }

    /// Seals what waits; says how many entries.
    pub async fn seal(&self, tx: &mut Tx) -> Result<usize> {
        let waiting = store::seal::waiting(tx, 100_000).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let size = store::seal::size(tx).await?;
        let mut frontier = frontier(tx, size).await?;
        let mut sums = Sums::default();
        let sealed = waiting.iter().map(|it| {
            let position = frontier.size();
            (position, it.entry, frontier.append(Hash::leaf(it.body.as_bytes())))
        });
        store::seal::insert(tx, sealed).await?;
        waiting.iter().filter_map(|it| it.counts.as_ref()).for_each(|counts| sums.add(counts));
        sums.apply(tx).await?;
        let done: Vec<i64> = waiting.iter().map(|it| it.n).collect();
        store::seal::done(tx, &done).await?;
        let note = self.sign(frontier.head())?;
        store::seal::keep_checkpoint(tx, frontier.size(), &note).await?;
        Ok(waiting.len())
    }

    /// A signed checkpoint of a head.
    pub fn sign(&self, head: Head) -> Result<String> {
        let checkpoint = Checkpoint { origin: self.origin.clone(), head, extensions: Vec::new() };
        Ok(checkpoint.sign(&self.signer).map_err(Error::internal)?.to_string())
    }
}

/// The right edge of the log at a size.
pub async fn frontier(tx: &mut Tx, size: u64) -> Result<Frontier> {
    let records = store::seal::records(tx, &Frontier::needs(size)).await?;
    Frontier::from_records(size, &records).map_err(Error::internal)
}
