//! Which cases a list holds and in which order, and the SQL text that follows from it: one
//! condition for each setter that was called, so that every text can use the indexes it deserves.

mod samples;

use super::columns;
use crate::search;
use jiff::Timestamp;
use model::cases::End;
use model::territory::MAX_LEVELS;
use model::{CaseId, OrgId, PersonId, PlaceId, PostId};
use rowdb::{Engine, Value};
use std::collections::BTreeMap;

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By opening, the newest first.
    #[default]
    Newest,
    /// By the stage's due date, the soonest first: a queue of open cases.
    Due,
}

/// Where a page ended: the next begins behind it, whatever was opened or ended meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When the last case was opened or, in [`Order::Due`], is due.
    pub at: Timestamp,
    /// That case.
    pub id: CaseId,
}

/// Which cases to list. Every condition that is set must hold; sensitive cases are left out unless
/// asked for.
#[derive(Clone, Debug)]
pub struct CaseFilter {
    conditions: BTreeMap<Condition, Option<Value>>,
    order: Order,
    after: Option<Cursor>,
}

/// One condition; with a value unless it says it all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Condition {
    At(usize),
    Procedure,
    Matter,
    State,
    Owner,
    Unit,
    Asker,
    Parent,
    Number,
    DueBefore,
    DueFrom,
    DueUntil,
    Done,
    Open,
    Ended,
    EndedAs,
    NotSensitive,
    NotSensitiveOrOwnedBy,
    Sensitive,
    About,
    NotAbout,
    Matching,
}

/// What stands in a state's text when it names posts or organisations the case is about.
const ABOUT: &str = "replace(c.memory, '\"about\":', '')";

impl Default for CaseFilter {
    fn default() -> Self {
        let conditions = [(Condition::NotSensitive, None)].into();
        Self { conditions, order: Order::default(), after: None }
    }
}

impl CaseFilter {
    /// All cases but the sensitive ones, the newest first.
    pub fn new() -> Self {
        Self::default()
    }

    /// In a place, by its level: where they are while open, where they were when they ended.
    #[must_use]
    pub fn at(self, level: usize, place: PlaceId) -> Self {
        self.with(Condition::At(level), place.0)
    }

    /// Of a procedure of the pack.
    #[must_use]
    pub fn procedure(self, procedure: &str) -> Self {
        self.with(Condition::Procedure, procedure)
    }

    /// Of a matter.
    #[must_use]
    pub fn matter(self, matter: &str) -> Self {
        self.with(Condition::Matter, matter)
    }

    /// In a state. Add [`Self::open`] if the state is no end: open cases are few and found at once.
    #[must_use]
    pub fn state(self, state: &str) -> Self {
        self.with(Condition::State, state)
    }

    /// Owned by a post, thus open.
    #[must_use]
    pub fn owner(self, post: PostId) -> Self {
        self.bare(Condition::Open).with(Condition::Owner, post.0)
    }

    /// Handled by an organisation.
    #[must_use]
    pub fn unit(self, org: OrgId) -> Self {
        self.with(Condition::Unit, org.0)
    }

    /// Asked by a resident with an account.
    #[must_use]
    pub fn asker(self, person: PersonId) -> Self {
        self.with(Condition::Asker, person.0)
    }

    /// With this number.
    #[must_use]
    pub fn number(self, number: &str) -> Self {
        self.with(Condition::Number, number)
    }

    /// Hanging on another case in whatever way.
    #[must_use]
    pub fn parent(self, case: CaseId) -> Self {
        self.with(Condition::Parent, case.0)
    }

    /// About posts or organisations: who sees such a case is not said by where it lies.
    #[must_use]
    pub fn about(self) -> Self {
        self.without(Condition::NotAbout).bare(Condition::About)
    }

    /// About no post and no organisation.
    #[must_use]
    pub fn not_about(self) -> Self {
        self.without(Condition::About).bare(Condition::NotAbout)
    }

    /// With a stage that is due from an instant until another, both counted, thus open.
    #[must_use]
    pub fn due_within(self, from: Timestamp, until: Timestamp) -> Self {
        let bounds = self.bare(Condition::Open).with(Condition::DueFrom, from.as_microsecond());
        bounds.with(Condition::DueUntil, until.as_microsecond())
    }

