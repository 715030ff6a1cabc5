//! Open cases as strangers may read them: those like a text, to be joined, and those around a place.
//! Matter, place and the house's own summary; never another person's words.

use super::scope::find_place;
use super::sight::Sight;
use super::titles::{Names, PlaceName, names, place_name};
use crate::{Result, Work};
use jiff::Timestamp;
use model::CaseId;
use model::access::Operation;
use model::cases::FieldValue;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use store::cases::Case;

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
    /// What the house wrote of it for everybody.
    pub summary: Option<String>,
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
    let summary = match case.state.fields.get("summary") {
        Some(FieldValue::Private { private }) => {
            store::journal::private_value(tx, *private, "summary").await?
        }
        _ => None,
    };
    Ok(Some(Similar {
        id,
        matter: told(work, &case)?.matter.unwrap_or_default(),
        place: cell(work, &case),
        opened_at: case.state.opened_at,
        number: case.number,
        summary,
        distance,
    }))
}

/// Titles as an asker is told them.
fn told(work: &Work, case: &Case) -> Result<Names> {
    let pack = work.shelf.pinned(&case.state.pack)?;
    Ok(names(pack.procedures.get(case.state.procedure.as_str()), pack, &case.state, Sight::Asker))
}

/// The case's place, no narrower than a grid.
fn cell(work: &Work, case: &Case) -> Option<PlaceName> {
    let network = &work.shelf.network;
    let grid = network.level("grid").unwrap_or(usize::MAX);
    let place = network.up(case.state.place).find(|it| it.level <= grid)?.id;
    place_name(work, place)
}

/// Fewer than so many, and neighbours could tell whose they are.
const FEW: usize = 5;
/// The most that are listed.
const MOST: i64 = 50;

/// An open request as neighbours read it: the house's words, never the asker's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Public {
    /// Title of its matter.
    pub matter: String,
    /// What the house wrote of it for everybody.
    pub summary: String,
    /// Its place, no narrower than a grid.
    pub place: Option<PlaceName>,
    /// Where it stands, in the words askers read.
    pub shown: String,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// What is open around a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Around {
    /// The requests, the newest first.
    pub items: Vec<Public>,
    /// Whether there are some, but too few to be shown.
    pub few: bool,
}

/// Open requests in the grid of a place, or in a wider place, of which the house wrote a summary.
pub async fn around(tx: &mut Tx, work: &mut Work, place: &str) -> Result<Around> {
    work.may(Operation::ListAround)?;
    let place = find_place(work, place)?;
    let network = work.shelf.network.clone();
    let grid = network.level("grid").unwrap_or(usize::MAX);
    let Some(cell) = network.up(place).find(|it| it.level <= grid) else {
        return Ok(Around::default());
    };
    let found = store::cases::around(tx, (cell.level, cell.id), MOST).await?;
    if found.len() < FEW {
        return Ok(Around { items: Vec::new(), few: !found.is_empty() });
    }
    let tell = |(case, words): (Case, String)| public(work, &case, words);
    let items: Result<Vec<_>> = found.into_iter().map(tell).collect();
    Ok(Around { items: items?, few: false })
}

fn public(work: &Work, case: &Case, summary: String) -> Result<Public> {
    let told = told(work, case)?;
    Ok(Public {
        matter: told.matter.unwrap_or_default(),
        summary,
        place: cell(work, case),
        shown: told.state,
        opened_at: case.state.opened_at,
    })
}
