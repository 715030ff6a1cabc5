//! Shapes and features as GeoJSON (RFC 7946) through serde, with any member we do not use ignored.
//! Coordinates are taken in the file's own datum: convert with `Datum` where it is not ours.

use serde::{Deserialize, Serialize};

use crate::{
    point::LngLat,
    polygon::{Polygon, Ring},
    shape::{Shape, ShapeError},
};

/// A shape with its properties, e.g. a county with name and code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub struct Feature<P> {
    /// What the file says about the shape.
    pub properties: P,
    /// The shape.
    pub geometry: Shape,
}

/// A map file: any number of features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub struct FeatureCollection<P> {
    /// The features in the order of the file.
    pub features: Vec<Feature<P>>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type")]
enum Geometry {
    Polygon { coordinates: Vec<Vec<Position>> },
    MultiPolygon { coordinates: Vec<Vec<Vec<Position>>> },
}

/// Longitude, latitude and, when read, perhaps a height that we drop.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "Vec<f64>", into = "[f64; 2]")]
struct Position(LngLat);

impl TryFrom<Vec<f64>> for Position {
    type Error = ShapeError;

    fn try_from(numbers: Vec<f64>) -> Result<Self, ShapeError> {
        let [lng, lat, ..] = *numbers else { return Err(ShapeError::Position) };
        Ok(Self(LngLat::from_degrees(lng, lat)?))
    }
}

impl From<Position> for [f64; 2] {
    fn from(Position(point): Position) -> Self {
        [point.lng(), point.lat()]
    }
}

impl TryFrom<Geometry> for Shape {
    type Error = ShapeError;

    fn try_from(geometry: Geometry) -> Result<Self, ShapeError> {
        let polygons = match geometry {
            Geometry::Polygon { coordinates } => vec![coordinates],
            Geometry::MultiPolygon { coordinates } => coordinates,
        };
        let rings = |polygon: Vec<_>| polygon.into_iter().map(closed).collect();
        Self::new(polygons.into_iter().map(rings).collect::<Result<_, _>>()?)
    }
}

fn closed(positions: Vec<Position>) -> Result<Ring, ShapeError> {
    let ring: Ring = positions.into_iter().map(|Position(point)| point).collect();
    let start = *ring.first().ok_or(ShapeError::Empty)?;
    if ring.last() == Some(&start) { Ok(ring) } else { Err(ShapeError::Open { start }) }
}

impl From<&Shape> for Geometry {
    fn from(shape: &Shape) -> Self {
        match shape.polygons() {
            [single] => Self::Polygon { coordinates: coordinates(single) },
            several => {
                Self::MultiPolygon { coordinates: several.iter().map(coordinates).collect() }
            }
        }
    }
}

fn coordinates(polygon: &Polygon) -> Vec<Vec<Position>> {
    polygon
        .rings()
        .map(|ring| ring.iter().chain(ring.first()).copied().map(Position).collect())
        .collect()
}

impl Serialize for Shape {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Geometry::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Geometry::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::{Value, from_str, json, to_string};

    use super::*;
    use crate::samples::{at, outline, rectangle};

    #[test]
    fn a_polygon_is_written_as_rfc_7946_says() {
        let written = serde_json::to_value(rectangle(0, 0, 10, 10)).unwrap();
        let ring = json!([
            [117.8, 26.4],
            [117.800_001, 26.4],
            [117.800_001, 26.400_001],
            [117.8, 26.400_001],
            [117.8, 26.4]
        ]);
        assert_eq!(written, json!({"type": "Polygon", "coordinates": [ring]}));
    }

    #[test]
    fn a_map_is_read_with_its_properties_and_strange_members_are_ignored() {
        let text = r#"{"type":"FeatureCollection","crs":{"x":1},"features":[{"type":"Feature","id":7,
            "properties":{"name":"凤岗"},"geometry":{"type":"Polygon","bbox":[1,2],
            "coordinates":[[[117.8,26.4,88.5],[117.9,26.4],[117.9,26.5],[117.8,26.4,88.5]]]}}]}"#;
        let map: FeatureCollection<Value> = from_str(text).unwrap();
        assert_eq!(map.features[0].properties["name"], "凤岗");
        assert!(map.features[0].geometry.contains(at(500_000, 200_000)));
        assert!(to_string(&map).unwrap().starts_with(r#"{"type":"FeatureCollection""#));
    }

    #[rstest]
    #[case::open(r#"[[[1,1],[2,1],[2,2]]]"#, "not closed")]
    #[case::empty(r#"[]"#, "no ring")]
    #[case::empty_ring(r#"[[]]"#, "no ring")]
    #[case::no_latitude(r#"[[[1],[2,1],[2,2],[1]]]"#, "a longitude and a latitude")]
    #[case::swapped(r#"[[[26,117],[27,117],[27,118],[26,117]]]"#, "swapped")]
    #[case::bow_tie(r#"[[[1,1],[2,2],[2,1],[1,1.5],[1,1]]]"#, "crosses itself near 1")]
    #[case::null(r#"[[[null,1],[2,2],[2,1],[1,1]]]"#, "null")]
    fn a_broken_outline_is_refused_with_its_reason(
        #[case] coordinates: &str,
        #[case] reason: &str,
    ) {
        let text = format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#);
        let problem = from_str::<Shape>(&text).unwrap_err().to_string();
        assert!(problem.contains(reason), "{problem}");
    }

    #[test]
    fn only_polygons_are_shapes() {
        assert!(from_str::<Shape>(r#"{"type":"Point","coordinates":[1,2]}"#).is_err());
    }

    proptest! {
        #[test]
        fn writing_and_reading_change_nothing(shape in outline()) {
            prop_assert_eq!(&from_str::<Shape>(&to_string(&shape).unwrap()).unwrap(), &shape);
        }
    }
}