    /// With a stage that is due before an instant, thus open.
    #[must_use]
    pub fn due_before(self, at: Timestamp) -> Self {
        self.bare(Condition::Open).with(Condition::DueBefore, at.as_microsecond())
    }

    /// On which an action was done at least once, thus open.
    #[must_use]
    pub fn done(self, action: &str) -> Self {
        self.bare(Condition::Open).with(Condition::Done, format!(" {action} "))
    }

    /// Open.
    #[must_use]
    pub fn open(self) -> Self {
        self.without(Condition::Ended).without(Condition::EndedAs).bare(Condition::Open)
    }

    /// Ended.
    #[must_use]
    pub fn ended(self) -> Self {
        self.without(Condition::Open).bare(Condition::Ended)
    }

    /// Ended in this way, which is found without reading the cases, as a state is not.
    #[must_use]
    pub fn ended_as(self, end: End) -> Self {
        self.without(Condition::Open).with(Condition::EndedAs, end.as_str())
    }

    /// The sensitive ones too: only for those who may see them all, or ask for their own.
    #[must_use]
    pub fn with_sensitive(self) -> Self {
        self.without(Condition::NotSensitive).without(Condition::NotSensitiveOrOwnedBy)
    }

    /// The sensitive ones too where this post owns them.
    #[must_use]
    pub fn with_sensitive_for(self, post: PostId) -> Self {
        self.without(Condition::NotSensitive).with(Condition::NotSensitiveOrOwnedBy, post.0)
    }

    /// The sensitive ones only: for those who guard them.
    #[must_use]
    pub fn only_sensitive(self) -> Self {
        self.with_sensitive().bare(Condition::Sensitive)
    }

    /// With a text that matches an expression of the engine (see `search`): only the newest
    /// [`search::LIMIT`] matches in the narrowest place asked for are looked at.
    #[must_use]
    pub fn matching(self, expression: &str) -> Self {
        self.with(Condition::Matching, expression)
    }

    /// In this order.
    #[must_use]
    pub fn order(self, order: Order) -> Self {
        Self { order, ..self }
    }

    /// Behind the page that ended there.
    #[must_use]
    pub fn after(self, cursor: Cursor) -> Self {
        Self { after: Some(cursor), ..self }
    }

    fn with(mut self, condition: Condition, value: impl Into<Value>) -> Self {
        self.conditions.insert(condition, Some(value.into()));
        self
    }

    fn bare(mut self, condition: Condition) -> Self {
        self.conditions.insert(condition, None);
        self
    }

    fn without(mut self, condition: Condition) -> Self {
        self.conditions.remove(&condition);
        self
    }

    /// The order asked for.
    pub(super) fn ordered_by(&self) -> Order {
        self.order
    }

    /// The statement for at most `limit` cases with their titles, and its parameters.
    pub(super) fn statement(&self, engine: Engine, limit: i64) -> (String, Vec<Value>) {
        let mut values = vec![Value::Int(limit)];
        let narrowed = self.narrowing(engine, &mut values);
        (format!("{SELECT} {narrowed} LIMIT $1"), values)
    }

    /// Conditions and order of a statement over `cases c`; their parameters are added to `values`.
    pub(super) fn narrowing(&self, engine: Engine, values: &mut Vec<Value>) -> String {
        let mut needs = Vec::with_capacity(self.conditions.len() + 2);
        for (condition, value) in &self.conditions {
            values.extend(value.as_ref().map(|value| self.bound(*condition, value, engine)));
            needs.push(condition.text(engine, values.len()));
        }
        needs.extend(self.order.need());
        if let Some(Cursor { at, id }) = self.after {
            values.extend([Value::Int(at.as_microsecond()), Value::Id(id.0)]);
            needs.push(self.order.behind(values.len()));
        }
        let all = if needs.is_empty() { "TRUE".to_owned() } else { needs.join(" AND ") };
        format!("WHERE {all} ORDER BY {}", self.order.text())
    }

    /// The value as the statement wants it: a search is narrowed to the place that is asked for.
    fn bound(&self, condition: Condition, value: &Value, engine: Engine) -> Value {
        match (condition, value) {
            (Condition::Matching, Value::Text(text)) => {
                search::narrowed(engine, text, self.narrowest()).into()
            }
            _ => value.clone(),
        }
    }

