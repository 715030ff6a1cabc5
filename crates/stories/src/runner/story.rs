//! A story and a world as their files say them; the format stands in `docs/stories.md`. Reading the
//! files and judging them is `read`.

use super::when::{Until, When};
use jiff::civil::{Date, DateTime};
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
    /// `demo`, or a file of `packs/base/stories/worlds/`.
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

/// Something that is true.
#[derive(Clone, Debug)]
pub enum Truth {
    /// Of a case.
    Case(Box<CaseTruth>),
    /// Of a rate.
    Rate(RateTruth),
    /// Of a number.
    Count(CountTruth),
    /// Of the people who serve an address.
    Service(ServiceTruth),
}

/// What is true of a case; what is unsaid is not asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys of the format, explained there")]
pub struct CaseTruth {
    pub case: String,
    pub state: Option<String>,
    pub end: Option<String>,
    pub owner: Option<Owner>,
    pub due: Option<Until>,
    pub promise: Option<Until>,
    pub running: Option<bool>,
    pub estimated: Option<bool>,
    pub paused_until: Option<Until>,
    pub dispatches: Option<i64>,
    pub matter: Option<String>,
    pub hiding: Option<String>,
    pub shown: Option<String>,
    pub children: Option<i64>,
    pub number: Option<bool>,
    #[serde(default)]
    pub did: BTreeMap<String, usize>,
    #[serde(default)]
    pub sees: Vec<String>,
    #[serde(default)]
    pub does_not_see: Vec<String>,
    #[serde(default)]
    pub asker_hidden_from: Vec<String>,
}

/// Who is accountable.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Owner {
    /// Nobody: the case has ended.
    Nobody,
    /// A post.
    Post(PostName),
}

/// What is true of a rate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateTruth {
    /// The rate and its figures.
    pub rate: Figures,
    /// Code of the place; the root when unsaid.
    pub place: Option<String>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// The figures of a rate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Which rate.
    pub name: String,
    /// What is counted.
    pub numerator: i64,
    /// Out of what.
    pub denominator: i64,
    /// What left the denominator.
    pub excluded: Option<i64>,
    /// The value in per cent with two decimals.
    pub value: Option<String>,
}

/// What is true of a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountTruth {
    /// The number.
    pub count: Count,
}

/// A number: what is counted, narrowed by what, and how much it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys of the format, explained there")]
pub struct Count {
    pub of: Of,
    pub is: Number,
    pub who: Option<String>,
    pub level: Option<String>,
    pub below: Option<String>,
    pub role: Option<String>,
    pub held: Option<bool>,
    pub selection: Option<String>,
    pub kind: Option<String>,
    pub procedure: Option<String>,
    pub state: Option<String>,
    pub open: Option<bool>,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of the format, explained there")]
pub enum Of {
    Places,
    Overlaps,
    Gaps,
    Unowned,
    Households,
    Posts,
    Units,
    Most,
    Least,
    Visits,
    Cases,
    /// Requests that neighbours may read.
    Around,
    /// Households with a visit, as the post that `who` holds sees them.
    Visited,
}

/// How much.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// So much.
    Is(i64),
    /// `+1`, `-1`: so much more than before the first step.
    More(Change),
}

/// A signed change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Change(pub i64);

/// What is true of the people who serve an address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceTruth {
    /// The people.
    pub service_people: ServicePeople,
}

/// Those who serve an address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicePeople {
    /// Code of the address's place.
    pub place: String,
    /// The roles in order.
    pub roles: Option<Vec<String>>,
    /// Whether names and numbers are masked.
    pub masked: Option<bool>,
    /// One role …
    pub role: Option<String>,
    /// … and the post that answers for it.
    pub post: Option<PostName>,
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

impl TryFrom<String> for Owner {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() { Ok(Self::Nobody) } else { text.try_into().map(Self::Post) }
    }
}

impl TryFrom<String> for Change {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let signed = text.starts_with(['+', '-']);
        let change = text.parse().ok().filter(|_| signed);
        change.map(Self).ok_or_else(|| format!("`{text}` is neither a number nor +1 or -1"))
    }
}

impl Step {
    /// Whether the step opens a case, or joins one as a case of its own, and so gives it its name.
    pub fn names_a_case(&self) -> bool {
        self.does == "open" || self.does == "join_case"
    }
}
