//! Guards: a typed subset of CEL (packs.md §3.7), compiled when a pack loads and unable to fail
//! when it runs. Knows fields, matters, counters and the clock; persons are unknown to it.

mod eval;
mod fault;
mod lex;
mod parse;
mod range;
mod reads;
mod types;
mod value;

pub use fault::{Fault, Wrong};
pub use range::Outcome;
pub use types::{Names, Part};
pub use value::Scope;

use types::Expr;

/// A compiled guard; equal guards have equal texts.
#[derive(Clone, Debug)]
pub struct Guard {
    source: String,
    expr: Expr,
}

impl Guard {
    /// Reads and types `source` against the names of its procedure, or says every fault in it.
    pub fn compile(source: &str, names: &dyn Names) -> Result<Self, Vec<Fault>> {
        let ast = parse::parse(source).map_err(|fault| vec![fault])?;
        let expr = types::check(&ast, names)?;
        Ok(Self { source: source.to_owned(), expr })
    }

    /// Whether the guard holds; a value that is not set makes what needs it, and so the guard,
    /// false.
    pub fn holds(&self, scope: &dyn Scope) -> bool {
        eval::truth(&self.expr, scope).unwrap_or(false)
    }

    /// The text it was compiled from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Fields read where no `has()` protects them.
    pub fn needs(&self) -> Vec<&str> {
        reads::needs(&self.expr)
    }

    /// Fields whose value is asked for at all, protected or not.
    pub fn reads(&self) -> Vec<&str> {
        reads::reads(&self.expr)
    }

    /// Actions whose count is looked at.
    pub fn counted(&self) -> Vec<&str> {
        reads::counted(&self.expr)
    }

    /// Columns of rows that are read, each with the field that names the row.
    pub fn columns(&self) -> Vec<(&str, &str)> {
        reads::columns(&self.expr)
    }

    /// What can come of the guard over all values its names may take.
    pub fn outcome(&self, names: &dyn Names) -> Outcome {
        range::outcome(&self.expr, names)
    }
}

impl PartialEq for Guard {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Guard {}

#[cfg(test)]
mod tests;
