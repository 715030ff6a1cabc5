//! `shapes`: reading a map of 10,000 outlines and finding all that is wrong with it. Five seconds are
//! asked for.

use crate::figure::{Figure, Report, count};
use crate::ground::{outline, scatter};
use crate::stopwatch::timed;
use anyhow::{Result, ensure};
use geogrid::{
    Building, Datum, Entry, Frame, Geometry, MapFormat, MapLimits, Shape, Wish, check_layer, draw,
    propose, read_map, write_map,
};

const CELLS: usize = 10_000;
const BUILDINGS: usize = 30_000;

/// Measures it.
pub fn run(report: &mut Report) -> Result<()> {
    let county = outline()?;
    let file = map(&county)?;
    let kib = count(file.len() / 1024);
    let ((cells, found), took) = {
        let (done, took) = timed(|| checked(&file, &county));
        (done?, took)
    };
    ensure!(cells == CELLS && found == 0, "{cells} cells, {found} problems");
    let seconds = took.as_secs_f64();
    let figure = Figure::new("shapes: validating 10,000 outlines", seconds, "s");
    let figure = figure.note(format!("{kib:.0} KiB of GeoJSON, overlaps, gaps, ground outside"));
    report.add(figure.target("≤ 5 s", seconds <= 5.0));
    Ok(())
}

/// How many cells a map holds, and how much is wrong with them.
fn checked(file: &[u8], county: &Shape) -> Result<(usize, usize)> {
    let map = read_map(file, MapFormat::GeoJson, None, &MapLimits::default())?;
    let cells: Vec<_> = map
        .entries
        .into_iter()
        .filter_map(|entry| match entry.geometry {
            Geometry::Area(shape) => Some((entry.row, shape)),
            Geometry::Point(_) | Geometry::Lines(_) => None,
        })
        .collect();
    let layer = check_layer(&cells, Some(county))?;
    let wrong = layer.overlaps.len() + layer.gaps.len() + layer.outside.len();
    Ok((cells.len(), map.problems.len() + wrong))
}

/// A county in ragged cells of three buildings each.
fn map(county: &Shape) -> Result<Vec<u8>> {
    let places = scatter(county, BUILDINGS);
    let house = |at| Building { at, footprint: None, households: 1, open_work: 0 };
    let buildings: Vec<_> = places.into_iter().map(house).collect();
    let wish = Wish { least: 1, most: 9, cells: Some(CELLS), seed: 1 };
    let proposal = propose(&buildings, &[], &wish)?;
    let shapes = draw(&proposal, &buildings, Some(county))?.into_iter().flatten();
    let entry = |(row, shape)| {
        let geometry = Geometry::Area(shape);
        Entry { row, attributes: Default::default(), geometry }
    };
    let entries: Vec<_> = (1..).zip(shapes).map(entry).collect();
    Ok(write_map(&entries, MapFormat::GeoJson, &Frame::Degrees(Datum::Cgcs2000))?.bytes)
}
