//! The golden permission table: `permissions.txt`, written by hand, against the code.

use model::access::{Operation, Standing};
use std::collections::BTreeMap;

const TABLE: &str = include_str!("../../permissions.txt");
const COLUMNS: [Standing; 8] = [
    Standing::Visitor,
    Standing::Claimant,
    Standing::Resident,
    Standing::Staff,
    Standing::SystemAdmin,
    Standing::SecurityAdmin,
    Standing::AuditAdmin,
    Standing::Display,
];

fn table() -> BTreeMap<&'static str, Vec<bool>> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let row = |line: &'static str| {
        let mut words = line.split_whitespace();
        let operation = words.next().unwrap();
        let marks: Vec<bool> = words.map(|mark| mark == "x").collect();
        assert_eq!(marks.len(), COLUMNS.len(), "{operation}");
        (operation, marks)
    };
    let rows: Vec<_> = lines.map(row).collect();
    let table: BTreeMap<_, _> = rows.iter().cloned().collect();
    assert_eq!(table.len(), rows.len(), "an operation stands twice");
    table
}

#[test]
fn the_table_names_every_operation_and_no_other() {
    let mut known: Vec<_> = Operation::ALL.iter().map(|it| it.as_str()).collect();
    known.sort_unstable();
    assert_eq!(table().into_keys().collect::<Vec<_>>(), known);
}

#[test]
fn every_operation_admits_exactly_whom_the_table_names() {
    let table = table();
    let mut wrong = Vec::new();
    for operation in Operation::ALL {
        for (column, standing) in COLUMNS.into_iter().enumerate() {
            if operation.admits(standing) != table[operation.as_str()][column] {
                wrong.push(format!("{} {standing:?}", operation.as_str()));
            }
        }
        assert!(operation.admits(Standing::System), "{}", operation.as_str());
    }
    assert_eq!(wrong, Vec::<String>::new());
}
