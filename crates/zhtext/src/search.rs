//! Terms of a text for an index, and of a search in that index. The index is the caller's: FTS5 on
//! SQLite, `tsvector` on PostgreSQL, both told to take terms as they come.
//!
//! Chinese is not cut into words: every character begins one term, the pair with its successor or,
//! at the end of a run, itself alone. So 漏水管道 yields 漏水 水管 管道 道; a search for two characters or
//! more needs all its pairs, and a search for one needs some term that begins with it. Pairs need not
//! stand together: 漏水管 also finds a text with 漏水 here and 水管 there.

use std::collections::BTreeSet;

use crate::fold::{fold, is_han};

/// Longer Latin words and numbers count by their first characters, in texts and searches alike.
pub const LONGEST_WORD: usize = 32;

/// Only so many characters of a search are read: databases bound the size of an expression.
pub const LONGEST_QUERY: usize = 64;

/// The distinct terms of a text, in order; each of letters, digits and Chinese characters only, so
/// that none needs escaping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms(Vec<String>);

impl Terms {
    /// The terms of a text; parts that must not join are put on lines of their own.
    pub fn of(text: &str) -> Self {
        let folded: Vec<char> = fold(text).chars().collect();
        let mut terms = Vec::with_capacity(folded.len());
        for run in runs(&folded) {
            match run {
                Run::Word(word) => terms.push(word),
                Run::Han(run) => {
                    terms.extend(run.windows(2).map(spell));
                    terms.extend(run.last().map(char::to_string));
                }
            }
        }
        terms.sort_unstable();
        terms.dedup();
        Self(terms)
    }

    /// The terms one by one.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The value of an FTS5 column with `tokenize = 'unicode61'`.
    pub fn fts5(&self) -> String {
        self.iter().collect::<Vec<_>>().join(" ")
    }

    /// The text of a `tsvector`, to be cast: unlike `to_tsvector`, whose parser depends on the locale,
    /// a cast keeps every term.
    pub fn tsvector(&self) -> String {
        self.iter().map(quoted).collect::<Vec<_>>().join(" ")
    }
}

/// What a text must hold to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(BTreeSet<Need>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Term(String),
    Beginning(char),
}

impl Query {
    /// What a search needs; none if there is nothing to search for.
    pub fn of(search: &str) -> Option<Self> {
        let folded: Vec<char> = fold(search).chars().take(LONGEST_QUERY).collect();
        let mut needs = BTreeSet::new();
        for run in runs(&folded) {
            match run {
                Run::Word(word) => drop(needs.insert(Need::Term(word))),
                Run::Han(&[alone]) => drop(needs.insert(Need::Beginning(alone))),
                Run::Han(run) => needs.extend(run.windows(2).map(spell).map(Need::Term)),
            }
        }
        (!needs.is_empty()).then_some(Self(needs))
    }

    /// The right side of an FTS5 `MATCH`.
    pub fn fts5(&self) -> String {
        let phrase = |need: &Need| match need {
            Need::Term(term) => format!("\"{term}\""),
            Need::Beginning(han) => format!("\"{han}\"*"),
        };
        self.0.iter().map(phrase).collect::<Vec<_>>().join(" AND ")
    }

    /// The text of a `tsquery`, to be cast, for vectors made by [`Terms::tsvector`].
    pub fn tsquery(&self) -> String {
        let lexeme = |need: &Need| match need {
            Need::Term(term) => quoted(term),
            Need::Beginning(han) => format!("'{han}':*"),
        };
        self.0.iter().map(lexeme).collect::<Vec<_>>().join(" & ")
    }
}

/// A stretch of folded text between breaks that is indexed one way.
enum Run<'a> {
    Han(&'a [char]),
    Word(String),
}

fn runs(folded: &[char]) -> impl Iterator<Item = Run<'_>> {
    let script = |c: &char| if *c == ' ' { None } else { Some(is_han(*c)) };
    folded.chunk_by(move |a, b| script(a) == script(b)).filter_map(move |run| {
        match script(run.first()?)? {
            true => Some(Run::Han(run)),
            false => Some(Run::Word(run.iter().take(LONGEST_WORD).collect())),
        }
    })
}

fn spell(characters: &[char]) -> String {
    characters.iter().collect()
}

