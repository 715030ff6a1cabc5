//! Cases like a case for whoever handles it: of the same asker, of the same matter nearby, and open
//! ones with a text like it. Never sensitive ones, and only those the acting post may see.

use super::act::{same_asker, visible};
use super::scope::at;
use super::sight::{Sight, sight};
use super::titles::{PlaceName, names, place_name};
use crate::{Result, Work};
use jiff::{SignedDuration, Timestamp};
use model::CaseId;
use model::access::Operation;
use model::cases::Asker;
use model::journal::Link;
use model::territory::Place;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::cases::{Case, CaseFilter, Listed};

/// Ended cases are of use for so long.
const BACK: SignedDuration = SignedDuration::from_hours(24 * 365);
/// A text is compared with those of the last days.
const LATELY: SignedDuration = SignedDuration::from_hours(24 * 30);
/// So many of each kind are looked at …
const EACH: usize = 50;
/// … and so many told.
const MOST: usize = 20;

/// A case like another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// The case.
    pub id: CaseId,
    /// Its number.
    pub number: String,
    /// Its title, unless erased.
    pub title: Option<String>,
    /// Title of its matter.
    pub matter: Option<String>,
    /// Its state and the title of that.
    pub state: (String, String),
    /// Its place.
    pub place: Option<PlaceName>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whether the same person asks, as far as the acting post sees who does.
    pub same_asker: bool,
}

/// What speaks for a case; the smaller the nearer.
type Nearness = (bool, bool);

/// Cases like a case, the same asker's first, then those with a text like it, then the newest.
pub async fn alike(tx: &mut Tx, work: &mut Work, id: CaseId) -> Result<Vec<Alike>> {
    work.may(Operation::ListAlike)?;
    let case = visible(tx, work, id).await?;
    if case.sensitive {
        return Ok(Vec::new());
    }
    let mut found = candidates(tx, work, &case).await?;
    found.retain(|id, (_, it)| *id != case.id && is_fit(work, &it.case));
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by_key(|(near, it)| (*near, std::cmp::Reverse(it.case.state.opened_at)));
    let mut told = Vec::new();
    for (_, it) in found.into_iter().take(MOST) {
        told.push(view(tx, work, &case, it).await?);
    }
    Ok(told)
}

fn is_fit(work: &Work, other: &Case) -> bool {
    let recent = other.state.end.is_none() || other.state.opened_at >= work.now() - BACK;
    recent
        && !other.sensitive
        && other.link != Some(Link::Child)
        && sight(work, other) != Sight::None
}

async fn candidates(
    tx: &mut Tx,
    work: &Work,
    case: &Case,
) -> Result<BTreeMap<CaseId, (Nearness, Listed)>> {
    let mut found = BTreeMap::new();
    let around = around(work, case);
    if let Some((place, matter)) = around.as_ref().zip(case.state.matter.as_ref()) {
        let filter = at(work, CaseFilter::new().matter(matter), place.id);
        for it in store::cases::page(tx, &filter, EACH).await?.items {
            found.insert(it.case.id, ((true, true), it));
        }
    }
    for it in close(tx, work, case, around.as_ref()).await? {
        found.insert(it.case.id, ((true, false), it));
    }
    let Asker::Resident { person: Some(person), .. } = case.state.asker else { return Ok(found) };
    if sight(work, case) == Sight::Full {
        let filter = CaseFilter::new().asker(person);
        let own = store::cases::page(tx, &filter, EACH).await?.items.into_iter();
        for it in own.filter(|it| sight(work, &it.case) == Sight::Full) {
            found.insert(it.case.id, ((false, true), it));
        }
    }
    Ok(found)
}

/// The community of a case, or what lies above it.
fn around(work: &Work, case: &Case) -> Option<Place> {
    let network = &work.shelf.network;
    let community = network.level("community").unwrap_or(0);
    network.up(case.state.place).find(|it| it.level <= community).cloned()
}

/// Open cases nearby with a text like the case's.
async fn close(
    tx: &mut Tx,
    work: &Work,
    case: &Case,
    around: Option<&Place>,
) -> Result<Vec<Listed>> {
    let texts = store::journal::private(tx, case.entry).await?;
    let (Some(place), Some(title)) = (around, texts.get("title")) else { return Ok(Vec::new()) };
    let body = texts.get("body").map_or("", String::as_str);
    let wanted = zhtext::simhash(&format!("{title} {body}"));
    let lately = work.now() - LATELY;
    let near = store::cases::nearby(tx, (place.level, place.id), lately, 300).await?;
    let alike = near
        .iter()
        .filter(|it| zhtext::distance(wanted, it.simhash.cast_unsigned()) <= zhtext::CLOSE);
    let mut found = Vec::new();
    for it in alike.take(MOST) {
        let Some(case) = store::cases::get(tx, it.id).await? else { continue };
        let title = store::journal::private_value(tx, case.entry, "title").await?;
        found.push(Listed { case, title });
    }
    Ok(found)
}

async fn view(tx: &mut Tx, work: &Work, of: &Case, it: Listed) -> Result<Alike> {
    let (case, title) = (it.case, it.title);
    let pack = work.shelf.pinned(&case.state.pack)?;
    let names =
        names(pack.procedures.get(case.state.procedure.as_str()), pack, &case.state, Sight::Full);
    let known = sight(work, of) == Sight::Full && sight(work, &case) == Sight::Full;
    Ok(Alike {
        same_asker: known && same_asker(tx, of, &case).await?,
        id: case.id,
        title,
        matter: names.matter,
        place: place_name(work, case.state.place),
        opened_at: case.state.opened_at,
        ended_at: case.state.ended_at,
        state: (case.state.state.to_string(), names.state),
        number: case.number,
    })
}
