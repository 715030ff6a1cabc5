//! Lists of cases as one post or one resident sees them, and open cases like a text nearby.

use super::sight::{Sight, sight};
use super::titles::{PlaceName, names, place_name, post_title};
use super::urgency::{Reader, urgency, word};
use crate::{Error, Result, Work};
use jiff::Timestamp;
use model::access::{Actor, Operation, Standing};
use model::cases::End;
use model::{CaseId, PlaceId, PostId};
use rowdb::{Engine, Tx};
use serde::{Deserialize, Serialize};
use store::cases::{CaseFilter, Cursor, Order};

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
    /// Only what the acting post owns, by due date.
    pub mine: bool,
    /// Open or ended only.
    pub open: Option<bool>,
    /// Due before.
    pub due_before: Option<Timestamp>,
    /// Words to search for.
    pub words: Option<String>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most so many, 50 unless said otherwise, at most 200.
    pub limit: Option<usize>,
}

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
    let Some(scope) = scope(work, wanted)? else { return Ok(Listed::default()) };
    let Some(filter) = narrowed(tx.engine(), work, scope, wanted)? else {
        return Ok(Listed::default());
    };
    let limit = wanted.limit.unwrap_or(50).clamp(1, 200);
    let page = store::cases::page(tx, &filter, limit).await?;
    let seen = page.items.into_iter().filter(|it| sight(work, &it.case) != Sight::None);
    let items = seen.map(|it| line(work, it)).collect::<Result<_>>()?;
    Ok(Listed { items, next: page.next })
}

/// What the actor may see at all: one index range. `None`: nothing of what is asked for.
fn scope(work: &Work, wanted: &ListCases) -> Result<Option<CaseFilter>> {
    let asked = wanted.place.as_deref().map(|key| find_place(work, key)).transpose()?;
    match &work.actor {
        Actor::Resident { person } => {
            let own = CaseFilter::new().asker(*person).with_sensitive();
            Ok(Some(asked.map_or(own.clone(), |place| at(work, own, place))))
        }
        Actor::Staff { post, .. } => Ok(staff(work, *post, asked, wanted.mine)),
        Actor::System { .. } => {
            let all = CaseFilter::new().with_sensitive();
            Ok(Some(asked.map_or(all.clone(), |place| at(work, all, place))))
        }
        _ => Err(Error::Unauthenticated),
    }
}