fn quoted(term: &str) -> String {
    format!("'{term}'")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut terms: Vec<String> = Terms::of(text).iter().map(str::to_owned).collect();
        terms.sort_by_key(|term| text.to_lowercase().find(term.as_str()));
        terms
    }

    /// What both databases do with a query.
    fn finds(search: &str, text: &str) -> bool {
        let Terms(terms) = Terms::of(text);
        Query::of(search).unwrap().0.iter().all(|need| match need {
            Need::Term(term) => terms.contains(term),
            Need::Beginning(han) => terms.iter().any(|term| term.starts_with(*han)),
        })
    }

    #[rstest]
    #[case("漏水管道", &["漏水", "水管", "管道", "道"])]
    #[case("水", &["水"])]
    #[case("楼上漏水。漏水!", &["楼上", "上漏", "漏水", "水"])]
    #[case("3栋WiFi坏", &["3", "栋", "wifi", "坏"])]
    #[case("𡐓\u{E170}村", &["𡐓\u{E170}", "\u{E170}村", "村"])]
    #[case("路,灯", &["路", "灯"])]
    #[case("", &[])]
    #[case("……!?", &[])]
    fn every_character_begins_one_term(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(terms(text), expected);
    }

    #[rstest]
    #[case("漏水", true)]
    #[case("上漏", true)]
    #[case("水", true)]
    #[case("修", true)]
    #[case("WIFI", true)]
    #[case("漏水 wifi6", true)]
    #[case("漏气", false)]
    #[case("水漏", false)]
    #[case("wi", false)]
    #[case("漏水 电梯", false)]
    fn a_search_finds_words_of_one_two_and_more_characters(
        #[case] search: &str,
        #[case] found: bool,
    ) {
        let text = "楼上漏水,WiFi6坏了,wifi也没修";
        assert_eq!(finds(search, text), found, "{search}");
    }

    #[test]
    fn a_search_for_nothing_is_no_search() {
        assert_eq!(Query::of(""), None);
        assert_eq!(Query::of(" \"* OR '') --。"), Query::of("or"));
        assert_eq!(Query::of("。、\u{3000}"), None);
    }

    #[test]
    fn expressions_are_written_as_each_database_reads_them() {
        let (terms, query) = (Terms::of("WiFi漏水"), Query::of("漏水管 wifi 灯").unwrap());
        assert_eq!(terms.fts5(), "wifi 水 漏水");
        assert_eq!(terms.tsvector(), "'wifi' '水' '漏水'");
        assert_eq!(query.fts5(), "\"wifi\" AND \"水管\" AND \"漏水\" AND \"灯\"*");
        assert_eq!(query.tsquery(), "'wifi' & '水管' & '漏水' & '灯':*");
    }

    #[test]
    fn long_words_are_found_by_their_beginning_and_long_searches_cut() {
        let word = "a1".repeat(LONGEST_WORD);
        assert!(Terms::of(&word).iter().all(|term| term.len() == LONGEST_WORD));
        assert!(finds(&word, &word));
        assert_eq!(
            Query::of(&"水火".repeat(LONGEST_QUERY)),
            Query::of(&"水火".repeat(LONGEST_QUERY / 2))
        );
    }

    proptest! {
        #[test]
        fn every_part_of_a_chinese_text_finds_it(text in "[一-丿]{1,30}", at in 0..30usize, len in 1..30usize) {
            let part: String = text.chars().skip(at % text.chars().count()).take(len).collect();
            prop_assert!(finds(&part, &text));
        }

        #[test]
        fn no_text_breaks_out_of_its_quotes(text in "(\\PC|['\"\\\\&|!*:() ]){0,60}") {
            let plain = |term: &str| term.chars().all(|c| c.is_alphanumeric() || is_han(c));
            prop_assert!(Terms::of(&text).iter().all(|term| !term.is_empty() && plain(term)));
            if let Some(query) = Query::of(&text) {
                prop_assert!(query.fts5().split(" AND ").all(|phrase| plain(phrase.trim_end_matches('*').trim_matches('"'))));
                prop_assert!(query.tsquery().split(" & ").all(|lexeme| plain(lexeme.trim_end_matches(":*").trim_matches('\''))));
            }
        }
    }
}
