//! One Rust file as the checks see it: a flat list of tokens with their lines, and the lines that
//! belong to tests. Comments are no tokens and documentation is no text of the program, so a rule
//! about words in the program never trips over words about it.

use std::iter::Peekable;
use std::ops::RangeInclusive;

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree, token_stream};

/// One token that a rule may be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// An identifier or keyword.
    Word(String),
    /// What stands inside a string literal, white space folded to single spaces.
    Text(String),
    /// Punctuation or a bracket.
    Mark(char),
}

/// A Rust file.
pub struct Source {
    /// Path below the root.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// Its tokens, each with the line it begins on.
    pub tokens: Vec<(usize, Token)>,
    tests: Vec<RangeInclusive<usize>>,
    /// Modules that are declared as tests and lie in files of their own.
    test_modules: Vec<String>,
}

impl Source {
    /// Cuts `text` into tokens; an error says that it is no Rust.
    pub fn read(path: &str, text: &str) -> Result<Self> {
        let stream: TokenStream =
            text.parse().map_err(|error| anyhow!("{path} is no Rust: {error}"))?;
        let mut reader = Reader::default();
        reader.walk(stream);
        let Reader { tokens, tests, test_modules } = reader;
        let (path, text) = (path.to_owned(), text.to_owned());
        let mut source = Self { path, text, tokens, tests, test_modules };
        if source.path.contains("/tests/") {
            source.make_test();
        }
        Ok(source)
    }

    /// Takes the whole file as a test.
    pub fn make_test(&mut self) {
        self.tests.push(1..=usize::MAX);
    }

    /// The paths, without `.rs`, of the modules that this file declares as tests.
    pub fn test_modules(&self) -> impl Iterator<Item = String> {
        let stem = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
        let folder = if matches!(name, "lib" | "main" | "mod") { folder } else { stem };
        self.test_modules.iter().map(move |module| format!("{folder}/{module}"))
    }

    /// The crate below `crates/` that the file belongs to.
    pub fn room(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Whether the line belongs to a test.
    pub fn is_test(&self, line: usize) -> bool {
        self.tests.iter().any(|lines| lines.contains(&line))
    }

    /// All lines with their numbers, from 1, but those of tests.
    pub fn lines_outside_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines()).filter(|(line, _)| !self.is_test(*line))
    }

    /// Names used directly below the path segment `root` (`fs` of `std::fs` and `std::{fs, io}`).
    pub fn names_below(&self, root: &str) -> Vec<(usize, &str)> {
        let colon = |token: Option<&(usize, Token)>| matches!(token, Some((_, Token::Mark(':'))));
        let mut names = Vec::new();
        for (idx, (_, token)) in self.tokens.iter().enumerate() {
            if matches!(token, Token::Word(word) if word == root)
                && colon(self.tokens.get(idx + 1))
                && colon(self.tokens.get(idx + 2))
            {
                names.extend(heads(self.tokens.get(idx + 3..).unwrap_or_default()));
            }
        }
        names
    }
}

