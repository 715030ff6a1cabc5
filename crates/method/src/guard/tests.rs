//! Promises of guards.

use super::*;
use crate::definition::{Field, Kind};
use jiff::{Timestamp, civil::Date};
use model::cases::FieldValue;
use proptest::prelude::*;
use rstest::rstest;
use std::collections::HashMap;

struct Case {
    names: HashMap<&'static str, Field>,
    values: HashMap<&'static str, FieldValue>,
}

fn field(kind: Kind) -> Field {
    Field {
        title: String::new(),
        kind,
        of: None,
        choices: [("trial", "试行"), ("listed", "已列入")]
            .map(|(id, title)| (id.to_owned(), title.to_owned()))
            .into_iter()
            .collect(),
        min: None,
        max: None,
        max_span: None,
        many: false,
        sum: false,
        public: false,
        seen_by: Vec::new(),
        why: None,
    }
}

impl Case {
    fn new() -> Self {
        let names = [
            ("cost", field(Kind::Money)),
            ("hours", field(Kind::Hours)),
            ("days", Field { min: Some(1), max: Some(10), ..field(Kind::Int) }),
            ("status", field(Kind::Choice)),
            ("due", field(Kind::Date)),
            ("when_at", field(Kind::Time)),
            ("agree", field(Kind::YesNo)),
            ("words", field(Kind::Text)),
            ("unit", field(Kind::Org)),
            ("units", Field { many: true, ..field(Kind::Org) }),
            ("unset", field(Kind::Int)),
        ];
        let values = [
            ("cost", FieldValue::Int(5_000_000)),
            ("hours", FieldValue::Int(3)),
            ("days", FieldValue::Int(4)),
            ("status", FieldValue::Text("trial".into())),
            ("due", FieldValue::Text("2026-03-20".into())),
            ("when_at", FieldValue::Text("2026-03-09T02:00:00Z".into())),
            ("agree", FieldValue::Bool(true)),
            ("unit", FieldValue::Text("a".into())),
            ("units", FieldValue::List(vec![FieldValue::Text("a".into())])),
        ];
        Self { names: names.into(), values: values.into() }
    }
}

impl Names for Case {
    fn field(&self, name: &str) -> Option<&Field> {
        self.names.get(name)
    }
    fn column(&self, field: &str, column: &str) -> Option<&Field> {
        (field == "item").then(|| self.names.get(column)).flatten()
    }
    fn row(&self, column: &str) -> Option<&Field> {
        self.names.get(column)
    }
    fn gathering(&self, name: &str) -> bool {
        name == "council"
    }
    fn matter(&self, column: &str) -> Option<(&Field, bool)> {
        (column == "on_site" || column == "sparse")
            .then(|| self.names.get(if column == "sparse" { "days" } else { "agree" }))
            .flatten()
            .map(|field| (field, false))
    }
    fn matters(&self) -> Vec<String> {
        vec!["noise".into(), "water".into()]
    }
    fn action(&self, name: &str) -> Option<Option<u32>> {
        (name == "attempt").then_some(Some(3))
    }
    fn procedure(&self, name: &str) -> bool {
        name == "assist"
    }
}

impl Scope for Case {
    fn field(&self, name: &str) -> Option<&FieldValue> {
        self.values.get(name)
    }
    fn column(&self, field: &str, column: &str) -> Option<&FieldValue> {
        (field == "item").then(|| self.values.get(column)).flatten()
    }
    fn row(&self, column: &str) -> Option<&FieldValue> {
        self.values.get(column)
    }
    fn held(&self, _: &str) -> u32 {
        1
    }
    fn ballot(&self, part: Part) -> Option<u32> {
        Some(match part {
            Part::Called => 30,
            Part::Cast => 21,
            Part::Yes => 14,
        })
    }
    fn matter(&self, column: &str) -> Option<serde_json::Value> {
        (column == "id").then(|| "noise".into())
    }
    fn done(&self, _: &str) -> u32 {
        2
    }
    fn children_open(&self, procedure: Option<&str>) -> u32 {
        if procedure.is_some() { 1 } else { 3 }
    }
    fn late(&self) -> bool {
        false
    }
    fn now(&self) -> Timestamp {
        "2026-03-10T02:00:00Z".parse().unwrap()
    }
    fn today(&self) -> Date {
        jiff::civil::date(2026, 3, 10)
    }
}

fn holds(source: &str) -> bool {
    let case = Case::new();
    Guard::compile(source, &case).unwrap_or_else(|it| panic!("{source}: {it:?}")).holds(&case)
}

#[rstest]
#[case("f.cost <= 50000", true)]
#[case("f.item.status in ['trial', 'listed']", true)]
#[case("row.due == today", false)]
#[case("held.council > 0 && ballot.yes * 2 > ballot.cast", true)]
#[case("ballot.called == 30", true)]
#[case("f.cost < 50000.00", false)]
#[case("f.cost * 0.1 == 5000", true)]
#[case("f.cost - 1 > 49998.99", true)]
#[case("f.hours == 1.5", true)]
#[case("f.days in [1, 4]", true)]
#[case("-f.days < -3", true)]
#[case("f.status in ['trial', 'listed'] && !clock.late", true)]
#[case("f.status == 'listed' || f.agree", true)]
#[case("days_to(f.due) == 10", true)]
#[case("f.when_at > now", false)]
#[case("f.due >= today", true)]
#[case("f.unit in f.units && size(f.units) == 1", true)]
#[case("done.attempt >= 2 && children.open == 3 && children.assist.open == 1", true)]
#[case("matter.id == 'noise' && !matter.on_site", true)]
#[case("f.agree ? f.days > 3 : f.days > 9", true)]
#[case("2 + 3 * 4 == 14 && (2 + 3) * 4 == 20", true)]
#[case("1 - 2 - 3 == -4", true)]
fn guards_mean_what_they_say(#[case] source: &str, #[case] expected: bool) {
    assert_eq!(holds(source), expected);
}

