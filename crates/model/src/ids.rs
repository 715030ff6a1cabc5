//! Typed ids: UUID version 7, so that keys grow with time. Nothing here makes one; see `chance`.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// A place of the tree (地域).
    PlaceId;
    /// A household: one door with an address (户).
    HouseholdId;
    /// An organisation or unit (单位).
    OrgId;
    /// A post (岗位).
    PostId;
    /// A person, staff or resident (人员).
    PersonId;
    /// A wall that shows the screen (大屏).
    DisplayId;
    /// An account that logs in (账号).
    AccountId;
    /// A case (办件).
    CaseId;
    /// An entry of the journal (账目).
    EntryId;
    /// A stored upload (附件).
    FileId;
    /// Words kept ready by an office (常用语).
    PhraseId;
    /// The record of a shift handed over (交接班记录).
    ShiftId;
    /// A notice (通知).
    NoticeId;
    /// A row of a register (台账记录).
    RecordId;
    /// A meeting or ballot (会议、表决).
    GatheringId;
    /// Words on a board (公示).
    PublicationId;
}
