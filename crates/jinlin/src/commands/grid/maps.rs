//! Map files on disk: found out by their names, read, and their bad rows told in words.

use anyhow::{Context, Result, bail};
use geogrid::{
    Entry, Frame, MapFile, MapFormat, MapLimits, RowProblem, ShapefileParts, read_map,
    read_shapefile,
};
use std::path::Path;

/// How many bad rows are told one by one.
const TOLD: usize = 20;

/// The format that a file's name says.
pub fn format(path: &Path) -> Option<MapFormat> {
    MapFormat::from_name(path.file_name()?.to_str()?)
}

/// Reads a map, in whichever of the formats, in `frame` or else what it says itself.
pub fn read(path: &Path, frame: Option<Frame>) -> Result<MapFile> {
    let doing = || format!("cannot read {}", path.display());
    let limits = MapLimits::default();
    let is_loose = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("shp"));
    if is_loose {
        return read_shapefile(&parts(path)?, frame, &limits).with_context(doing);
    }
    let format = format(path).with_context(|| {
        format!("{}: the name ends in none of .geojson, .json, .kml, .zip, .shp", path.display())
    })?;
    let bytes = std::fs::read(path).with_context(doing)?;
    read_map(&bytes, format, frame, &limits).with_context(doing)
}

/// A shapefile and the files beside it.
fn parts(path: &Path) -> Result<ShapefileParts> {
    let beside = |extension: &str| {
        let names = [extension.to_owned(), extension.to_uppercase()];
        names.iter().find_map(|it| std::fs::read(path.with_extension(it)).ok())
    };
    let text = |extension| beside(extension).map(|it| String::from_utf8_lossy(&it).into_owned());
    let shp = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(ShapefileParts { shp, dbf: beside("dbf"), prj: text("prj"), cpg: text("cpg") })
}

/// The entries of a map; an error after telling its bad rows, unless those may be left out.
pub fn sound(path: &Path, frame: Option<Frame>, skip_bad_rows: bool) -> Result<Vec<Entry>> {
    let file = read(path, frame)?;
    let told = file.problems.iter().map(words).collect::<Vec<_>>();
    tell(path, &told, skip_bad_rows)?;
    Ok(file.entries)
}

/// Tells bad rows on standard error; an error if there are any that may not be left out.
pub fn tell(path: &Path, problems: &[String], skip_bad_rows: bool) -> Result<()> {
    let name = path.display();
    problems.iter().take(TOLD).for_each(|problem| eprintln!("{name}: {problem}"));
    if problems.len() > TOLD {
        eprintln!("{name}: … {0} 行 / {0} more rows", problems.len() - TOLD);
    }
    if !problems.is_empty() && !skip_bad_rows {
        bail!(
            "{0} 行有问题，请修正，或加 --skip-bad-rows 略过 / {0} rows have problems: mend them, or \
             leave them out with --skip-bad-rows",
            problems.len()
        );
    }
    Ok(())
}

fn words(problem: &RowProblem) -> String {
    let RowProblem { row, name, reason } = problem;
    format!("第 {row} 行 / row {row} {name}: {reason}")
}
