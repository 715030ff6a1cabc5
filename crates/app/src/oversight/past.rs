//! Past cases as a simulation learns from them: what came, and what was done by whom. No texts, no names.

use crate::{Error, Result, Work};
use method::simulate::{Came, Did, Spot};
use model::access::Actor;
use model::cases::CaseState;
use model::journal::{Entry, Event, Link};
use rowdb::Tx;
use store::cases::{Based, Case, by_basis};
use store::tallies::Period;

/// What past cases were.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Those that came from outside, the newest first.
    pub came: Vec<Came>,
    /// What was done by hand.
    pub did: Vec<Did>,
}

/// The newest cases, at most so many; ended elsewhere and joined ones are left out.
pub async fn past(tx: &mut Tx, work: &mut Work, most: usize) -> Result<Past> {
    let root = work.shelf.network.root().map(|place| (place.level, place.id));
    let Some(place) = root else { return Ok(Past::default()) };
    let basis = model::rates::Basis::Opened;
    let which = Based { basis, place, period: Period::ALL, ended: None };
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let mut past = Past::default();
    for (listed, _) in by_basis(tx, &which, None, limit).await? {
        let entries = store::journal::of_case(tx, listed.case.id.0).await?;
        remember(&mut past, &listed.case, &entries)?;
    }
    Ok(past)
}

fn remember(past: &mut Past, case: &Case, entries: &[Entry]) -> Result<()> {
    let mut memory = serde_json::Value::Null;
    let mut before: Option<CaseState> = None;
    for entry in entries {
        let action = match &entry.event {
            Event::CaseOpened { opening } => {
                memory = opening.state.clone();
                None
            }
            Event::CaseActed { act } => {
                model::trees::patch(&mut memory, &act.change);
                Some(act.action.as_str())
            }
            _ => continue,
        };
        if let (Some(action), Some(before)) = (action, &before) {
            past.did.extend(did(before, action, entry));
        }
        before = Some(serde_json::from_value(memory.clone()).map_err(Error::internal)?);
    }
    let from_outside = !matches!(case.link, Some(Link::Child | Link::Link | Link::Joined));
    let opened = before.filter(|state| from_outside && state.procedure != "approval");
    past.came.extend(opened.map(|state| Came {
        procedure: state.procedure.to_string(),
        matter: state.matter.map(Into::into),
        at: state.opened_at,
    }));
    Ok(())
}

/// What a person did; the clock's own acts are none.
fn did(before: &CaseState, action: &str, entry: &Entry) -> Option<Did> {
    let post = match &entry.actor {
        Actor::Staff { post, .. } => Some(*post),
        Actor::System { .. } => return None,
        _ => None,
    };
    let spot = Spot {
        procedure: before.procedure.to_string(),
        state: before.state.to_string(),
        action: action.to_owned(),
    };
    Some(Did { spot, post, since: before.since, at: entry.at })
}
