//! Comments say why. What is to be done has an issue, and what is no longer done is deleted.

use anyhow::Result;

use crate::source::Source;
use crate::{House, Problem};

const TO_DO: &[&str] = &["TODO", "FIXME", "XXX", "HACK"];

/// Checks the `//` comments of every Rust file, tests included.
pub fn check(house: &House) -> Result<Vec<Problem>> {
    Ok(house.sources().iter().flat_map(problems).collect())
}

fn problems(source: &Source) -> Vec<Problem> {
    let lines = (1..).zip(source.text.lines());
    let comments = lines.filter_map(|(line, text)| Some((line, comment(text)?)));
    let found = comments.filter_map(|(line, comment)| Some((line, complaint(comment)?)));
    found.map(|(line, says)| Problem::on_line(&source.path, line, says)).collect()
}

/// What stands behind `//` when the whole line is a comment, or behind ` // ` in a line of code.
fn comment(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix("//").or_else(|| line.split_once(" // ").map(|(_, comment)| comment))
}

fn complaint(comment: &str) -> Option<&'static str> {
    if is_loose_end(comment) {
        Some("names no issue: write `#12` beside it, or do it")
    } else if is_code(comment) {
        Some("is code: delete it, the history keeps it")
    } else {
        None
    }
}

fn is_loose_end(comment: &str) -> bool {
    let mut words = comment.split(|c: char| !c.is_ascii_alphanumeric());
    let issue = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    words.any(|word| TO_DO.contains(&word)) && !comment.split('#').skip(1).any(issue)
}

/// Documentation may show code; a plain comment that ends and reads like a statement is one.
fn is_code(comment: &str) -> bool {
    let code = comment.trim();
    let statement = code.ends_with(';') && code.contains(['(', '=', ':']);
    let block = code.ends_with('{') || code == "}";
    !comment.starts_with(['/', '!']) && (statement || block || code.starts_with("#["))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("// Night and holidays do not end it; working time merely does not grow.", false)]
    #[case("// The clock belongs to the state;", false)]
    #[case("// let due = clock.due(now);", true)]
    #[case("    // use std::fs;", true)]
    #[case("// if late {", true)]
    #[case("// }", true)]
    #[case("// #[derive(Debug)]", true)]
    #[case("/// let due = clock.due(now);", false)]
    #[case("//! assert_eq!(a, b);", false)]
    #[case("let url = \"http://x\";", false)]
    fn code_in_comments_is_found(#[case] line: &str, #[case] found: bool) {
        assert_eq!(comment(line).is_some_and(is_code), found);
    }

    #[test]
    fn what_is_to_be_done_names_its_issue() {
        let word = TO_DO.first().unwrap();
        let text = format!(
            "//! {word} it\n// {word}: soon\n// {word}(#12): soon\nfn f() {{}} // {word}\n// It is done.\n"
        );
        let source = Source::read("crates/app/src/x.rs", &text).unwrap();
        let lines: Vec<_> = problems(&source).into_iter().map(|problem| problem.at).collect();
        assert_eq!(
            lines,
            ["crates/app/src/x.rs:1", "crates/app/src/x.rs:2", "crates/app/src/x.rs:4"]
        );
    }
}
