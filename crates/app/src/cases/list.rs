//! Lists of cases as one post, all posts of a person or one resident sees them.

use super::scope::{ListCases, Scope, scopes};
use super::sight::Sight;
use super::titles::{PlaceName, names, place_name, post_title};
use super::urgency::{Reader, urgency, word};
use crate::{Result, Work};
use jiff::Timestamp;
use model::access::{Operation, Standing};
use model::cases::CaseState;
use model::{CaseId, PostId};
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::cases::{Case, Cursor};

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The case.
    pub id: CaseId,
    /// Human number.
    pub number: String,
    /// Title, unless erased.
    pub title: Option<String>,
    /// Procedure and its title.
    pub procedure: (String, String),
    /// Matter and its title.
    pub matter: Option<(String, String)>,
    /// State and its title.
    pub state: (String, String),
    /// How it ended.
    pub end: Option<String>,
    /// The narrowest place.
    pub place: Option<PlaceName>,
    /// The accountable post and its title.
    pub owner: Option<(PostId, String)>,
    /// When the stage is due.
    pub due_at: Option<Timestamp>,
    /// The promise.
    pub promise_at: Option<Timestamp>,
    /// Whether the clock runs.
    pub running: bool,
    /// Latest end of the wait.
    pub paused_until: Option<Timestamp>,
    /// Whom or what it waits for.
    pub reason: Option<String>,
    /// `green`, `yellow` or `red`: by the stage for staff, by the promise for residents.
    pub colour: String,
    /// When it turns yellow; none where nothing is due.
    pub yellow_at: Option<Timestamp>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How often each action was done; for staff only.
    pub done: BTreeMap<String, u32>,
    /// For `If-Match`.
    pub revision: i64,
}

/// Some lines and where the next page begins.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The lines.
    pub items: Vec<Line>,
    /// Where the next page begins; none after the last.
    pub next: Option<Cursor>,
}

/// The cases the actor sees, narrowed by what is asked for.
pub async fn list(tx: &mut Tx, work: &mut Work, wanted: &ListCases) -> Result<Listed> {
    work.may(Operation::ListCases)?;
    list_up_to(tx, work, wanted, wanted.limit.unwrap_or(50).clamp(1, 200)).await
}

/// As [`list`], for use cases that have asked already whether the actor may, with pages of any length.
pub(crate) async fn list_up_to(
    tx: &mut Tx,
    work: &mut Work,
    wanted: &ListCases,
    limit: usize,
) -> Result<Listed> {
    let mut pages = Vec::new();
    for scope in scopes(tx.engine(), work, wanted)? {
        let page = store::cases::page(tx, &scope.filter, limit).await?;
        pages.push((scope, page));
    }
    let (found, next) = merged(pages, limit);
    let seen = found.into_iter().filter(|(scope, it)| scope.shows(work, &it.case));
    let items = seen.map(|(_, it)| line(work, it)).collect::<Result<_>>()?;
    Ok(Listed { items, next })
}

/// One page of the pages of several posts, which are all in due order.
fn merged(
    pages: Vec<(Scope, store::cases::Page)>,
    limit: usize,
) -> (Vec<(Arc<Scope>, store::cases::Listed)>, Option<Cursor>) {
    let single = pages.len() == 1;
    let mut next = if single { pages.first().and_then(|it| it.1.next) } else { None };
    let more = pages.iter().any(|it| it.1.next.is_some());
    let mut found = Vec::new();
    for (scope, page) in pages {
        let scope = Arc::new(scope);
        found.extend(page.items.into_iter().map(|it| (scope.clone(), it)));
    }
    if !single {
        found.sort_by_key(|(_, it)| (due(&it.case), it.case.id));
        let more = more || found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more).map(|it| &it.1.case);
        next = last.and_then(|case| Some(Cursor { at: due(case)?, id: case.id }));
    }
    (found, next)
}

/// As precise as the column by which pages are found.
fn due(case: &Case) -> Option<Timestamp> {
    let at = case.state.clock.as_ref()?.due_at;
    Timestamp::from_microsecond(at.as_microsecond()).ok()
}

pub(crate) fn line(work: &Work, listed: store::cases::Listed) -> Result<Line> {
    let (case, state) = (&listed.case, &listed.case.state);
    let resident = matches!(work.standing(), Standing::Resident | Standing::Claimant);
    let (seen, reader) = match resident {
        true => (Sight::Asker, Reader::Asker),
        false => (Sight::Full, Reader::Staff),
    };
    let pack = work.shelf.pinned(&state.pack)?;
    let names = names(pack.procedures.get(state.procedure.as_str()), pack, state, seen);
    let (clock, wait) = (state.clock.as_ref(), state.waiting());
    let urgency = urgency(work, state, reader);
    Ok(Line {
        id: case.id,
        number: case.number.clone(),
        procedure: (state.procedure.to_string(), names.procedure),
        matter: state.matter.clone().map(|id| (id.into(), names.matter.unwrap_or_default())),
        state: (state.state.to_string(), names.state),
        end: state.end.map(|end| end.as_str().to_owned()),
        place: place_name(work, state.place),
        owner: state.owner.map(|post| (post, post_title(work, pack, post))),
        due_at: clock.map(|it| it.due_at).filter(|_| !resident || wait.is_some()),
        promise_at: state.promise.as_ref().map(|it| it.at),
        running: clock.is_some_and(|it| it.running),
        paused_until: wait.and(clock).map(|it| it.due_at),
        reason: wait.map(|it| it.for_whom.clone()).map(Into::into),
        colour: word(urgency.colour).to_owned(),
        yellow_at: urgency.yellow_at,
        opened_at: state.opened_at,
        ended_at: state.ended_at,
        done: if resident { BTreeMap::new() } else { done(state) },
        revision: case.revision,
        title: listed.title,
    })
}

/// How often each action was done; those that never were are left out.
fn done(state: &CaseState) -> BTreeMap<String, u32> {
    let counts = state.counts.iter().filter(|(_, count)| count.case > 0);
    counts.map(|(action, count)| (action.to_string(), count.case)).collect()
}
