//! What a guard can come to over all values: intervals for numbers, sets for choices. Finds guards
//! that are never or always true; silence is no proof that both happen.

use super::eval::arithmetic;
use super::types::{Expr, Lens, Names};
use super::value::ONE;
use crate::definition::{Field, Kind};

/// Which answers a guard can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// It can be true.
    pub holds: bool,
    /// It can be false (or unset).
    pub fails: bool,
}

const EITHER: Outcome = Outcome { holds: true, fails: true };

pub(super) fn outcome(expr: &Expr, names: &dyn Names) -> Outcome {
    Ranges { names, known: Vec::new() }.truth(expr)
}

/// What is known of one path (`f.days`): its numbers or its choices.
#[derive(Clone, Debug, PartialEq)]
enum Range {
    Number(i128, i128),
    Choice(Vec<String>),
    Any,
}

#[derive(Clone)]
struct Ranges<'a> {
    names: &'a dyn Names,
    /// Narrowed by what stands before in an `&&`.
    known: Vec<(String, Range)>,
}

const LEAST: i128 = i128::MIN / 4;
const MOST: i128 = i128::MAX / 4;

impl Ranges<'_> {
    fn truth(&self, expr: &Expr) -> Outcome {
        match expr {
            Expr::Bool(it) => Outcome { holds: *it, fails: !it },
            Expr::Not(inner) => {
                let inner = self.truth(inner);
                Outcome { holds: inner.fails, fails: inner.holds }
            }
            Expr::Binary("&&", left, right) => {
                let (a, b) = (self.truth(left), self.given(left, true).truth(right));
                Outcome { holds: a.holds && b.holds, fails: a.fails || (a.holds && b.fails) }
            }
            Expr::Binary("||", left, right) => {
                let (a, b) = (self.truth(left), self.given(left, false).truth(right));
                Outcome { holds: a.holds || (a.fails && b.holds), fails: a.fails && b.fails }
            }
            Expr::Binary("in", left, right) => self.among(left, right),
            Expr::Binary(sign, left, right) => {
                // A value that is not set makes the comparison false whatever it says.
                let sure = compare(sign, &self.range(left), &self.range(right));
                Outcome { fails: sure.fails || self.unset(left) || self.unset(right), ..sure }
            }
            Expr::If(_, yes, no) => {
                let (a, b) = (self.truth(yes), self.truth(no));
                Outcome { holds: a.holds || b.holds, fails: a.fails || b.fails }
            }
            _ => EITHER,
        }
    }

    fn unset(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Matter(column, _) => {
                column != "id" && !self.names.matter(column).is_some_and(|(_, full)| full)
            }
            // A row may leave any column empty, and before the first ballot nothing was counted.
            Expr::Column(..) | Expr::Row(..) | Expr::Ballot(_) => true,
            Expr::Binary(_, left, right) => self.unset(left) || self.unset(right),
            _ => false,
        }
    }

    fn among(&self, left: &Expr, right: &Expr) -> Outcome {
        let Expr::List(items) = right else { return EITHER };
        let left = self.range(left);
        let each: Vec<_> = items.iter().map(|it| compare("==", &left, &self.range(it))).collect();
        let covered = matches!(&left, Range::Choice(ids) if ids.iter().all(|id| {
            items.iter().any(|it| matches!(it, Expr::Text(text) if text == id))
        }));
        Outcome {
            holds: each.iter().any(|it| it.holds),
            fails: !covered && each.iter().all(|it| it.fails),
        }
    }

    fn range(&self, expr: &Expr) -> Range {
        if let Some((_, range)) =
            path(expr).and_then(|path| self.known.iter().rev().find(|(it, _)| *it == path))
        {
            return range.clone();
        }
        match expr {
            Expr::Number(it) => Range::Number(*it, *it),
            Expr::Text(it) => Range::Choice(vec![it.clone()]),
            Expr::Field(name, lens) => {
                self.names.field(name).map_or(Range::Any, |field| domain(field, *lens))
            }
            Expr::Column(field, column, lens) => {
                self.names.column(field, column).map_or(Range::Any, |it| domain(it, *lens))
            }
            Expr::Row(column, lens) => {
                self.names.row(column).map_or(Range::Any, |it| domain(it, *lens))
            }
            Expr::Held(_) | Expr::Ballot(_) => Range::Number(0, MOST),
            Expr::Matter(column, _) if column == "id" => Range::Choice(self.names.matters()),
            Expr::Matter(column, lens) => {
                self.names.matter(column).map_or(Range::Any, |(field, _)| domain(field, *lens))
            }
            Expr::Done(action) => match self.names.action(action) {
                Some(Some(most)) => Range::Number(0, i128::from(most) * ONE),
                _ => Range::Number(0, MOST),
            },
            Expr::Children(_) | Expr::Size(_) => Range::Number(0, MOST),
            Expr::Binary(sign @ ("+" | "-" | "*"), left, right) => {
                combine(sign, &self.range(left), &self.range(right))
            }
            _ => Range::Any,
        }
    }

    /// What is known after `expr` came out as `truth`.
    fn given(&self, expr: &Expr, truth: bool) -> Self {
        match expr {
            Expr::Not(inner) => self.given(inner, !truth),
            Expr::Binary("&&", left, right) if truth => self.given(left, true).given(right, true),
            Expr::Binary("||", left, right) if !truth => {
                self.given(left, false).given(right, false)
            }
            Expr::Binary(sign, left, right) => {
                let sign = if truth { sign } else { opposite(sign) };
                let mut after = self.clone();
                if let Some(path) = path(left) {
                    let narrowed = narrow(&self.range(left), sign, &self.range(right));
                    after.known.push((path, narrowed));
                }
                after
            }
            _ => self.clone(),
        }
    }
}

