//! The procedures of the current pack, told to people: states with owners and limits, actions with
//! who does them and what bounds them.

use crate::{Result, Work};
use method::definition::{Action, Ask, Procedure, State};
use method::tell::Teller;
use model::access::Operation;
use rowdb::Tx;

/// A procedure in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcedureView {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it rests on.
    pub why: String,
    /// Its public stages in order.
    pub stages: Vec<String>,
    /// Its states in order.
    pub states: Vec<StateView>,
    /// Its actions in order.
    pub actions: Vec<ActionInWords>,
}

/// A state in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateView {
    /// Its id.
    pub id: String,
    /// Its title for staff.
    pub title: String,
    /// Its public stage.
    pub stage: Option<String>,
    /// Who is accountable.
    pub owner: Option<String>,
    /// Its budget.
    pub limit: Option<String>,
    /// Whether it waits for somebody or something.
    pub waits: bool,
    /// The end it is.
    pub end: Option<String>,
}

/// An action in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionInWords {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Ids of the states it is possible in.
    pub from: Vec<String>,
    /// Id of the state it leads to; none where it stays.
    pub to: Option<String>,
    /// Who may.
    pub by: Vec<String>,
    /// Who approves, and by when.
    pub approval: Option<String>,
    /// Titles of what its form asks.
    pub asks: Vec<String>,
    /// How often, after what, within what time.
    pub bounds: Vec<String>,
}

/// The procedures of the current pack in its order.
pub async fn list_procedures(_: &mut Tx, work: &Work) -> Result<Vec<ProcedureView>> {
    work.may(Operation::ListProcedures)?;
    let pack = work.shelf.pack()?;
    let told = pack.procedures.values().map(|procedure| view(Teller { pack, procedure }));
    Ok(told.collect())
}

fn view(teller: Teller<'_>) -> ProcedureView {
    let Procedure { id, title, why, stages, states, actions, .. } = teller.procedure;
    ProcedureView {
        id: id.clone(),
        title: title.clone(),
        why: why.clone(),
        stages: stages.clone(),
        states: states.iter().map(|it| state(teller, it)).collect(),
        actions: actions.iter().map(|it| action(teller, it)).collect(),
    }
}

fn state(teller: Teller<'_>, (id, it): (&String, &State)) -> StateView {
    StateView {
        id: id.clone(),
        title: it.title.clone(),
        stage: it.stage.clone(),
        owner: it.owner.as_ref().map(|who| teller.who(who)),
        limit: it.limit.as_ref().map(|limit| teller.limit(limit)),
        waits: !it.waits.is_empty(),
        end: it.end.map(|end| end.as_str().to_owned()),
    }
}

fn action(teller: Teller<'_>, (id, it): (&String, &Action)) -> ActionInWords {
    ActionInWords {
        id: id.clone(),
        title: it.title.clone(),
        from: it.from.clone(),
        to: it.to.clone(),
        by: it.by.iter().map(|by| teller.by(by)).collect(),
        approval: teller.approval(it),
        asks: it.asks.iter().map(|ask| asked(teller, ask)).collect(),
        bounds: teller.bounds(it),
    }
}

fn asked(teller: Teller<'_>, ask: &Ask) -> String {
    let title = teller.field(&ask.field);
    if ask.optional { format!("{title}(选填)") } else { title }
}
