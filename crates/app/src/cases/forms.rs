//! The actions an actor may take with a case, each with its form made from the pack.

use super::act::{doer, visible, world};
use crate::{Result, Work};
use method::decide;
use method::definition::Pack;
use model::CaseId;
use model::access::Operation;
use model::cases::FieldValue;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A field of an action's form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskView {
    /// The field.
    pub field: String,
    /// Its title.
    pub title: String,
    /// Its type in the words of the grammar.
    pub kind: String,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether several values may be given.
    pub many: bool,
    /// Choices: id → title.
    pub choices: BTreeMap<String, String>,
    /// What is known already.
    pub filled: Option<FieldValue>,
}

/// An action the actor has a right to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it leads.
    pub to: Option<String>,
    /// Its form.
    pub asks: Vec<AskView>,
    /// Whether another post must approve.
    pub approval: bool,
    /// Why it is refused now: code, Chinese, English.
    pub refused: Option<(String, String, String)>,
}

/// What the actor may do with a case now, and what is refused and why.
pub async fn actions(tx: &mut Tx, work: &mut Work, id: CaseId) -> Result<Vec<ActionView>> {
    work.may(Operation::ListActions)?;
    let case = visible(tx, work, id).await?;
    let shelf = work.shelf.clone();
    let world = world(tx, work, &shelf, &case).await?;
    let by = doer(work, &case)?;
    let found = decide::actions(&world, &case.state, by);
    Ok(found.into_iter().map(|it| action_view(world.pack, it)).collect())
}

fn action_view(pack: &Pack, found: decide::Available) -> ActionView {
    let refusal = found.refusal;
    ActionView {
        asks: found.asks.iter().map(|ask| ask_view(pack, ask, &found.fill)).collect(),
        id: found.id,
        title: found.title,
        to: found.to,
        approval: found.approval,
        refused: refusal.map(|it| (it.code().to_owned(), it.chinese(), it.english())),
    }
}

fn ask_view(
    pack: &Pack,
    ask: &method::definition::Ask,
    fill: &BTreeMap<String, FieldValue>,
) -> AskView {
    let field = pack.fields.get(&ask.field);
    let choices = field.map(|it| it.choices.clone()).unwrap_or_default();
    AskView {
        field: ask.field.clone(),
        title: field.map(|it| it.title.clone()).unwrap_or_default(),
        kind: field.map(|it| it.kind.as_str().to_owned()).unwrap_or_default(),
        optional: ask.optional,
        many: field.is_some_and(|it| it.many),
        choices: choices.into_iter().collect(),
        filled: fill.get(&ask.field).cloned(),
    }
}
