//! What desks keep for those who sit at them: words that are ready, and the record of a shift.

use crate::ids::{CaseId, OrgId, PhraseId, PlaceId, ShiftId};
use crate::people::Post;
use serde::{Deserialize, Serialize};
use std::fmt;

/// All posts that have what is named here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<OrgId>,
    /// Place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceId>,
}

impl Office {
    /// All posts of the post's organisation or, where it has none, of its role and place.
    pub fn of(post: &Post) -> Self {
        match post.org {
            Some(org) => Self { role: None, org: Some(org), place: None },
            None => Self::desk_of(post),
        }
    }

    /// All posts of the post's role, organisation and place.
    pub fn desk_of(post: &Post) -> Self {
        Self { role: Some(post.role.clone()), org: post.org, place: post.place }
    }
}

/// `desk/-/0192…`: role, organisation and place, as keys of tables hold it.
impl fmt::Display for Office {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = |id: Option<uuid::Uuid>| id.map_or("-".to_owned(), |it| it.to_string());
        let (org, place) = (id(self.org.map(Into::into)), id(self.place.map(Into::into)));
        write!(out, "{}/{org}/{place}", self.role.as_deref().unwrap_or("-"))
    }
}

/// What ready words are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 答复用语: an answer to the asker.
    Answer,
    /// 话术: what is said in a call.
    Script,
    /// 函: a letter of supervision.
    Letter,
}

impl Purpose {
    /// Every purpose by its word.
    pub const WORDS: [(&str, Self); 3] =
        [("answer", Self::Answer), ("script", Self::Script), ("letter", Self::Letter)];
}

/// Words kept ready by an office; title and words themselves are private values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// Stable id.
    pub id: PhraseId,
    /// Whose it is.
    pub office: Office,
    /// What it is for.
    pub purpose: Purpose,
    /// Only for cases of this procedure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
    /// Only for cases of this matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
}

/// The record of a shift handed over; its notes are private values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Stable id.
    pub id: ShiftId,
    /// At which desk.
    pub desk: Office,
    /// How many open cases the desk owned.
    pub open: i64,
    /// How many of them were late.
    pub late: i64,
    /// Cases to mind; note `n` is about the `n`-th.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_is_its_organisation_or_else_its_role_at_its_place() {
        let (org, place) = (OrgId(uuid::Uuid::from_u128(1)), PlaceId(uuid::Uuid::from_u128(2)));
        let post = |org, place| Post {
            id: uuid::Uuid::nil().into(),
            role: "desk".to_owned(),
            org,
            place,
            from: "2026-01-01".parse().unwrap(),
            until: None,
        };
        let unit = post(Some(org), Some(place));
        assert_eq!(Office::of(&unit).to_string(), format!("-/{org}/-"));
        assert_eq!(Office::desk_of(&unit).to_string(), format!("desk/{org}/{place}"));
        let desk = post(None, Some(place));
        assert_eq!(Office::of(&desk), Office::desk_of(&desk));
    }
}