    fn narrowest(&self) -> Option<PlaceId> {
        self.conditions.iter().rev().find_map(|(condition, value)| match (condition, value) {
            (Condition::At(_), Some(Value::Id(place))) => Some(PlaceId(*place)),
            _ => None,
        })
    }
}

const SELECT: &str = concat!(
    "SELECT ",
    columns!(),
    ", t.value FROM cases c LEFT JOIN private t ON t.entry = c.entry AND t.field = 'title'"
);

impl Condition {
    /// The condition with parameter `$n`, if it has one.
    fn text(self, engine: Engine, n: usize) -> String {
        match self {
            // No place lies deeper than the last level, so nothing is found there.
            Self::At(level) => format!("c.p{} = ${n}", level.min(MAX_LEVELS - 1)),
            Self::Procedure => format!("c.procedure = ${n}"),
            Self::Matter => format!("c.matter = ${n}"),
            Self::State => format!("c.state = ${n}"),
            Self::Owner => format!("c.owner = ${n}"),
            Self::Unit => format!("c.unit = ${n}"),
            Self::Asker => format!("c.asker_person = ${n}"),
            Self::Parent => format!("c.parent = ${n}"),
            Self::Number => format!("c.number = ${n}"),
            Self::DueBefore => format!("c.due_at < ${n}"),
            Self::DueFrom => format!("c.due_at >= ${n}"),
            Self::DueUntil => format!("c.due_at <= ${n}"),
            // Neither engine compares patterns by an index, and so few words need none.
            Self::Done => format!("c.done <> replace(c.done, ${n}, '')"),
            Self::Open => "c.ended_as IS NULL".to_owned(),
            Self::Ended => "c.ended_as IS NOT NULL".to_owned(),
            Self::EndedAs => format!("c.ended_as = ${n}"),
            Self::NotSensitive => "NOT c.sensitive".to_owned(),
            Self::NotSensitiveOrOwnedBy => format!("(NOT c.sensitive OR c.owner = ${n})"),
            Self::Sensitive => "c.sensitive".to_owned(),
            Self::About => format!("c.memory <> {ABOUT}"),
            Self::NotAbout => format!("c.memory = {ABOUT}"),
            Self::Matching => format!("c.id IN ({})", search::matches(engine, n)),
        }
    }

    fn is_bare(self) -> bool {
        matches!(
            self,
            Self::Open
                | Self::Ended
                | Self::NotSensitive
                | Self::Sensitive
                | Self::About
                | Self::NotAbout
        )
    }

    fn all() -> impl Iterator<Item = Self> {
        let others = [
            Self::Procedure,
            Self::Matter,
            Self::State,
            Self::Owner,
            Self::Unit,
            Self::Asker,
            Self::Parent,
            Self::Number,
            Self::DueBefore,
            Self::DueFrom,
            Self::DueUntil,
            Self::Done,
            Self::EndedAs,
            Self::Open,
            Self::Ended,
            Self::NotSensitive,
            Self::NotSensitiveOrOwnedBy,
            Self::Sensitive,
            Self::About,
            Self::NotAbout,
            Self::Matching,
        ];
        (0..MAX_LEVELS).map(Self::At).chain(others)
    }
}

impl Order {
    fn text(self) -> &'static str {
        match self {
            Self::Newest => "c.opened_at DESC, c.id DESC",
            Self::Due => "c.due_at, c.id",
        }
    }

    /// Engines differ in where they put rows without a date.
    fn need(self) -> Option<String> {
        (self == Self::Due).then(|| "c.due_at IS NOT NULL".to_owned())
    }

    /// Behind the cursor whose id is `$n` and whose instant is the parameter before it.
    fn behind(self, n: usize) -> String {
        let at = n - 1;
        match self {
            Self::Newest => {
                format!("c.opened_at <= ${at} AND (c.opened_at < ${at} OR c.id < ${n})")
            }
            Self::Due => format!("c.due_at >= ${at} AND (c.due_at > ${at} OR c.id > ${n})"),
        }
    }
}

/// The statements of lists by name.
pub(super) fn composed(engine: Engine) -> Vec<(String, String)> {
    let named = |(name, filter): (String, CaseFilter)| {
        (format!("store::cases::filter::PAGE {name}"), filter.statement(engine, 1).0)
    };
    CaseFilter::samples().into_iter().map(named).collect()
}
