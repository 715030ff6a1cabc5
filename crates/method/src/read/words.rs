//! The small grammars (packs.md §3.6): WHO, LIMIT, windows, approvals, VALUE. A name that names
//! nothing is reported by whoever asked for it.

use super::keys::Keys;
use super::tree::{Node, Value};
use crate::check::Check;
use crate::definition::{
    At, Board, Field, Gathering, Kind, Ledger, Limit, Named, Register, ValueOf, Who,
};
use calendar::Span;
use model::people::{Role, RoleOf};
use model::territory::Level;

/// What the words of a pack may name.
#[derive(Default)]
pub(super) struct Vocabulary {
    pub levels: Vec<Level>,
    pub roles: Named<Role>,
    pub fields: Named<Field>,
    pub registers: Named<Register>,
    pub ledgers: Named<Ledger>,
    pub gatherings: Named<Gathering>,
    pub boards: Named<Board>,
}

impl Vocabulary {
    /// A key that holds one WHO or several.
    pub fn whose(&self, keys: &Keys<'_>, key: &str) -> Vec<Who> {
        let mut all = Vec::new();
        for (text, at) in keys.names(key) {
            match self.who(text) {
                Ok(who) => all.push(who),
                Err(part) => keys.found.add(Check::UnknownRef, at, &[&part]),
            }
        }
        all
    }

    pub fn is_level(&self, id: &str) -> bool {
        self.levels.iter().any(|it| it.id == id)
    }

    pub fn is_ballot(&self, id: &str) -> bool {
        self.gatherings.get(id).is_some_and(|it| it.ballot.is_some())
    }

    /// Whose account: a WHO, or a field of type place.
    pub fn holder(&self, text: &str) -> Result<Who, String> {
        if self.is_party(text, &[Kind::Place]) {
            return Ok(Who::Field(text.to_owned()));
        }
        self.who(text)
    }

    /// WHO, or the part of it that names nothing.
    pub fn who(&self, text: &str) -> Result<Who, String> {
        match text.split_once('@') {
            None if text == "asker" => Ok(Who::Asker),
            None if text == "owner" => Ok(Who::Owner),
            None if self.roles.contains_key(text) => {
                Ok(Who::Role { role: text.to_owned(), at: At::Nearest })
            }
            None if self.is_party(text, &[Kind::Person, Kind::Post, Kind::Org]) => {
                Ok(Who::Field(text.to_owned()))
            }
            None => Err(text.to_owned()),
            Some((name, at)) => {
                let role = self.roles.get(name).ok_or_else(|| name.to_owned())?;
                let at = self.at(role, at).ok_or_else(|| at.to_owned())?;
                Ok(Who::Role { role: name.to_owned(), at })
            }
        }
    }

    /// Posts of an organisation's role may also be sought by the kind of organisation, which the
    /// territory knows and the pack does not.
    fn at(&self, role: &Role, text: &str) -> Option<At> {
        let name = text.to_owned();
        match text {
            "owner" => Some(At::Owner),
            "asker" => Some(At::Asker),
            _ if self.levels.iter().any(|level| level.id == text) => Some(At::Level(name)),
            _ if self.is_party(text, &[Kind::Post, Kind::Org, Kind::Place]) => {
                Some(At::Field(name))
            }
            _ => (role.of == RoleOf::Org && super::keys::is_id(text)).then_some(At::Kind(name)),
        }
    }

    fn is_party(&self, name: &str, kinds: &[Kind]) -> bool {
        self.fields.get(name).is_some_and(|field| kinds.contains(&field.kind))
    }

    /// `WHO within DURATION`, or the part that is wrong.
    pub fn approval(&self, text: &str) -> Result<(Who, Span), String> {
        let (who, span) = text.split_once(" within ").ok_or_else(|| text.to_owned())?;
        Ok((self.who(who)?, span.parse().map_err(|_| span.to_owned())?))
    }
}

/// `2 wd` or `2 wd from STATE`.
pub(super) fn window(text: &str) -> Option<(Span, Option<String>)> {
    let (span, from) = from_state(text);
    Some((span.parse().ok()?, from))
}

/// LIMIT, by its form alone.
pub(super) fn limit(text: &str) -> Option<Limit> {
    if text == "parent" {
        return Some(Limit::Parent);
    }
    if let Some(field) = text.strip_prefix("until ") {
        return Some(Limit::Until(field.to_owned()));
    }
    let (what, from) = from_state(text);
    match what.parse() {
        Ok(span) => Some(Limit::Span(span, from)),
        Err(_) => super::keys::is_id(what).then(|| Limit::Named(what.to_owned(), from)),
    }
}

fn from_state(text: &str) -> (&str, Option<String>) {
    match text.split_once(" from ") {
        Some((what, state)) => (what, Some(state.to_owned())),
        None => (text, None),
    }
}

/// VALUE: a literal, `$field`, `$field.column`, `$each`, a time from now, a day of the month.
pub(super) fn value(node: &Node) -> Option<ValueOf> {
    let Value::Text(text) = &node.value else { return literal(node).map(ValueOf::Literal) };
    let Some(name) = text.strip_prefix('$') else {
        if let Some(day) = text.strip_prefix("day ").and_then(|it| it.parse().ok()) {
            return (1..=31).contains(&day).then_some(ValueOf::Day(day));
        }
        let literal = || ValueOf::Literal(text.clone().into());
        return Some(text.parse().map_or_else(|_| literal(), ValueOf::From));
    };
    let owned = str::to_owned;
    Some(match name.split_once('.') {
        None if name == "each" => ValueOf::Each,
        None => ValueOf::Field(owned(name)),
        Some(("each", column)) => ValueOf::EachColumn(owned(column)),
        Some((field, column)) => ValueOf::Column(owned(field), owned(column)),
    })
}

/// A literal as JSON; decimals have no place among stored values.
pub(super) fn literal(node: &Node) -> Option<serde_json::Value> {
    match &node.value {
        Value::Bool(it) => Some((*it).into()),
        Value::Int(it) => Some((*it).into()),
        Value::Text(it) => Some(it.clone().into()),
        Value::List(items) => items.iter().map(literal).collect(),
        Value::Decimal(_) | Value::Table(_) => None,
    }
}
