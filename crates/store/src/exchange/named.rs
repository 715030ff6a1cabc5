//! Which files an entry names: those stay for good, all others are swept out after a while. An event
//! that holds values of a pack's fields has to stand here.

use crate::Result;
use crate::statements::sql;
use model::cases::FieldValue;
use model::effects::Columns;
use model::journal::{Entry, Event};
use rowdb::{Tx, Value, params};
use std::collections::BTreeSet;
use uuid::Uuid;

sql! {
    NAME = "UPDATE file SET named = TRUE WHERE id = $1 AND NOT named";
}

/// Notes the files that an entry names: among the ids in the values that it holds are theirs. Once
/// named, a file stays, also when another takes its place later.
pub(crate) async fn name_files(tx: &mut Tx, entry: &Entry) -> Result<()> {
    let row = |id| params![id].into();
    let rows: Vec<Vec<Value>> = ids_in(&entry.event).into_iter().map(row).collect();
    tx.execute_all(NAME, &rows).await?;
    Ok(())
}

fn ids_in(event: &Event) -> BTreeSet<Uuid> {
    match event {
        Event::CaseOpened { opening } => in_fields([opening.state.get("fields")]),
        Event::CaseActed { act } => {
            let pending = act.change.pointer("/pending/form");
            in_fields([act.change.get("fields"), act.form.as_ref(), pending])
        }
        Event::RecordWritten { record } => in_columns(&record.columns),
        Event::MinutesKept { form, .. } => in_columns(form),
        Event::Published { publication } => in_columns(&publication.columns),
        _ => BTreeSet::new(),
    }
}

fn in_fields<const N: usize>(written: [Option<&serde_json::Value>; N]) -> BTreeSet<Uuid> {
    let mut ids = BTreeSet::new();
    for fields in written.into_iter().flatten().filter_map(serde_json::Value::as_object) {
        fields.values().for_each(|value| gather_json(value, &mut ids));
    }
    ids
}

fn gather_json(value: &serde_json::Value, ids: &mut BTreeSet<Uuid>) {
    match value {
        serde_json::Value::String(text) => ids.extend(text.parse::<Uuid>().ok()),
        serde_json::Value::Array(list) => list.iter().for_each(|it| gather_json(it, ids)),
        // A private text, which names its entry.
        _ => {}
    }
}

fn in_columns(columns: &Columns) -> BTreeSet<Uuid> {
    let mut ids = BTreeSet::new();
    columns.values().for_each(|value| gather(value, &mut ids));
    ids
}

fn gather(value: &FieldValue, ids: &mut BTreeSet<Uuid>) {
    match value {
        FieldValue::Text(text) => ids.extend(text.parse::<Uuid>().ok()),
        FieldValue::List(list) => list.iter().for_each(|it| gather(it, ids)),
        FieldValue::Bool(_) | FieldValue::Int(_) | FieldValue::Private { .. } => {}
    }
}
