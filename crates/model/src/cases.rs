//! Cases as state: what `method::decide` reads and returns, and what the journal keeps of it.
//! Texts and names are not here: they are private values, pointed at by entry.

mod choice;
mod field_value;

pub use choice::{Choice, Fit, Look, RouteRead, Tried, found};

use crate::Name;
use crate::ids::{CaseId, EntryId, OrgId, PersonId, PlaceId, PostId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How a case ends (blueprint §1, promise 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The asker said so.
    Solved,
    /// Explained, reviewed one level up, counted as not solved.
    Unsolved,
    /// Three recorded attempts, or a claim code unused for its days.
    Unreached,
    /// By the asker.
    Withdrawn,
    /// Outside the county, with receipt.
    Referred,
    /// The same asker's same case.
    Merged,
    /// Approved as out of scope.
    Excluded,
    /// Came ended from another system.
    Imported,
    /// Work that nobody asked for.
    Decided,
}

impl End {
    /// All ends.
    pub const ALL: [Self; 9] = [
        Self::Solved,
        Self::Unsolved,
        Self::Unreached,
        Self::Withdrawn,
        Self::Referred,
        Self::Merged,
        Self::Excluded,
        Self::Imported,
        Self::Decided,
    ];

    /// The word packs and figures use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Unsolved => "unsolved",
            Self::Unreached => "unreached",
            Self::Withdrawn => "withdrawn",
            Self::Referred => "referred",
            Self::Merged => "merged",
            Self::Excluded => "excluded",
            Self::Imported => "imported",
            Self::Decided => "decided",
        }
    }

    /// The end a word names.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.as_str() == word)
    }

    /// Whether a case with this end leaves the denominators, where it is counted apart.
    pub fn leaves_denominator(self) -> bool {
        matches!(
            self,
            Self::Withdrawn | Self::Referred | Self::Merged | Self::Excluded | Self::Imported
        )
    }
}

/// What the asker chose to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hiding {
    /// Known to everyone who handles the case.
    #[default]
    Named,
    /// Hidden from the handling unit; the desk knows.
    Confidential,
    /// No account and no contact is kept; a claim code is the only way back.
    Anonymous,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Asker {
    /// A resident; no person is kept of an anonymous one.
    Resident {
        /// Who, unless anonymous or without an account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        /// What the asker chose to show.
        hiding: Hiding,
    },
    /// A post, also the owner of the parent case.
    Post {
        /// The post.
        post: PostId,
    },
    /// An organisation.
    Unit {
        /// The organisation.
        org: OrgId,
    },
    /// Nobody: a cycle or the program opened it.
    None,
}

/// A work order's number and date in another office's system; its date wins over ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The other system (`12345`).
    pub system: String,
    /// The number there; unique within the system.
    pub number: String,
    /// When that office wants the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}

/// A value of a field that is not personal text. Money is in fen, hours in half-hours, dates and
/// times as ISO text, ids as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum FieldValue {
    /// `yes_no`.
    Bool(bool),
    /// `int`, `money`, `hours`, `stars`.
    Int(i64),
    /// `choice`, `date`, `time`, `person`, `post`, `org`, `case`, `file`, `record`.
    Text(String),
    /// A field with `many`.
    List(Vec<FieldValue>),
    /// Personal or free text: the entry under which the private value is kept.
    Private {
        /// That entry; the field's id is its key there.
        private: EntryId,
    },
}

/// A stretch of time in which the stage's clock stood still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// The waiting state.
    pub state: Name,
    /// The state it was entered from: coming back to it resumes that state's budget.
    pub back_to: Name,
    /// Whom or what the case waits for (`asker`, `conditions`, a field).
    pub for_whom: Name,
    /// When it began.
    pub from: Timestamp,
    /// When it ended; none while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// How often an action was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// In the whole case.
    pub case: u32,
    /// Since the present state was entered.
    pub stay: u32,
}

/// The stage's clock as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageClock {
    /// When the stage, or the wait, is due.
    pub due_at: Timestamp,
    /// False while the case waits.
    pub running: bool,
    /// Whether an unpublished year's holidays were guessed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
    /// When the clock acts next: at `due_at`, then after every `again`.
    pub timer_at: Timestamp,
    /// How many times the clock has acted in this state.
    #[serde(default)]
    pub rung: u32,
}

/// The date the asker sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// When the promise falls due.
    pub at: Timestamp,
    /// Since when it runs: the opening, or the reopening of an ended case.
    pub since: Timestamp,
    /// Whether an unpublished year's holidays were guessed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
}

/// A ballot called for a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// Gathering of the pack.
    pub kind: String,
    /// When it was called.
    pub since: Timestamp,
    /// What came of it, once it has closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tally: Option<crate::effects::Tally>,
}

