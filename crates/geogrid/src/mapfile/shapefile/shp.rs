//! The geometries of a shapefile (`.shp`), and the index beside them (`.shx`).
//! Heights and measures are passed over; which ring is a hole of which is found later.

use super::{
    super::{
        Entry, Geometry, MapError, RowReason,
        row::{Position, Raw, positions},
    },
    unreadable,
};
use crate::frame::Frame;

const HEADER: usize = 100;
const MAGIC: i32 = 9994;
const POINT: i32 = 1;
const LINES: i32 = 3;
const AREA: i32 = 5;

/// The geometries one by one; a record that is not whole ends the file with an error.
pub(super) fn geometries(
    bytes: &[u8],
) -> Result<impl Iterator<Item = Result<Result<Raw, RowReason>, MapError>>, MapError> {
    let header = Bytes(bytes.get(..HEADER).unwrap_or_default());
    if header.big(0) != Some(MAGIC) {
        return Err(unreadable("the .shp file does not begin like one"));
    }
    let mut rest = bytes.get(HEADER..).unwrap_or_default();
    Ok(std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let record = record(rest);
        rest = record.map_or(&[], |(_, rest)| rest);
        let torn = || unreadable("a record of the .shp file is not whole");
        Some(record.and_then(|(content, _)| geometry(Bytes(content))).ok_or_else(torn))
    }))
}

/// The content of the next record, and what follows it.
fn record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let words = usize::try_from(Bytes(bytes).big(4)?).ok()?;
    bytes.get(8..)?.split_at_checked(words.checked_mul(2)?)
}

fn geometry(content: Bytes<'_>) -> Option<Result<Raw, RowReason>> {
    // Kinds come plain, with heights (+10) and with measures (+20).
    match content.little(0)? {
        0 => Some(Err(RowReason::Nothing)),
        1 | 11 | 21 => content.position(4).map(Raw::Point).map(Ok),
        3 | 13 | 23 => content.parts().map(Raw::Lines).map(Ok),
        5 | 15 | 25 => content.parts().map(Raw::Rings).map(Ok),
        8 | 18 | 28 => Some(Err(RowReason::Kind { kind: "MultiPoint".to_owned() })),
        31 => Some(Err(RowReason::Kind { kind: "MultiPatch".to_owned() })),
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..)?.first_chunk().copied()
    }

    fn big(self, at: usize) -> Option<i32> {
        self.take(at).map(i32::from_be_bytes)
    }

    fn little(self, at: usize) -> Option<i32> {
        self.take(at).map(i32::from_le_bytes)
    }

    fn count(self, at: usize) -> Option<usize> {
        usize::try_from(self.little(at)?).ok()
    }

    fn position(self, at: usize) -> Option<Position> {
        Some([f64::from_le_bytes(self.take(at)?), f64::from_le_bytes(self.take(at + 8)?)])
    }

    /// The parts of a line or polygon: after kind and box stand how many parts and points there are,
    /// where each part begins, and the points.
    fn parts(self) -> Option<Vec<Vec<Position>>> {
        let (parts, points) = (self.count(36)?, self.count(40)?);
        let start = 44_usize.checked_add(parts.checked_mul(4)?)?;
        let end = start.checked_add(points.checked_mul(16)?)?;
        // Before anything is allocated: what is announced must be there.
        if end > self.0.len() {
            return None;
        }
        let begin =
            |part: usize| if part < parts { self.count(44 + 4 * part) } else { Some(points) };
        let line = |part: usize| {
            let (from, to) = (begin(part)?, begin(part + 1)?);
            let in_order = from <= to && to <= points;
            in_order.then(|| (from..to).map(|point| self.position(start + 16 * point)).collect())?
        };
        (0..parts).map(line).collect()
    }
}

/// The `.shp` and the `.shx` file of entries of one kind.
pub(super) fn written(entries: &[Entry], frame: &Frame) -> Result<(Vec<u8>, Vec<u8>), MapError> {
    let kind = entries.first().map_or(AREA, |entry| kind(&entry.geometry));
    if entries.iter().any(|entry| self::kind(&entry.geometry) != kind) {
        return Err(MapError::Mixed);
    }
    let contents: Vec<_> =
        entries.iter().map(|entry| content(kind, &parts(&entry.geometry, frame))).collect();
    let all = entries.iter().flat_map(|entry| parts(&entry.geometry, frame)).flatten();
    let bounds = bounds(all);
    let size: usize = contents.iter().map(|content| content.len() + 8).sum();
    let mut shp = header(kind, size, bounds);
    let mut shx = header(kind, 8 * contents.len(), bounds);
    for (number, content) in (1_u32..).zip(&contents) {
        let length = words(content.len());
        shx.extend(words(shp.len()));
        shx.extend(length);
        shp.extend(number.to_be_bytes());
        shp.extend(length);
        shp.extend(content);
    }
    Ok((shp, shx))
}

fn kind(geometry: &Geometry) -> i32 {
    match geometry {
        Geometry::Point(_) => POINT,
        Geometry::Lines(_) => LINES,
        Geometry::Area(_) => AREA,
    }
}

fn parts(geometry: &Geometry, frame: &Frame) -> Vec<Vec<Position>> {
    match geometry {
        Geometry::Point(place) => vec![vec![frame.write(*place)]],
        Geometry::Lines(lines) => {
            lines.iter().map(|line| line.iter().map(|&it| frame.write(it)).collect()).collect()
        }
        Geometry::Area(shape) => {
            let mut rings: Vec<_> = positions(shape, frame).into_iter().flatten().collect();
            // Here outer rings run clockwise.
            rings.iter_mut().for_each(|ring| ring.reverse());
            rings
        }
    }
}

/// A length in words of two bytes.
fn words(bytes: usize) -> [u8; 4] {
    ((bytes / 2) as u32).to_be_bytes()
}

fn header(kind: i32, size: usize, bounds: [f64; 4]) -> Vec<u8> {
    let mut header = MAGIC.to_be_bytes().to_vec();
    header.extend([0; 20]);
    header.extend(words(HEADER + size));
    header.extend(1000_i32.to_le_bytes());
    header.extend(kind.to_le_bytes());
    header.extend(bounds.into_iter().flat_map(f64::to_le_bytes));
    header.resize(HEADER, 0);
    header
}

/// West, south, east and north of positions; zeros without any.
fn bounds(positions: impl Iterator<Item = Position>) -> [f64; 4] {
    let join =
        |[w, s, e, n]: [f64; 4], [x, y, u, v]: [f64; 4]| [w.min(x), s.min(y), e.max(u), n.max(v)];
    positions.map(|[x, y]| [x, y, x, y]).reduce(join).unwrap_or_default()
}

fn content(kind: i32, parts: &[Vec<Position>]) -> Vec<u8> {
    let mut content = kind.to_le_bytes().to_vec();
    let points = || parts.iter().flatten().copied();
    if kind != POINT {
        content.extend(bounds(points()).into_iter().flat_map(f64::to_le_bytes));
        content.extend((parts.len() as i32).to_le_bytes());
        content.extend((points().count() as i32).to_le_bytes());
        let mut begin = 0;
        for part in parts {
            content.extend((begin as i32).to_le_bytes());
            begin += part.len();
        }
    }
    content.extend(points().flatten().flat_map(f64::to_le_bytes));
    content
}
