//! The stream of what happened, for the acting post: which case moved, never what was written. The
//! connection that carries it is not here.

use crate::cases::{Sight, sight};
use crate::{Error, Result, Work};
use jiff::Timestamp;
use model::access::Operation;
use model::journal::Event;
use model::{CaseId, EntryId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use store::cases::Case;

/// Something that happened to a case the actor sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// Its position in the log: `Last-Event-ID`.
    pub position: u64,
    /// The entry.
    pub entry: EntryId,
    /// When.
    pub at: Timestamp,
    /// The case.
    pub case: CaseId,
    /// Its human number.
    pub number: String,
    /// `open`, the action of the procedure, or a built-in one.
    pub action: String,
    /// The case's state now.
    pub state: String,
    /// The case's revision after it.
    pub revision: i64,
    /// Whether the acting post owns the case now.
    pub mine: bool,
}

/// A stretch of the stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// What the actor sees of it.
    pub items: Vec<Happened>,
    /// The position to go on from.
    pub next: u64,
}

/// What happened from a position on, looking at no more than `most` entries.
pub async fn feed(tx: &mut Tx, work: &mut Work, (from, most): (u64, u32)) -> Result<Feed> {
    work.may(Operation::ReadFeed)?;
    let page = store::seal::page(tx, from, most.clamp(1, 1_000).into()).await?;
    let mut feed = Feed { items: Vec::new(), next: from };
    let mut seen: HashMap<CaseId, Option<Case>> = HashMap::new();
    for (position, _, body) in page {
        feed.next = position + 1;
        let entry: model::Entry = serde_json::from_str(&body).map_err(Error::internal)?;
        let Some((case, action)) = moved(&entry.event) else { continue };
        let case = match seen.entry(case) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                let found = store::cases::get(tx, case).await?;
                free.insert(found.filter(|case| sight(work, case) != Sight::None))
            }
        };
        if let Some(case) = case {
            feed.items.push(happened(work, case, (position, &entry), action));
        }
    }
    Ok(feed)
}

fn moved(event: &Event) -> Option<(CaseId, String)> {
    match event {
        Event::CaseOpened { opening } => Some((opening.case, "open".to_owned())),
        Event::CaseActed { act } | Event::CaseMoved { act, .. } => {
            Some((act.case, act.action.clone()))
        }
        Event::CaseUnjoined { case, .. } => Some((*case, "unjoin".to_owned())),
        _ => None,
    }
}

fn happened(
    work: &Work,
    case: &Case,
    (position, entry): (u64, &model::Entry),
    action: String,
) -> Happened {
    Happened {
        position,
        entry: entry.id,
        at: entry.at,
        case: case.id,
        number: case.number.clone(),
        action,
        state: case.state.state.to_string(),
        revision: entry.revision.unwrap_or(case.revision),
        mine: case.state.owner.is_some() && case.state.owner == work.actor.post(),
    }
}
