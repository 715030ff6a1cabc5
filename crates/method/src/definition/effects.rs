//! What an action or a state does besides moving the case: one verb each.

use super::Who;
use crate::definition::Named;
use crate::guard::Guard;
use calendar::Span;

/// Effects a pack may name, all carried out with the act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Tell somebody.
    Notify(Vec<Who>),
    /// Open a case of another procedure.
    Open {
        /// The procedure.
        procedure: String,
        /// One for each of these.
        each: Option<Each>,
        /// Only rows that this guard holds for.
        only: Option<Guard>,
        /// Whose asker it has: a party, else the owner.
        asker: Option<Who>,
        /// Level of the place it is opened at; none = the case's place.
        level: Option<String>,
        /// As a child that is waited for, or as a mere link.
        child: bool,
        /// The child's form: field → VALUE.
        with: Named<ValueOf>,
    },
    /// End such children as dropped.
    Release(String),
    /// Lengthen the running budget and the promise by a field (working days).
    Extend(String),
    /// Move an amount between two accounts of a ledger.
    Book {
        /// The ledger.
        ledger: String,
        /// Whence.
        from: Holder,
        /// Whither.
        to: Holder,
        /// Field that holds the amount.
        amount: String,
    },
    /// Show fields on a board.
    Publish {
        /// The board.
        board: String,
        /// The fields.
        show: Vec<String>,
        /// For how long; none = as long as the board keeps things.
        lasts: Option<Span>,
    },
    /// Call a meeting.
    Hold {
        /// The gathering.
        gathering: String,
        /// One for each post of this role at this level.
        each: Option<Each>,
        /// Field that holds the time; none = now.
        at: Option<String>,
    },
    /// Write a row of a register.
    Write {
        /// The register.
        register: String,
        /// Field that names the row; none = the case's own.
        row: Option<String>,
        /// Columns.
        set: Named<ValueOf>,
    },
    /// Appoint the person of a field to the post of a field.
    Appoint {
        /// Field of type person.
        person: String,
        /// Field of type post.
        post: String,
    },
    /// End the holding of the post of a field.
    Dismiss(String),
}

/// One for each of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Each {
    /// Each member of a field.
    Field(String),
    /// Each post of a role at a level, or of a kind of organisation.
    Role(Who),
    /// Each row of a register.
    Register(String),
}

/// ACCOUNT`[@party]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Account of the ledger.
    pub account: String,
    /// Whose; none for an account of the county, or of the case itself.
    pub party: Option<Who>,
}

/// VALUE of the grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueOf {
    /// A literal.
    Literal(serde_json::Value),
    /// `$field`.
    Field(String),
    /// `$field.column` of the row a field names.
    Column(String, String),
    /// `$each`.
    Each,
    /// `$each.column`.
    EachColumn(String),
    /// A date so far from now (`"1 y"`).
    From(Span),
    /// The day of this month (`"day 25"`).
    Day(u8),
}
