//! SQL stands in `store` and `rowdb` only, as text or in tests: elsewhere it would escape the suite
//! that prepares every statement on both engines.

use anyhow::Result;

use crate::source::{Source, Token};
use crate::{House, Problem};

const ROOMS: &[&str] = &["rowdb", "store"];

/// Files elsewhere that may hold SQL, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[("xtask/src/sql.rs", "the samples of this check")];

/// The words by which a statement is known: how it begins, and what follows somewhere behind.
const STATEMENTS: &[(&str, &str)] = &[
    ("select ", " from "),
    ("insert into ", "("),
    ("update ", " set "),
    ("delete from ", ""),
    ("with ", " select "),
    ("create table ", "("),
    ("pragma ", ""),
];

/// Finds SQL in string literals outside its rooms.
pub fn check(house: &House) -> Result<Vec<Problem>> {
    let sources = house.sources().iter();
    let sources = sources.filter(|source| EXCEPTIONS.iter().all(|(path, _)| *path != source.path));
    Ok(sources.flat_map(strayed).collect())
}

fn strayed(source: &Source) -> Vec<Problem> {
    if source.room().is_some_and(|room| ROOMS.contains(&room)) {
        return Vec::new();
    }
    let found = source
        .tokens
        .iter()
        .filter(|(_, token)| matches!(token, Token::Text(text) if is_sql(text)));
    found.map(|(line, _)| Problem::on_line(&source.path, *line, "SQL belongs in `store`")).collect()
}

fn is_sql(text: &str) -> bool {
    let text = text.to_lowercase();
    let begins = |(head, then): &(&str, &str)| {
        text.strip_prefix(head).is_some_and(|rest| format!(" {rest}").contains(then))
    };
    STATEMENTS.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("SELECT id FROM cases WHERE id = $1", true)]
    #[case("select count(*) from cases", true)]
    #[case("INSERT INTO cases (id) VALUES ($1)", true)]
    #[case("UPDATE cases SET state = $1", true)]
    #[case("DELETE FROM cases", true)]
    #[case("WITH due AS (SELECT id FROM cases) SELECT * FROM due", true)]
    #[case("PRAGMA journal_mode", true)]
    #[case("select a place", false)]
    #[case("update the address", false)]
    #[case("with love", false)]
    #[case("a request from the asker", false)]
    fn a_statement_is_told_from_a_sentence(#[case] text: &str, #[case] sql: bool) {
        assert_eq!(is_sql(text), sql);
    }

    #[rstest]
    #[case("crates/app/src/x.rs", 1)]
    #[case("crates/app/tests/it/main.rs", 1)]
    #[case("crates/store/src/x.rs", 0)]
    #[case("crates/rowdb/tests/it/main.rs", 0)]
    fn sql_is_at_home_in_two_rooms(#[case] path: &str, #[case] problems: usize) {
        let text = "// DELETE FROM cases\nfn f(tx: Tx) { tx.run(\"DELETE FROM cases\"); }";
        assert_eq!(strayed(&Source::read(path, text).unwrap()).len(), problems);
    }
}
