//! Places: a tree with dates, codes by rule, outlines. Groups that cut across the tree are not here.

use crate::ids::PlaceId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A level of the tree in the order of a pack, the widest first (`county`, `street`, …).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// The pack's id of the level.
    pub id: String,
    /// Its Chinese name.
    pub title: String,
}

/// The most levels a pack may declare: a case stores its place at each.
pub const MAX_LEVELS: usize = 8;

/// A place with the days on which it exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Stable id: codes change, ids do not.
    pub id: PlaceId,
    /// The place that contains it; none for the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<PlaceId>,
    /// Position of its level among the pack's levels, 0 the widest.
    pub level: usize,
    /// Official or composed code (domain.md §2.1); unique among all places ever.
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// First day on which it exists.
    pub from: Date,
    /// First day on which it no longer exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Place {
    /// Whether the place exists on `day`.
    pub fn exists_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// A point in CGCS2000, in ten-millionths of a degree; what the asker's device sent is kept beside
/// it as `datum`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Longitude × 10⁷.
    pub lng_e7: i32,
    /// Latitude × 10⁷.
    pub lat_e7: i32,
    /// Datum of the coordinates as they came (`cgcs2000`, `wgs84`, `gcj02`, `bd09`).
    pub datum: String,
}

/// How the codes of places below the official twelve digits are composed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRule {
    /// Per level id: digits of the running number appended to the parent's code.
    pub digits: std::collections::BTreeMap<String, u8>,
}

impl CodeRule {
    /// The code of the `number`-th child at `level`: the parent's code, padded to twelve digits,
    /// then the running number. `None` when the level has no rule or the number does not fit.
    pub fn compose(&self, parent: &str, level: &str, number: u32) -> Option<String> {
        let digits = usize::from(*self.digits.get(level)?);
        let tail = format!("{number:0digits$}");
        (number > 0 && tail.len() == digits).then(|| format!("{parent:0<12}{tail}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_append_a_running_number_to_the_community() {
        let rule = CodeRule {
            digits: [("grid".into(), 3), ("micro_grid".into(), 3)].into_iter().collect(),
        };
        assert_eq!(rule.compose("350405001001", "grid", 7).as_deref(), Some("350405001001007"));
        assert_eq!(
            rule.compose("350405001001007", "micro_grid", 12).as_deref(),
            Some("350405001001007012")
        );
        assert_eq!(rule.compose("350405001001", "grid", 1000), None);
        assert_eq!(rule.compose("350405001001", "street", 1), None);
    }
}
