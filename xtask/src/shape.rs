//! The shape of files: how they open, how long they are, what their modules are called.
//! The length of functions is clippy's.

use anyhow::Result;

use crate::source::{Source, Token};
use crate::{House, Problem};

/// From here on a file deserves a second look.
const LOOK_AGAIN: usize = 400;

/// Here it must be split.
const TOO_LONG: usize = 600;

/// Registers and tables that read best in one piece.
const MAY_BE_LONG: &[&str] = &[];

/// Names that say nothing about what lies inside.
const EMPTY_NAMES: &[&str] =
    &["common", "helper", "helpers", "misc", "shared", "util", "utilities", "utils"];

/// Checks opening, length and names of every Rust file.
pub fn check(house: &House) -> Result<Vec<Problem>> {
    Ok(house.sources().iter().flat_map(problems).collect())
}

/// Files worth a second look, with their lines outside inline tests, longest first.
pub fn long_files(house: &House) -> Vec<(&str, usize)> {
    let files = house.sources().iter().map(|source| (source.path.as_str(), length(source)));
    let mut long: Vec<_> = files.filter(|(_, lines)| *lines > LOOK_AGAIN).collect();
    long.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    long
}

fn problems(source: &Source) -> Vec<Problem> {
    let found = [opening(source), too_long(source), empty_path(source)];
    found.into_iter().flatten().chain(empty_modules(source)).collect()
}

fn opening(source: &Source) -> Option<Problem> {
    let says = "opens with one to five lines of `//!`: what lives here and what does not";
    let fits = (1..=5).contains(&opening_lines(&source.text));
    (!fits).then(|| Problem::on_line(&source.path, 1, says))
}

/// Lines of the first paragraph; below it a design may be explained at any length.
fn opening_lines(text: &str) -> usize {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    lines.take_while(|line| !line.trim().is_empty()).count()
}

fn length(source: &Source) -> usize {
    source.lines_outside_tests().count()
}

fn too_long(source: &Source) -> Option<Problem> {
    let lines = length(source);
    let too_long = lines > TOO_LONG && !MAY_BE_LONG.contains(&source.path.as_str());
    let says = format!("{lines} lines without tests, {TOO_LONG} are allowed: split it by subject");
    too_long.then(|| Problem::new(&source.path, says))
}

fn empty_path(source: &Source) -> Option<Problem> {
    let stem = source.path.strip_suffix(".rs").unwrap_or(&source.path);
    let empty = stem.split('/').find(|part| EMPTY_NAMES.contains(part))?;
    Some(Problem::new(&source.path, nothing_said(empty)))
}

fn empty_modules(source: &Source) -> Vec<Problem> {
    let pairs = source.tokens.windows(2).filter_map(|pair| match pair {
        [(_, Token::Word(word)), (line, Token::Word(name))] if word == "mod" => Some((line, name)),
        _ => None,
    });
    let empty = pairs.filter(|(_, name)| EMPTY_NAMES.contains(&name.as_str()));
    empty.map(|(line, name)| Problem::on_line(&source.path, *line, nothing_said(name))).collect()
}

fn nothing_said(name: &str) -> String {
    format!("`{name}` says nothing: name it after its subject")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn says(path: &str, text: &str) -> usize {
        problems(&Source::read(path, text).unwrap()).len()
    }

    #[rstest]
    #[case("", 1)]
    #[case("// Why.\n//! What.\n", 1)]
    #[case("//! What.\n", 0)]
    #[case("//! 1\n//! 2\n//! 3\n//! 4\n//! 5\n\nfn f() {}", 0)]
    #[case("//! 1\n//! 2\n//! 3\n//! 4\n//! 5\n//! 6\n", 1)]
    #[case("//! 1\n//!\n//! 2\n//! 3\n//! 4\n//! 5\n//! 6\n", 0)]
    #[case("//!\n//! 1\n", 1)]
    fn a_file_opens_with_what_lives_in_it(#[case] text: &str, #[case] problems: usize) {
        assert_eq!(says("crates/app/src/x.rs", text), problems);
    }

    #[test]
    fn a_file_is_as_long_as_it_is_without_its_tests() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "fn f() {}\n".repeat(TOO_LONG));
        let full = "//! What.\n".to_owned() + &"fn f() {}\n".repeat(TOO_LONG - 1);
        assert_eq!(says("crates/app/src/x.rs", &(full.clone() + &tests)), 0);
        assert_eq!(says("crates/app/src/x.rs", &(full.clone() + "fn g() {}\n" + &tests)), 1);
        assert_eq!(says("crates/app/tests/it/x.rs", &(full + "fn g() {}\n")), 0);
    }

    #[rstest]
    #[case("crates/app/src/utils.rs", "//! What.\n", 1)]
    #[case("crates/app/tests/common/mod.rs", "//! What.\n", 1)]
    #[case("crates/app/src/x.rs", "//! What.\nmod helpers;\n", 1)]
    #[case("crates/app/src/x.rs", "//! What.\nmod cases;\nfn utils() {}\n", 0)]
    fn a_module_is_named_after_its_subject(
        #[case] path: &str,
        #[case] text: &str,
        #[case] problems: usize,
    ) {
        assert_eq!(says(path, text), problems);
    }
}
