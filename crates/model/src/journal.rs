//! Entries of the journal: the events, their canonical text, and private values kept beside them.
//! Every table of the store is a projection of these.

use crate::access::Actor;
use crate::cases::{Choice, Hiding, Source};
use crate::desk::{Phrase, Shift};
use crate::effects::{Booking, Columns, Gathering, Publication, Record, Vote};
use crate::ids::{
    AccountId, CaseId, DisplayId, EntryId, FileId, GatheringId, HouseholdId, NoticeId, OrgId,
    PersonId, PhraseId, PlaceId, PostId, PublicationId, ShiftId,
};
use crate::notices::Notice;
use crate::people::{Absence, Holding, Org, Post};
use crate::territory::{Place, Point};
use crate::trees::canonical;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Version of the entry's layout.
pub const VERSION: u32 = 1;

/// One entry: what was done, by whom, when, and the hashes of its private values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Version of the layout.
    pub v: u32,
    /// Its id.
    pub id: EntryId,
    /// max(now, last entry of the case), microseconds UTC.
    #[serde(with = "micros")]
    pub at: Timestamp,
    /// Who did it, with the post.
    pub actor: Actor,
    /// The case, place, person, … it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Uuid>,
    /// The case's revision after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// What was done.
    pub event: Event,
    /// Field → SHA-256(salt ‖ value), hex.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub private: BTreeMap<String, String>,
}

impl Entry {
    /// The bytes that are sealed: canonical JSON.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        Ok(canonical(&serde_json::to_value(self)?))
    }
}

/// A private value as it lies beside its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Private {
    /// The salt that keeps short values from being guessed.
    pub salt: [u8; 16],
    /// The value.
    pub value: String,
}

impl Private {
    /// SHA-256(salt ‖ value), hex.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::new().chain_update(self.salt).chain_update(&self.value).finalize())
    }
}

/// How a case hangs on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// Parallel work or an approval: the parent may wait for it.
    Child,
    /// Related only.
    Link,
    /// Joined to a similar open case: moves with it, keeps its own number and verdict.
    Joined,
}

/// Who opened a case besides the asker, and how it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The case.
    pub case: CaseId,
    /// Human number, unique per county.
    pub number: String,
    /// The place at each level at opening, the widest first.
    pub path: Vec<Option<PlaceId>>,
    /// Where exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// How the asker is shown.
    #[serde(default)]
    pub hiding: Hiding,
    /// Sensitive matters are seen by named posts only and found nowhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
    /// Channel by which it came (`phone`, `app`, `desk`, `12345`).
    pub channel: String,
    /// The other office's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The case it hangs on, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<(CaseId, Link)>,
    /// What the search and near-duplicate index made of the text when it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simhash: Option<i64>,
    /// What the guard read from registers, so that a replay decides the same.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: Columns,
    /// How its owner was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    /// The whole state as `CaseState` JSON.
    pub state: Value,
}

/// What an act changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The case.
    pub case: CaseId,
    /// The action of the procedure, or a built-in one (`reassign`, `reprice`, `child`, `approve`).
    pub action: String,
    /// Whose words another hand wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice: Option<String>,
    /// The form without personal text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Value>,
    /// What the guard read from registers (`item.status`), so that a replay decides the same.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: Columns,
    /// How its new owner was found, where the act gave it one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    /// Merge patch (RFC 7386) of the case's state.
    pub change: Value,
    /// Its place at each level, when the act moved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Vec<Option<PlaceId>>>,
    /// Whether its new matter made it sensitive: from then on named posts only see it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hushed: bool,
    /// Posts told of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notified: Vec<PostId>,
    /// Whether the asker is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tell_asker: bool,
}

/// A running case went over to another version of the pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Hash of the pack it had.
    pub from: String,
    /// Hash of the pack it has now.
    pub to: String,
    /// The state it was in and the state it is in.
    pub state: (String, String),
    /// When its stage was due, and is due now.
    pub due_at: (Option<Timestamp>, Option<Timestamp>),
}

/// A service visit: counted, never tracked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The post that visited.
    pub post: PostId,
    /// The micro-grid or community visited.
    pub place: PlaceId,
    /// Kind of service of the pack.
    pub kind: String,
    /// The day.
    pub day: Date,
    /// How many people took part (人次).
    pub people: u32,
}

