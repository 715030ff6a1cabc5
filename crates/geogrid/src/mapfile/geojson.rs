//! GeoJSON, feature by feature, so that one bad outline does not hide the others.
//! Shapes through serde, all or nothing, are the crate's own `geojson`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Attributes, Entry, Geometry, MapError, MapFormat, MapLimits, RowReason, Written,
    row::{Position, Raw, RawFile, RawRow, WGS84, positions},
};
use crate::frame::Frame;

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    features: Vec<Feature>,
    crs: Option<Value>,
    /// Only of a single feature.
    properties: Option<Attributes>,
    geometry: Option<Value>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Option<Attributes>,
    geometry: Option<Value>,
}

pub(super) fn read(bytes: &[u8], limits: &MapLimits) -> Result<RawFile, MapError> {
    let unreadable = |reason: String| MapError::Unreadable { format: MapFormat::GeoJson, reason };
    // Editors of Windows put a mark in front.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let collection: Collection =
        serde_json::from_slice(bytes).map_err(|error| unreadable(error.to_string()))?;
    let Collection { kind, features, crs, properties, geometry } = collection;
    let features = match kind.as_str() {
        "FeatureCollection" => features,
        "Feature" => vec![Feature { properties, geometry }],
        other => return Err(unreadable(format!("a {other:?}, no feature or collection of them"))),
    };
    let frame = crs.as_ref().map_or(Ok(WGS84), by_name)?;
    let mut file = RawFile::of(Some(frame));
    for Feature { properties, geometry } in features {
        let geometry = geometry.as_ref().map_or(Err(RowReason::Nothing), geometry_of);
        file.push(RawRow { attributes: properties.unwrap_or_default(), geometry }, limits)?;
    }
    Ok(file)
}

/// The frame that a `crs` member names, as in `urn:ogc:def:crs:EPSG::4490`.
fn by_name(crs: &Value) -> Result<Frame, MapError> {
    let Some(name) = crs.pointer("/properties/name").and_then(Value::as_str) else {
        return Ok(WGS84);
    };
    if name.ends_with("CRS84") {
        return Ok(WGS84);
    }
    let code = name.rsplit(':').next().unwrap_or_default();
    Ok(format!("epsg:{code}").parse()?)
}

fn geometry_of(geometry: &Value) -> Result<Raw, RowReason> {
    if geometry.is_null() {
        return Err(RowReason::Nothing);
    }
    let kind = geometry.get("type").and_then(Value::as_str).unwrap_or_default();
    let at = geometry.get("coordinates").unwrap_or(&Value::Null);
    match kind {
        "Point" => Ok(Raw::Point(position(at)?)),
        "LineString" => Ok(Raw::Lines(vec![line(at)?])),
        "MultiLineString" => Ok(Raw::Lines(list(at, line)?)),
        "Polygon" => Ok(Raw::Polygons(vec![list(at, line)?])),
        "MultiPolygon" => Ok(Raw::Polygons(list(at, |polygon| list(polygon, line))?)),
        other => Err(RowReason::Kind { kind: other.to_owned() }),
    }
}

fn list<A>(
    value: &Value,
    each: impl Fn(&Value) -> Result<A, RowReason>,
) -> Result<Vec<A>, RowReason> {
    value.as_array().ok_or(RowReason::Position)?.iter().map(each).collect()
}

fn line(value: &Value) -> Result<Vec<Position>, RowReason> {
    list(value, position)
}

fn position(value: &Value) -> Result<Position, RowReason> {
    let numbers = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let [first, second, ..] = numbers else { return Err(RowReason::Position) };
    let pair = first.as_f64().zip(second.as_f64());
    pair.map(|(first, second)| [first, second]).ok_or(RowReason::Position)
}

pub(super) fn write(entries: &[Entry], frame: &Frame) -> Result<Written, MapError> {
    let features: Vec<_> = entries
        .iter()
        .map(|entry| {
            let geometry = written(&entry.geometry, frame);
            json!({ "type": "Feature", "properties": entry.attributes, "geometry": geometry })
        })
        .collect();
    let collection = json!({ "type": "FeatureCollection", "features": features });
    let bytes = serde_json::to_vec(&collection).map_err(|error| MapError::Unreadable {
        format: MapFormat::GeoJson,
        reason: error.to_string(),
    })?;
    Ok(Written { bytes, renamed: Vec::new() })
}

fn written(geometry: &Geometry, frame: &Frame) -> Value {
    let line = |line: &Vec<_>| line.iter().map(|&it| frame.write(it)).collect::<Vec<_>>();
    match geometry {
        Geometry::Point(place) => json!({ "type": "Point", "coordinates": frame.write(*place) }),
        Geometry::Lines(lines) => match lines.as_slice() {
            [single] => json!({ "type": "LineString", "coordinates": line(single) }),
            several => {
                let lines: Vec<_> = several.iter().map(line).collect();
                json!({ "type": "MultiLineString", "coordinates": lines })
            }
        },
        Geometry::Area(shape) => match positions(shape, frame).as_slice() {
            [single] => json!({ "type": "Polygon", "coordinates": single }),
            several => json!({ "type": "MultiPolygon", "coordinates": several }),
        },
    }
}
