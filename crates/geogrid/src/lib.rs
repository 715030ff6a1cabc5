//! Which cell holds this point: look-up, overlaps and gaps, datum conversion, cell planning.
//!
//! Everything is computed in whole units of 1e-7 degree (about a centimetre), so that shared borders
//! are shared exactly and the same input gives the same cells on every machine. No I/O.

mod area;
mod crossing;
mod cut;
mod datum;
mod geojson;
mod label;
mod layer;
mod overlay;
mod plan;
mod point;
mod polygon;
mod rejoin;
mod report;
mod shape;

#[cfg(test)]
mod samples;

pub use cut::Cut;
pub use datum::Datum;
pub use geojson::{Feature, FeatureCollection};
pub use layer::Layer;
pub use overlay::{Split, merge};
pub use plan::{PlanError, divide};
pub use point::{Bounds, LngLat, PointError};
pub use polygon::Polygon;
pub use report::{LayerReport, Outside, Overlap, Piece, check_layer};
pub use shape::{MAX_POINTS, Shape, ShapeError};
