//! 减负合规自检: every form of a pack, what it rests on, what it asks, what that costs, and what could
//! be dropped. What may not be asked at all does not load; this is about the rest.

use crate::definition::{Action, By, Field, Kind, Pack, Procedure, Who};
use std::collections::BTreeSet;

/// A form: an action that asks something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormCost {
    /// The procedure.
    pub procedure: String,
    /// The action.
    pub action: String,
    /// What it asks.
    pub asked: Vec<AskCost>,
    /// Whether the house fills it in; else only whoever asks.
    pub staff: bool,
    /// What filling it in takes, in seconds.
    pub seconds: u32,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskCost {
    /// The field.
    pub field: String,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether the case surely holds it already, and it is not prefilled: a change is asked, or nothing
    /// new.
    pub again: bool,
    /// What filling it in takes, in seconds.
    pub seconds: u32,
}

/// What opening a form and sending it takes, in seconds.
const FORM: u32 = 15;

/// Every form of a pack in its order.
pub fn forms(pack: &Pack) -> Vec<FormCost> {
    let of = |procedure: &Procedure| {
        let held = crate::check::held(procedure);
        let asking = procedure.actions.iter().filter(|(_, action)| !action.asks.is_empty());
        asking
            .map(|(id, action)| {
                let before = action.from.iter().filter_map(|from| held.get(from.as_str()));
                form(pack, procedure, (id, action), &crate::check::in_all(before))
            })
            .collect::<Vec<_>>()
    };
    pack.procedures.values().flat_map(of).collect()
}

fn form(
    pack: &Pack,
    procedure: &Procedure,
    (id, action): (&String, &Action),
    held: &BTreeSet<&str>,
) -> FormCost {
    let ask = |ask: &crate::definition::Ask| {
        let field = pack.fields.get(&ask.field);
        let kind = field.map_or(Kind::Text, |it| it.kind);
        let words = matches!(kind, Kind::Text | Kind::Photo | Kind::File);
        AskCost {
            field: ask.field.clone(),
            optional: ask.optional,
            again: !words
                && held.contains(ask.field.as_str())
                && !action.fill.contains_key(&ask.field)
                && !field.is_some_and(|it: &Field| it.sum),
            seconds: seconds(kind),
        }
    };
    let asked: Vec<AskCost> = action.asks.iter().map(ask).collect();
    // Half of what may stay empty does.
    let fields: u32 = asked.iter().map(|it| it.seconds / if it.optional { 2 } else { 1 }).sum();
    let staff = action.by.iter().any(|by| !matches!(by, By::Who(Who::Asker) | By::Clock));
    FormCost {
        procedure: procedure.id.clone(),
        action: id.clone(),
        asked,
        staff,
        seconds: FORM + fields,
    }
}

/// What one value takes on a phone, in seconds: an assumption, the same for every county.
fn seconds(kind: Kind) -> u32 {
    match kind {
        Kind::Text => 40,
        Kind::Photo | Kind::File => 20,
        Kind::Person | Kind::Post | Kind::Org | Kind::Place | Kind::Case => 8,
        Kind::Record | Kind::Household | Kind::Date | Kind::Time => 8,
        Kind::Int | Kind::Money | Kind::Hours | Kind::Point => 6,
        Kind::Choice | Kind::YesNo | Kind::Stars => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{load, tests::small};

    fn form_of(action: &str) -> FormCost {
        let pack = load("small", &small).pack.unwrap();
        let mut all = forms(&pack).into_iter();
        all.find(|it| it.procedure == "wish" && it.action == action).unwrap()
    }

    #[test]
    fn a_form_costs_what_it_asks() {
        let extend = form_of("extend");
        let asked: Vec<_> =
            extend.asked.iter().map(|it| (it.field.as_str(), it.optional)).collect();
        assert_eq!(asked, [("days", false), ("cost", true)]);
        assert_eq!((extend.seconds, extend.staff), (15 + 6 + 3, true));
        assert!(!form_of("supply").staff);
    }

    #[test]
    fn what_is_prefilled_is_not_asked_again() {
        let sent = form_of("send");
        assert!(sent.asked.iter().all(|it| !it.again), "{sent:?}");
    }
}
