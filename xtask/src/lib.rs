//! Checks of the house itself: each reads the whole repository and returns every problem it finds.
//! They run as tests, so `cargo test` holds them, and as `cargo xtask check` for a quick look.
//! What the product does is tested elsewhere; here only its shape is.

use std::fmt;

mod cargo;
mod comments;
mod counties;
mod hosts;
mod house;
mod licences;
mod prose;
mod rows;
mod shape;
mod source;
mod sql;
#[cfg(test)]
mod templates;
mod walls;

pub use house::House;
pub use rows::{Ledger, prove};
pub use shape::long_files;

/// One thing that is not as the house wants it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// A path below the root, with `:line` where there is one, or the name of a package.
    pub at: String,
    /// What is wrong and what to do instead.
    pub says: String,
}

impl Problem {
    fn new(at: impl Into<String>, says: impl Into<String>) -> Self {
        Self { at: at.into(), says: says.into() }
    }

    fn on_line(path: &str, line: usize, says: impl Into<String>) -> Self {
        Self::new(format!("{path}:{line}"), says)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.says)
    }
}

/// A check: everything that is wrong, or an error when the house could not be read.
pub type Check = fn(&House) -> anyhow::Result<Vec<Problem>>;

/// All checks by the name that `cargo xtask check NAME` takes.
pub const CHECKS: &[(&str, Check)] = &[
    ("walls", walls::check),
    ("sql", sql::check),
    ("shape", shape::check),
    ("comments", comments::check),
    ("hosts", hosts::check),
    ("counties", counties::check),
    ("licences", licences::check),
    ("rows", rows::check),
    ("prose", prose::check),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_keeps_its_rules() {
        let house = House::open().unwrap();
        let found = CHECKS.iter().flat_map(|(name, check)| {
            check(&house).unwrap().into_iter().map(move |problem| format!("\n  {name}: {problem}"))
        });
        let found: String = found.collect();
        assert!(found.is_empty(), "{found}");
    }

    #[test]
    fn the_house_on_disk_is_the_one_that_is_read() {
        let house = House::open().unwrap();
        assert!(house.files().iter().any(|file| file.path == "xtask/src/lib.rs"));
        assert!(house.files().iter().all(|file| !file.path.starts_with("target/")));
    }
}
