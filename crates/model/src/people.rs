//! Roles, organisations, posts and who holds them. Names and telephones are private values of the
//! journal, never fields here.

use crate::ids::{OrgId, PersonId, PlaceId, PostId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A role of a pack (`roles.toml`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The pack's id.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// Whether posts of it belong to a place or to an organisation.
    pub of: RoleOf,
    /// Levels at which it may be held; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// A volunteer never owns a case.
    #[serde(default)]
    pub voluntary: bool,
}

/// What a role belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleOf {
    /// A place of the tree.
    Place,
    /// An organisation.
    Org,
}

/// An organisation with the days on which it exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// Stable id.
    pub id: OrgId,
    /// Short code that staff and packs use (`urban_management`); unique.
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// Kind a pack may name in `role@KIND` (`department`, `unit`, `street_office`).
    pub kind: String,
    /// The place whose organisation it is.
    pub place: PlaceId,
    /// First day on which it exists.
    pub from: Date,
    /// First day on which it no longer exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Who carries its duties on after that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<OrgId>,
}

/// A post: role × organisation? × place?. The post is accountable; a person does the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Stable id.
    pub id: PostId,
    /// The pack's id of its role.
    pub role: String,
    /// Its organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<OrgId>,
    /// Its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
    /// First day on which it exists.
    pub from: Date,
    /// First day on which it no longer exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// How a holder came to a post (个人自荐、社区推荐、组织委派、公开招募).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// 个人自荐.
    SelfNominated,
    /// 社区推荐.
    Recommended,
    /// 组织委派.
    Appointed,
    /// 公开招募.
    Recruited,
}

/// A person holds a post from a day to a day; rank 0 is the principal, 1… the deputies in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The post.
    pub post: PostId,
    /// The holder.
    pub person: PersonId,
    /// 0 for the principal, then the deputies in order.
    pub rank: u32,
    /// How the holder was found.
    pub selection: Selection,
    /// First day.
    pub from: Date,
    /// First day after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// A person is away from a day to a day (both counted from midnight; `until` is the first day back).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Who is away.
    pub person: PersonId,
    /// First day away.
    pub from: Date,
    /// First day back.
    pub until: Date,
}

/// Whether a span from `from` to before `until` holds `day`.
pub(crate) fn covers(from: Date, until: Option<Date>, day: Date) -> bool {
    from <= day && until.is_none_or(|until| day < until)
}