#[rstest]
#[case("f.unset > 0", false)]
#[case("!(f.unset > 0)", false)]
#[case("has(f.unset) && f.unset > 0", false)]
#[case("!has(f.unset) || f.unset > 0", true)]
#[case("f.unset > 0 || f.agree", true)]
#[case("f.unset > 0 && f.agree", false)]
#[case("matter.sparse > 0", false)]
fn what_is_not_set_never_makes_a_guard_true(#[case] source: &str, #[case] expected: bool) {
    assert_eq!(holds(source), expected);
}

#[rstest]
#[case("f.cost + 'a' == 1", 7)]
#[case("nosuch(1)", 0)]
#[case("f.nosuch", 0)]
#[case("f.days / 2 == 2", 7)]
#[case("f.status == 'gone'", 9)]
#[case("f.status in ['trial', 'gone']", 9)]
#[case("f.words == 'a'", 8)]
#[case("f.days", 0)]
#[case("f.due > now", 6)]
#[case("f.cost * f.cost * f.cost * 0.1 > 1", 25)]
#[case("f.agree &&", 10)]
#[case("f.agree )", 8)]
#[case("f.status == 'tr", 12)]
#[case("held.party > 0", 0)]
#[case("has(1)", 0)]
#[case("done.nosuch > 1", 0)]
#[case("f.agree ? 1 : 2", 8)]
#[case("f.agree # 1", 8)]
#[case("1.0000001 > 1", 0)]
fn a_fault_is_told_where_it_stands(#[case] source: &str, #[case] at: usize) {
    let faults = Guard::compile(source, &Case::new()).unwrap_err();
    assert_eq!(faults.first().map(|it| it.at), Some(at), "{faults:?}");
    assert!(faults.iter().all(|it| !it.wrong.told().0.is_empty()));
}

#[test]
fn every_fault_of_a_guard_is_told_at_once() {
    let faults = Guard::compile("f.nosuch > 1 && f.status == 'gone'", &Case::new()).unwrap_err();
    assert_eq!(faults.len(), 2);
}

#[test]
fn deep_and_long_guards_are_refused() {
    let case = Case::new();
    let deep = format!("{}true{}", "(".repeat(40), ")".repeat(40));
    assert_eq!(Guard::compile(&deep, &case).unwrap_err()[0].wrong, Wrong::TooDeep);
    let long = format!("{}true", "!".repeat(2000));
    assert_eq!(Guard::compile(&long, &case).unwrap_err()[0].wrong, Wrong::TooLong);
}

#[rstest]
#[case("f.days > 10", false, true)]
#[case("f.days >= 1", true, false)]
#[case("f.days > 5 && f.days < 3", false, true)]
#[case("f.days > 5 || f.days < 7", true, false)]
#[case("done.attempt > 3", false, true)]
#[case("children.open >= 0", true, false)]
#[case("f.status in ['trial', 'listed']", true, false)]
#[case("f.status == 'trial' && f.status == 'listed'", false, true)]
#[case("f.days + 1 > 11", false, true)]
#[case("f.days > 3", true, true)]
#[case("f.cost <= 50000", true, true)]
#[case("matter.sparse >= 1", true, true)]
fn guards_without_a_choice_are_found(#[case] source: &str, #[case] yes: bool, #[case] no: bool) {
    let case = Case::new();
    let outcome = Guard::compile(source, &case).unwrap().outcome(&case);
    assert_eq!(outcome, Outcome { holds: yes, fails: no });
}

#[test]
fn only_reads_without_has_need_their_field() {
    let case = Case::new();
    let needs = |source: &str| {
        let guard = Guard::compile(source, &case).unwrap();
        guard.needs().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(needs("has(f.days) && f.days > 1"), none);
    assert_eq!(needs("!has(f.days) || f.days > 1"), none);
    assert_eq!(needs("has(f.days) ? f.days > 1 : f.agree"), ["agree"]);
    assert_eq!(needs("has(f.days) || f.days > 1"), ["days"]);
    assert_eq!(needs("f.days > 1 && has(f.days)"), ["days"]);
}

proptest! {
    #[test]
    fn no_text_can_make_the_compiler_panic(source in "\\PC{0,60}") {
        let _ = Guard::compile(&source, &Case::new());
    }

    #[test]
    fn no_string_of_words_can_make_a_guard_fail(
        words in prop::collection::vec(prop::sample::select(vec![
            "f.days", "f.status", "'trial'", "1", "0.5", "(", ")", "&&", "||", "!", "==", "<", "+",
            "*", "-", "in", "[", "]", ",", "has(", "f.unset", "now", "f.due", "?", ":", "true",
        ]), 0..14)
    ) {
        let case = Case::new();
        if let Ok(guard) = Guard::compile(&words.join(" "), &case) {
            let outcome = guard.outcome(&case);
            if guard.needs().iter().all(|it| *it != "unset") {
                let held = guard.holds(&case);
                let possible = if held { outcome.holds } else { outcome.fails };
                prop_assert!(possible);
            }
        }
    }
}
