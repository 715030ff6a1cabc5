//! KML: placemarks with polygons, lines or a point, their names and extended data.
//! Hostile XML is refused: a document type (and so every entity of its own), depth, size.

use std::fmt::Write;

use quick_xml::{
    Reader,
    escape::{escape, resolve_predefined_entity, unescape},
    events::{BytesStart, Event},
};
use serde_json::Value;

use super::{
    Attributes, Entry, Geometry, MapError, MapFormat, MapLimits, RowReason, Written,
    row::{Position, Raw, RawFile, RawRow, WGS84, positions},
};
use crate::frame::Frame;

/// How deep elements may stand in each other.
const MAX_DEPTH: usize = 64;
/// The longest text of an element that is no coordinates, in bytes.
const MAX_TEXT: usize = 1 << 20;

fn unreadable(reason: &(impl ToString + ?Sized)) -> MapError {
    MapError::Unreadable { format: MapFormat::Kml, reason: reason.to_string() }
}

pub(super) fn read(bytes: &[u8], limits: &MapLimits) -> Result<RawFile, MapError> {
    let text = std::str::from_utf8(bytes).map_err(|_| unreadable("not in UTF-8"))?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().expand_empty_elements = true;
    let mut reading = Reading::default();
    loop {
        match reader.read_event().map_err(|it| unreadable(&it))? {
            Event::Start(start) | Event::Empty(start) => reading.open(&start)?,
            Event::End(_) => reading.close(limits)?,
            Event::Text(text) => reading.add(&text.xml10_content())?,
            Event::CData(text) => reading.add(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let letter = reference.resolve_char_ref().map_err(|it| unreadable(&it))?;
                let name = reference.into_inner();
                let known = letter.map(String::from);
                let known = known.or_else(|| resolve_predefined_entity(&name).map(str::to_owned));
                reading
                    .add(&known.ok_or_else(|| unreadable(&format!("unknown entity &{name};")))?)?;
            }
            Event::DocType(_) => return Err(unreadable("a document type is not taken")),
            Event::Eof => return reading.finish(),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

#[derive(Default)]
struct Reading {
    path: Vec<String>,
    text: String,
    /// The name of the extended datum that is open.
    datum: String,
    row: Option<Placemark>,
    file: RawFile,
    has_root: bool,
}

#[derive(Default)]
struct Placemark {
    attributes: Attributes,
    polygons: Vec<Vec<Vec<Position>>>,
    lines: Vec<Vec<Position>>,
    points: Vec<Position>,
    problem: Option<RowReason>,
}

impl Reading {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), MapError> {
        if self.path.len() == MAX_DEPTH {
            return Err(unreadable(&format!("elements more than {MAX_DEPTH} deep")));
        }
        let name = start.local_name().as_ref().to_owned();
        self.has_root |= name == "kml" || name == "Document";
        match name.as_str() {
            "Placemark" if self.row.is_some() => return Err(unreadable("a placemark in another")),
            "Placemark" => self.row = Some(Placemark::default()),
            // The outer ring has its place, wherever it stands among the others.
            "Polygon" => self.row.iter_mut().for_each(|row| row.polygons.push(vec![Vec::new()])),
            "Data" | "SimpleData" => {
                let name = start.try_get_attribute("name").map_err(|it| unreadable(&it))?;
                let name = name.map(|it| unescape(&it.value).map(std::borrow::Cow::into_owned));
                self.datum = name.transpose().map_err(|it| unreadable(&it))?.unwrap_or_default();
            }
            _ => {}
        }
        self.path.push(name);
        self.text.clear();
        Ok(())
    }

    fn add(&mut self, text: &str) -> Result<(), MapError> {
        let is_coordinates = self.path.last().is_some_and(|it| it == "coordinates");
        if !is_coordinates && self.text.len() + text.len() > MAX_TEXT {
            return Err(unreadable("a text longer than a megabyte"));
        }
        self.text.push_str(text);
        Ok(())
    }

    fn close(&mut self, limits: &MapLimits) -> Result<(), MapError> {
        let name = self.path.pop().unwrap_or_default();
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if name == "Placemark" {
            let row = self.row.take().unwrap_or_default();
            return self.file.push(row.raw(), limits);
        }
        let Some(row) = &mut self.row else { return Ok(()) };
        let parent = self.path.last().map(String::as_str).unwrap_or_default();
        match (name.as_str(), parent) {
            ("name" | "description", "Placemark") => row.set(&name, text),
            ("value", "Data") | ("SimpleData", _) => row.set(&self.datum, text),
            ("coordinates", _) => row.place(&self.path, parent, text),
            ("Model" | "Track" | "MultiTrack", _) => {
                row.problem = Some(RowReason::Kind { kind: name });
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(mut self) -> Result<RawFile, MapError> {
        if !self.path.is_empty() {
            return Err(unreadable("the file ends early"));
        }
        if !self.has_root {
            return Err(unreadable("there is no kml element"));
        }
        self.file.frame = Some(WGS84);
        Ok(self.file)
    }
}

impl Placemark {
    fn set(&mut self, name: &str, text: &str) {
        if !name.is_empty() && !text.is_empty() {
            self.attributes.insert(name.to_owned(), Value::String(text.to_owned()));
        }
    }

    fn place(&mut self, path: &[String], parent: &str, text: &str) {
        let Some(line) = positions_of(text) else {
            self.problem = Some(RowReason::Position);
            return;
        };
        let is_outer = path.iter().any(|it| it == "outerBoundaryIs");
        match (parent, self.polygons.last_mut()) {
            ("LinearRing", Some(rings)) => match rings.first_mut() {
                Some(outer) if is_outer => *outer = line,
                _ => rings.push(line),
            },
            ("LinearRing", None) => self.polygons.push(vec![line]),
            ("Point", _) => self.points.extend(line),
            _ => self.lines.push(line),
        }
    }

    fn raw(self) -> RawRow {
        let Self { attributes, polygons, lines, points, problem } = self;
        let mixed = || RowReason::Kind { kind: "MultiGeometry".to_owned() };
        let geometry = match (problem, polygons.is_empty(), lines.is_empty(), points.as_slice()) {
            (Some(problem), ..) => Err(problem),
            (None, false, true, []) => Ok(Raw::Polygons(polygons)),
            (None, true, false, []) => Ok(Raw::Lines(lines)),
            (None, true, true, [point]) => Ok(Raw::Point(*point)),
            (None, true, true, []) => Err(RowReason::Nothing),
            _ => Err(mixed()),
        };
        RawRow { attributes, geometry }
    }
}

/// Positions as `lng,lat` or `lng,lat,height`, apart by white space; none if one is no position.
fn positions_of(text: &str) -> Option<Vec<Position>> {
    text.split_whitespace()
        .map(|position| {
            let mut numbers = position.split(',').map(str::parse);
            Some([numbers.next()?.ok()?, numbers.next()?.ok()?])
        })
        .collect()
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document>\n";

pub(super) fn write(entries: &[Entry], frame: &Frame) -> Written {
    let mut kml = HEAD.to_owned();
    for entry in entries {
        kml.push_str("<Placemark>");
        written_attributes(&mut kml, &entry.attributes);
        written(&mut kml, &entry.geometry, frame);
        kml.push_str("</Placemark>\n");
    }
    kml.push_str("</Document></kml>\n");
    Written { bytes: kml.into_bytes(), renamed: Vec::new() }
}

fn written_attributes(kml: &mut String, attributes: &Attributes) {
    let text = |value: &Value| match value {
        Value::String(text) => plain(text),
        Value::Null => String::new(),
        other => plain(&other.to_string()),
    };
    for name in ["name", "description"] {
        if let Some(value) = attributes.get(name) {
            put(kml, format_args!("<{name}>{}</{name}>", text(value)));
        }
    }
    kml.push_str("<ExtendedData>");
    for (name, value) in attributes.iter().filter(|(it, _)| *it != "name" && *it != "description") {
        let (name, value) = (plain(name), text(value));
        put(kml, format_args!("<Data name=\"{name}\"><value>{value}</value></Data>"));
    }
    kml.push_str("</ExtendedData>");
}

/// Text for XML, without the control characters that it cannot hold.
fn plain(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control() || "\n\t".contains(*c)).collect();
    escape(kept.as_str()).into_owned()
}

fn written(kml: &mut String, geometry: &Geometry, frame: &Frame) {
    kml.push_str("<MultiGeometry>");
    match geometry {
        Geometry::Point(place) => {
            let at = coordinates(&[frame.write(*place)]);
            put(kml, format_args!("<Point>{at}</Point>"));
        }
        Geometry::Lines(lines) => lines.iter().for_each(|line| {
            let line: Vec<_> = line.iter().map(|&it| frame.write(it)).collect();
            put(kml, format_args!("<LineString>{}</LineString>", coordinates(&line)));
        }),
        Geometry::Area(shape) => positions(shape, frame).iter().for_each(|rings| {
            kml.push_str("<Polygon>");
            for (index, ring) in rings.iter().enumerate() {
                let side = if index == 0 { "outerBoundaryIs" } else { "innerBoundaryIs" };
                let ring = coordinates(ring);
                put(kml, format_args!("<{side}><LinearRing>{ring}</LinearRing></{side}>"));
            }
            kml.push_str("</Polygon>");
        }),
    }
    kml.push_str("</MultiGeometry>");
}

fn put(kml: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string never fails.
    let _ = kml.write_fmt(text);
}

fn coordinates(line: &[Position]) -> String {
    let positions: Vec<_> = line.iter().map(|[x, y]| format!("{x},{y}")).collect();
    format!("<coordinates>{}</coordinates>", positions.join(" "))
}
