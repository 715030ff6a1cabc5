//! What a guard can hold in its hand, and where it gets it from. Numbers are exact: millionths in
//! 128 bits, so that money in yuan and hours compare as they are written.

use super::types::Part;
use jiff::{Timestamp, civil::Date};
use model::cases::FieldValue;
use std::borrow::Cow;

/// Millionths in one: the scale of every number in a guard.
pub(super) const ONE: i128 = 1_000_000;

/// A value of a guard.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// Yes or no.
    Bool(bool),
    /// A number in millionths.
    Number(i128),
    /// A choice or an id.
    Text(Cow<'a, str>),
    /// A day.
    Date(Date),
    /// A moment.
    Time(Timestamp),
    /// Several.
    List(Vec<Value<'a>>),
}

impl Value<'_> {
    /// A whole number.
    pub(super) fn int(number: i64) -> Self {
        Self::Number(i128::from(number) * ONE)
    }
}

/// What a guard may ask about the case it judges.
pub trait Scope {
    /// A field of the case or of the form that is being submitted.
    fn field(&self, name: &str) -> Option<&FieldValue>;
    /// A column of the row that a field names.
    fn column(&self, field: &str, column: &str) -> Option<&FieldValue>;
    /// A column of the row that is looked at.
    fn row(&self, column: &str) -> Option<&FieldValue>;
    /// How many meetings with minutes were held.
    fn held(&self, gathering: &str) -> u32;
    /// What came of the last ballot.
    fn ballot(&self, part: Part) -> Option<u32>;
    /// A column of the case's matter (`id` included), in the units fields are stored in.
    fn matter(&self, column: &str) -> Option<serde_json::Value>;
    /// How often an action was done, per case or per stay as its `per` says.
    fn done(&self, action: &str) -> u32;
    /// Open children, of one procedure or of all.
    fn children_open(&self, procedure: Option<&str>) -> u32;
    /// Whether the stage's clock has run out.
    fn late(&self) -> bool;
    /// Now.
    fn now(&self) -> Timestamp;
    /// The local day.
    fn today(&self) -> Date;
}
