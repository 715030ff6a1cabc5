//! A pack as the engine uses it: flattened, checked, typed. Reading the files is `read`, judging
//! them is `check`; nothing here can be inconsistent once `check` found no problem.

mod areas;
mod effects;
mod told;

pub use areas::{
    Account, AccountOf, Agenda, Ballot, Board, Called, Cycle, Every, Gathering, GatheringKind,
    Indicator, Ledger, On, Register, Share, ShareOf, Unit,
};
pub use effects::{Each, Effect, Holder, ValueOf};

use crate::guard::Guard;
use calendar::Span;
use model::cases::End;
use model::desk::Purpose;
use model::people::Role;
use model::territory::Level;
use rustc_hash::FxBuildHasher;

/// What a pack defines, by id, in the order of its files.
pub type Named<T> = indexmap::IndexMap<String, T, FxBuildHasher>;

/// A flattened pack at one version.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Folder name (`base`).
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// `"2026.11.1"`.
    pub version: String,
    /// SHA-256 of the canonical flattened text, hex.
    pub hash: String,
    /// Place levels, the widest first.
    pub levels: Vec<Level>,
    /// Role found when nobody up the tree holds a post.
    pub fallback: Who,
    /// Roles by id.
    pub roles: Named<Role>,
    /// Fields by id, the built-in ones included.
    pub fields: Named<Field>,
    /// Procedures by id.
    pub procedures: Named<Procedure>,
    /// Matters by catalogue and id.
    pub matters: Named<Named<Matter>>,
    /// Service kinds "my service people" shows, in order: role → title.
    pub services: Named<String>,
    /// Words that are ready for answers, calls and letters, by id.
    pub phrases: Named<Phrase>,
    /// Registers by id.
    pub registers: Named<Register>,
    /// Ledgers by id.
    pub ledgers: Named<Ledger>,
    /// Meetings and ballots by id.
    pub gatherings: Named<Gathering>,
    /// What comes round by itself, by id.
    pub cycles: Named<Cycle>,
    /// Figures by id.
    pub indicators: Named<Indicator>,
    /// Boards by id.
    pub boards: Named<Board>,
    /// Successors of states that a newer version no longer has: procedure → state → state.
    pub moves: Named<Named<String>>,
    /// Texts of other languages: language → path → text.
    pub texts: Named<Named<String>>,
}

/// One procedure: two lists.
#[derive(Clone, Debug)]
pub struct Procedure {
    /// Its id in the pack.
    pub id: String,
    /// Chinese name.
    pub title: String,
    /// Basis of the procedure and of its forms.
    pub why: String,
    /// Who asks.
    pub asker: AskerOf,
    /// What a resident may choose to hide.
    pub hides: Vec<Hide>,
    /// Seen by named posts only, found nowhere, whatever the matter.
    pub sensitive: bool,
    /// Who says that it is solved.
    pub verdict: VerdictBy,
    /// The date the asker sees.
    pub promise: Option<Limit>,
    /// Catalogue of matters.
    pub matters: Option<String>,
    /// Public stages in order.
    pub stages: Vec<String>,
    /// Named limits; a matter overrides any.
    pub limits: Named<Span>,
    /// States by id.
    pub states: Named<State>,
    /// Actions by id; `open` opens.
    pub actions: Named<Action>,
}

/// Who asks in a procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskerOf {
    /// A resident.
    Resident,
    /// A post.
    Post,
    /// An organisation.
    Unit,
    /// The owner of the case that opened it.
    Parent,
    /// A cycle or the program.
    None,
}

/// What a resident may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hide {
    /// No account, no contact, a claim code.
    Anonymous,
    /// Hidden from the handling unit.
    Confidential,
}

/// Who gives the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerdictBy {
    /// The asker.
    Asker,
    /// A ballot.
    Ballot(String),
    /// Nobody.
    None,
}

