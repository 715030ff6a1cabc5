//! The world a case is decided in: its parent's due date, rows of registers that its fields or the form
//! name, what its open ballot has come to.

use crate::{Result, Shelf, Work};
use method::decide::{Facts, FieldProblem, Form, Refusal, World};
use method::definition::{Field, Kind, Pack};
use model::RecordId;
use model::cases::{CaseState, FieldValue};
use model::effects::Tally;
use rowdb::Tx;
use std::collections::BTreeSet;
use store::cases::Case;
use store::effects::{gatherings, records};

/// The world of a case, with its parent's due date where it needs one.
pub(super) async fn world<'a>(
    tx: &mut Tx,
    work: &Work,
    (shelf, facts): (&'a Shelf, &'a Facts),
    case: &Case,
) -> Result<World<'a>> {
    let mut world = shelf.world(shelf.pinned(&case.state.pack)?, work.now());
    world.facts = facts;
    if let Some(parent) = case.parent {
        let parent = store::cases::get(tx, parent).await?;
        world.parent_due = parent.and_then(|it| it.state.clock).map(|clock| clock.due_at);
    }
    Ok(world)
}

/// What a case, and a form that is filled for it, name outside it.
pub(super) async fn facts(tx: &mut Tx, shelf: &Shelf, case: &Case, form: &Form) -> Result<Facts> {
    let pack = shelf.pinned(&case.state.pack)?;
    let mut facts = facts_of_form(tx, pack, form).await?;
    for id in rows_of(pack, &case.state) {
        let row = records::get(tx, id).await?;
        facts.records.extend(row.map(|it| (id, it.record.columns)));
    }
    facts.tally = tally(tx, pack, case).await?;
    Ok(facts)
}

/// The rows that a form names; one that its field's register does not have is refused.
pub(super) async fn facts_of_form(tx: &mut Tx, pack: &Pack, form: &Form) -> Result<Facts> {
    let mut facts = Facts::default();
    for (name, value) in form {
        let Some(field) = row_field(pack, name) else { continue };
        let one = std::slice::from_ref(value);
        for it in value.as_array().map_or(one, Vec::as_slice) {
            // What is no id at all is refused with the rest of the form.
            let Some(id) = it.as_str().and_then(|it| it.trim().parse::<RecordId>().ok()) else {
                continue;
            };
            let row = records::get(tx, id).await?.map(|it| it.record);
            let row = row.filter(|it| field.of.as_ref().is_none_or(|of| *of == it.register));
            let row = row.ok_or_else(|| Refusal::Form(vec![no_row(name)]))?;
            facts.records.insert(id, row.columns);
        }
    }
    Ok(facts)
}

fn no_row(field: &str) -> FieldProblem {
    FieldProblem {
        field: field.to_owned(),
        code: "not_found",
        chinese: "台账里没有这一条,请重新选择".to_owned(),
        english: "the register has no such row".to_owned(),
    }
}

fn row_field<'a>(pack: &'a Pack, name: &str) -> Option<&'a Field> {
    pack.fields.get(name).filter(|it| it.kind == Kind::Record)
}

/// The rows named by the fields of a case, and by the form that waits for approval.
fn rows_of(pack: &Pack, state: &CaseState) -> BTreeSet<RecordId> {
    let pending = state.pending.iter().flat_map(|it| &it.form);
    let named = state.fields.iter().chain(pending);
    let mut rows = BTreeSet::new();
    for (_, value) in named.filter(|(name, _)| row_field(pack, name).is_some()) {
        let one = std::slice::from_ref(value);
        let values = match value {
            FieldValue::List(list) => list.as_slice(),
            _ => one,
        };
        rows.extend(values.iter().filter_map(|it| match it {
            FieldValue::Text(id) => id.parse::<RecordId>().ok(),
            _ => None,
        }));
    }
    rows
}

/// What the ballot that is open for a case has come to so far.
async fn tally(tx: &mut Tx, pack: &Pack, case: &Case) -> Result<Option<Tally>> {
    let Some(open) = case.state.ballot.as_ref().filter(|it| it.tally.is_none()) else {
        return Ok(None);
    };
    let Some(ballot) = gatherings::last_ballot(tx, case.id).await? else { return Ok(None) };
    let defined = pack.gatherings.get(&open.kind).and_then(|it| it.ballot.as_ref());
    let choices = defined.map_or(0, |it| it.choices.len());
    Ok(Some(gatherings::tally(tx, &ballot.gathering, choices).await?))
}
