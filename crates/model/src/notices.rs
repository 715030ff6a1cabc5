//! Words for people: what an office tells everybody of a place.

use crate::ids::{NoticeId, PlaceId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A notice; its title and words are private values, so that a name that slipped in can be erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable id; later notices have greater ones.
    pub id: NoticeId,
    /// For everybody in this place.
    pub place: PlaceId,
    /// The last day on which it is shown; none = until it is withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}
