//! The OpenAPI document: committed, so that a change of the contract is seen as changed lines.

use serde_json::Value;
use std::collections::BTreeSet;

const COMMITTED: &str = include_str!("../../../../ui/api/openapi.json");

fn document() -> Value {
    serde_json::to_value(api::openapi()).unwrap()
}

/// Every operation as (path, method, operation).
pub fn operations() -> Vec<(String, String, Value)> {
    let document = document();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if ["get", "post", "put", "delete"].contains(&method.as_str()) {
                found.push((path.clone(), method.to_uppercase(), operation.clone()));
            }
        }
    }
    found
}

#[test]
fn the_document_is_the_one_by_which_the_console_is_typed() {
    let committed: Value = serde_json::from_str(COMMITTED).unwrap();
    assert!(committed == document(), "ui/api/openapi.json is old: run `make ui`");
}

#[test]
fn every_operation_says_what_it_does_and_has_an_id_of_its_own() {
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        assert!(operation["summary"].is_string(), "{method} {path}");
        assert!(operation["responses"]["default"].is_object(), "{method} {path}");
        assert!(ids.insert(id.clone()), "{id} stands twice");
    }
    assert!(ids.len() > 60, "{}", ids.len());
}

#[test]
fn every_post_names_the_idempotency_key_and_every_read_what_it_waits_for() {
    for (path, method, operation) in operations() {
        let named = operation["parameters"].to_string();
        if path.starts_with("/api/v1") {
            assert_eq!(named.contains("Idempotency-Key"), method == "POST", "{method} {path}");
            assert_eq!(named.contains("parameters/seen"), method == "GET", "{method} {path}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    for pointer in text.split("\"$ref\":\"#").skip(1).filter_map(|it| it.split('"').next()) {
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

/// What stands after each `mark` of a text, within quotes.
fn quoted(text: &str, mark: &str) -> Vec<String> {
    let after = text.split(mark).skip(1).map(str::trim_start);
    let words = after.filter_map(|it| it.strip_prefix('"')?.split('"').next());
    words.map(str::to_owned).collect()
}

fn sources(folder: &std::path::Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.path() {
            path if path.is_dir() => all += &sources(&path),
            path => all += &std::fs::read_to_string(path).unwrap(),
        }
    }
    all
}

#[test]
fn every_rule_and_refusal_stands_in_the_table_of_problems() {
    let table = include_str!("../../../../docs/errors.md");
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut codes = quoted(&sources(&crates.join("app/src")), "Error::rule(");
    let refusals = std::fs::read_to_string(crates.join("method/src/decide/refusal.rs")).unwrap();
    codes.extend(quoted(&refusals, "=>"));
    codes.retain(|it| it.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    assert!(codes.len() > 40, "{codes:?}");
    let missing: Vec<_> =
        codes.iter().filter(|it| !table.contains(&format!("| `{it}` |"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
