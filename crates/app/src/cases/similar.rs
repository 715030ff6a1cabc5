//! Cases like another or like a text: open ones nearby, in words that are safe to show everybody.

use super::scope::find_place;
use super::titles::{PlaceName, place_name};
use crate::{Result, Work};
use jiff::Timestamp;
use model::CaseId;
use model::access::Operation;
use rowdb::Tx;
use serde::{Deserialize, Serialize};

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
