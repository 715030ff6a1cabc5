//! Which fields a guard reads, and which of them nothing protects.

use super::types::Expr;

/// Every field read, in order.
pub(super) fn reads(expr: &Expr) -> Vec<&str> {
    let mut found = Vec::new();
    walk(expr, &mut |it| {
        if let Expr::Field(name, _) | Expr::Column(name, ..) = it {
            found.push(name.as_str());
        }
    });
    found
}

/// Every column of a row that is read, with the field that names the row.
pub(super) fn columns(expr: &Expr) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    walk(expr, &mut |it| {
        if let Expr::Column(field, column, _) = it {
            found.push((field.as_str(), column.as_str()));
        }
    });
    found
}

/// Every action whose count is looked at.
pub(super) fn counted(expr: &Expr) -> Vec<&str> {
    let mut found = Vec::new();
    walk(expr, &mut |it| {
        if let Expr::Done(action) = it {
            found.push(action.as_str());
        }
    });
    found
}

/// Fields read without `has` on the same field before them in an `&&` (or after `!has … ||`).
pub(super) fn needs(expr: &Expr) -> Vec<&str> {
    let mut open = Vec::new();
    unprotected(expr, &[], &mut open);
    open.sort_unstable();
    open.dedup();
    open
}

fn unprotected<'a>(expr: &'a Expr, safe: &[&'a str], open: &mut Vec<&'a str>) {
    match expr {
        Expr::Has(_) => {}
        Expr::Field(name, _) | Expr::Column(name, ..) if !safe.contains(&name.as_str()) => {
            open.push(name);
        }
        Expr::Binary(sign @ ("&&" | "||"), left, right) => {
            unprotected(left, safe, open);
            let known = [safe, &known_set(left, *sign == "&&")].concat();
            unprotected(right, &known, open);
        }
        Expr::If(test, yes, no) => {
            unprotected(test, safe, open);
            unprotected(yes, &[safe, &known_set(test, true)].concat(), open);
            unprotected(no, &[safe, &known_set(test, false)].concat(), open);
        }
        _ => children(expr).into_iter().for_each(|it| unprotected(it, safe, open)),
    }
}

/// Fields that are set whenever `expr` came out as `truth`.
fn known_set(expr: &Expr, truth: bool) -> Vec<&str> {
    match expr {
        Expr::Has(inner) if truth => reads(inner),
        Expr::Not(inner) => known_set(inner, !truth),
        Expr::Binary("&&", left, right) if truth => {
            [known_set(left, true), known_set(right, true)].concat()
        }
        Expr::Binary("||", left, right) if !truth => {
            [known_set(left, false), known_set(right, false)].concat()
        }
        _ => Vec::new(),
    }
}

fn walk<'a>(expr: &'a Expr, see: &mut dyn FnMut(&'a Expr)) {
    see(expr);
    children(expr).into_iter().for_each(|it| walk(it, see));
}

fn children(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::List(items) => items.iter().collect(),
        Expr::Has(a) | Expr::Size(a) | Expr::DaysTo(a) | Expr::Not(a) | Expr::Negative(a) => {
            vec![a]
        }
        Expr::Binary(_, a, b) => vec![a, b],
        Expr::If(a, b, c) => vec![a, b, c],
        _ => Vec::new(),
    }
}