/// A request for approval that is open as a child case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The action that waits.
    pub action: String,
    /// The child case that asks.
    pub request: CaseId,
    /// The post that asked.
    pub by: PostId,
    /// The form as it was filled.
    pub form: BTreeMap<Name, FieldValue>,
}

/// What the asker said of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// When it was said.
    pub at: Timestamp,
    /// Whether it is solved.
    pub solved: bool,
    /// One to five, if given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stars: Option<u8>,
}

/// What going over to another version of the pack left standing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The span the promise was made with (`"5 wd"`): it wins over the pack's until the matter changes
    /// or the case is reopened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<String>,
    /// The present stay in this state is not due before; a pause moves it by its length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<(Name, Timestamp)>,
}

/// Everything of a case that acts can change. Serialised, it is what entries patch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseState {
    /// Procedure of the pack.
    pub procedure: Name,
    /// SHA-256 of the flattened pack the case began with, hex.
    pub pack: Name,
    /// Matter of the procedure's catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<Name>,
    /// Where it is now, the narrowest place.
    pub place: PlaceId,
    /// Who asks.
    pub asker: Asker,
    /// Posts and organisations the case is about: they never own it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub about: BTreeSet<uuid::Uuid>,
    /// The case that opened this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CaseId>,
    /// The state it is in.
    pub state: Name,
    /// Its end, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// The accountable post; none after the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PostId>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Latest entry into each state that starts a budget; coming back from a wait does not count.
    pub entered: BTreeMap<Name, Timestamp>,
    /// When the present stay began.
    pub since: Timestamp,
    /// All waits, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Wait>,
    /// Limits the program set for this one case, by name; they win over matter and procedure.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub limits: BTreeMap<Name, String>,
    /// Approved extensions (`"3 wd"`) by the state whose budget they lengthen.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extensions: BTreeMap<Name, Vec<String>>,
    /// Approved extensions that moved the promise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promise_extensions: Vec<String>,
    /// The stage's clock; none after the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<StageClock>,
    /// The promise; none where the procedure makes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Promise>,
    /// The external office's date, which wins over ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_due: Option<Timestamp>,
    /// How often each action was done.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<Name, Count>,
    /// The posts that did each action, for `not_by` and `all`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub done_by: BTreeMap<Name, Vec<PostId>>,
    /// Fields filled so far.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<Name, FieldValue>,
    /// The approval that is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// Open children by procedure.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub children: BTreeMap<Name, u32>,
    /// When it was last answered to the asker; an unhappy verdict clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// The last verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The last call-back that reached the asker: whether the asker confirms having been contacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacted: Option<bool>,
    /// Meetings held for it, with minutes, by gathering.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub held: BTreeMap<Name, u32>,
    /// The ballot that is open, or the last one with what came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ballot: Option<Ballot>,
    /// What a move to another version of the pack left standing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// How often it was dispatched; for imported cases 1 + the re-dispatches known.
    #[serde(default)]
    pub dispatches: u32,
}

impl Kept {
    /// Before when the stay in a state is not due.
    pub fn floor(&self, state: &str) -> Option<Timestamp> {
        self.due_at.as_ref().filter(|(of, _)| of == state).map(|(_, at)| *at)
    }
}

impl CaseState {
    /// A case before anything was done: no procedure, no state, nobody's.
    pub fn blank(pack: Name, place: PlaceId, now: Timestamp) -> Self {
        Self {
            procedure: Name::default(),
            pack,
            matter: None,
            place,
            asker: Asker::None,
            about: BTreeSet::new(),
            parent: None,
            state: Name::default(),
            end: None,
            ended_at: None,
            owner: None,
            opened_at: now,
            entered: BTreeMap::new(),
            since: now,
            waits: Vec::new(),
            limits: BTreeMap::new(),
            extensions: BTreeMap::new(),
            promise_extensions: Vec::new(),
            clock: None,
            promise: None,
            source_due: None,
            counts: BTreeMap::new(),
            done_by: BTreeMap::new(),
            fields: BTreeMap::new(),
            pending: None,
            children: BTreeMap::new(),
            answered_at: None,
            verdict: None,
            contacted: None,
            held: BTreeMap::new(),
            ballot: None,
            kept: None,
            dispatches: 0,
        }
    }

    /// Whether the case is open.
    pub fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// How often an action was done in the case.
    pub fn count(&self, action: &str) -> Count {
        self.counts.get(action).copied().unwrap_or_default()
    }

    /// The organisation a field names.
    pub fn org(&self, field: &str) -> Option<OrgId> {
        match self.fields.get(field)? {
            FieldValue::Text(id) => id.parse().ok(),
            _ => None,
        }
    }

    /// The wait that lasts now.
    pub fn waiting(&self) -> Option<&Wait> {
        self.waits.last().filter(|wait| wait.until.is_none())
    }
}
