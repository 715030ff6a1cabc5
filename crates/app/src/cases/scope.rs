//! Which cases an actor sees at all, as ranges of an index, narrowed by what is asked for.

use super::sight::{Sight, sight, sight_as};
use crate::{Error, Result, Work};
use jiff::Timestamp;
use method::definition::{Action, By, Procedure, Who};
use model::access::Actor;
use model::cases::End;
use model::{CaseId, PlaceId, PostId};
use rowdb::Engine;
use std::collections::BTreeSet;
use store::cases::{Case, CaseFilter, Cursor, Order};

/// What a list is narrowed by. All are optional.
#[derive(Clone, Debug, Default)]
pub struct ListCases {
    /// Code or id of a place.
    pub place: Option<String>,
    /// Procedure.
    pub procedure: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Matter.
    pub matter: Option<String>,
    /// Only what is owned by whom, by due date.
    pub owner: Option<Whose>,
    /// Only what hangs on this case.
    pub parent: Option<CaseId>,
    /// Open or ended only.
    pub open: Option<bool>,
    /// Due before.
    pub due_before: Option<Timestamp>,
    /// Only what is open and overdue by now, by due date.
    pub late: bool,
    /// Only what is open and on which this action was done, by due date.
    pub done: Option<String>,
    /// Only what is open and waits for such an act, by due date.
    pub awaiting: Option<Awaiting>,
    /// Words to search for.
    pub words: Option<String>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most so many, 50 unless said otherwise, at most 200.
    pub limit: Option<usize>,
}

/// Who owns the cases of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The acting post.
    Acting,
    /// Any post that the person holds today.
    Person,
}

/// What a case can wait for, in the words of no procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaiting {
    /// A post that names the unit.
    Dispatch,
    /// The asker's word that it is solved, which a post may record.
    Verdict,
}

/// A range of cases, and the post that looks at them if it is not the actor's.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// The range.
    pub filter: CaseFilter,
    /// Another post of the same person.
    pub by: Option<PostId>,
}

impl Scope {
    fn of(filter: CaseFilter) -> Self {
        Self { filter, by: None }
    }

    /// Whether a case of the range may be shown.
    pub(super) fn shows(&self, work: &Work, case: &Case) -> bool {
        let seen = match self.by {
            Some(post) => sight_as(work, case, post),
            None => sight(work, case),
        };
        seen != Sight::None
    }
}

/// The ranges of a list, in one order; none when nothing can be in it.
pub(super) fn scopes(engine: Engine, work: &Work, wanted: &ListCases) -> Result<Vec<Scope>> {
    let place = wanted.place.as_deref().map(|key| find_place(work, key)).transpose()?;
    let mut found = Vec::new();
    for scope in ranges(work, place, wanted)? {
        let Some(filter) = narrowed(engine, work, scope.filter, wanted)? else { continue };
        let parts = match wanted.awaiting {
            Some(what) => awaiting(work, &filter, (what, wanted)),
            None => vec![filter],
        };
        found.extend(parts.into_iter().map(|filter| Scope { filter, by: scope.by }));
    }
    Ok(found)
}

/// What the actor may see at all, at a place.
fn ranges(work: &Work, place: Option<PlaceId>, wanted: &ListCases) -> Result<Vec<Scope>> {
    let everywhere = || CaseFilter::new().with_sensitive();
    let here = |filter: CaseFilter| match place {
        Some(place) => at(work, filter, place),
        None => filter,
    };
    let one = |filter| Ok(vec![Scope::of(here(filter))]);
    match &work.actor {
        Actor::Resident { person } => one(everywhere().asker(*person)),
        Actor::Staff { post, person, .. } => {
            if let Some(whose) = wanted.owner {
                let posts = match whose {
                    Whose::Acting => vec![*post],
                    Whose::Person => work.shelf.network.posts_of(*person, work.today()),
                };
                return Ok(posts.into_iter().map(|post| owned(post, &here)).collect());
            }
            // What hangs on one case is little: who may see it is asked of each.
            if wanted.parent.is_some() {
                return one(everywhere());
            }
            Ok(staff(work, *post, place).map(Scope::of).into_iter().collect())
        }
        Actor::System { .. } => one(everywhere()),
        _ => Err(Error::Unauthenticated),
    }
}

fn owned(post: PostId, here: &impl Fn(CaseFilter) -> CaseFilter) -> Scope {
    let filter = CaseFilter::new().with_sensitive_for(post).owner(post).order(Order::Due);
    Scope { filter: here(filter), by: Some(post) }
}