/// Everything that can happen. The names are what auditors read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "each field is named as in the type it fills")]
pub enum Event {
    /// A county began, with the verifier key of its log.
    Founded {
        key: String,
        origin: String,
    },
    /// The signing key changed; signed by the old one.
    KeyRotated {
        key: String,
        signature: String,
    },
    /// The log began anew from a backup, after `size` entries with `root`.
    EpochBegun {
        size: u64,
        root: String,
    },
    /// A pack was loaded and is used for new cases from now on; `flat` is its canonical text.
    PackLoaded {
        id: String,
        version: String,
        hash: String,
        flat: String,
    },
    /// The county's calendar: years imported, local days, office hours (the calendar's own form).
    CalendarSet {
        calendar: Value,
    },
    PlaceAdded {
        place: Place,
    },
    PlaceClosed {
        place: PlaceId,
        until: Date,
    },
    PlaceRenamed {
        place: PlaceId,
        name: String,
    },
    AliasAdded {
        place: PlaceId,
        code: String,
    },
    /// Outline as GeoJSON coordinates in ten-millionths of a degree.
    PlaceDrawn {
        place: PlaceId,
        outline: Value,
    },
    /// Households of one place; address `n` and wish `n` are private values.
    HouseholdsRegistered {
        place: PlaceId,
        households: Vec<HouseholdId>,
    },
    OrgAdded {
        org: Org,
    },
    OrgDissolved {
        org: OrgId,
        until: Date,
        successor: OrgId,
    },
    PostCreated {
        post: Post,
    },
    PostEnded {
        post: PostId,
        until: Date,
    },
    /// `name` and `phone` are private values.
    PersonAdded {
        person: PersonId,
    },
    Appointed {
        holding: Holding,
    },
    Dismissed {
        post: PostId,
        person: PersonId,
        until: Date,
    },
    AbsenceSet {
        absence: Absence,
    },
    VisitRecorded {
        visit: Visit,
    },
    AccountOpened {
        account: AccountId,
        person: PersonId,
        name: String,
    },
    AccountClosed {
        account: AccountId,
    },
    /// Only that it happened: no secret enters the journal.
    CredentialsChanged {
        account: AccountId,
        what: String,
    },
    /// A wall may show the screen of a place until then, or for longer now; `name` is a private value.
    DisplayOpened {
        display: DisplayId,
        place: PlaceId,
        #[serde(with = "micros")]
        until: Timestamp,
    },
    DisplayEnded {
        display: DisplayId,
    },
    /// `phone` is a private value; `key` is its keyed hash.
    ResidentRegistered {
        person: PersonId,
        key: String,
    },
    /// A resident proved the phone again.
    ResidentVerified {
        person: PersonId,
    },
    /// A resident proved another number, or gave one that was erased anew; `phone` is a private value,
    /// `key` its keyed hash.
    PhoneChanged {
        person: PersonId,
        key: String,
    },
    /// A resident logs in by WeChat from now on; `key` is the keyed hash of its id for them.
    #[serde(rename = "wechat_bound")]
    WeChatBound {
        person: PersonId,
        key: String,
    },
    /// Not any more.
    #[serde(rename = "wechat_unbound")]
    WeChatUnbound {
        person: PersonId,
    },
    CaseOpened {
        opening: Opening,
    },
    CaseActed {
        act: Act,
    },
    /// A running case went over to another version of the pack; `note` is a private value.
    CaseMoved {
        act: Act,
        moved: Moved,
    },
    /// A joined request was taken out again.
    CaseUnjoined {
        case: CaseId,
        from: CaseId,
    },
    /// Somebody saw a masked value.
    Revealed {
        case: CaseId,
        fields: Vec<String>,
        purpose: String,
    },
    /// Somebody asked to be connected with whoever holds a post; numbers are not kept.
    Called {
        post: PostId,
        person: PersonId,
    },
    /// The asker could not be told by short message; somebody may call instead.
    MessageFailed {
        case: CaseId,
        told: String,
    },
    /// An office keeps words ready, or changes them; `title` and `words` are private values.
    PhraseSet {
        phrase: Phrase,
    },
    PhraseDropped {
        phrase: PhraseId,
    },
    /// A shift handed over its desk; `note` and `note.N` are private values.
    ShiftHandedOver {
        shift: Shift,
    },
    /// Somebody else took it over.
    ShiftTaken {
        shift: ShiftId,
    },
    /// Words for everybody of a place; `title` and `body` are private values.
    NoticePublished {
        notice: Notice,
    },
    /// Taken back; `reason` is a private value.
    NoticeWithdrawn {
        notice: NoticeId,
    },
    /// A resident says that they read it.
    NoticeRead {
        notice: NoticeId,
        person: PersonId,
    },
    /// A row of a register was written; texts are private values, by column.
    RecordWritten {
        record: Record,
    },
    Booked {
        booking: Booking,
    },
    /// A meeting or ballot was called.
    GatheringCalled {
        gathering: Gathering,
    },
    /// What a meeting came to: its form, whose texts are private values, and what it talked about.
    MinutesKept {
        gathering: GatheringId,
        form: Columns,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        agenda: Vec<CaseId>,
    },
    VoteCast {
        vote: Vote,
    },
    Published {
        publication: Publication,
    },
    /// Taken off its board; `reason` is a private value.
    PublicationWithdrawn {
        publication: PublicationId,
    },
    /// A cycle of the pack ran for a period (`2026-11`, `2026-Q4`, `2026-11-22`).
    CycleRan {
        cycle: String,
        period: String,
    },
    /// A file was taken in; of a photo the version without what nobody meant to send.
    Uploaded {
        file: FileId,
        sha256: String,
        bytes: i64,
        media: String,
        /// How many regions of a photo were hidden.
        #[serde(default, skip_serializing_if = "is_none")]
        hidden: i64,
        /// SHA-256 of the original as it is kept, encrypted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sealed: Option<String>,
    },
    /// A list or figures left the house; words that were searched for are a private value.
    Exported {
        what: String,
        filter: String,
        rows: i64,
        reason: String,
    },
    /// Private values were erased: entry and field; and uploads.
    Erased {
        person: Option<PersonId>,
        values: Vec<(EntryId, String)>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileId>,
        reason: String,
    },
    /// A file of another system was taken in.
    Imported {
        name: String,
        sha256: String,
        rows: i64,
    },
    /// The county was written into a backup, which cannot hold this entry.
    BackedUp {
        file: String,
        entries: i64,
        bytes: i64,
        sha256: String,
    },
}

