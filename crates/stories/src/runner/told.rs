//! Which transitions a story takes, as its journal has them: acts of people and of the clock alike.

use anyhow::{Context, Result};
use model::Entry;
use model::ids::CaseId;
use model::journal::Event;
use rowdb::Db;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Transitions: procedure, state, action.
pub type Told = BTreeSet<(String, String, String)>;

/// So many entries are read at once.
const PAGE: i64 = 1000;

/// Where a case stands while its entries are read.
struct Stand {
    procedure: String,
    state: String,
}

/// What the journal tells from this position on.
pub async fn told(db: &Db, since: u64) -> Result<Told> {
    let (mut told, mut stands) = (Told::new(), BTreeMap::new());
    let mut next = since;
    loop {
        let from = next;
        let page = db.read(move |tx| Box::pin(store::seal::page(tx, from, PAGE))).await?;
        let Some((last, ..)) = page.last() else { return Ok(told) };
        next = last + 1;
        for (_, _, text) in &page {
            let entry: Entry = serde_json::from_str(text)?;
            if let Event::CaseActed { act } = &entry.event
                && !stands.contains_key(&act.case)
            {
                stands.insert(act.case, before(db, &entry, act.case).await?);
            }
            told.extend(step(&mut stands, &entry.event));
        }
    }
}

/// Where a case that is older than the story stood before an entry.
async fn before(db: &Db, entry: &Entry, case: CaseId) -> Result<Stand> {
    let entries = db.read(move |tx| Box::pin(store::journal::of_case(tx, case.0))).await?;
    let mut stands = BTreeMap::new();
    for it in entries.iter().take_while(|it| it.id != entry.id) {
        step(&mut stands, &it.event);
    }
    stands.remove(&case).context("an act on a case that was never opened")
}

/// Follows one entry; the transition, if it is one.
fn step(stands: &mut BTreeMap<CaseId, Stand>, event: &Event) -> Option<(String, String, String)> {
    let word = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).map(str::to_owned);
    match event {
        Event::CaseOpened { opening } => {
            let procedure = word(&opening.state, "procedure")?;
            let state = word(&opening.state, "state")?;
            stands.insert(opening.case, Stand { procedure, state });
            None
        }
        Event::CaseActed { act } => {
            let stand = stands.get_mut(&act.case)?;
            let from = stand.state.clone();
            if let Some(to) = word(&act.change, "state") {
                stand.state = to;
            }
            Some((stand.procedure.clone(), from, act.action.clone()))
        }
        _ => None,
    }
}
