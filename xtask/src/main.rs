//! `cargo xtask`: the checks of the house and the rows that are proven, for the command line.
//! Everything it can do lives in the library; here are only words, output and exit codes.

use std::process::ExitCode;

use anyhow::Result;
use xtask::{CHECKS, Check, House, Ledger, long_files, prove};

const USAGE: &str = "\
cargo xtask check [NAME]   walls, sql, shape, comments, hosts, counties, licences, rows, prose
cargo xtask rows [--json]  run the stories and list the rows they prove";

fn main() -> Result<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["check"] => check(CHECKS),
        ["check", name] => match CHECKS.iter().find(|(known, _)| known == name) {
            Some(found) => check(std::slice::from_ref(found)),
            None => Ok(wrong_use()),
        },
        ["rows"] => rows(|ledger| Ok(ledger.to_string())),
        ["rows", "--json"] => rows(|ledger| Ok(serde_json::to_string_pretty(ledger)? + "\n")),
        _ => Ok(wrong_use()),
    }
}

fn wrong_use() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

fn check(checks: &[(&str, Check)]) -> Result<ExitCode> {
    let house = House::open()?;
    let mut clean = true;
    for (name, check) in checks {
        for problem in check(&house)? {
            clean = false;
            println!("{name}: {problem}");
        }
    }
    for (path, lines) in long_files(&house) {
        println!("look again: {path} has {lines} lines without its tests");
    }
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn rows(print: fn(&Ledger) -> Result<String>) -> Result<ExitCode> {
    let (ledger, passed) = prove(&House::open()?)?;
    print!("{}", print(&ledger)?);
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
