//! Drawing outlines: within a layer no two cells may cover the same ground at the same time.

use super::{PlaceName, find, outline};
use crate::{Error, Result, Work};
use geogrid::{Shape, check_layer};
use method::decide::FieldProblem;
use model::PlaceId;
use model::access::Operation;
use model::journal::Event;
use model::territory::Place;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A place and its outline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DrawnPlace {
    /// Code of the place.
    pub place: String,
    /// GeoJSON Polygon or MultiPolygon in CGCS2000.
    pub shape: Shape,
}

/// Sets outlines, all or none.
pub async fn draw_places(tx: &mut Tx, work: &mut Work, drawings: &[DrawnPlace]) -> Result<()> {
    work.may(Operation::DrawPlace)?;
    let mut by_level: BTreeMap<usize, Vec<(PlaceId, &Shape)>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for drawing in drawings {
        let place = find(work, &drawing.place)?;
        if !seen.insert(place.id) {
            return Err(Error::field("place", "twice", "同一地点画了两次", "drawn twice"));
        }
        by_level.entry(place.level).or_default().push((place.id, &drawing.shape));
    }
    let mut problems = Vec::new();
    for (level, new) in &by_level {
        problems.extend(overlaps(tx, work, *level, new).await?);
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    for (place, shape) in by_level.into_values().flatten() {
        let event = Event::PlaceDrawn { place, outline: outline::to_units(shape)? };
        work.record(tx, place.0, event).await?;
    }
    Ok(())
}

/// Overlaps of new cells with each other and with those beside them that exist at the same time.
async fn overlaps(
    tx: &mut Tx,
    work: &Work,
    level: usize,
    new: &[(PlaceId, &Shape)],
) -> Result<Vec<FieldProblem>> {
    let drawn = work.atlas.drawn(tx, work).await?;
    let redrawn: BTreeSet<_> = new.iter().map(|(place, _)| *place).collect();
    let beside = drawn.of_level(level).filter(|(place, shape)| {
        !redrawn.contains(place) && new.iter().any(|(_, it)| are_near(it, shape))
    });
    let cells: Vec<_> =
        new.iter().copied().chain(beside).map(|(id, it)| (id, it.clone())).collect();
    let report = check_layer(&cells, None).map_err(|problem| {
        Error::field("shape", "unsound", "边界无法检查", &problem.to_string())
    })?;
    let network = &work.shelf.network;
    let meet = |a: PlaceId, b: PlaceId| match (network.place(a), network.place(b)) {
        (Some(a), Some(b)) => coexist(a, b),
        _ => false,
    };
    let real = report.overlaps.iter().filter(|it| {
        (redrawn.contains(&it.first) || redrawn.contains(&it.second)) && meet(it.first, it.second)
    });
    let name = |id| PlaceName::of(work, id).map_or_else(String::new, |it| it.name);
    Ok(real
        .map(|it| {
            let (first, second) = (name(it.first), name(it.second));
            let area = it.piece.square_metres.round();
            FieldProblem {
                field: "shape".to_owned(),
                code: "overlap",
                chinese: format!("{first}与{second}重叠{area}平方米"),
                english: format!("{first} and {second} overlap by {area} m²"),
            }
        })
        .collect())
}

/// Whether the boxes of two shapes meet.
fn are_near(one: &Shape, other: &Shape) -> bool {
    let (a, b) = (one.bounds(), other.bounds());
    a.south_west.lng_e7() <= b.north_east.lng_e7()
        && b.south_west.lng_e7() <= a.north_east.lng_e7()
        && a.south_west.lat_e7() <= b.north_east.lat_e7()
        && b.south_west.lat_e7() <= a.north_east.lat_e7()
}

/// Whether there is a day on which both places exist.
fn coexist(a: &Place, b: &Place) -> bool {
    a.until.is_none_or(|until| b.from < until) && b.until.is_none_or(|until| a.from < until)
}