fn staff(work: &Work, post: PostId, asked: Option<PlaceId>, mine: bool) -> Option<CaseFilter> {
    let network = &work.shelf.network;
    let held = network.post(post)?;
    let filter = CaseFilter::new().with_sensitive_for(post);
    if mine {
        let own = filter.owner(post).order(Order::Due);
        return Some(asked.map_or(own.clone(), |place| at(work, own, place)));
    }
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

fn at(work: &Work, filter: CaseFilter, place: PlaceId) -> CaseFilter {
    match work.shelf.network.place(place) {
        Some(found) => filter.at(found.level, place),
        None => filter,
    }
}

fn find_place(work: &Work, key: &str) -> Result<PlaceId> {
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
    match wanted.open {
        Some(true) => filter = filter.open(),
        Some(false) => filter = filter.ended(),
        None => {}
    }
    if let Some(at) = wanted.due_before {
        filter = filter.due_before(at);
    }
    if let Some(words) = &wanted.words {
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

/// The end that a state is, in every procedure that has it.
fn end_of(work: &Work, state: &str) -> Option<End> {
    let packs = work.shelf.current.iter();
    let mut found =
        packs.flat_map(|pack| pack.procedures.values()).filter_map(|it| it.states.get(state));
    found.next()?.end
}

fn line(work: &Work, listed: store::cases::Listed) -> Result<Line> {
    let (case, state) = (&listed.case, &listed.case.state);
    let resident = matches!(work.standing(), Standing::Resident | Standing::Claimant);
    let (seen, reader) = match resident {
        true => (Sight::Asker, Reader::Asker),
        false => (Sight::Full, Reader::Staff),
    };
    let pack = work.shelf.pinned(&state.pack)?;
    let names = names(pack.procedures.get(&state.procedure), pack, state, seen);
    let (clock, wait) = (state.clock.as_ref(), state.waiting());
    let urgency = urgency(work, state, reader);
    Ok(Line {
        id: case.id,
        number: case.number.clone(),
        procedure: (state.procedure.clone(), names.procedure),
        matter: state.matter.clone().map(|id| (id, names.matter.unwrap_or_default())),
        state: (state.state.clone(), names.state),
        end: state.end.map(|end| end.as_str().to_owned()),
        place: place_name(work, state.place),
        owner: state.owner.map(|post| (post, post_title(work, pack, post))),
        due_at: clock.map(|it| it.due_at).filter(|_| !resident || wait.is_some()),
        promise_at: state.promise.as_ref().map(|it| it.at),
        running: clock.is_some_and(|it| it.running),
        paused_until: wait.and(clock).map(|it| it.due_at),
        reason: wait.map(|it| it.for_whom.clone()),
        colour: word(urgency.colour).to_owned(),
        yellow_at: urgency.yellow_at,
        opened_at: state.opened_at,
        ended_at: state.ended_at,
        revision: case.revision,
        title: listed.title,
    })
}

/// An open case like the text, in words that are safe to show: matter and place, never another
/// person's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Similar {
    /// The case, for joining.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Title of its matter.
    pub matter: String,
    /// Its place, no narrower than a grid.
    pub place: Option<PlaceName>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// How many of 64 bits of the texts' fingerprints differ.
    pub distance: u32,
}

/// Open requests of the last thirty days in the same community whose text is close to this one.
pub async fn similar(
    tx: &mut Tx,
    work: &mut Work,
    (place, text): (&str, &str),
) -> Result<Vec<Similar>> {
    work.may(Operation::ListSimilar)?;
    let place = find_place(work, place)?;
    let network = work.shelf.network.clone();
    let community = network.level("community").unwrap_or(0);
    let around = network.up(place).find(|it| it.level <= community);
    let Some(around) = around else { return Ok(Vec::new()) };
    let since = work.now() - jiff::SignedDuration::from_hours(24 * 30);
    let near = store::cases::nearby(tx, (around.level, around.id), since, 300).await?;
    let wanted = zhtext::simhash(text);
    let mut close: Vec<_> = near
        .into_iter()
        .map(|it| (zhtext::distance(wanted, it.simhash.cast_unsigned()), it.id))
        .filter(|(distance, _)| *distance <= zhtext::CLOSE)
        .collect();
    close.sort();
    let mut found = Vec::new();
    for (distance, id) in close.into_iter().take(5) {
        found.extend(hint(tx, work, id, distance).await?);
    }
    Ok(found)
}

async fn hint(tx: &mut Tx, work: &Work, id: CaseId, distance: u32) -> Result<Option<Similar>> {
    let Some(case) = store::cases::get(tx, id).await? else { return Ok(None) };
    let pack = work.shelf.pinned(&case.state.pack)?;
    let catalogue = pack.procedures.get(&case.state.procedure).and_then(|it| it.matters.as_ref());
    let matters = catalogue.and_then(|it| pack.matters.get(it));
    let matter = matters.zip(case.state.matter.as_ref()).and_then(|(it, id)| it.get(id));
    let network = &work.shelf.network;
    let grid = network.level("grid").unwrap_or(usize::MAX);
    let place = network.up(case.state.place).find(|it| it.level <= grid).map(|it| it.id);
    Ok(Some(Similar {
        id,
        number: case.number,
        matter: matter.map(|it| it.title.clone()).unwrap_or_default(),
        place: place.and_then(|it| place_name(work, it)),
        opened_at: case.state.opened_at,
        distance,
    }))
}
