//! The journal seen from outside: sealing, proofs and receipts, the auditor's listing, erasing,
//! verifying, backup and restore.

mod audit;
mod backup;
mod erase;
mod format;
mod keeper;
mod keys;
mod proofs;
mod receipt;
mod replay;
mod restore;
pub mod seal;
mod verify;

pub use audit::{EntryFilter, Held, Listed, Listing, Looked, entries, my_data, who_looked};
pub use backup::{BackupReport, backup};
pub use erase::{Erasure, erase_person};
pub use format::BackupError;
pub use keeper::{Done, Keeper, MadeBackup, Stored, list_backups, name_of, note_backup};
pub use proofs::{Proof, checkpoint, consistency, proof};
pub use receipt::{Receipt, ReceiptError, Verified, receipt, verify_receipt};
pub use restore::{RestoreReport, restore};
pub use verify::{Difference, Problem, Progress, VerifyReport, verify};
