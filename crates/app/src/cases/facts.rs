//! Values of fields in words: names for ids, titles for choices, amounts with their units.

use super::sight::{Sight, sight};
use super::titles::post_title;
use crate::{Result, Work};
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use method::definition::{Field, Kind, Pack};
use model::Name;
use model::cases::FieldValue;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A value with what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The field.
    pub field: String,
    /// Its title.
    pub title: String,
    /// Its type in the words of the grammar.
    pub kind: String,
    /// The value.
    pub value: FieldValue,
    /// The value in words; empty where it has none (photos).
    pub text: String,
}

/// Values in words, in the order of the pack.
pub(crate) async fn facts(
    tx: &mut Tx,
    work: &Work,
    pack: &Pack,
    values: &BTreeMap<Name, FieldValue>,
) -> Result<Vec<Fact>> {
    let mut facts = Vec::new();
    for (id, field) in &pack.fields {
        let Some(value) = values.get(id.as_str()) else { continue };
        facts.push(Fact {
            field: id.clone(),
            title: field.title.clone(),
            kind: field.kind.as_str().to_owned(),
            value: value.clone(),
            text: in_words(tx, work, (pack, field), value).await?,
        });
    }
    Ok(facts)
}

/// One value in words; of several, one after the other.
pub(super) async fn in_words(
    tx: &mut Tx,
    work: &Work,
    (pack, field): (&Pack, &Field),
    value: &FieldValue,
) -> Result<String> {
    let one = std::slice::from_ref(value);
    let values = match value {
        FieldValue::List(list) => list.as_slice(),
        _ => one,
    };
    let mut words = Vec::new();
    for value in values {
        let word = match value {
            FieldValue::Bool(yes) => yes_or_no(*yes, work.shelf.in_english).to_owned(),
            FieldValue::Int(n) => amount(field.kind, *n, work.shelf.in_english),
            FieldValue::Text(text) => named(tx, work, (pack, field), text).await?,
            FieldValue::List(_) | FieldValue::Private { .. } => String::new(),
        };
        words.push(word);
    }
    words.retain(|word| !word.is_empty());
    Ok(words.join(if work.shelf.in_english { ", " } else { "、" }))
}

fn yes_or_no(yes: bool, in_english: bool) -> &'static str {
    match (yes, in_english) {
        (true, false) => "是",
        (false, false) => "否",
        (true, true) => "yes",
        (false, true) => "no",
    }
}

/// 1250 fen are 12.50元, 3 half-hours 1.5小时.
fn amount(kind: Kind, n: i64, in_english: bool) -> String {
    let (chinese, english, n) = match kind {
        Kind::Money => ("元", " yuan", decimal(n, 100)),
        Kind::Hours => ("小时", " hours", decimal(n, 2)),
        Kind::Stars => ("星", " of 5 stars", n.to_string()),
        _ => ("", "", n.to_string()),
    };
    format!("{n}{}", if in_english { english } else { chinese })
}

/// A number of hundredths or halves as forms take it.
pub(super) fn decimal(n: i64, scale: i64) -> String {
    let sign = if n < 0 { "-" } else { "" };
    let (whole, rest) = (n.abs() / scale, n.abs() % scale);
    match (scale, rest) {
        (_, 0) => format!("{sign}{whole}"),
        (2, _) => format!("{sign}{whole}.5"),
        _ => format!("{sign}{whole}.{rest:02}"),
    }
}

async fn named(
    tx: &mut Tx,
    work: &Work,
    (pack, field): (&Pack, &Field),
    text: &str,
) -> Result<String> {
    let (network, id) = (&work.shelf.network, text.parse::<Uuid>().unwrap_or_default());
    Ok(match field.kind {
        Kind::Choice => choice(pack, field, text),
        Kind::Org => network.org(id.into()).map(|it| it.name.clone()).unwrap_or_default(),
        Kind::Place => network.place(id.into()).map(|it| it.name.clone()).unwrap_or_default(),
        Kind::Post => post_title(work, pack, id.into()),
        Kind::Person => {
            let name = store::people::contact(tx, id.into()).await?.name;
            name.map(|it| crate::people::mask_name(&it)).unwrap_or_default()
        }
        Kind::Case => {
            let case = store::cases::get(tx, id.into()).await?;
            let seen = case.filter(|it| sight(work, it) != Sight::None);
            seen.map(|it| it.number).unwrap_or_default()
        }
        Kind::Household => {
            let door = store::territory::household(tx, id.into()).await?;
            door.and_then(|it| it.address).unwrap_or_default()
        }
        Kind::Time => local(text),
        Kind::Photo | Kind::File | Kind::Record => String::new(),
        _ => text.to_owned(),
    })
}

/// A choice of the field, or a matter of whatever catalogue has it.
fn choice(pack: &Pack, field: &Field, id: &str) -> String {
    let matter = || pack.matters.values().find_map(|it| it.get(id)).map(|it| it.title.clone());
    field.choices.get(id).cloned().or_else(matter).unwrap_or_else(|| id.to_owned())
}

fn local(text: &str) -> String {
    let at = text.parse::<Timestamp>().ok();
    let at = at.map(|it| it.to_zoned(TimeZone::fixed(offset(8))).strftime("%Y-%m-%d %H:%M"));
    at.map_or_else(|| text.to_owned(), |it| it.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_told_with_their_units() {
        let cases = [(Kind::Money, 1250), (Kind::Money, -100), (Kind::Hours, 3), (Kind::Stars, 5)];
        let told = |in_english| cases.map(|(kind, n)| amount(kind, n, in_english));
        assert_eq!(told(false), ["12.50元", "-1元", "1.5小时", "5星"]);
        assert_eq!(told(true), ["12.50 yuan", "-1 yuan", "1.5 hours", "5 of 5 stars"]);
        assert_eq!(amount(Kind::Int, 7, true), "7");
        assert_eq!(local("2026-11-22T01:30:00Z"), "2026-11-22 09:30");
    }
}
