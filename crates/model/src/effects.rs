//! What an act leaves behind beside its case: rows of registers, bookings, gatherings with their
//! votes, words on boards. Each is an entry of the same transaction.

use crate::Name;
use crate::cases::FieldValue;
use crate::ids::{CaseId, GatheringId, PlaceId, PostId, PublicationId, RecordId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Values of a row by column, each a field of the pack.
pub type Columns = BTreeMap<Name, FieldValue>;

/// A row of a register (台账) as a whole, after it was written. Texts are private values of the
/// entry, by column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Stable id.
    pub id: RecordId,
    /// Register of the pack.
    pub register: String,
    /// What the key column holds, in words: unique within the register.
    pub key: String,
    /// The case that wrote the row first; none where an office filled it by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// All columns that are filled.
    pub columns: Columns,
}

/// An account of a ledger: what is counted there belongs to this holder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Account {
    /// Its name in the ledger (`volunteer`).
    pub account: String,
    /// The person, organisation, place or case; none for an account of the county itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Uuid>,
}

/// An amount moved from one account to another: what one loses the other gains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Ledger of the pack.
    pub ledger: String,
    /// Whence.
    pub from: Account,
    /// Whither.
    pub to: Account,
    /// In the ledger's unit (fen, half-hours, points, pieces), above zero.
    pub amount: i64,
    /// The case by which it was booked.
    pub case: CaseId,
}

/// A meeting or a ballot that was called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathering {
    /// Stable id.
    pub id: GatheringId,
    /// Gathering of the pack (`council`, `estate_vote`).
    pub kind: String,
    /// Hash of the pack that says what it is.
    pub pack: String,
    /// The case that called it; none for one that a cycle called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// Whose affair it is.
    pub place: PlaceId,
    /// When it is held, or opens.
    pub at: Timestamp,
    /// When a ballot closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Timestamp>,
    /// Posts that are invited, or may vote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub posts: Vec<PostId>,
    /// How many may vote: the roll as it stood when the ballot opened.
    #[serde(default)]
    pub called: u32,
}

/// What came of a ballot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many might vote.
    pub called: u32,
    /// How many did.
    pub cast: u32,
    /// Votes by the position of the choice in the ballot.
    pub votes: Vec<u32>,
}

/// One vote. Of a secret ballot the choice is the private value `choice` of the entry, shown to nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The ballot.
    pub gathering: GatheringId,
    /// The household or post that votes; a later vote replaces an earlier one.
    pub voter: Uuid,
    /// Position of the choice; none of a secret vote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<u32>,
}

/// Words on a board (公示).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Stable id.
    pub id: PublicationId,
    /// Board of the pack.
    pub board: String,
    /// Hash of the pack that says what the fields are.
    pub pack: String,
    /// The case it is about.
    pub case: CaseId,
    /// Whose board.
    pub place: PlaceId,
    /// What is shown; texts lie beside the entries that the values name.
    pub columns: Columns,
    /// Until when; none for as long as the board keeps things.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}
