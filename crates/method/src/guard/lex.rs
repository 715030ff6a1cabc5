//! The words of a guard. Anything that is not a word of the subset is a fault with its position.

use super::fault::{Fault, Wrong};

/// A word with the character position it begins at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub at: usize,
    pub word: Word,
}

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Name(String),
    /// Millionths, and how many decimals were written.
    Number(i128, u32),
    Text(String),
    Sign(&'static str),
}

/// Longest first, so that `<=` is not `<`.
const SIGNS: [&str; 21] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "(", ")", "[", "]", ",", ".",
    "?", ":", "/",
];

/// Longest guard, in characters.
const LONGEST: usize = 1000;

pub(super) fn words(source: &str) -> Result<Vec<Token>, Fault> {
    let chars: Vec<char> = source.chars().collect();
    if chars.len() > LONGEST {
        return Err(Fault::new(LONGEST, Wrong::TooLong));
    }
    let mut lexer = Lexer { chars: &chars, at: 0 };
    let mut words = Vec::new();
    loop {
        while lexer.peek().is_some_and(char::is_whitespace) {
            lexer.at += 1;
        }
        let at = lexer.at;
        let Some(first) = lexer.peek() else { return Ok(words) };
        let word = match first {
            'a'..='z' | 'A'..='Z' | '_' => Word::Name(lexer.name()),
            '0'..='9' => lexer.number()?,
            '\'' | '"' => lexer.text(first)?,
            _ => lexer.sign()?,
        };
        words.push(Token { at, word });
    }
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, fits: impl Fn(char) -> bool) -> String {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let taken: String = rest.iter().copied().take_while(|it| fits(*it)).collect();
        self.at += taken.chars().count();
        taken
    }

    fn name(&mut self) -> String {
        self.take(|it| it.is_ascii_alphanumeric() || it == '_')
    }

    fn number(&mut self) -> Result<Word, Fault> {
        let at = self.at;
        let whole = self.take(|it| it.is_ascii_digit());
        let mut decimals = String::new();
        let dotted = self.peek() == Some('.')
            && self.chars.get(self.at + 1).is_some_and(char::is_ascii_digit);
        if dotted {
            self.at += 1;
            decimals = self.take(|it| it.is_ascii_digit());
        }
        let scale = u32::try_from(decimals.len()).unwrap_or(u32::MAX);
        if whole.len() > 15 || scale > 6 {
            return Err(Fault::new(at, Wrong::Number));
        }
        let millionths = format!("{whole}{decimals:0<6}").parse();
        millionths.map(|it| Word::Number(it, scale)).map_err(|_| Fault::new(at, Wrong::Number))
    }

    fn text(&mut self, quote: char) -> Result<Word, Fault> {
        let at = self.at;
        self.at += 1;
        let text = self.take(|it| it != quote && it != '\\');
        if self.peek() != Some(quote) {
            return Err(Fault::new(at, Wrong::OpenText));
        }
        self.at += 1;
        Ok(Word::Text(text))
    }

    fn sign(&mut self) -> Result<Word, Fault> {
        let here: String = self.chars.iter().skip(self.at).take(2).collect();
        let sign = SIGNS.into_iter().find(|sign| here.starts_with(sign));
        let sign = sign.ok_or_else(|| Fault::new(self.at, Wrong::Sign(here)))?;
        if sign == "/" {
            return Err(Fault::new(self.at, Wrong::Division));
        }
        self.at += sign.len();
        Ok(Word::Sign(sign))
    }
}
