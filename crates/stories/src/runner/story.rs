//! A story and a world as their files say them; the format stands in `docs/stories.md`. Reading the
//! files and judging them is `read`.

mod truth;

pub use truth::*;

use super::when::When;
use jiff::civil::DateTime;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use toml::Table;

/// A story.
#[derive(Clone, Debug)]
pub struct Story {
    /// Its path below the root: `packs/base/stories/solved.toml`.
    pub file: String,
    /// What is promised, and where it begins.
    pub head: Head,
    /// Who and what is added to its world.
    pub world: World,
    /// What happens.
    pub steps: Vec<Step>,
    /// What is true in the end.
    pub then: Vec<Truth>,
    /// The files its steps take in, by the names they have there.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// The head of a story.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The promise, in one sentence.
    pub title: String,
    /// Rows of `systems.md` that it proves.
    #[serde(default)]
    pub rows: Vec<u32>,
    /// The pack that its cases follow.
    pub pack: String,
    /// `demo`, or a file of `stories/worlds/` in the story's own pack or in `base`.
    pub world: String,
    /// When it begins, local time.
    pub start: DateTime,
}

/// Who and what there is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// People by their id in the story.
    #[serde(default)]
    pub people: BTreeMap<String, Person>,
    /// Places, each after the one that contains it.
    #[serde(default)]
    pub place: Vec<Place>,
    /// Organisations.
    #[serde(default)]
    pub org: Vec<Org>,
    /// Posts and their holders.
    #[serde(default)]
    pub post: Vec<Post>,
}

/// Somebody.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Person {
    /// A member of staff, by name.
    Staff(String),
    /// A resident, who logs in by telephone.
    Resident(Resident),
}

/// A resident.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resident {
    /// The name.
    pub name: String,
    /// The mobile number.
    pub phone: String,
}

/// A place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Level of the pack.
    pub level: String,
    /// Code of the place above; none for the root.
    pub parent: Option<String>,
}

/// An organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Org {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it is: `department`, `company`, …
    pub kind: String,
    /// Code of its place; the root when unsaid.
    pub place: Option<String>,
}

/// A post.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// Role of the pack.
    pub role: String,
    /// Code of a place or an organisation.
    pub at: String,
    /// Place of an organisation's post.
    pub place: Option<String>,
    /// Its holder; vacant when unsaid.
    pub holder: Option<String>,
    /// Who stands in, in order.
    #[serde(default)]
    pub deputies: Vec<String>,
    /// How the holder was found.
    pub selection: Option<String>,
}

/// What somebody does.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// When; at the same moment as the step before when unsaid.
    pub at: Option<When>,
    /// Who; somebody not logged in when unsaid.
    pub who: Option<String>,
    /// The post acted in.
    #[serde(rename = "as")]
    pub acting: Option<PostName>,
    /// What.
    pub does: String,
    /// The procedure of a case that is opened.
    pub procedure: Option<String>,
    /// The case, by its name in the story.
    pub case: Option<String>,
    /// The form, or the body.
    #[serde(default)]
    pub with: Table,
    /// The code with which it is refused.
    pub refused: Option<String>,
    /// What is true right after it.
    #[serde(skip)]
    pub then: Vec<Truth>,
}

/// `role@code`: the post of a role at a place or an organisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct PostName {
    /// The role.
    pub role: String,
    /// Code of the place or organisation.
    pub at: String,
}

impl TryFrom<String> for PostName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once('@') {
            Some((role, at)) if !role.is_empty() && !at.is_empty() => {
                Ok(Self { role: role.to_owned(), at: at.to_owned() })
            }
            _ => Err(format!("`{text}` is no post: write role@code")),
        }
    }
}

impl fmt::Display for PostName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}@{}", self.role, self.at)
    }
}

impl Step {
    /// Whether the step opens a case, or joins one as a case of its own, and so gives it its name.
    pub fn names_a_case(&self) -> bool {
        ["open", "join_case", "find"].contains(&self.does.as_str())
    }
}
