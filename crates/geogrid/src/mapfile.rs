//! Map files of other programs in and out: GeoJSON, shapefiles and KML, with their attributes.
//!
//! Formats are read into plain numbers (`geojson`, `shapefile`, `kml`); what those mean is settled in
//! one place (`row`), so that every format names the same problems, row by row. Reading never stops
//! at a bad row; it stops where a file as a whole is not what it should be, or holds too much.

mod geojson;
mod kml;
mod row;
mod shapefile;

#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use crate::{
    frame::{Frame, FrameError},
    point::LngLat,
    shape::{Shape, ShapeError},
};

pub use shapefile::ShapefileParts;

/// What a file says about one thing: texts, numbers, or whether something is so.
pub type Attributes = Map<String, Value>;

/// How a map file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapFormat {
    /// GeoJSON, RFC 7946; an old `crs` member is heeded when read.
    GeoJson,
    /// A zip archive with one ESRI shapefile: `.shp`, `.dbf`, `.prj`, `.cpg`.
    Shapefile,
    /// KML 2.2, always in degrees of WGS-84 unless said otherwise.
    Kml,
}

impl MapFormat {
    /// The format that a file's name (`grids.zip`) or extension says.
    pub fn from_name(name: &str) -> Option<Self> {
        let extension = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
        match extension.as_str() {
            "geojson" | "json" => Some(Self::GeoJson),
            "zip" => Some(Self::Shapefile),
            "kml" => Some(Self::Kml),
            _ => None,
        }
    }
}

/// The most a map file may hold; the defaults suit a city's buildings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MapLimits {
    /// Bytes of the file as it came (64 MiB).
    pub bytes: usize,
    /// Bytes of everything used of an archive, unpacked (256 MiB).
    pub unpacked_bytes: u64,
    /// Rows (200,000).
    pub rows: usize,
    /// Points of all rows together (4,000,000).
    pub points: usize,
}

impl Default for MapLimits {
    fn default() -> Self {
        let (bytes, unpacked_bytes) = (64 << 20, 256 << 20);
        Self { bytes, unpacked_bytes, rows: 200_000, points: 4_000_000 }
    }
}

/// Where something is, in CGCS2000.
#[derive(Debug, Clone, PartialEq)]
pub enum Geometry {
    /// A place.
    Point(LngLat),
    /// One or more lines of two or more points.
    Lines(Vec<Vec<LngLat>>),
    /// A region.
    Area(Shape),
}

/// One thing on a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its row in the file, from 1.
    pub row: usize,
    /// What the file says about it.
    pub attributes: Attributes,
    /// Where it is.
    pub geometry: Geometry,
}

/// A row that cannot be taken as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct RowProblem {
    /// The row in the file, from 1.
    pub row: usize,
    /// What the row calls itself; empty if it does not.
    pub name: String,
    /// What is wrong with it.
    pub reason: RowReason,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RowReason {
    /// Redraw the outline.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// Mend the coordinates, or name the file's frame.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// Give the row a geometry, or take it out.
    #[error("the row has no geometry")]
    Nothing,
    /// Give a place, lines or polygons.
    #[error("a geometry of kind {kind:?} is not taken: give a point, lines or polygons")]
    Kind {
        /// What it is.
        kind: String,
    },
    /// Give a line two points.
    #[error("a line has fewer than two points")]
    ShortLine,
    /// Give positions as numbers, longitude or east first.
    #[error("a position is no pair of numbers")]
    Position,
}

/// A map file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct MapFile {
    /// The rows that can be taken, in the order of the file.
    pub entries: Vec<Entry>,
    /// Those that cannot.
    pub problems: Vec<RowProblem>,
    /// What its numbers were taken to mean.
    pub frame: Frame,
}

/// A map file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// Attributes whose names a shapefile could not hold, with what they are called there.
    pub renamed: Vec<(String, String)>,
}

/// Why a map file as a whole cannot be read or written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MapError {
    /// Split the file.
    #[error("more than {most} {unit}: split the file")]
    TooMuch {
        /// What there is too much of.
        unit: &'static str,
        /// How much is allowed.
        most: u64,
    },
    /// Save the file again, or give it its true name.
    #[error("unreadable {format:?}: {reason}")]
    Unreadable {
        /// What it was read as.
        format: MapFormat,
        /// What is wrong.
        reason: String,
    },
    /// Say which frame it is in.
    #[error("the file does not say what its coordinates mean (.prj): name the datum or the zone")]
    NoFrame,
    /// Name the frame, or ask for the file in CGCS2000.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// Write one file for each kind.
    #[error("a shapefile holds one kind of geometry; write points, lines and areas apart")]
    Mixed,
    /// Shorten the text, or write GeoJSON.
    #[error("row {row}: {field:?} is longer than the 254 bytes that a shapefile keeps")]
    LongText {
        /// The row, from 1.
        row: usize,
        /// The attribute.
        field: String,
    },
}

/// Reads a map file. Its coordinates mean what `frame` says; without one, what the file says, which a
/// shapefile must.
pub fn read_map(
    bytes: &[u8],
    format: MapFormat,
    frame: Option<Frame>,
    limits: &MapLimits,
) -> Result<MapFile, MapError> {
    if bytes.len() > limits.bytes {
        return Err(MapError::TooMuch { unit: "bytes", most: limits.bytes as u64 });
    }
    let raw = match format {
        MapFormat::GeoJson => geojson::read(bytes, limits)?,
        MapFormat::Kml => kml::read(bytes, limits)?,
        MapFormat::Shapefile => shapefile::unpacked(bytes, limits)?.read(frame, limits)?,
    };
    raw.placed(frame)
}

/// Reads a shapefile that lies in loose files.
pub fn read_shapefile(
    parts: &ShapefileParts,
    frame: Option<Frame>,
    limits: &MapLimits,
) -> Result<MapFile, MapError> {
    parts.read(frame, limits)?.placed(frame)
}

/// Writes a map file with its coordinates in `frame`. GeoJSON and KML cannot say that it is another
/// than WGS-84, and a shapefile only names those that have a `.prj` text.
pub fn write_map(entries: &[Entry], format: MapFormat, frame: &Frame) -> Result<Written, MapError> {
    match format {
        MapFormat::GeoJson => geojson::write(entries, frame),
        MapFormat::Kml => Ok(kml::write(entries, frame)),
        MapFormat::Shapefile => shapefile::write(entries, frame),
    }
}
