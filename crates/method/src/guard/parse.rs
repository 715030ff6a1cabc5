//! From words to a tree, by binding power (Pratt). Says nothing about types.

use super::fault::{Fault, Wrong};
use super::lex::{Token, Word, words};

/// A node and the character position that speaks for it.
#[derive(Clone, Debug)]
pub(super) struct Ast {
    pub at: usize,
    pub node: Node,
}

/// What a guard can be made of.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Bool(bool),
    Number(i128, u32),
    Text(String),
    /// `f.cost`, `children.assist.open`, `now`.
    Path(Vec<String>),
    Call(String, Vec<Ast>),
    List(Vec<Ast>),
    Unary(&'static str, Box<Ast>),
    Binary(&'static str, Box<Ast>, Box<Ast>),
    If(Box<Ast>, Box<Ast>, Box<Ast>),
}

/// Deepest nesting.
const DEEPEST: usize = 32;

pub(super) fn parse(source: &str) -> Result<Ast, Fault> {
    let end = source.chars().count();
    let mut parser = Parser { words: words(source)?, next: 0, depth: 0, end };
    let ast = parser.expression(0)?;
    match parser.words.get(parser.next) {
        None => Ok(ast),
        Some(extra) => Err(Fault::new(extra.at, Wrong::Extra)),
    }
}

struct Parser {
    words: Vec<Token>,
    next: usize,
    depth: usize,
    end: usize,
}

/// Binding power of a sign between two operands; `?` binds weakest.
fn power(word: &Word) -> Option<(&'static str, u8)> {
    match word {
        Word::Name(name) if name == "in" => Some(("in", 4)),
        Word::Sign(sign) => match *sign {
            "?" => Some((sign, 1)),
            "||" => Some((sign, 2)),
            "&&" => Some((sign, 3)),
            "==" | "!=" | "<" | "<=" | ">" | ">=" => Some((sign, 4)),
            "+" | "-" => Some((sign, 5)),
            "*" => Some((sign, 6)),
            _ => None,
        },
        _ => None,
    }
}

impl Parser {
    fn at(&self) -> usize {
        self.words.get(self.next).map_or(self.end, |token| token.at)
    }

    fn sees(&self, sign: &str) -> bool {
        matches!(self.words.get(self.next), Some(Token { word: Word::Sign(it), .. }) if *it == sign)
    }

    fn took(&mut self, sign: &str) -> bool {
        let seen = self.sees(sign);
        self.next += usize::from(seen);
        seen
    }

    fn need(&mut self, sign: &'static str) -> Result<(), Fault> {
        if self.took(sign) { Ok(()) } else { Err(Fault::new(self.at(), Wrong::Need(sign))) }
    }

    fn expression(&mut self, weakest: u8) -> Result<Ast, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::new(self.at(), Wrong::TooDeep));
        }
        let mut left = self.operand()?;
        while let Some((sign, power)) = self.words.get(self.next).and_then(|it| power(&it.word)) {
            if power <= weakest {
                break;
            }
            let at = self.at();
            self.next += 1;
            left = self.continued(left, at, sign, power)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn continued(
        &mut self,
        left: Ast,
        at: usize,
        sign: &'static str,
        power: u8,
    ) -> Result<Ast, Fault> {
        let node = if sign == "?" {
            let yes = self.expression(0)?;
            self.need(":")?;
            Node::If(Box::new(left), Box::new(yes), Box::new(self.expression(0)?))
        } else {
            Node::Binary(sign, Box::new(left), Box::new(self.expression(power)?))
        };
        Ok(Ast { at, node })
    }

    fn operand(&mut self) -> Result<Ast, Fault> {
        let at = self.at();
        let word = self.words.get(self.next).map(|token| token.word.clone());
        self.next += 1;
        let node = match word {
            Some(Word::Number(number, scale)) => Node::Number(number, scale),
            Some(Word::Text(text)) => Node::Text(text),
            Some(Word::Name(name)) => self.name(name)?,
            Some(Word::Sign("(")) => {
                let inner = self.expression(0)?;
                self.need(")")?;
                return Ok(inner);
            }
            Some(Word::Sign("[")) => Node::List(self.several("]")?),
            Some(Word::Sign(sign @ ("!" | "-"))) => {
                Node::Unary(sign, Box::new(self.expression(6)?))
            }
            _ => return Err(Fault::new(at, Wrong::NoOperand)),
        };
        Ok(Ast { at, node })
    }

    fn name(&mut self, name: String) -> Result<Node, Fault> {
        match name.as_str() {
            "true" => return Ok(Node::Bool(true)),
            "false" => return Ok(Node::Bool(false)),
            _ => {}
        }
        if self.took("(") {
            return Ok(Node::Call(name, self.several(")")?));
        }
        let mut path = vec![name];
        while self.took(".") {
            match self.words.get(self.next).map(|token| &token.word) {
                Some(Word::Name(part)) => path.push(part.clone()),
                _ => return Err(Fault::new(self.at(), Wrong::NoOperand)),
            }
            self.next += 1;
        }
        Ok(Node::Path(path))
    }

    fn several(&mut self, close: &'static str) -> Result<Vec<Ast>, Fault> {
        let mut items = Vec::new();
        while !self.took(close) {
            items.push(self.expression(0)?);
            if !self.sees(close) {
                self.need(",")?;
            }
        }
        Ok(items)
    }
}
