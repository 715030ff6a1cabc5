//! Which guards make sense: every name known, every operator given what it can take, every choice
//! one of its field's. What passes cannot fail when it runs.

use super::fault::{Fault, Wrong};
use super::parse::{Ast, Node};
use super::value::ONE;
use crate::definition::{Field, Kind};

/// What a procedure lets its guards name.
pub trait Names {
    /// A field of the pack.
    fn field(&self, name: &str) -> Option<&Field>;
    /// A column of the row that a field of type record names.
    fn column(&self, field: &str, column: &str) -> Option<&Field>;
    /// A column of the rows that are looked through, in `where`.
    fn row(&self, column: &str) -> Option<&Field>;
    /// Whether such a meeting exists.
    fn gathering(&self, name: &str) -> bool;
    /// A column of the procedure's matters: its field, and whether every matter fills it.
    fn matter(&self, column: &str) -> Option<(&Field, bool)>;
    /// Ids of the procedure's matters.
    fn matters(&self) -> Vec<String>;
    /// An action of the procedure: its bound per case or stay, if any.
    fn action(&self, name: &str) -> Option<Option<u32>>;
    /// Whether such a procedure exists.
    fn procedure(&self, name: &str) -> bool;
}

/// A typed guard.
#[derive(Clone, Debug)]
pub(super) enum Expr {
    Bool(bool),
    Number(i128),
    Text(String),
    List(Vec<Expr>),
    Field(String, Lens),
    /// A column; one that may be empty and is yes/no reads as no.
    Matter(String, Lens),
    /// A field of type record, and a column of its row.
    Column(String, String, Lens),
    /// A column of the row that is looked at.
    Row(String, Lens),
    Held(String),
    Ballot(Part),
    Done(String),
    Children(Option<String>),
    Late,
    Now,
    Today,
    Has(Box<Expr>),
    Size(Box<Expr>),
    DaysTo(Box<Expr>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
}

/// What a guard may ask of the last ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// How many might vote.
    Called,
    /// How many did.
    Cast,
    /// How many said yes.
    Yes,
}

/// How a stored value becomes a value of a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lens {
    Bool,
    /// Stored units in millionths: 10⁶ for counts, 10⁴ for fen, 5·10⁵ for half-hours.
    Number(i128),
    Text,
    Date,
    Time,
}

#[derive(Clone, Debug, PartialEq)]
enum Type {
    Bool,
    /// With at most so many decimals.
    Number(u32),
    Date,
    Time,
    /// A choice of these ids; none for a literal text.
    Choice(Option<Vec<String>>),
    /// An id of this kind.
    Id(Kind),
    /// Free text, a photo, a point: only `has` may look.
    Opaque,
    List(Box<Type>),
}

pub(super) fn check(ast: &Ast, names: &dyn Names) -> Result<Expr, Vec<Fault>> {
    let mut checker = Checker { names, faults: Vec::new() };
    let (expr, kind) = checker.expr(ast);
    if checker.faults.is_empty() && kind != Type::Bool {
        checker.faults.push(Fault::new(ast.at, Wrong::NotBool));
    }
    if checker.faults.is_empty() { Ok(expr) } else { Err(checker.faults) }
}

struct Checker<'a> {
    names: &'a dyn Names,
    faults: Vec<Fault>,
}

/// What stands for something faulty: it fits everywhere, so that one fault is told once.
const ANY: (Expr, Type) = (Expr::Bool(false), Type::Opaque);

