//! Receipts: an entry with the proof that it stands in the log and the checkpoint that the county
//! signed, as one document that is checked without asking anybody.

use super::proofs::{Proof, newest, prove};
use crate::cases::{Sight, sight};
use crate::{Error, Work};
use model::access::Operation;
use model::{CaseId, Entry, EntryId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use tlog::{Checkpoint, CheckpointError, Hash, KeyError, ProofError, Verifier, verify_inclusion};

/// The layout of the document.
const LAYOUT: &str = "jinlin-receipt-1";
/// Longer documents are refused unread, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// A receipt as it is handed out: indented JSON, with its members in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// `jinlin-receipt-1`.
    pub layout: String,
    /// The sealed text of the entry.
    pub entry: String,
    /// Where it stands.
    pub proof: Proof,
    /// The signed note.
    pub checkpoint: String,
    /// The verifier key the checkpoint claims: compare it with the one the county published.
    pub key: String,
}

impl Receipt {
    /// The document. Only exactly this spelling is a receipt.
    pub fn text(&self) -> crate::Result<String> {
        spelt(self).map_err(Error::internal)
    }
}

fn spelt(receipt: &Receipt) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(receipt)? + "\n")
}

/// The receipt of an entry about a case, for whoever sees the case; not found while it waits to be
/// sealed. `key` is the county's verifier key.
pub async fn receipt(
    tx: &mut Tx,
    work: &mut Work,
    (id, key): (EntryId, &Verifier),
) -> crate::Result<Receipt> {
    work.may(Operation::ShowReceipt)?;
    let unknown = || Error::not_found("entry", id);
    let entry = store::journal::get(tx, id).await?.ok_or_else(unknown)?;
    let case = entry.subject.filter(|_| entry.revision.is_some()).ok_or_else(unknown)?;
    let case = store::cases::get(tx, CaseId(case)).await?.ok_or_else(unknown)?;
    if sight(work, &case) == Sight::None {
        return Err(unknown());
    }
    let (proof, (_, checkpoint)) = (prove(tx, id).await?, newest(tx).await?);
    let entry = store::journal::text(tx, id).await?.ok_or_else(unknown)?;
    Ok(Receipt { layout: LAYOUT.to_owned(), entry, proof, checkpoint, key: key.to_string() })
}

/// Why a document is no receipt, or does not convince.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// Not a receipt, or not spelt as it was handed out: get it again.
    #[error("not a receipt: {0}")]
    Form(String),
    /// Its key is unreadable: get it again.
    #[error("the key in the receipt is unusable: {0}")]
    Key(#[from] KeyError),
    /// It is signed by another key than the one that is trusted.
    #[error("the receipt names the key {found}, not the one you trust")]
    OtherKey {
        /// The key in the receipt.
        found: String,
    },
    /// The checkpoint is not what the county signed.
    #[error("the checkpoint does not hold: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The entry is not in the log that was signed.
    #[error("the entry is not in the log: {0}")]
    Proof(#[from] ProofError),
}

/// What a receipt proves.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// The entry that stands in the log.
    pub entry: Entry,
    /// Whose log.
    pub origin: String,
    /// Its position there.
    pub position: u64,
    /// The size of the log that was signed.
    pub size: u64,
    /// The key that signed.
    pub key: String,
    /// Whether it is the key the caller trusts; without one, the receipt only agrees with itself.
    pub trusted: bool,
}

/// Checks a receipt, with the key that is trusted if there is one. Asks nobody.
pub fn verify_receipt(document: &[u8], key: Option<&str>) -> Result<Verified, ReceiptError> {
    let form = |why: &dyn std::fmt::Display| ReceiptError::Form(why.to_string());
    if document.len() > LONGEST {
        return Err(form(&"too long"));
    }
    let receipt: Receipt = serde_json::from_slice(document).map_err(|error| form(&error))?;
    if receipt.layout != LAYOUT {
        return Err(form(&format!("layout {}", receipt.layout)));
    }
    if spelt(&receipt).map_err(|error| form(&error))?.as_bytes() != document {
        return Err(form(&"it was changed after it was handed out"));
    }
    let verifier: Verifier = receipt.key.parse()?;
    if let Some(trusted) = key
        && trusted.trim().parse::<Verifier>()? != verifier
    {
        return Err(ReceiptError::OtherKey { found: receipt.key });
    }
    let (checkpoint, _) = Checkpoint::open(&receipt.checkpoint, &verifier, &[])?;
    let entry = proven(&receipt, &checkpoint)?;
    Ok(Verified {
        entry,
        origin: checkpoint.origin,
        position: receipt.proof.position,
        size: checkpoint.head.size,
        key: receipt.key,
        trusted: key.is_some(),
    })
}

fn proven(receipt: &Receipt, checkpoint: &Checkpoint) -> Result<Entry, ReceiptError> {
    let Receipt { entry, proof, .. } = receipt;
    let leaf = Hash::leaf(entry.as_bytes());
    if proof.leaf != leaf || proof.size != checkpoint.head.size {
        return Err(ProofError::Mismatch.into());
    }
    verify_inclusion(leaf, proof.position, checkpoint.head, &proof.hashes)?;
    serde_json::from_str(entry).map_err(|error| ReceiptError::Form(error.to_string()))
}