impl Event {
    /// The event's word, as in the journal's `kind` column.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Founded { .. } => "founded",
            Self::KeyRotated { .. } => "key_rotated",
            Self::EpochBegun { .. } => "epoch_begun",
            Self::PackLoaded { .. } => "pack_loaded",
            Self::CalendarSet { .. } => "calendar_set",
            Self::PlaceAdded { .. } => "place_added",
            Self::PlaceClosed { .. } => "place_closed",
            Self::PlaceRenamed { .. } => "place_renamed",
            Self::AliasAdded { .. } => "alias_added",
            Self::PlaceDrawn { .. } => "place_drawn",
            Self::HouseholdsRegistered { .. } => "households_registered",
            Self::OrgAdded { .. } => "org_added",
            Self::OrgDissolved { .. } => "org_dissolved",
            Self::PostCreated { .. } => "post_created",
            Self::PostEnded { .. } => "post_ended",
            Self::PersonAdded { .. } => "person_added",
            Self::Appointed { .. } => "appointed",
            Self::Dismissed { .. } => "dismissed",
            Self::AbsenceSet { .. } => "absence_set",
            Self::VisitRecorded { .. } => "visit_recorded",
            Self::AccountOpened { .. } => "account_opened",
            Self::AccountClosed { .. } => "account_closed",
            Self::CredentialsChanged { .. } => "credentials_changed",
            Self::DisplayOpened { .. } => "display_opened",
            Self::DisplayEnded { .. } => "display_ended",
            Self::ResidentRegistered { .. } => "resident_registered",
            Self::ResidentVerified { .. } => "resident_verified",
            Self::PhoneChanged { .. } => "phone_changed",
            Self::WeChatBound { .. } => "wechat_bound",
            Self::WeChatUnbound { .. } => "wechat_unbound",
            Self::CaseOpened { .. } => "case_opened",
            Self::CaseActed { .. } => "case_acted",
            Self::CaseMoved { .. } => "case_moved",
            Self::CaseUnjoined { .. } => "case_unjoined",
            Self::Revealed { .. } => "revealed",
            Self::Called { .. } => "called",
            Self::MessageFailed { .. } => "message_failed",
            Self::PhraseSet { .. } => "phrase_set",
            Self::PhraseDropped { .. } => "phrase_dropped",
            Self::ShiftHandedOver { .. } => "shift_handed_over",
            Self::ShiftTaken { .. } => "shift_taken",
            Self::NoticePublished { .. } => "notice_published",
            Self::NoticeWithdrawn { .. } => "notice_withdrawn",
            Self::NoticeRead { .. } => "notice_read",
            Self::RecordWritten { .. } => "record_written",
            Self::Booked { .. } => "booked",
            Self::GatheringCalled { .. } => "gathering_called",
            Self::MinutesKept { .. } => "minutes_kept",
            Self::VoteCast { .. } => "vote_cast",
            Self::Published { .. } => "published",
            Self::PublicationWithdrawn { .. } => "publication_withdrawn",
            Self::CycleRan { .. } => "cycle_ran",
            Self::Uploaded { .. } => "uploaded",
            Self::Exported { .. } => "exported",
            Self::Erased { .. } => "erased",
            Self::Imported { .. } => "imported",
            Self::BackedUp { .. } => "backed_up",
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_none(n: &i64) -> bool {
    *n == 0
}

/// Instants as whole microseconds.
mod micros {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_i64(at.as_microsecond())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        Timestamp::from_microsecond(i64::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reads_back_from_its_text_and_gives_it_again() {
        let person = PersonId(Uuid::from_u128(7));
        let entry = Entry {
            v: VERSION,
            id: EntryId(Uuid::from_u128(1)),
            at: Timestamp::from_microsecond(1_700_000_000_000_001).unwrap(),
            actor: Actor::system("init"),
            subject: Some(person.0),
            revision: None,
            event: Event::PersonAdded { person },
            private: [("name".to_owned(), "00".repeat(32))].into_iter().collect(),
        };
        let text = entry.text().unwrap();
        let again: Entry = serde_json::from_str(&text).unwrap();
        assert_eq!(again, entry);
        assert_eq!(again.text().unwrap(), text);
        assert!(text.contains("\"event\":{\"event\":\"person_added\""), "{text}");
    }
}
