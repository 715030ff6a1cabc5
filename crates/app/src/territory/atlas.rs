//! Outlines held in memory: read once for each version of the drawings, indexed once for each day
//! and version of the network, shared by all work of a county.

use super::outline;
use crate::{Result, Work};
use geogrid::{Layer, LngLat, Shape};
use jiff::civil::Date;
use model::PlaceId;
use rowdb::Tx;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A county's outlines; filled when first asked, replaced when a version is old.
#[derive(Debug, Default)]
pub struct Atlas {
    drawn: Mutex<Option<Arc<Drawn>>>,
    layers: Mutex<Option<Arc<Layers>>>,
}

/// All outlines of one version, those of closed places too.
#[derive(Debug)]
pub(super) struct Drawn {
    version: String,
    shapes: HashMap<PlaceId, Shape>,
    by_level: Vec<Vec<PlaceId>>,
}

/// The cells of each level as they stand on one day.
#[derive(Debug)]
pub(super) struct Layers {
    version: (String, i64, Date),
    levels: Vec<Layer<PlaceId>>,
}

impl Drawn {
    /// The outline of a place.
    pub fn shape(&self, place: PlaceId) -> Option<&Shape> {
        self.shapes.get(&place)
    }

    /// The outlines of a level, in the order of their places' codes.
    pub fn of_level(&self, level: usize) -> impl Iterator<Item = (PlaceId, &Shape)> {
        let places = self.by_level.get(level).into_iter().flatten();
        places.filter_map(|place| self.shape(*place).map(|shape| (*place, shape)))
    }
}

impl Layers {
    /// The narrowest place that holds a point.
    pub fn narrowest(&self, point: LngLat) -> Option<PlaceId> {
        self.levels.iter().rev().find_map(|layer| layer.locate(point)).copied()
    }
}

impl Atlas {
    /// The outlines as they were when this transaction began.
    pub(super) async fn drawn(&self, tx: &mut Tx, work: &Work) -> Result<Arc<Drawn>> {
        let version = work.shelf.outlines_version();
        if let Some(held) = held(&self.drawn).filter(|it| it.version == version) {
            return Ok(held);
        }
        let mut drawn =
            Drawn { version: version.to_owned(), shapes: HashMap::new(), by_level: Vec::new() };
        for level in 0..work.shelf.network.levels().len() {
            let outlines = store::territory::outlines(tx, level).await?;
            drawn.by_level.push(outlines.iter().map(|(place, _)| *place).collect());
            for (place, kept) in outlines {
                drawn.shapes.insert(place, outline::from_units(kept)?);
            }
        }
        Ok(hold(&self.drawn, drawn))
    }

    /// The cells of today, indexed.
    pub(super) async fn layers(&self, tx: &mut Tx, work: &Work) -> Result<Arc<Layers>> {
        let (network, today) = (&work.shelf.network, work.today());
        let version = (work.shelf.outlines_version().to_owned(), network.version, today);
        if let Some(held) = held(&self.layers).filter(|it| it.version == version) {
            return Ok(held);
        }
        let drawn = self.drawn(tx, work).await?;
        let exists = |id| network.place(id).is_some_and(|place| place.exists_on(today));
        let layer = |level| {
            let cells = drawn.of_level(level).filter(|(place, _)| exists(*place));
            Layer::build(cells.map(|(place, shape)| (place, shape.clone())).collect())
        };
        let levels = (0..network.levels().len()).map(layer).collect();
        Ok(hold(&self.layers, Layers { version, levels }))
    }
}

fn held<T>(slot: &Mutex<Option<Arc<T>>>) -> Option<Arc<T>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn hold<T>(slot: &Mutex<Option<Arc<T>>>, made: T) -> Arc<T> {
    let made = Arc::new(made);
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(made.clone());
    made
}
