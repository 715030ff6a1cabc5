//! Outlines between the shapes of `geogrid`, the journal (whole units of 1e-7 degree, so that their
//! text is canonical) and GeoJSON.

use crate::{Error, Result};
use geogrid::{LngLat, Polygon, Shape};
use serde_json::Value;

type Units = Vec<Vec<Vec<[i32; 2]>>>;

/// A shape as the journal keeps it: coordinates of a MultiPolygon in whole units.
pub(super) fn to_units(shape: &Shape) -> Result<Value> {
    let ring = |ring: &[LngLat]| -> Vec<[i32; 2]> {
        let closed = ring.iter().chain(ring.first());
        closed.map(|point| [point.lng_e7(), point.lat_e7()]).collect()
    };
    let rings = |polygon: &Polygon| {
        let holes = polygon.holes().iter().map(|hole| ring(hole));
        std::iter::once(ring(polygon.outer())).chain(holes).collect()
    };
    let units: Units = shape.polygons().iter().map(rings).collect();
    serde_json::to_value(units).map_err(Error::internal)
}

/// The shape that the journal keeps so.
pub(super) fn from_units(value: Value) -> Result<Shape> {
    let units: Units = serde_json::from_value(value).map_err(Error::internal)?;
    let point = |[lng, lat]: [i32; 2]| LngLat::from_e7(lng, lat).map_err(Error::internal);
    let ring = |ring: Vec<[i32; 2]>| ring.into_iter().map(point).collect::<Result<Vec<_>>>();
    let polygon = |rings: Vec<_>| rings.into_iter().map(ring).collect::<Result<Vec<_>>>();
    let polygons = units.into_iter().map(polygon).collect::<Result<Vec<_>>>()?;
    Shape::new(polygons).map_err(Error::internal)
}

/// A shape as a GeoJSON geometry.
pub(super) fn to_geojson(shape: &Shape) -> Result<Value> {
    serde_json::to_value(shape).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_comes_back_from_the_journal_as_it_was_drawn() {
        let text = r#"{"type":"Polygon","coordinates":[
            [[117.8,26.4],[117.9,26.4],[117.9,26.5],[117.8,26.5],[117.8,26.4]],
            [[117.82,26.42],[117.83,26.42],[117.83,26.43],[117.82,26.42]]]}"#;
        let shape: Shape = serde_json::from_str(text).unwrap();
        let kept = to_units(&shape).unwrap();
        assert_eq!(kept[0][0][0], serde_json::json!([1_178_000_000, 264_000_000]));
        assert_eq!(from_units(kept).unwrap(), shape);
    }
}