/// A state.
#[derive(Clone, Debug)]
pub struct State {
    /// For staff.
    pub title: String,
    /// Its public stage.
    pub stage: Option<String>,
    /// What the asker reads.
    pub shown: Option<String>,
    /// The accountable one; none at an end.
    pub owner: Option<Who>,
    /// Budget or bound of the stay; none at an end.
    pub limit: Option<Limit>,
    /// Actions the clock tries in order, one a rung.
    pub late: Vec<String>,
    /// Time between rungs after the first; none = the limit.
    pub again: Option<Span>,
    /// Whom or what a waiting state waits for; empty = not a waiting state.
    pub waits: Vec<String>,
    /// Actions tried when the last child has ended.
    pub joined: Vec<String>,
    /// The ballot that opens on entry and closes with the clock.
    pub ballot: Option<String>,
    /// Actions tried when the ballot carries, does not carry, or has no quorum.
    pub outcomes: [Vec<String>; 3],
    /// The end it is.
    pub end: Option<End>,
    /// Done at every entry.
    pub then: Vec<Effect>,
    /// Derived: an action from here lets the asker say that it is solved.
    pub awaits_verdict: bool,
    /// Derived: the stage begins with a dispatch to a unit (its owner names a field of type org
    /// and it is entered from a state whose owner does not).
    pub dispatches: bool,
}

/// An action.
#[derive(Clone, Debug)]
pub struct Action {
    /// For whoever does it.
    pub title: String,
    /// States it is possible in; empty only for `open`. `"*"` is expanded to all open states.
    pub from: Vec<String>,
    /// Where it leads; none = stays.
    pub to: Option<String>,
    /// Who may.
    pub by: Vec<By>,
    /// Whose words are recorded when another hand writes.
    pub voice: Option<Who>,
    /// Its form.
    pub asks: Vec<Ask>,
    /// Prefill: field → path (`matter.unit`).
    pub fill: Named<String>,
    /// Bound on how often.
    pub at_most: Option<u32>,
    /// Whether the bound counts per stay instead of per case.
    pub per_stay: bool,
    /// Only after others were done so often.
    pub after: Named<u32>,
    /// Window since entry of the present state, or of the named one.
    pub within: Option<(Span, Option<String>)>,
    /// Guard.
    pub when: Option<Guard>,
    /// What whoever does it is told where the guard is not met.
    pub says: Option<String>,
    /// Approver and window.
    pub approval: Option<(Who, Span)>,
    /// 回避: not whoever did these.
    pub not_by: Vec<String>,
    /// 会签: each of `by` once, then it moves.
    pub all: bool,
    /// The doer becomes this party.
    pub becomes: Option<String>,
    /// Effects.
    pub then: Vec<Effect>,
}

/// Who may do an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Somebody.
    Who(Who),
    /// Only the clock.
    Clock,
}

/// A field asked by a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The field.
    pub field: String,
    /// `?` was written.
    pub optional: bool,
}

/// WHO of the grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The asker.
    Asker,
    /// The owner.
    Owner,
    /// A field of type person, post or org.
    Field(String),
    /// A role, nearest up from the case's place, or at something.
    Role {
        /// The role.
        role: String,
        /// Where.
        at: At,
    },
}

impl std::fmt::Display for Who {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Asker => out.write_str("asker"),
            Self::Owner => out.write_str("owner"),
            Self::Field(field) => out.write_str(field),
            Self::Role { role, at } => match at {
                At::Nearest => out.write_str(role),
                At::Level(at) | At::Kind(at) | At::Field(at) => write!(out, "{role}@{at}"),
                At::Owner => write!(out, "{role}@owner"),
                At::Asker => write!(out, "{role}@asker"),
            },
        }
    }
}

/// AT of the grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// Nearest up from the case's place.
    Nearest,
    /// At a level of the tree (and, if vacant, above it).
    Level(String),
    /// Any organisation of this kind.
    Kind(String),
    /// The organisation or post in a field.
    Field(String),
    /// The owner's organisation, or its place.
    Owner,
    /// The asker's organisation, or its place.
    Asker,
}

/// LIMIT of the grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `5 wd` or `5 wd from STATE`.
    Span(Span, Option<String>),
    /// A named limit, `handle` or `handle from STATE`.
    Named(String, Option<String>),
    /// `until FIELD`.
    Until(String),
    /// Whatever the parent is due.
    Parent,
}

/// A field of the pack.
#[derive(Clone, Debug)]
pub struct Field {
    /// Chinese title.
    pub title: String,
    /// Its type.
    pub kind: Kind,
    /// Register or role it refers to.
    pub of: Option<String>,
    /// Choices: id → title.
    pub choices: Named<String>,
    /// Smallest value (money in fen, hours in half-hours).
    pub min: Option<i64>,
    /// Largest value.
    pub max: Option<i64>,
    /// Latest date or time, from now.
    pub max_span: Option<Span>,
    /// Several values.
    pub many: bool,
    /// Each answer adds up.
    pub sum: bool,
    /// May be shown to the public.
    pub public: bool,
    /// Who sees it unmasked; empty = everyone who sees the case.
    pub seen_by: Vec<Who>,
    /// Why a person is asked for.
    pub why: Option<String>,
}