fn path(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Field(name, _) => Some(format!("f.{name}")),
        Expr::Matter(name, _) => Some(format!("matter.{name}")),
        Expr::Done(name) => Some(format!("done.{name}")),
        Expr::Children(name) => Some(format!("children.{}", name.as_deref().unwrap_or_default())),
        _ => None,
    }
}

fn domain(field: &Field, lens: Lens) -> Range {
    match (field.kind, lens) {
        (_, _) if field.many => Range::Any,
        (Kind::Choice, _) if !field.choices.is_empty() => {
            Range::Choice(field.choices.keys().cloned().collect())
        }
        (Kind::Stars, _) => Range::Number(ONE, 5 * ONE),
        // A sum may pass the bounds of one answer.
        (_, Lens::Number(unit)) => {
            let low = field.min.map_or(LEAST, |it| i128::from(it) * unit);
            let high = field.max.map_or(MOST, |it| i128::from(it) * unit);
            Range::Number(low, if field.sum { MOST } else { high })
        }
        _ => Range::Any,
    }
}

fn compare(sign: &str, left: &Range, right: &Range) -> Outcome {
    match (left, right) {
        (Range::Number(a, b), Range::Number(c, d)) => match sign {
            "<" => Outcome { holds: a < d, fails: b >= c },
            "<=" => Outcome { holds: a <= d, fails: b > c },
            ">" => Outcome { holds: b > c, fails: a <= d },
            ">=" => Outcome { holds: b >= c, fails: a < d },
            _ => {
                let same =
                    Outcome { holds: a <= d && c <= b, fails: !(a == b && c == d && a == c) };
                either(sign, same)
            }
        },
        (Range::Choice(a), Range::Choice(b)) => {
            let meet = a.iter().any(|it| b.contains(it));
            let one = a.len() == 1 && a == b;
            either(sign, Outcome { holds: meet, fails: !one })
        }
        _ => EITHER,
    }
}

fn either(sign: &str, same: Outcome) -> Outcome {
    if sign == "!=" { Outcome { holds: same.fails, fails: same.holds } } else { same }
}

fn opposite(sign: &str) -> &'static str {
    match sign {
        "<" => ">=",
        "<=" => ">",
        ">" => "<=",
        ">=" => "<",
        "==" => "!=",
        "!=" => "==",
        _ => "",
    }
}

fn narrow(range: &Range, sign: &str, by: &Range) -> Range {
    match (range, by) {
        (Range::Number(a, b), Range::Number(c, d)) => match sign {
            "<" => Range::Number(*a, (*b).min(d - 1)),
            "<=" => Range::Number(*a, *b.min(d)),
            ">" => Range::Number((*a).max(c + 1), *b),
            ">=" => Range::Number(*a.max(c), *b),
            "==" => Range::Number(*a.max(c), *b.min(d)),
            _ => range.clone(),
        },
        (Range::Choice(ids), Range::Choice(other)) => match sign {
            "==" => Range::Choice(ids.iter().filter(|it| other.contains(it)).cloned().collect()),
            "!=" if other.len() == 1 => {
                Range::Choice(ids.iter().filter(|it| !other.contains(it)).cloned().collect())
            }
            _ => range.clone(),
        },
        _ => range.clone(),
    }
}

fn combine(sign: &str, left: &Range, right: &Range) -> Range {
    let (Range::Number(a, b), Range::Number(c, d)) = (left, right) else { return Range::Any };
    let open = |it: &i128| *it <= LEAST || *it >= MOST;
    if sign == "*" && [a, b, c, d].into_iter().any(open) {
        return Range::Number(LEAST, MOST);
    }
    let ends = [(a, c), (a, d), (b, c), (b, d)];
    let all: Option<Vec<i128>> = ends.iter().map(|(x, y)| arithmetic(sign, **x, **y)).collect();
    let all = all.unwrap_or_default();
    let (low, high) = (all.iter().min(), all.iter().max());
    Range::Number(low.map_or(LEAST, |it| *it.max(&LEAST)), high.map_or(MOST, |it| *it.min(&MOST)))
}