/// The first word of a use tree, or of each branch when it begins with a brace.
fn heads(tree: &[(usize, Token)]) -> Vec<(usize, &str)> {
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut at_head = true;
    for (line, token) in tree {
        match token {
            Token::Word(word) if at_head && depth <= 1 => {
                names.push((*line, word.as_str()));
                at_head = false;
            }
            Token::Mark('{') => depth += 1,
            Token::Mark('}') => depth = depth.saturating_sub(1),
            Token::Mark(',') if depth == 1 => at_head = true,
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

#[derive(Default)]
struct Reader {
    tokens: Vec<(usize, Token)>,
    tests: Vec<RangeInclusive<usize>>,
    test_modules: Vec<String>,
}

impl Reader {
    fn walk(&mut self, stream: TokenStream) {
        let mut trees = stream.into_iter().peekable();
        let mut test_since = None;
        while let Some(tree) = trees.next() {
            let line = tree.span().start().line;
            if is_mark(&tree, '#') {
                match attribute(&mut trees) {
                    Attribute::TestFile => self.tests.push(1..=usize::MAX),
                    Attribute::Test => test_since = test_since.or(Some(line)),
                    Attribute::Other(group) => self.walk(group.stream()),
                    Attribute::Doc | Attribute::None => {}
                }
                continue;
            }
            if let Some(since) = test_since.filter(|_| ends_item(&tree)) {
                self.tests.push(since..=tree.span().end().line);
                self.test_modules.extend(self.declared_module(&tree));
                test_since = None;
            }
            self.keep(line, tree);
        }
    }

    /// The module that a `mod name;` ending here declares.
    fn declared_module(&self, end: &TokenTree) -> Option<String> {
        match self.tokens.as_slice() {
            [.., (_, Token::Word(keyword)), (_, Token::Word(name))]
                if keyword == "mod" && is_mark(end, ';') =>
            {
                Some(name.clone())
            }
            _ => None,
        }
    }

    fn keep(&mut self, line: usize, tree: TokenTree) {
        match tree {
            TokenTree::Ident(ident) => self.tokens.push((line, Token::Word(ident.to_string()))),
            TokenTree::Punct(punct) => self.tokens.push((line, Token::Mark(punct.as_char()))),
            TokenTree::Literal(literal) => {
                self.tokens.extend(text_of(&literal).map(|text| (line, Token::Text(text))));
            }
            TokenTree::Group(group) => self.keep_group(line, &group),
        }
    }

    fn keep_group(&mut self, line: usize, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Brace => ('{', '}'),
            Delimiter::Bracket => ('[', ']'),
            Delimiter::Parenthesis => ('(', ')'),
            Delimiter::None => return self.walk(group.stream()),
        };
        self.tokens.push((line, Token::Mark(open)));
        self.walk(group.stream());
        self.tokens.push((group.span_close().start().line, Token::Mark(close)));
    }
}

enum Attribute {
    Doc,
    Test,
    TestFile,
    Other(Group),
    None,
}

/// Reads on behind a `#`.
fn attribute(trees: &mut Peekable<token_stream::IntoIter>) -> Attribute {
    let inner = trees.next_if(|tree| is_mark(tree, '!')).is_some();
    let bracket = |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket);
    let Some(TokenTree::Group(group)) = trees.next_if(bracket) else {
        return Attribute::None;
    };
    let mut words = Vec::new();
    collect_words(group.stream(), &mut words);
    let has = |word: &str| words.iter().any(|it| it == word);
    match words.first().map(String::as_str) {
        Some("doc") => Attribute::Doc,
        Some("cfg") if has("test") && !has("not") && inner => Attribute::TestFile,
        Some("cfg") if has("test") && !has("not") => Attribute::Test,
        Some("test" | "rstest") => Attribute::Test,
        // `#[tokio::test]`
        Some("tokio") if has("test") => Attribute::Test,
        _ => Attribute::Other(group),
    }
}

fn collect_words(stream: TokenStream, words: &mut Vec<String>) {
    for tree in stream {
        match tree {
            TokenTree::Ident(ident) => words.push(ident.to_string()),
            TokenTree::Group(group) => collect_words(group.stream(), words),
            _ => {}
        }
    }
}

fn is_mark(tree: &TokenTree, mark: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// An item ends with its body or with a semicolon.
fn ends_item(tree: &TokenTree) -> bool {
    let body = matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    body || is_mark(tree, ';')
}

fn text_of(literal: &Literal) -> Option<String> {
    let repr = literal.to_string();
    let (prefix, rest) = repr.split_once('"')?;
    if prefix.starts_with('\'') || prefix.starts_with("b'") {
        return None;
    }
    let (inside, _) = rest.rsplit_once('"')?;
    let inside = inside.replace("\\n", " ").replace('\\', " ");
    Some(inside.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Source {
        Source::read("crates/model/src/x.rs", text).unwrap()
    }

    fn texts(source: &Source) -> Vec<&str> {
        let texts = source.tokens.iter().filter_map(|(_, token)| match token {
            Token::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn strings_are_read_whole_and_documentation_is_not_one() {
        let source = read(
            "//! doc\n/// doc\nconst A: &str = \"one\\n   two\\\n   three\"; // four\n\
             const B: &[u8] = br#\"five \"six\"\"#; const C: char = '\"';",
        );
        assert_eq!(texts(&source), ["one two three", "five \"six\""]);
    }

    #[test]
    fn strings_inside_macros_are_seen() {
        assert_eq!(texts(&read("fn f() { log!(a, { \"x\" }); }")), ["x"]);
    }

    #[test]
    fn tests_are_told_from_the_rest() {
        let source = read(
            "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n#[cfg(not(test))]\nfn c() {}\n\
             #[tokio::test(start_paused = true)]\nasync fn d() {\n}\n\
             #[cfg(feature = \"test-support\")]\nfn e() {}\n#[cfg(test)]\nuse x::y;\nfn f() {}",
        );
        let tests: Vec<_> = (1..=15).filter(|line| source.is_test(*line)).collect();
        assert_eq!(tests, [2, 3, 4, 5, 8, 9, 10, 13, 14]);
        assert_eq!(source.lines_outside_tests().count(), 6);
    }

    #[test]
    fn a_file_can_be_a_test_as_a_whole() {
        assert!(read("#![cfg(test)]\nfn a() {}").is_test(2));
        assert!(Source::read("crates/app/tests/it/main.rs", "").unwrap().is_test(1));
    }

    #[test]
    fn a_module_can_be_declared_a_test() {
        let text = "#[cfg(test)]\nmod samples;\nmod cases;\n#[cfg(test)]\nmod inside {}";
        let modules = |path| Source::read(path, text).unwrap().test_modules().collect::<Vec<_>>();
        assert_eq!(modules("crates/app/src/lib.rs"), ["crates/app/src/samples"]);
        assert_eq!(modules("crates/app/src/grid.rs"), ["crates/app/src/grid/samples"]);
    }

    #[test]
    fn names_below_a_root_are_found_alone_and_in_braces() {
        let source = read("use std::{io, fs::{self, File}, net};\nfn f() { std::env::args(); }");
        let names: Vec<_> = source.names_below("std").into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["io", "fs", "net", "env"]);
        assert_eq!(source.names_below("tokio"), []);
    }

    #[test]
    fn a_file_knows_its_room() {
        assert_eq!(read("").room(), Some("model"));
        assert_eq!(Source::read("xtask/src/lib.rs", "").unwrap().room(), None);
        assert!(Source::read("x.rs", "fn (").is_err());
    }
}
