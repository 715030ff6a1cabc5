//! What a guard may look at: the case, the form being submitted, the matter, the clock.

use super::World;
use crate::definition::Procedure;
use crate::guard::{Guard, Part, Scope};
use jiff::Timestamp;
use jiff::civil::Date;
use model::Name;
use model::cases::{CaseState, FieldValue};
use std::collections::BTreeMap;

pub(super) struct CaseScope<'a> {
    pub world: &'a World<'a>,
    pub procedure: &'a Procedure,
    pub case: &'a CaseState,
    pub asked: &'a BTreeMap<Name, FieldValue>,
}

/// Whether a guard holds of a case as it stands, outside any act: agendas and indicators.
pub fn holds(world: &World<'_>, procedure: &Procedure, case: &CaseState, guard: &Guard) -> bool {
    guard.holds(&CaseScope { world, procedure, case, asked: &BTreeMap::new() })
}

impl Scope for CaseScope<'_> {
    fn field(&self, name: &str) -> Option<&FieldValue> {
        self.asked.get(name).or_else(|| self.case.fields.get(name))
    }

    fn column(&self, field: &str, column: &str) -> Option<&FieldValue> {
        self.world.facts.row(self.field(field)?)?.get(column)
    }

    fn row(&self, _: &str) -> Option<&FieldValue> {
        None
    }

    fn held(&self, gathering: &str) -> u32 {
        self.case.held.get(gathering).copied().unwrap_or(0)
    }

    fn ballot(&self, part: Part) -> Option<u32> {
        let ballot = self.case.ballot.as_ref()?;
        let tally = ballot.tally.as_ref()?;
        let defined = self.world.pack.gatherings.get(&ballot.kind)?.ballot.as_ref()?;
        Some(match part {
            Part::Called => tally.called,
            Part::Cast => tally.cast,
            Part::Yes => super::ballot::yes(defined, tally),
        })
    }

    fn matter(&self, column: &str) -> Option<serde_json::Value> {
        if column == "id" {
            return self.case.matter.as_deref().map(Into::into);
        }
        let matter = super::clock::matter(self.world, self.procedure, self.case)?;
        matter.columns.get(column).cloned()
    }

    fn done(&self, action: &str) -> u32 {
        let count = self.case.count(action);
        let stays = self.procedure.actions.get(action).is_some_and(|it| it.per_stay);
        if stays { count.stay } else { count.case }
    }

    fn children_open(&self, procedure: Option<&str>) -> u32 {
        match procedure {
            Some(procedure) => self.case.children.get(procedure).copied().unwrap_or(0),
            None => self.case.children.values().sum(),
        }
    }

    fn late(&self) -> bool {
        self.case.clock.as_ref().is_some_and(|clock| clock.due_at < self.world.now)
    }

    fn now(&self) -> Timestamp {
        self.world.now
    }

    fn today(&self) -> Date {
        self.world.today()
    }
}
