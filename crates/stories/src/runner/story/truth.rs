//! What a story may say is true.

use super::super::when::Until;
use super::PostName;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    /// Of a row of a register.
    Record(RecordTruth),
    /// Of an account of a ledger.
    Balance(BalanceTruth),
    /// Of a meeting or ballot.
    Gathering(GatheringTruth),
    /// Of words on a board.
    Publication(PublicationTruth),
    /// Of counts by unit, place or matter.
    Tally(TallyTruth),
    /// Of the file that was taken in last.
    Imported(ImportedTruth),
    /// Of the desk that was handed over last.
    Shift(ShiftTruth),
}

/// What is true of the desk that was handed over last.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShiftTruth {
    /// The shift.
    pub shift: Shift,
}

/// The newest record of a desk, as somebody of it sees it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys of the format, explained there")]
pub struct Shift {
    pub who: String,
    pub open: Option<i64>,
    pub late: Option<i64>,
    pub taken: Option<bool>,
    /// Names of the cases to mind, in any order.
    pub minds: Option<Vec<String>>,
}

/// What is true of counts by unit, place or matter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TallyTruth {
    /// Which counts.
    pub tally: Tally,
    /// Code of the place; the root when unsaid.
    pub place: Option<String>,
}

/// The counts of one unit, place or matter, or with `rows` how many of them have any.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "the keys of the format, explained there")]
pub struct Tally {
    pub by: String,
    pub of: Option<String>,
    pub rows: Option<usize>,
    /// Counts by their names.
    #[serde(flatten)]
    pub counts: BTreeMap<String, i64>,
}

/// What is true of the file that was taken in last.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedTruth {
    /// Its figures.
    pub imported: Imports,
}

/// The figures of a file that was taken in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys of the format, explained there")]
pub struct Imports {
    pub rows: Option<usize>,
    pub recorded: Option<usize>,
    pub already: Option<usize>,
    pub duplicates: Option<usize>,
    pub unplaced: Option<usize>,
    pub problems: Option<usize>,
}

/// What is true of a row of a register.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordTruth {
    /// The row.
    pub record: Record,
}

/// A row by its key, and what its columns say.
#[derive(Clone, Debug, Deserialize)]
#[expect(missing_docs, reason = "the keys of the format, explained there")]
pub struct Record {
    pub register: String,
    pub key: String,
    pub who: Option<String>,
    #[serde(default = "yes")]
    pub there: bool,
    /// Columns in words; empty for one that is not filled.
    #[serde(flatten)]
    pub columns: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

/// What an account has.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BalanceTruth {
    /// The account.
    pub balance: Balance,
}

/// An account, and what it has in the ledger's unit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys of the format, explained there")]
pub struct Balance {
    pub ledger: String,
    pub account: String,
    pub holder: Option<String>,
    pub is: i64,
}

/// What is true of a meeting or ballot.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatheringTruth {
    /// The gathering.
    pub gathering: Gathered,
}

/// The newest gathering of a kind, and how it stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys of the format, explained there")]
pub struct Gathered {
    pub kind: String,
    pub case: Option<String>,
    pub who: Option<String>,
    pub minuted: Option<bool>,
    pub called: Option<i64>,
    pub cast: Option<i64>,
    pub open: Option<bool>,
    pub votes: Option<Vec<i64>>,
    /// Names of cases, in any order.
    pub agenda: Option<Vec<String>>,
}

/// What stands on a board.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicationTruth {
    /// What stands there.
    pub publication: Shown,
}

/// How many publications of a board show certain words to somebody.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the keys of the format, explained there")]
pub struct Shown {
    pub board: String,
    pub place: String,
    pub who: Option<String>,
    #[serde(default)]
    pub shows: Vec<String>,
    pub is: i64,
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
