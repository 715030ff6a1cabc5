//! A transparency log: a Merkle tree over entries that only grows (RFC 6962 hashing), proofs that an
//! entry stands in it and that it never changed, and signed checkpoints (C2SP signed-note format).
//!
//! Nothing here stores or reads. Appending leaf `i` yields its *record*, one value to keep with the
//! entry; a proof says which records it needs, the caller fetches them as it likes, and the proof is
//! computed from what came back:
//!
//! ```
//! # use tlog::{Frontier, Hash, Plan, Records, verify_inclusion};
//! let mut frontier = Frontier::default();
//! let records: Records = (0..5).map(|i| (i, frontier.append(Hash::leaf(&[i as u8])))).collect();
//!
//! let plan = Plan::inclusion(2, 5)?;
//! assert_eq!(plan.needs(), [1, 3, 4]); // three look-ups by key
//! let proof = plan.proof(&records)?;
//! verify_inclusion(Hash::leaf(&[2]), 2, frontier.head(), &proof)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checkpoint;
mod frontier;
mod hash;
mod key;
mod node;
mod note;
mod proof;
#[cfg(test)]
mod tests;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use frontier::Frontier;
pub use hash::{BadHash, Hash, Head};
pub use key::{KeyError, Signer, Verifier};
pub use node::{RecordError, Records};
pub use note::{Note, NoteError};
pub use proof::{Plan, ProofError, verify_consistency, verify_inclusion};