/// Types of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are the words of the grammar")]
pub enum Kind {
    Text,
    Int,
    Money,
    Hours,
    Date,
    Time,
    Choice,
    YesNo,
    Stars,
    Place,
    Point,
    Person,
    Post,
    Org,
    Case,
    Photo,
    File,
    Record,
    Household,
}

impl Kind {
    /// Every type by its word.
    pub const WORDS: [(&str, Self); 19] = [
        ("text", Self::Text),
        ("int", Self::Int),
        ("money", Self::Money),
        ("hours", Self::Hours),
        ("date", Self::Date),
        ("time", Self::Time),
        ("choice", Self::Choice),
        ("yes_no", Self::YesNo),
        ("stars", Self::Stars),
        ("place", Self::Place),
        ("point", Self::Point),
        ("person", Self::Person),
        ("post", Self::Post),
        ("org", Self::Org),
        ("case", Self::Case),
        ("photo", Self::Photo),
        ("file", Self::File),
        ("record", Self::Record),
        ("household", Self::Household),
    ];

    /// The word of the grammar.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// A matter of a catalogue.
#[derive(Clone, Debug)]
pub struct Matter {
    /// Chinese title.
    pub title: String,
    /// Words by which a text is recognised.
    pub words: Vec<String>,
    /// Overrides of the procedure's limits.
    pub limits: Named<Span>,
    /// First line that matches names the unit.
    pub route: Vec<Route>,
    /// Further columns, as fields (`on_site`).
    pub columns: Named<serde_json::Value>,
    /// Seen by named posts only, found nowhere (举报、未成年人、家庭暴力).
    pub sensitive: bool,
}

/// A line of a matter's route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Code of a place that must contain the case's.
    pub place: Option<String>,
    /// Office hours of the line (`"08:00-18:00"`), local.
    pub hours: Option<String>,
    /// `workday` or `holiday`.
    pub days: Option<String>,
    /// Code of the unit, or `role@AT` whose organisation it is.
    pub unit: String,
}

/// Words that are ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Chinese title.
    pub title: String,
    /// What they are for.
    pub purpose: Purpose,
    /// The words, with slots that whoever uses them fills in.
    pub words: String,
    /// Only for cases of this procedure.
    pub procedure: Option<String>,
    /// Only for cases of this matter.
    pub matter: Option<String>,
}

/// What the words of a phrase may leave open, as `{number}`.
pub const SLOTS: [&str; 8] =
    ["number", "title", "place", "unit", "asker", "due", "today", "matter"];

/// The first slot of a phrase's words that nobody could fill in.
pub fn unknown_slot(words: &str) -> Option<&str> {
    words.split('{').skip(1).find_map(|rest| match rest.split_once('}') {
        Some((slot, _)) => Some(slot).filter(|it| !SLOTS.contains(it)),
        None => Some(rest),
    })
}

impl Action {
    /// Whether it is possible in a state.
    pub fn starts_in(&self, state: &str) -> bool {
        self.from.iter().any(|it| it == state)
    }
}

impl Pack {
    /// The field that a column of a row is, where `field` names a row.
    pub fn column(&self, field: &str, column: &str) -> Option<&Field> {
        let field = self.fields.get(field).filter(|it| it.kind == Kind::Record && !it.many)?;
        let register = self.registers.get(field.of.as_ref()?)?;
        let known = register.fields.iter().any(|it| it == column);
        self.fields.get(column).filter(|_| known)
    }

    /// Which of these does not exist, or is no matter of that procedure: `procedure` or `matter`.
    pub fn unknown_subject(
        &self,
        procedure: Option<&str>,
        matter: Option<&str>,
    ) -> Option<&'static str> {
        let named = procedure.map(|id| self.procedures.get(id));
        let of = match named {
            Some(None) => return Some("procedure"),
            Some(Some(named)) => Some(named.matters.as_ref()),
            None => None,
        };
        let wanted = |catalogue| of.is_none_or(|of| of == Some(catalogue));
        let mut catalogues = self.matters.iter().filter(|(id, _)| wanted(*id));
        let known = matter.is_none_or(|id| catalogues.any(|(_, it)| it.contains_key(id)));
        (!known).then_some("matter")
    }
}