impl Checker<'_> {
    fn fault(&mut self, at: usize, wrong: Wrong) -> (Expr, Type) {
        self.faults.push(Fault::new(at, wrong));
        ANY
    }

    fn expr(&mut self, ast: &Ast) -> (Expr, Type) {
        match &ast.node {
            Node::Bool(it) => (Expr::Bool(*it), Type::Bool),
            Node::Number(it, scale) => (Expr::Number(*it), Type::Number(*scale)),
            Node::Text(it) => (Expr::Text(it.clone()), Type::Choice(None)),
            Node::Path(path) => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                self.path(ast.at, &path)
            }
            Node::Call(name, args) => self.call(ast.at, name, args),
            Node::List(items) => self.list(items),
            Node::Unary(sign, inner) => self.unary(ast.at, sign, inner),
            Node::Binary(sign, left, right) => self.binary(ast.at, sign, left, right),
            Node::If(test, yes, no) => self.choice(ast.at, test, yes, no),
        }
    }

    fn path(&mut self, at: usize, path: &[&str]) -> (Expr, Type) {
        match path {
            ["f", name] => match self.names.field(name) {
                Some(field) => look(field, |lens| Expr::Field((*name).to_owned(), lens)),
                None => self.fault(at, Wrong::Unknown(format!("f.{name}"))),
            },
            ["matter", "id"] => {
                let ids = Type::Choice(Some(self.names.matters()));
                (Expr::Matter("id".into(), Lens::Text), ids)
            }
            ["matter", column] => match self.names.matter(column) {
                Some((field, _)) => look(field, |lens| Expr::Matter((*column).to_owned(), lens)),
                None => self.fault(at, Wrong::Unknown(format!("matter.{column}"))),
            },
            ["done", action] if self.names.action(action).is_some() => {
                (Expr::Done((*action).to_owned()), Type::Number(0))
            }
            ["children", "open"] => (Expr::Children(None), Type::Number(0)),
            ["children", procedure, "open"] if self.names.procedure(procedure) => {
                (Expr::Children(Some((*procedure).to_owned())), Type::Number(0))
            }
            ["clock", "late"] => (Expr::Late, Type::Bool),
            ["now"] => (Expr::Now, Type::Time),
            ["today"] => (Expr::Today, Type::Date),
            ["f", field, column] => match self.names.column(field, column) {
                Some(of) => {
                    look(of, |lens| Expr::Column((*field).to_owned(), (*column).to_owned(), lens))
                }
                None => self.fault(at, Wrong::Unknown(path.join("."))),
            },
            ["row", column] => match self.names.row(column) {
                Some(of) => look(of, |lens| Expr::Row((*column).to_owned(), lens)),
                None => self.fault(at, Wrong::Unknown(path.join("."))),
            },
            ["held", name] if self.names.gathering(name) => {
                (Expr::Held((*name).to_owned()), Type::Number(0))
            }
            ["ballot", "called"] => (Expr::Ballot(Part::Called), Type::Number(0)),
            ["ballot", "cast"] => (Expr::Ballot(Part::Cast), Type::Number(0)),
            ["ballot", "yes"] => (Expr::Ballot(Part::Yes), Type::Number(0)),
            _ => self.fault(at, Wrong::Unknown(path.join("."))),
        }
    }

    fn call(&mut self, at: usize, name: &str, args: &[Ast]) -> (Expr, Type) {
        let [arg] = args else { return self.fault(at, Wrong::Unknown(format!("{name}()"))) };
        let faults = self.faults.len();
        let (expr, kind) = self.expr(arg);
        if self.faults.len() > faults {
            return ANY;
        }
        let inner = Box::new(expr);
        match (name, &*inner, &kind) {
            ("has", Expr::Field(..) | Expr::Matter(..) | Expr::Column(..) | Expr::Row(..), _) => {
                (Expr::Has(inner), Type::Bool)
            }
            ("has", ..) => self.fault(at, Wrong::Type("has")),
            ("size", _, Type::List(_)) => (Expr::Size(inner), Type::Number(0)),
            ("size", ..) => self.fault(at, Wrong::Type("size")),
            ("days_to", _, Type::Date) => (Expr::DaysTo(inner), Type::Number(0)),
            ("days_to", ..) => self.fault(at, Wrong::Type("days_to")),
            _ => self.fault(at, Wrong::Unknown(format!("{name}()"))),
        }
    }

    fn list(&mut self, items: &[Ast]) -> (Expr, Type) {
        let mut of = Type::Choice(None);
        let mut list = Vec::new();
        for (position, item) in items.iter().enumerate() {
            let (expr, kind) = self.expr(item);
            if position == 0 {
                of = kind;
            } else {
                self.comparable(item.at, "[", (&of, None), (&kind, None));
            }
            list.push(expr);
        }
        (Expr::List(list), Type::List(Box::new(of)))
    }

    fn unary(&mut self, at: usize, sign: &'static str, inner: &Ast) -> (Expr, Type) {
        let faults = self.faults.len();
        let (expr, kind) = self.expr(inner);
        match (sign, &kind) {
            _ if self.faults.len() > faults => ANY,
            ("!", Type::Bool) => (Expr::Not(Box::new(expr)), Type::Bool),
            ("-", Type::Number(_)) => (Expr::Negative(Box::new(expr)), kind),
            _ => self.fault(at, Wrong::Type(sign)),
        }
    }

    fn binary(&mut self, at: usize, sign: &'static str, l: &Ast, r: &Ast) -> (Expr, Type) {
        let faults = self.faults.len();
        let ((left, a), (right, b)) = (self.expr(l), self.expr(r));
        if self.faults.len() > faults {
            return ANY;
        }
        let kind = match (sign, &a, &b) {
            ("&&" | "||", Type::Bool, Type::Bool) => Type::Bool,
            ("==" | "!=", ..) => {
                self.comparable(at, sign, (&a, Some(&left)), (&b, Some(&right)));
                Type::Bool
            }
            ("<" | "<=" | ">" | ">=", Type::Number(_), Type::Number(_))
            | ("<" | "<=" | ">" | ">=", Type::Date, Type::Date)
            | ("<" | "<=" | ">" | ">=", Type::Time, Type::Time) => Type::Bool,
            ("+" | "-", Type::Number(x), Type::Number(y)) => Type::Number(*x.max(y)),
            ("*", Type::Number(x), Type::Number(y)) if x + y <= 6 => Type::Number(x + y),
            ("*", Type::Number(_), Type::Number(_)) => return self.fault(at, Wrong::Number),
            ("in", _, Type::List(of)) => {
                self.among(at, (&a, &left), (of, &right));
                Type::Bool
            }
            _ => return self.fault(at, Wrong::Type(sign)),
        };
        (Expr::Binary(sign, Box::new(left), Box::new(right)), kind)
    }

    fn among(&mut self, at: usize, left: (&Type, &Expr), right: (&Type, &Expr)) {
        match right.1 {
            Expr::List(items) => {
                for item in items {
                    self.comparable(at, "in", (left.0, Some(left.1)), (right.0, Some(item)));
                }
            }
            _ => self.comparable(at, "in", (left.0, Some(left.1)), (right.0, None)),
        }
    }

    fn comparable(
        &mut self,
        at: usize,
        sign: &'static str,
        (a, left): (&Type, Option<&Expr>),
        (b, right): (&Type, Option<&Expr>),
    ) {
        let wrong = match (a, b) {
            (Type::Choice(Some(ids)), Type::Choice(None)) => stranger(ids, right),
            (Type::Choice(None), Type::Choice(Some(ids))) => stranger(ids, left),
            (Type::Choice(_), Type::Choice(_)) | (Type::Number(_), Type::Number(_)) => None,
            (Type::Bool | Type::Date | Type::Time | Type::Id(_), _) if a == b => None,
            _ => Some(Wrong::Type(sign)),
        };
        self.faults.extend(wrong.map(|wrong| Fault::new(at, wrong)));
    }

    fn choice(&mut self, at: usize, test: &Ast, yes: &Ast, no: &Ast) -> (Expr, Type) {
        let faults = self.faults.len();
        let (test, of_test) = self.expr(test);
        let ((yes, a), (no, b)) = (self.expr(yes), self.expr(no));
        if self.faults.len() > faults {
            return ANY;
        }
        let kind = match (a, b) {
            _ if of_test != Type::Bool => return self.fault(at, Wrong::Type("?")),
            (Type::Number(x), Type::Number(y)) => Type::Number(x.max(y)),
            (a, b) if a == b => a,
            _ => return self.fault(at, Wrong::Type("?")),
        };
        (Expr::If(Box::new(test), Box::new(yes), Box::new(no)), kind)
    }
}

