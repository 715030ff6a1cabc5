//! How the owner of a case was found: where was looked, in which order, and who was there. Kept with
//! the entry, so that it can be told and found again long after posts have changed.

use crate::ids::{OrgId, PlaceId, PostId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How an owner was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// WHO of the pack (`clerk@unit`).
    pub who: String,
    /// When it was decided.
    pub at: Timestamp,
    /// The version of the network that was looked at.
    pub network: i64,
    /// Where was looked, in order.
    pub looks: Vec<Look>,
    /// How the route of the matter was read, where the act named the unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<RouteRead>,
}

/// One look for somebody: at a place, in an organisation, or at the one post that a field names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Posts of exactly this place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// Posts of this organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<OrgId>,
    /// Whether it is the last resort: the pack's `fallback`, where nobody else was found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resort: bool,
    /// The posts of the role there.
    pub posts: Vec<Tried>,
}

/// A post that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// The post.
    pub post: PostId,
    /// Whether it can answer.
    pub fit: Fit,
    /// Since when its holders have held it; of several fit posts the longest held is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// Rank of whoever does its work that day: above 0 a deputy stands in.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rank: u32,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// Whether a post can answer for a case on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// It can.
    Fit,
    /// The case is about it, or about its organisation.
    About,
    /// It does not exist that day.
    Ended,
    /// Nobody holds it.
    Vacant,
    /// Whoever holds it is away, deputies too.
    Away,
}

/// How the route of a matter was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteRead {
    /// The matter.
    pub matter: String,
    /// The field that names the unit.
    pub field: String,
    /// Whether the day was worked.
    pub workday: bool,
    /// Of each line, whether the case lay in its place.
    pub here: Vec<bool>,
    /// The first line that matched, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The unit it named; whoever acted may have named another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<OrgId>,
}

impl Look {
    /// The post that is chosen there: of the fit ones the longest held.
    pub fn found(&self) -> Option<PostId> {
        let fit = self.posts.iter().filter(|it| it.fit == Fit::Fit);
        fit.min_by_key(|it| (it.since, it.post)).map(|it| it.post)
    }
}

impl Choice {
    /// The post that its looks lead to: that of the first at which somebody was fit.
    pub fn found(&self) -> Option<PostId> {
        found(&self.looks)
    }
}

/// The post that looks lead to.
pub fn found(looks: &[Look]) -> Option<PostId> {
    looks.iter().find_map(Look::found)
}
