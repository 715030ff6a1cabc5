//! Photos and files that a form names must be there: one that was swept out meanwhile is sent again,
//! never silently missing.

use crate::{Result, Work};
use method::decide::{FieldProblem, Form, Refusal};
use method::definition::{Kind, Pack};
use model::FileId;
use rowdb::Tx;
use serde_json::Value;

/// Refuses a form that names an upload which is not there (any more).
pub(crate) async fn must_be_there(
    tx: &mut Tx,
    work: &Work,
    (pack, form): (&Pack, &Form),
) -> Result<()> {
    // What the program enters happened before, elsewhere.
    if matches!(work.actor, model::access::Actor::System { .. }) {
        return Ok(());
    }
    let of_files = |name: &String| {
        pack.fields.get(name).is_some_and(|it| matches!(it.kind, Kind::Photo | Kind::File))
    };
    for (field, value) in form.iter().filter(|(name, _)| of_files(name)) {
        for id in named(value) {
            if store::exchange::file(tx, id).await?.is_none() {
                return Err(Refusal::Form(vec![gone(field)]).into());
            }
        }
    }
    Ok(())
}

/// What is no id is for the form to refuse.
fn named(value: &Value) -> Vec<FileId> {
    let one = std::slice::from_ref(value);
    let list = value.as_array().map_or(one, Vec::as_slice);
    list.iter().filter_map(|it| it.as_str()?.trim().parse().ok().map(FileId)).collect()
}

fn gone(field: &str) -> FieldProblem {
    let zh = "照片或文件已过期或不存在,请重新上传";
    let en = "a photo or file is not there any more: upload it again";
    FieldProblem {
        field: field.to_owned(),
        code: "not_found",
        chinese: zh.to_owned(),
        english: en.to_owned(),
    }
}
