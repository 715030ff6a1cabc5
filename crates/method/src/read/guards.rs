//! Guards where they stand: compiled against the names of their procedure, or of a register's rows.

use super::keys::Keys;
use super::procedure::Catalogues;
use super::tree::{Mark, Node};
use super::words::Vocabulary;
use crate::check::{Check, Found};
use crate::definition::{Field, Gathering, Kind, Matter, Named, Pack, Procedure, Register};
use crate::guard::{Guard, Names};

/// Compiles the guards of a procedure whose actions are all known.
pub(super) fn all(
    procedure: &mut Procedure,
    node: &Node,
    (words, matters, ids): (&Vocabulary, &Catalogues, &[&str]),
    found: &Found,
) {
    let catalogue = procedure.matters.as_ref().and_then(|id| matters.get(id));
    let names = GuardNames { catalogue, procedure: Some(procedure), ids, ..GuardNames::of(words) };
    let guard = |id: &String| {
        let keys = Keys::open(node.get(&["action", id])?, found);
        let guard = compile(keys.text("when")?, &names, keys.mark("when"), found)?;
        Some((id.clone(), guard))
    };
    let compiled: Vec<(String, Guard)> = procedure.actions.keys().filter_map(guard).collect();
    for (id, guard) in compiled {
        if let Some(action) = procedure.actions.get_mut(&id) {
            action.when = Some(guard);
        }
    }
}

/// A guard, or the faults in it; one that never or always holds is told.
pub(super) fn compile(
    source: &str,
    names: &GuardNames<'_>,
    at: Mark,
    found: &Found,
) -> Option<Guard> {
    let guard = Guard::compile(source, names)
        .map_err(|faults| faults.iter().for_each(|fault| found.add_fault(at, fault)))
        .ok()?;
    let outcome = guard.outcome(names);
    if !outcome.holds {
        found.add(Check::GuardNever, at, &[guard.source()]);
    } else if !outcome.fails {
        found.add(Check::GuardAlways, at, &[guard.source()]);
    }
    Some(guard)
}

/// What a guard may name.
#[derive(Clone, Copy)]
pub(super) struct GuardNames<'a> {
    fields: &'a Named<Field>,
    registers: &'a Named<Register>,
    gatherings: &'a Named<Gathering>,
    catalogue: Option<&'a Named<Matter>>,
    procedure: Option<&'a Procedure>,
    ids: &'a [&'a str],
    /// The register whose rows are looked at.
    row: Option<&'a Register>,
}

impl<'a> GuardNames<'a> {
    fn of(words: &'a Vocabulary) -> Self {
        Self {
            fields: &words.fields,
            registers: &words.registers,
            gatherings: &words.gatherings,
            catalogue: None,
            procedure: None,
            ids: &[],
            row: None,
        }
    }

    /// The rows of a register, in `where`: no case is there.
    pub fn rows(words: &'a Vocabulary, register: &str) -> Self {
        Self { row: words.registers.get(register), ..Self::of(words) }
    }

    /// The cases of a procedure, looked at from outside.
    pub fn cases(pack: &'a Pack, procedure: &'a Procedure, ids: &'a [&'a str]) -> Self {
        Self {
            fields: &pack.fields,
            registers: &pack.registers,
            gatherings: &pack.gatherings,
            catalogue: procedure.matters.as_ref().and_then(|id| pack.matters.get(id)),
            procedure: Some(procedure),
            ids,
            row: None,
        }
    }
}

impl Names for GuardNames<'_> {
    fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(name).filter(|_| self.row.is_none())
    }

    fn column(&self, field: &str, column: &str) -> Option<&Field> {
        let field = self.field(field).filter(|it| it.kind == Kind::Record && !it.many)?;
        let register = self.registers.get(field.of.as_ref()?)?;
        let known = register.fields.iter().any(|it| it == column);
        self.fields.get(column).filter(|_| known)
    }

    fn row(&self, column: &str) -> Option<&Field> {
        let known = self.row?.fields.iter().any(|it| it == column);
        self.fields.get(column).filter(|_| known)
    }

    fn gathering(&self, name: &str) -> bool {
        self.gatherings.get(name).is_some_and(|it| it.ballot.is_none())
    }

    fn matter(&self, column: &str) -> Option<(&Field, bool)> {
        let matters = self.catalogue?;
        let filled = matters.values().filter(|it| it.columns.contains_key(column)).count();
        let field = self.fields.get(column).filter(|_| filled > 0)?;
        Some((field, filled == matters.len()))
    }

    fn matters(&self) -> Vec<String> {
        self.catalogue.map(|it| it.keys().cloned().collect()).unwrap_or_default()
    }

    fn action(&self, name: &str) -> Option<Option<u32>> {
        self.procedure?.actions.get(name).map(|action| action.at_most)
    }

    fn procedure(&self, name: &str) -> bool {
        self.ids.contains(&name)
    }
}
