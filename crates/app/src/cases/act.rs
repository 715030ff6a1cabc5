//! Acting on a case: one action of its procedure, by one actor, on the revision the actor saw.

use super::attached;
use super::carry::{Recorded, carry};
use super::show::{CaseView, view};
use super::sight::{Sight, sight};
use super::world::{facts, world};
use crate::{Error, Result, Work};
use method::decide::{self, Command, Doer, FieldProblem, Form, Refusal};
use model::CaseId;
use model::access::{Actor, Operation};
use model::cases::Asker;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::cases::Case;

/// A case after an act.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Acted {
    /// The case as the actor sees it now.
    pub case: CaseView,
}

/// Does an action on a case. `revision` is what the actor has read; none skips the check.
pub async fn act(
    tx: &mut Tx,
    work: &mut Work,
    (id, revision): (CaseId, Option<i64>),
    (action, form): (&str, &Form),
) -> Result<Acted> {
    let after = do_act(tx, work, (id, revision), (action, form)).await?;
    Ok(Acted { case: view(tx, work, &after).await? })
}

/// As [`act`], for callers within the house: gives the case itself, not what the actor sees of it.
pub async fn do_act(
    tx: &mut Tx,
    work: &mut Work,
    (id, revision): (CaseId, Option<i64>),
    (action, form): (&str, &Form),
) -> Result<Case> {
    work.may(Operation::ActOnCase)?;
    let case = visible(tx, work, id).await?;
    if let Some(expected) = revision.filter(|it| *it != case.revision) {
        return Err(Error::Conflict { expected, found: case.revision });
    }
    perform(tx, work, &case, (action, form)).await
}

/// Decides and carries out an action on a case that the actor is known to see.
pub(super) async fn perform(
    tx: &mut Tx,
    work: &mut Work,
    case: &Case,
    (action, form): (&str, &Form),
) -> Result<Case> {
    let shelf = work.shelf.clone();
    let facts = facts(tx, &shelf, case, form).await?;
    let world = world(tx, work, (&shelf, &facts), case).await?;
    let entry = work.draw.entry();
    let by = doer(work, case)?;
    let form = named_cases(tx, work, case, form).await?;
    attached::must_be_there(tx, work, (world.pack, &form)).await?;
    let command = Command { action: action.to_owned(), by, form, entry };
    let decision = decide::decide(&world, &case.state, &command)?;
    let asks = decision.approval.is_some();
    let name = if asks { "ask_approval" } else { action };
    carry(tx, work, case, Recorded { action: name, entry, decision }).await
}

/// A form that names another case (并案) by number or id: it must be the same asker's and seen by
/// the actor. Kept by id.
async fn named_cases(tx: &mut Tx, work: &Work, case: &Case, form: &Form) -> Result<Form> {
    let mut form = form.clone();
    let Some(key) = form.get("same").and_then(Value::as_str) else { return Ok(form) };
    let other = match key.parse() {
        Ok(id) => store::cases::get(tx, id).await?,
        Err(_) => store::cases::by_number(tx, key).await?,
    };
    let other = other.filter(|it| it.id != case.id && sight(work, it) != Sight::None);
    let same = match &other {
        Some(other) => same_asker(tx, case, other).await?,
        None => false,
    };
    let Some(other) = other.filter(|_| same) else {
        let (zh, en) =
            ("只能并入同一诉求人的另一件诉求", "only into another case of the same asker");
        let problem = FieldProblem {
            field: "same".to_owned(),
            code: "not_found",
            chinese: zh.to_owned(),
            english: en.to_owned(),
        };
        return Err(Refusal::Form(vec![problem]).into());
    };
    form.insert("same".to_owned(), Value::String(other.id.to_string()));
    Ok(form)
}

/// The same account, or, of those who have none, the same contact.
pub(super) async fn same_asker(tx: &mut Tx, one: &Case, other: &Case) -> Result<bool> {
    let person = |case: &Case| match case.state.asker {
        Asker::Resident { person, .. } => person,
        _ => None,
    };
    if person(one).is_some() || person(other).is_some() {
        return Ok(person(one) == person(other));
    }
    let mine = store::journal::private_value(tx, one.entry, "contact").await?;
    let theirs = store::journal::private_value(tx, other.entry, "contact").await?;
    Ok(mine.is_some() && mine == theirs)
}

/// A case the actor may know of; 404 for everybody else.
pub(crate) async fn visible(tx: &mut Tx, work: &Work, id: CaseId) -> Result<Case> {
    let case = store::cases::get(tx, id).await?;
    let case = case.ok_or_else(|| Error::not_found("case", id))?;
    if sight(work, &case) == Sight::None {
        return Err(Error::not_found("case", id));
    }
    Ok(case)
}

/// As whom the actor acts on this case.
pub(super) fn doer(work: &Work, case: &Case) -> Result<Doer> {
    match &work.actor {
        Actor::Staff { post, .. } => Ok(Doer::Post(*post)),
        Actor::Claimant { case: claimed } if *claimed == case.id => Ok(Doer::Asker),
        Actor::Resident { person } => match case.state.asker {
            Asker::Resident { person: Some(asker), .. } if asker == *person => Ok(Doer::Asker),
            _ => Err(Error::not_found("case", case.id)),
        },
        Actor::System { .. } => Ok(Doer::Clock),
        _ => Err(Error::not_found("case", case.id)),
    }
}
