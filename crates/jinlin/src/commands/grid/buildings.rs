//! Buildings from a table or a map, with what is called 户数 and 在办 in them.

use super::maps;
use anyhow::{Context, Result};
use geogrid::{Attributes, Building, Datum, Frame, Geometry, LngLat};
use serde_json::Value;
use sheet::{Format, Headers, Row, Table};
use std::path::Path;

const LNG: &[&str] = &["经度", "lng", "lon", "longitude", "x"];
const LAT: &[&str] = &["纬度", "lat", "latitude", "y"];
const HOUSEHOLDS: &[&str] = &["户数", "households"];
const OPEN_WORK: &[&str] = &["在办", "未办结", "open_work"];

/// What a file of buildings holds: the buildings, and the row of each.
pub struct Buildings {
    pub list: Vec<Building>,
    pub rows: Vec<usize>,
}

/// Reads a table or a map.
pub fn read(path: &Path, frame: Option<Frame>, skip_bad_rows: bool) -> Result<Buildings> {
    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    let (found, problems) = match Format::from_name(name) {
        Some(format) => from_table(path, format, frame)?,
        None => from_map(path, frame)?,
    };
    maps::tell(path, &problems, skip_bad_rows)?;
    let (rows, list) = found.into_iter().unzip();
    Ok(Buildings { list, rows })
}

/// Buildings with their rows, and what is wrong with the others.
type Found = (Vec<(usize, Building)>, Vec<String>);

fn from_map(path: &Path, frame: Option<Frame>) -> Result<Found> {
    let file = maps::read(path, frame)?;
    let mut problems: Vec<String> =
        file.problems.iter().map(|it| told(it.row, &it.reason.to_string())).collect();
    let mut found = Vec::new();
    for entry in file.entries {
        match of_entry(&entry.attributes, entry.geometry) {
            Ok(building) => found.push((entry.row, building)),
            Err(problem) => problems.push(told(entry.row, &problem)),
        }
    }
    Ok((found, problems))
}

fn told(row: usize, problem: &str) -> String {
    format!("第 {row} 行 / row {row}: {problem}")
}

fn of_entry(attributes: &Attributes, geometry: Geometry) -> Result<Building, String> {
    let (at, footprint) = match geometry {
        Geometry::Point(at) => (at, None),
        Geometry::Area(shape) => (shape.label_point(), Some(shape)),
        Geometry::Lines(_) => return Err("是线，不是建筑 / a line is no building".to_owned()),
    };
    let amount = |names: &[&str], absent| {
        let value = names.iter().find_map(|name| attributes.get(*name));
        match value {
            None => Ok(absent),
            Some(Value::String(text)) => number(text),
            Some(Value::Null) => Ok(0),
            Some(other) => number(&other.to_string()),
        }
    };
    let (households, open_work) = (amount(HOUSEHOLDS, 1)?, amount(OPEN_WORK, 0)?);
    Ok(Building { at, footprint, households, open_work })
}

/// A count; `12.0` is one too, and nothing is zero.
fn number(text: &str) -> Result<u32, String> {
    let text = text.trim();
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let wrong = |_| format!("“{text}”不是数目 / {text:?} is no count");
    if whole.is_empty() { Ok(0) } else { whole.parse().map_err(wrong) }
}

fn from_table(path: &Path, format: Format, frame: Option<Frame>) -> Result<Found> {
    let doing = || format!("cannot read {}", path.display());
    let bytes = std::fs::read(path).with_context(doing)?;
    let mut table = Table::read(&bytes, format).with_context(doing)?;
    let columns = Columns::of(table.headers()).with_context(doing)?;
    let frame = frame.unwrap_or(Frame::Degrees(Datum::Cgcs2000));
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for row in table.rows().with_context(doing)? {
        let row = row.with_context(doing)?;
        let number = row.number() as usize;
        match columns.building(&row, &frame) {
            Ok(building) => found.push((number, building)),
            Err(problem) => problems.push(told(number, &problem)),
        }
    }
    Ok((found, problems))
}

/// Which columns hold what.
struct Columns {
    lng: &'static str,
    lat: &'static str,
    households: Option<&'static str>,
    open_work: Option<&'static str>,
}

impl Columns {
    fn of(headers: &Headers) -> Result<Self> {
        let known = |names: &[&'static str]| {
            names.iter().copied().find(|name| headers.position(name).is_some())
        };
        let need = |names: &[&'static str]| {
            known(names).with_context(|| {
                let names = names.join("、");
                format!("没有这一列 / there is no column of these: {names}")
            })
        };
        Ok(Self {
            lng: need(LNG)?,
            lat: need(LAT)?,
            households: known(HOUSEHOLDS),
            open_work: known(OPEN_WORK),
        })
    }

    fn building(&self, row: &Row, frame: &Frame) -> Result<Building, String> {
        let count = |name: Option<&str>, absent| match name.and_then(|name| row.get(name)) {
            None => Ok(absent),
            Some(text) => number(text),
        };
        Ok(Building {
            at: self.place(row, frame)?,
            footprint: None,
            households: count(self.households, 1)?,
            open_work: count(self.open_work, 0)?,
        })
    }

    fn place(&self, row: &Row, frame: &Frame) -> Result<LngLat, String> {
        let coordinate = |name: &str| {
            let text = row.get(name).unwrap_or_default().trim();
            let wrong = || format!("{name}“{text}”不是数 / {name} {text:?} is no number");
            text.parse::<f64>().map_err(|_| wrong())
        };
        let position = [coordinate(self.lng)?, coordinate(self.lat)?];
        frame.read(position).map_err(|problem| problem.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<Found> {
        let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
        std::fs::write(file.path(), text).unwrap();
        from_table(file.path(), Format::Csv, None)
    }

    #[test]
    fn a_table_gives_buildings_and_names_each_bad_row() {
        let text = "地址,经度,纬度,户数,在办\na,117.8,26.4,3,1\nb,26.4,117.8,3,\nc,117.8,26.5,许多,\n\
                    d,117.8,,4,\ne,117.9,26.5,12.0,\n";
        let (found, problems) = table(text).unwrap();
        let amounts: Vec<_> =
            found.iter().map(|(row, it)| (*row, it.households, it.open_work)).collect();
        assert_eq!(amounts, [(2, 3, 1), (6, 12, 0)]);
        let [swapped, many, empty] = problems.as_slice() else { panic!("{problems:?}") };
        assert!(swapped.contains("row 3") && swapped.contains("wrong order"), "{swapped}");
        assert!(many.contains("row 4") && many.contains("许多"), "{many}");
        assert!(empty.contains("row 5") && empty.contains("纬度"), "{empty}");
    }

    #[test]
    fn without_households_each_row_is_one_and_without_places_there_is_no_plan() {
        let (found, _) = table("lng,lat\n117.8,26.4\n").unwrap();
        assert_eq!((found[0].1.households, found[0].1.open_work), (1, 0));
        let problem = table("地址,户数\na,3\n").err().unwrap();
        assert!(format!("{problem:#}").contains("经度"), "{problem:#}");
    }
}
