//! Forms as the history's people fill them in.

use super::course::Move;
use super::dice::Dice;
use super::requests::{Asker, Channel, Request};
use super::texts::{Saying, local};
use app::Form;
use jiff::Timestamp;
use model::cases::Hiding;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What forms are filled with besides the request.
pub(super) struct Filling<'a> {
    pub now: Timestamp,
    /// Code or id of the unit to dispatch to, or to ask for help.
    pub unit: Option<String>,
    /// Name of the unit that answers.
    pub unit_name: &'a str,
    /// How many answers were given before.
    pub answers: usize,
    pub stars: &'a BTreeMap<String, f64>,
    pub uncontacted: f64,
}

/// The form of an opening.
pub(super) fn opening(request: &Request, asker: Option<&Asker>) -> Form {
    let mut form = saying(&request.said);
    if let Some(asker) = asker.filter(|_| request.hiding != Hiding::Anonymous) {
        form.insert("contact".to_owned(), json!(format!("{} {}", asker.name, asker.phone)));
    }
    form
}

/// The channel's word.
pub(super) fn channel(request: &Request) -> &'static str {
    match request.channel {
        Channel::App => "app",
        Channel::City => "12345",
        Channel::Desk => "phone",
        Channel::GridWorker => "grid_worker",
        Channel::Counter => "counter",
    }
}

fn saying(said: &Saying) -> Form {
    Form::from_iter([
        ("title".to_owned(), json!(said.title)),
        ("body".to_owned(), json!(said.body)),
    ])
}

/// The form of a move.
pub(super) fn filled(
    request: &Request,
    next: Move,
    filling: &Filling<'_>,
    dice: &mut Dice,
) -> Form {
    let remark = next.remark().and_then(|kind| request.remarks.get(kind));
    let remark = json!(remark.map_or("", String::as_str));
    let fields: Vec<(&str, Value)> = match next {
        Move::Found | Move::Return | Move::Rework => vec![("note", remark)],
        Move::Pause | Move::Supply | Move::Conclude => vec![("words", remark)],
        Move::AnswerNow | Move::Answer | Move::AnswerLate | Move::Deliver => {
            let text = request.answers.get(filling.answers).map_or("", String::as_str);
            vec![("words", json!(text.replace("{unit}", filling.unit_name)))]
        }
        Move::Misdirect | Move::Dispatch => vec![("unit", json!(filling.unit))],
        Move::Enlist => vec![("assistants", json!([filling.unit]))],
        Move::Extend => vec![("days", json!(2 + dice.below(4))), ("reason", remark)],
        Move::Shelve => {
            let days = i64::try_from(12 + dice.below(20)).unwrap_or(12);
            let day = local(filling.now + jiff::SignedDuration::from_hours(24 * days)).date();
            vec![("reason", remark), ("review_on", json!(day.to_string()))]
        }
        Move::Satisfied | Move::JoinedVerdict => verdict(true, remark, filling, dice),
        Move::Unsatisfied | Move::Dispute => verdict(false, remark, filling, dice),
        Move::Join => {
            return request.joiner.as_ref().map(|it| saying(&it.said)).unwrap_or_default();
        }
        Move::Verify
        | Move::Sign
        | Move::Urge
        | Move::Accept
        | Move::Resume
        | Move::Grant
        | Move::Approve => vec![],
    };
    fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

/// Stars, whether somebody had called, and mostly no words.
fn verdict(
    happy: bool,
    words: Value,
    filling: &Filling<'_>,
    dice: &mut Dice,
) -> Vec<(&'static str, Value)> {
    let thrown = dice.weighted(filling.stars.values().copied());
    let given = filling.stars.keys().nth(thrown).and_then(|it| it.parse().ok());
    let stars = if happy { given.unwrap_or(5) } else { 1 + dice.below(2) };
    let mut fields =
        vec![("stars", json!(stars)), ("contacted", json!(!dice.chance(filling.uncontacted)))];
    if !happy || dice.chance(0.3) {
        fields.push(("words", words));
    }
    fields
}
