//! What keeps a layer of cells from being one network: overlaps, gaps, ground outside.

use super::{PlaceName, find};
use crate::{Error, Result, Work};
use geogrid::Piece;
use model::PlaceId;
use model::access::Operation;
use rowdb::Tx;
use serde::{Deserialize, Serialize};

/// What is wrong with the cells of a level within a place today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerCheck {
    /// Cells compared.
    pub cells: usize,
    /// Places of the level without an outline.
    pub undrawn: Vec<PlaceName>,
    /// Ground that two cells cover.
    pub overlaps: Vec<Flaw>,
    /// Ground of the place that no cell covers; without an outline of the place, holes.
    pub gaps: Vec<Flaw>,
    /// Ground of cells outside the place.
    pub outside: Vec<Flaw>,
}

/// A piece of ground with something wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flaw {
    /// The cells concerned.
    pub cells: Vec<PlaceName>,
    /// Its area in square metres.
    pub square_metres: i64,
    /// A point within it.
    pub at: Spot,
}

/// A point in degrees, CGCS2000.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// Longitude.
    pub lng: f64,
    /// Latitude.
    pub lat: f64,
}

/// Checks the cells of a level within a place.
pub async fn check_layer(tx: &mut Tx, work: &Work, place: &str, level: &str) -> Result<LayerCheck> {
    work.may(Operation::CheckLayer)?;
    let (network, today) = (&work.shelf.network, work.today());
    let level = network.level(level).ok_or_else(|| Error::not_found("level", level))?;
    let within = find(work, place)?.id;
    let drawn = work.atlas.drawn(tx, work).await?;
    let counts = |id: &PlaceId| {
        let lives = network.place(*id).is_some_and(|it| it.level == level && it.exists_on(today));
        lives && network.within(*id, within)
    };
    let cells = drawn.of_level(level).filter(|(id, _)| counts(id));
    let cells: Vec<_> = cells.map(|(id, shape)| (id, shape.clone())).collect();
    let report = geogrid::check_layer(&cells, drawn.shape(within)).map_err(Error::internal)?;
    let mut undrawn: Vec<_> = network
        .places()
        .filter(|it| counts(&it.id) && drawn.shape(it.id).is_none())
        .map(|it| PlaceName::from_place(work, it))
        .collect();
    undrawn.sort_by(|a, b| a.code.cmp(&b.code));
    let flaw = |cells: &[PlaceId], piece: &Piece| flaw(work, cells, piece);
    Ok(LayerCheck {
        cells: cells.len(),
        undrawn,
        overlaps: report
            .overlaps
            .iter()
            .map(|it| flaw(&[it.first, it.second], &it.piece))
            .collect(),
        gaps: report.gaps.iter().map(|piece| flaw(&[], piece)).collect(),
        outside: report.outside.iter().map(|it| flaw(&[it.cell], &it.piece)).collect(),
    })
}

fn flaw(work: &Work, cells: &[PlaceId], piece: &Piece) -> Flaw {
    let at = piece.shape.label_point();
    Flaw {
        cells: cells.iter().filter_map(|id| PlaceName::of(work, *id)).collect(),
        square_metres: piece.square_metres.round() as i64,
        at: Spot { lng: at.lng(), lat: at.lat() },
    }
}