fn staff(work: &Work, post: PostId, asked: Option<PlaceId>) -> Option<CaseFilter> {
    let network = &work.shelf.network;
    let held = network.post(post)?;
    let filter = CaseFilter::new().with_sensitive_for(post);
    let guards = held.role == "guardian";
    if let (Some(org), false) = (held.org, guards) {
        let unit = filter.unit(org);
        return Some(asked.map_or(unit.clone(), |place| at(work, unit, place)));
    }
    let filter = if guards { filter.only_sensitive() } else { filter };
    let own = held.place.or_else(|| Some(network.org(held.org?)?.place))?;
    let place = match asked {
        Some(asked) if network.within(asked, own) => asked,
        Some(asked) if network.within(own, asked) => own,
        Some(_) => return None,
        None => own,
    };
    Some(at(work, filter, place))
}

pub(super) fn at(work: &Work, filter: CaseFilter, place: PlaceId) -> CaseFilter {
    match work.shelf.network.place(place) {
        Some(found) => filter.at(found.level, place),
        None => filter,
    }
}

/// A place by code or id.
pub(super) fn find_place(work: &Work, key: &str) -> Result<PlaceId> {
    let network = &work.shelf.network;
    let place = key.parse().ok().and_then(|id| network.place(id));
    let place = place.or_else(|| network.place_by_code(key));
    place.map(|place| place.id).ok_or_else(|| Error::not_found("place", key))
}

/// `None` when nothing can match: words without anything to search for.
fn narrowed(
    engine: Engine,
    work: &Work,
    mut filter: CaseFilter,
    wanted: &ListCases,
) -> Result<Option<CaseFilter>> {
    if let Some(procedure) = &wanted.procedure {
        filter = filter.procedure(procedure);
    }
    if let Some(matter) = &wanted.matter {
        filter = filter.matter(matter);
    }
    if let Some(state) = &wanted.state {
        filter = filter.state(state);
        filter = match end_of(work, state) {
            Some(end) => filter.ended_as(end),
            None => filter.open(),
        };
    }
    if let Some(parent) = wanted.parent {
        filter = filter.parent(parent);
    }
    match wanted.open {
        Some(true) => filter = filter.open(),
        Some(false) => filter = filter.ended(),
        None => {}
    }
    if let Some(at) = wanted.due_before {
        filter = filter.due_before(at);
    }
    if wanted.late {
        let before = wanted.due_before.map_or(work.now(), |at| at.min(work.now()));
        filter = filter.due_before(before).order(Order::Due);
    }
    if let Some(action) = &wanted.done {
        filter = filter.done(action).order(Order::Due);
    }
    if let Some(number) = wanted.words.as_deref().map(str::trim).filter(|it| is_number(it)) {
        filter = filter.number(number);
    } else if let Some(words) = &wanted.words {
        let Some(query) = zhtext::Query::of(words) else { return Ok(None) };
        filter = filter.matching(&match engine {
            Engine::Sqlite => query.fts5(),
            Engine::Postgres => query.tsquery(),
        });
    }
    if let Some(cursor) = wanted.after {
        filter = filter.after(cursor);
    }
    Ok(Some(filter))
}

/// Whether words are the number of a case: the day and at least five digits.
fn is_number(words: &str) -> bool {
    words.len() >= 13 && words.bytes().all(|it| it.is_ascii_digit())
}

/// The end that a state is, in every procedure that has it.
pub(super) fn end_of(work: &Work, state: &str) -> Option<End> {
    let packs = work.shelf.current.iter();
    let mut found =
        packs.flat_map(|pack| pack.procedures.values()).filter_map(|it| it.states.get(state));
    found.next()?.end
}

/// One range for each state in which cases wait for that.
fn awaiting(
    work: &Work,
    filter: &CaseFilter,
    (what, wanted): (Awaiting, &ListCases),
) -> Vec<CaseFilter> {
    let asked = |asked: &Option<String>, is: &str| asked.as_deref().is_none_or(|it| it == is);
    let states = waiting_states(work, what).into_iter();
    let states = states.filter(|(procedure, state)| {
        asked(&wanted.procedure, procedure) && asked(&wanted.state, state)
    });
    states
        .map(|(procedure, state)| {
            filter.clone().procedure(procedure).state(state).open().order(Order::Due)
        })
        .collect()
}

/// The states of all packs in use from which an action does what is waited for, by procedure.
pub(super) fn waiting_states(work: &Work, what: Awaiting) -> BTreeSet<(&str, &str)> {
    let mut found = BTreeSet::new();
    for procedure in work.shelf.packs.values().flat_map(|pack| pack.procedures.values()) {
        for action in procedure.actions.values().filter(|it| does(procedure, it, what)) {
            found.extend(action.from.iter().map(|it| (procedure.id.as_str(), it.as_str())));
        }
    }
    found
}

fn does(procedure: &Procedure, action: &Action, what: Awaiting) -> bool {
    let post = action.by.iter().any(|it| *it != By::Clock && *it != By::Who(Who::Asker));
    let end = action.to.as_ref().and_then(|to| procedure.states.get(to)).and_then(|it| it.end);
    post && match what {
        Awaiting::Dispatch => action.asks.iter().any(|ask| ask.field == "unit"),
        Awaiting::Verdict => action.voice == Some(Who::Asker) && end == Some(End::Solved),
    }
}
