//! ESRI shapefiles: their parts together, loose or in an archive. The geometries are `shp`'s, the
//! table of attributes `dbf`'s.
//!
//! Both formats are read and written here and not by a library: those found panic on hostile tables,
//! and date what they write by the machine's clock. Tests compare with one.

mod dbf;
mod shp;

use std::io::{Cursor, Read, Write};

use encoding_rs::{Encoding, GB18030, UTF_8};
use zip::{ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

use super::{
    Attributes, Entry, MapError, MapFormat, MapLimits, Written,
    row::{RawFile, RawRow},
};
use crate::frame::Frame;

/// The files that make a shapefile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShapefileParts {
    /// `.shp`: the geometries.
    pub shp: Vec<u8>,
    /// `.dbf`: the attributes.
    pub dbf: Option<Vec<u8>>,
    /// `.prj`: what the coordinates mean.
    pub prj: Option<String>,
    /// `.cpg`: how the attributes are encoded; else as the table says, else UTF-8 or GB 18030 by look.
    pub cpg: Option<String>,
}

fn unreadable(reason: &(impl ToString + ?Sized)) -> MapError {
    MapError::Unreadable { format: MapFormat::Shapefile, reason: reason.to_string() }
}

/// The parts of the one shapefile in a zip archive, whatever folder they lie in.
pub(super) fn unpacked(bytes: &[u8], limits: &MapLimits) -> Result<ShapefileParts, MapError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|it| unreadable(&it))?;
    let mut parts = ShapefileParts::default();
    let (mut shapes, mut left) = (0, limits.unpacked_bytes);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|it| unreadable(&it))?;
        // Names may be in any encoding, but end in ASCII. Macintoshes add files named `._…`.
        let name = entry.name_raw().to_ascii_lowercase();
        let base = name.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        let end = base.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
        if base.starts_with(b"._") || ![&b"shp"[..], b"dbf", b"prj", b"cpg"].contains(&end) {
            continue;
        }
        let content = content(entry, left, limits)?;
        left -= content.len() as u64;
        let text = || Some(String::from_utf8_lossy(&content).into_owned());
        match end {
            b"shp" => (shapes, parts.shp) = (shapes + 1, content),
            b"dbf" => parts.dbf = Some(content),
            b"prj" => parts.prj = text(),
            _ => parts.cpg = text(),
        }
    }
    match shapes {
        1 => Ok(parts),
        0 => Err(unreadable("no .shp in the archive")),
        _ => Err(unreadable("several shapefiles in the archive: send one at a time")),
    }
}

fn content(entry: impl Read, left: u64, limits: &MapLimits) -> Result<Vec<u8>, MapError> {
    let mut content = Vec::new();
    // What an archive says of its sizes may be a lie.
    let size = entry.take(left.saturating_add(1)).read_to_end(&mut content);
    if size.map_err(|it| unreadable(&it))? as u64 > left {
        let unit = "bytes once unpacked";
        return Err(MapError::TooMuch { unit, most: limits.unpacked_bytes });
    }
    Ok(content)
}

impl ShapefileParts {
    /// The rows, and the frame of the `.prj` unless another is given.
    pub(super) fn read(
        &self,
        frame: Option<Frame>,
        limits: &MapLimits,
    ) -> Result<RawFile, MapError> {
        let own = match (frame, &self.prj) {
            (None, Some(prj)) => Some(Frame::from_wkt(prj)?),
            (given, _) => given,
        };
        let mut file = RawFile::of(own);
        let mut table = self.dbf.as_ref().map(|dbf| dbf::rows(dbf, self.encoding())).transpose()?;
        for geometry in shp::geometries(&self.shp)? {
            let row = table.as_mut().map(|rows| rows.next().ok_or_else(too_short)).transpose()?;
            // A row marked as deleted in the table is none.
            if let Some(attributes) = row.unwrap_or(Some(Attributes::new())) {
                file.push(RawRow { attributes, geometry: geometry? }, limits)?;
            }
        }
        Ok(file)
    }

    fn encoding(&self) -> Option<&'static Encoding> {
        let label = self.cpg.as_deref()?.trim();
        match label {
            "65001" => Some(UTF_8),
            "936" | "54936" | "CP936" | "cp936" => Some(GB18030),
            other => Encoding::for_label(other.as_bytes()),
        }
    }
}

fn too_short() -> MapError {
    unreadable("the table has fewer rows than there are geometries")
}

pub(super) fn write(entries: &[Entry], frame: &Frame) -> Result<Written, MapError> {
    let (shp, shx) = shp::written(entries, frame)?;
    let (dbf, renamed) = dbf::written(entries)?;
    let mut parts = vec![("shp", shp), ("shx", shx), ("dbf", dbf), ("cpg", b"UTF-8".to_vec())];
    parts.extend(frame.wkt().map(|prj| ("prj", prj.into_bytes())));
    let bytes = packed(&parts).map_err(|it| unreadable(&it))?;
    Ok(Written { bytes, renamed })
}

fn packed(parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (extension, bytes) in parts {
        zip.start_file(format!("shapes.{extension}"), SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
