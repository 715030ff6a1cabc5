//! Rows as formats give them, in numbers, and what becomes of them: geometries that are checked, in
//! CGCS2000. Which numbers they are is the formats' business.

use serde_json::Value;

use super::{Attributes, Entry, Geometry, MapError, MapFile, MapLimits, RowProblem, RowReason};
use crate::{
    datum::Datum,
    frame::Frame,
    point::LngLat,
    polygon::Ring,
    shape::{Shape, ShapeError},
};

/// Attributes by which a row may call itself.
const NAMES: [&str; 6] = ["name", "名称", "网格名称", "code", "编码", "网格编码"];

/// A position as it stands in the file.
pub(super) type Position = [f64; 2];

/// A geometry as it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    Point(Position),
    Lines(Vec<Vec<Position>>),
    /// Polygons, each an outer ring and its holes.
    Polygons(Vec<Vec<Vec<Position>>>),
    /// Rings of which clockwise ones are outer, as in shapefiles.
    Rings(Vec<Vec<Position>>),
}

/// A row as it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawRow {
    pub attributes: Attributes,
    pub geometry: Result<Raw, RowReason>,
}

/// All rows of a file.
#[derive(Debug, Default)]
pub(super) struct RawFile {
    pub rows: Vec<RawRow>,
    /// What the file says its numbers mean.
    pub frame: Option<Frame>,
    points: usize,
}

impl RawFile {
    /// A file without rows yet.
    pub fn of(frame: Option<Frame>) -> Self {
        Self { frame, ..Self::default() }
    }

    /// Takes a row, if there is room for it.
    pub fn push(&mut self, row: RawRow, limits: &MapLimits) -> Result<(), MapError> {
        if self.rows.len() == limits.rows {
            return Err(MapError::TooMuch { unit: "rows", most: limits.rows as u64 });
        }
        self.points += row.geometry.as_ref().map_or(0, Raw::points);
        if self.points > limits.points {
            return Err(MapError::TooMuch { unit: "points", most: limits.points as u64 });
        }
        self.rows.push(row);
        Ok(())
    }

    /// The rows as entries, in CGCS2000.
    pub fn placed(self, frame: Option<Frame>) -> Result<MapFile, MapError> {
        let frame = frame.or(self.frame).ok_or(MapError::NoFrame)?;
        let mut file = MapFile { entries: Vec::new(), problems: Vec::new(), frame };
        for (row, raw) in (1..).zip(self.rows) {
            let attributes = raw.attributes;
            match raw.geometry.and_then(|geometry| geometry.placed(&frame)) {
                Ok(geometry) => file.entries.push(Entry { row, attributes, geometry }),
                Err(reason) => {
                    file.problems.push(RowProblem { row, name: name(&attributes), reason });
                }
            }
        }
        Ok(file)
    }
}

/// Degrees of WGS-84, which a file means that says nothing else.
pub(super) const WGS84: Frame = Frame::Degrees(Datum::Wgs84);

fn name(attributes: &Attributes) -> String {
    let texts = NAMES.iter().filter_map(|name| attributes.get(*name));
    let mut texts = texts.map(|value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    texts.find(|text| !text.is_empty()).unwrap_or_default()
}

impl Raw {
    fn points(&self) -> usize {
        match self {
            Self::Point(_) => 1,
            Self::Lines(lines) | Self::Rings(lines) => lines.iter().map(Vec::len).sum(),
            Self::Polygons(polygons) => polygons.iter().flatten().map(Vec::len).sum(),
        }
    }

    fn placed(self, frame: &Frame) -> Result<Geometry, RowReason> {
        Ok(match self {
            Self::Point(position) => Geometry::Point(frame.read(position)?),
            Self::Lines(lines) => {
                let short = lines.is_empty() || lines.iter().any(|line| line.len() < 2);
                if short {
                    return Err(RowReason::ShortLine);
                }
                Geometry::Lines(all(lines, |line| points(line, frame))?)
            }
            Self::Polygons(polygons) => {
                let rings = |polygon: Vec<_>| all(polygon, |line| ring(line, frame));
                Geometry::Area(Shape::new(all(polygons, rings)?)?)
            }
            Self::Rings(rings) => {
                Geometry::Area(Shape::from_rings(all(rings, |line| ring(line, frame))?)?)
            }
        })
    }
}

fn all<A, B>(items: Vec<A>, each: impl Fn(A) -> Result<B, RowReason>) -> Result<Vec<B>, RowReason> {
    items.into_iter().map(each).collect()
}

fn points(line: Vec<Position>, frame: &Frame) -> Result<Vec<LngLat>, RowReason> {
    line.into_iter().map(|position| Ok(frame.read(position)?)).collect()
}

/// A ring whose last position repeats its first.
fn ring(line: Vec<Position>, frame: &Frame) -> Result<Ring, RowReason> {
    let is_closed = line.first() == line.last();
    let ring = points(line, frame)?;
    match ring.first() {
        None => Err(ShapeError::Empty.into()),
        Some(&start) if !is_closed => Err(ShapeError::Open { start }.into()),
        Some(_) => Ok(ring),
    }
}

/// The rings of a shape as positions of a frame, each closed, polygon by polygon, outer rings first
/// and counter-clockwise.
pub(super) fn positions(shape: &Shape, frame: &Frame) -> Vec<Vec<Vec<Position>>> {
    let ring = |ring: &Ring| ring.iter().chain(ring.first()).map(|&it| frame.write(it)).collect();
    shape.polygons().iter().map(|polygon| polygon.rings().map(ring).collect()).collect()
}
