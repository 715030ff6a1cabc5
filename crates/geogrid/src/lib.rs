//! Which cell holds this point: look-up, overlaps and gaps, datum conversion, cell planning.
//!
//! Everything is computed in whole units of 1e-7 degree (about a centimetre), so that shared borders
//! are shared exactly and the same input gives the same cells on every machine. No I/O.

mod area;
mod crossing;
mod cut;
mod datum;
mod frame;
mod geojson;
mod label;
mod layer;
mod mapfile;
mod overlay;
mod plan;
mod point;
mod polygon;
mod propose;
mod rejoin;
mod report;
mod shape;

#[cfg(test)]
mod samples;

pub use cut::Cut;
pub use datum::Datum;
pub use frame::{Fit, FitError, Frame, FrameError, Local, Zone};
pub use geojson::{Feature, FeatureCollection};
pub use layer::Layer;
pub use mapfile::{
    Attributes, Entry, Geometry, MapError, MapFile, MapFormat, MapLimits, RowProblem, RowReason,
    ShapefileParts, Written, read_map, read_shapefile, write_map,
};
pub use overlay::{Split, merge};
pub use plan::{PlanError, divide};
pub use point::{Bounds, LngLat, PointError};
pub use polygon::Polygon;
pub use propose::{
    Barrier, BarrierKind, Building, Figures, MAX_BUILDINGS, Objective, Proposal, ProposeError,
    ProposedCell, Violation, Wish, by_means, draw, propose,
};
pub use report::{LayerReport, Outside, Overlap, Piece, check_layer};
pub use shape::{MAX_POINTS, Shape, ShapeError};
