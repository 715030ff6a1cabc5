//! Running a guard. A value that is not there is `None`, and spreads like CEL's errors: it is
//! absorbed by `false && …` and `true || …`, and makes everything else `None` too.

use super::types::{Expr, Lens};
use super::value::{ONE, Scope, Value};
use model::cases::FieldValue;
use std::borrow::Cow;
use std::cmp::Ordering;

pub(super) fn truth(expr: &Expr, scope: &dyn Scope) -> Option<bool> {
    match expr {
        Expr::Bool(it) => Some(*it),
        Expr::Late => Some(scope.late()),
        Expr::Has(inner) => Some(is_set(inner, scope)),
        Expr::Not(inner) => truth(inner, scope).map(|it| !it),
        Expr::Binary("&&", left, right) => match truth(left, scope) {
            Some(false) => Some(false),
            Some(true) => truth(right, scope),
            None => truth(right, scope).filter(|it| !it),
        },
        Expr::Binary("||", left, right) => match truth(left, scope) {
            Some(true) => Some(true),
            Some(false) => truth(right, scope),
            None => truth(right, scope).filter(|it| *it),
        },
        Expr::Binary("in", left, right) => among(left, right, scope),
        Expr::Binary(sign, left, right) => {
            let (left, right) = (value(left, scope)?, value(right, scope)?);
            let order = compare(&left, &right)?;
            Some(match *sign {
                "==" => order.is_eq(),
                "!=" => order.is_ne(),
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                ">" => order.is_gt(),
                _ => order.is_ge(),
            })
        }
        _ => match value(expr, scope)? {
            Value::Bool(it) => Some(it),
            _ => None,
        },
    }
}

fn value<'a>(expr: &'a Expr, scope: &'a dyn Scope) -> Option<Value<'a>> {
    match expr {
        Expr::Number(it) => Some(Value::Number(*it)),
        Expr::Text(it) => Some(Value::Text(Cow::Borrowed(it))),
        Expr::List(items) => {
            items.iter().map(|it| value(it, scope)).collect::<Option<_>>().map(Value::List)
        }
        Expr::Field(name, lens) => seen(scope.field(name)?, *lens),
        Expr::Matter(column, lens) => match (scope.matter(column), lens) {
            // A yes/no that a matter leaves out is no.
            (None, Lens::Bool) => Some(Value::Bool(false)),
            (column, lens) => written(&column?, *lens),
        },
        Expr::Column(field, column, lens) => seen(scope.column(field, column)?, *lens),
        Expr::Row(column, lens) => seen(scope.row(column)?, *lens),
        Expr::Held(gathering) => Some(Value::int(scope.held(gathering).into())),
        Expr::Ballot(part) => Some(Value::int(scope.ballot(*part)?.into())),
        Expr::Done(action) => Some(Value::int(scope.done(action).into())),
        Expr::Children(procedure) => {
            Some(Value::int(scope.children_open(procedure.as_deref()).into()))
        }
        Expr::Now => Some(Value::Time(scope.now())),
        Expr::Today => Some(Value::Date(scope.today())),
        Expr::Size(inner) => match value(inner, scope)? {
            Value::List(items) => i64::try_from(items.len()).ok().map(Value::int),
            _ => None,
        },
        Expr::DaysTo(inner) => match value(inner, scope)? {
            Value::Date(day) => {
                scope.today().until(day).ok().map(|it| Value::int(it.get_days().into()))
            }
            _ => None,
        },
        Expr::Negative(inner) => match value(inner, scope)? {
            Value::Number(it) => it.checked_neg().map(Value::Number),
            _ => None,
        },
        Expr::Binary(sign @ ("+" | "-" | "*"), left, right) => {
            let (Value::Number(a), Value::Number(b)) = (value(left, scope)?, value(right, scope)?)
            else {
                return None;
            };
            arithmetic(sign, a, b).map(Value::Number)
        }
        Expr::If(test, yes, no) => value(if truth(test, scope)? { yes } else { no }, scope),
        _ => truth(expr, scope).map(Value::Bool),
    }
}

/// Exact: the checker lets no product have more than six decimals.
pub(super) fn arithmetic(sign: &str, a: i128, b: i128) -> Option<i128> {
    match sign {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        _ => a.checked_mul(b).map(|it| it / ONE),
    }
}

fn is_set(expr: &Expr, scope: &dyn Scope) -> bool {
    match expr {
        Expr::Field(name, _) => scope.field(name).is_some(),
        Expr::Matter(column, _) => scope.matter(column).is_some(),
        Expr::Column(field, column, _) => scope.column(field, column).is_some(),
        Expr::Row(column, _) => scope.row(column).is_some(),
        _ => false,
    }
}

fn among(left: &Expr, right: &Expr, scope: &dyn Scope) -> Option<bool> {
    let left = value(left, scope)?;
    match right {
        // Most lists are literal: no need to gather them first.
        Expr::List(items) => {
            let mut values = items.iter().map(|it| value(it, scope));
            Some(values.any(|it| it.is_some_and(|it| compare(&left, &it) == Some(Ordering::Equal))))
        }
        _ => match value(right, scope)? {
            Value::List(items) => {
                Some(items.iter().any(|it| compare(&left, it) == Some(Ordering::Equal)))
            }
            _ => None,
        },
    }
}

fn compare(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn seen(stored: &FieldValue, lens: Lens) -> Option<Value<'_>> {
    match (stored, lens) {
        (FieldValue::Bool(it), Lens::Bool) => Some(Value::Bool(*it)),
        (FieldValue::Int(it), Lens::Number(unit)) => {
            i128::from(*it).checked_mul(unit).map(Value::Number)
        }
        (FieldValue::Text(it), Lens::Text) => Some(Value::Text(Cow::Borrowed(it))),
        (FieldValue::Text(it), Lens::Date) => it.parse().ok().map(Value::Date),
        (FieldValue::Text(it), Lens::Time) => it.parse().ok().map(Value::Time),
        (FieldValue::List(items), lens) => {
            items.iter().map(|it| seen(it, lens)).collect::<Option<_>>().map(Value::List)
        }
        _ => None,
    }
}

fn written(column: &serde_json::Value, lens: Lens) -> Option<Value<'static>> {
    match (column, lens) {
        (serde_json::Value::Bool(it), Lens::Bool) => Some(Value::Bool(*it)),
        (serde_json::Value::Number(it), Lens::Number(unit)) => {
            i128::from(it.as_i64()?).checked_mul(unit).map(Value::Number)
        }
        (serde_json::Value::String(it), Lens::Text) => Some(Value::Text(Cow::Owned(it.clone()))),
        (serde_json::Value::String(it), Lens::Date) => it.parse().ok().map(Value::Date),
        (serde_json::Value::String(it), Lens::Time) => it.parse().ok().map(Value::Time),
        (serde_json::Value::Array(items), lens) => {
            items.iter().map(|it| written(it, lens)).collect::<Option<_>>().map(Value::List)
        }
        _ => None,
    }
}