fn stranger(ids: &[String], literal: Option<&Expr>) -> Option<Wrong> {
    match literal {
        Some(Expr::Text(text)) if !ids.contains(text) => Some(Wrong::Choice(text.clone())),
        _ => None,
    }
}

/// The type of a field, and the lens that reads it.
fn look(field: &Field, expr: impl FnOnce(Lens) -> Expr) -> (Expr, Type) {
    let (lens, kind) = match field.kind {
        Kind::YesNo => (Lens::Bool, Type::Bool),
        Kind::Int | Kind::Stars => (Lens::Number(ONE), Type::Number(0)),
        Kind::Money => (Lens::Number(ONE / 100), Type::Number(2)),
        Kind::Hours => (Lens::Number(ONE / 2), Type::Number(1)),
        Kind::Date => (Lens::Date, Type::Date),
        Kind::Time => (Lens::Time, Type::Time),
        Kind::Choice => (Lens::Text, Type::Choice(Some(field.choices.keys().cloned().collect()))),
        Kind::Person | Kind::Post | Kind::Org | Kind::Case | Kind::Place | Kind::Household => {
            (Lens::Text, Type::Id(field.kind))
        }
        Kind::Text | Kind::Point | Kind::Photo | Kind::File | Kind::Record => {
            (Lens::Text, Type::Opaque)
        }
    };
    let kind = if field.many { Type::List(Box::new(kind)) } else { kind };
    (expr(lens), kind)
}
