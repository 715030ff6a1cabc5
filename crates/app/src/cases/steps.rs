//! What a post may do in each state of a procedure, whatever case it is in: so that an act can be noted
//! after another one without a signal. Guards and bounds are asked when it is sent.

use super::forms::{ActionView, action_view};
use crate::{Result, Work};
use method::decide::Available;
use method::definition::{Action, AskerOf, By, Procedure, Who};
use model::access::{Actor, Operation};
use rowdb::Tx;
use serde::{Deserialize, Serialize};

/// An action with the states it begins in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// The procedure.
    pub procedure: String,
    /// States; none where it opens a case.
    pub from: Vec<String>,
    /// The action with its form.
    pub action: ActionView,
}

/// All actions that the role of the acting post may be given, in the order of the pack; nothing for
/// those who hold no post.
pub async fn steps(tx: &mut Tx, work: &mut Work) -> Result<Vec<StepView>> {
    work.may(Operation::ListActions)?;
    let Some(role) = role(work) else { return Ok(Vec::new()) };
    let shelf = work.shelf.clone();
    let pack = shelf.pack()?;
    let mut views = Vec::new();
    for procedure in pack.procedures.values() {
        for (id, action) in &procedure.actions {
            let Some(from) = begins(procedure, (id, action), &role) else { continue };
            let found = offered(id, action);
            let action = action_view(tx, work, (pack, Some(procedure)), found).await?;
            views.push(StepView { procedure: procedure.id.clone(), from, action });
        }
    }
    Ok(views)
}

fn role(work: &Work) -> Option<String> {
    let Actor::Staff { post, .. } = &work.actor else { return None };
    Some(work.shelf.network.post(*post)?.role.clone())
}

/// The states in which the role may do it; none at all when it never may.
fn begins(procedure: &Procedure, (id, action): (&str, &Action), role: &str) -> Option<Vec<String>> {
    let may = |state: Option<&str>| action.by.iter().any(|by| is(procedure, by, (role, state)));
    if id == "open" {
        return may(None).then(Vec::new);
    }
    let from: Vec<_> = action.from.iter().filter(|it| may(Some(it))).cloned().collect();
    (!from.is_empty()).then_some(from)
}

fn is(procedure: &Procedure, by: &By, (role, state): (&str, Option<&str>)) -> bool {
    match by {
        By::Who(Who::Role { role: named, .. }) => named == role,
        // Whoever opened it is the asker; opening itself is nobody's who has not.
        By::Who(Who::Asker) => state.is_some() && procedure.asker == AskerOf::Post,
        By::Who(Who::Owner) => {
            let owner = state.and_then(|it| procedure.states.get(it)?.owner.as_ref());
            match owner {
                Some(Who::Role { role: named, .. }) => named == role,
                Some(Who::Asker) => procedure.asker == AskerOf::Post,
                _ => false,
            }
        }
        By::Who(Who::Field(_)) | By::Clock => false,
    }
}

fn offered(id: &str, action: &Action) -> Available {
    Available {
        id: id.to_owned(),
        title: action.title.clone(),
        to: action.to.clone(),
        asks: action.asks.clone(),
        fill: Default::default(),
        approval: action.approval.is_some(),
        refusal: None,
    }
}
