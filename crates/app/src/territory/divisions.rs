//! The published divisions as a file: from rows of communities to the tree from a root down.

use super::NewPlace;
use crate::{Error, Result};
use jiff::civil::Date;
use method::decide::FieldProblem;
use sheet::{Format, Row, Table};
use std::collections::{BTreeMap, BTreeSet};

/// Where the tree begins.
#[derive(Clone, Debug)]
pub struct Root {
    /// Six digits of a county, or of a city (`350100` or `3501`).
    pub code: String,
    /// Name of a city, which the file does not hold.
    pub name: Option<String>,
    /// First day on which the places exist.
    pub from: Date,
}

/// A row: a community with the street and county it belongs to.
struct Community {
    code: String,
    name: String,
    street: (String, String),
    county: (String, String),
}

/// Reads a CSV file with the columns `code,name,streetCode,street,areaCode,county` (a community a
/// row) into the places below a root, each after the one that contains it.
pub fn read_divisions(file: &[u8], root: &Root) -> Result<Vec<NewPlace>> {
    let rows = communities(file)?;
    let city = root.code.len() == 4 || root.code.ends_with("00");
    let prefix = if city { root.code.strip_suffix("00").unwrap_or(&root.code) } else { &root.code };
    let own: Vec<_> = rows.into_iter().filter(|row| row.code.starts_with(prefix)).collect();
    if own.is_empty() {
        let chinese = format!("文件中没有 {} 的村社区", root.code);
        return Err(Error::field("root", "not_found", &chinese, "the file has nothing below it"));
    }
    let place = |parent: Option<&str>, level: &str, code: &str, name: &str| NewPlace {
        parent: parent.map(str::to_owned),
        level: level.to_owned(),
        code: Some(code.to_owned()),
        name: name.to_owned(),
        from: Some(root.from),
        aliases: Vec::new(),
    };
    let mut places = Vec::new();
    if city {
        let name = root.name.as_deref().unwrap_or(&root.code);
        let mut top = place(None, "city", &root.code, name);
        let other = if prefix == root.code { format!("{prefix}00") } else { prefix.to_owned() };
        top.aliases.push(other);
        places.push(top);
    }
    let above = city.then_some(root.code.as_str());
    for (code, name) in distinct(own.iter().map(|row| &row.county)) {
        places.push(place(above, "county", code, name));
    }
    for (code, (name, county)) in streets(&own) {
        places.push(place(Some(county), "street", code, name));
    }
    places.extend(
        own.iter().map(|row| place(Some(&row.street.0), "community", &row.code, &row.name)),
    );
    Ok(places)
}

fn distinct<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> BTreeMap<&'a str, &'a str> {
    pairs.map(|(code, name)| (code.as_str(), name.as_str())).collect()
}

fn streets(rows: &[Community]) -> BTreeMap<&str, (&str, &str)> {
    rows.iter()
        .map(|row| (row.street.0.as_str(), (row.street.1.as_str(), row.county.0.as_str())))
        .collect()
}

fn communities(file: &[u8]) -> Result<Vec<Community>> {
    let unread = |problem: sheet::ReadError| {
        Error::field("divisions", "unreadable", "文件无法读取", &problem.to_string())
    };
    let mut table = Table::read(file, Format::Csv).map_err(unread)?;
    let (mut rows, mut problems, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in table.rows().map_err(unread)? {
        let row = row.map_err(unread)?;
        match community(&row).filter(|it| seen.insert(it.code.clone())) {
            Some(community) => rows.push(community),
            None => problems.push(FieldProblem {
                field: format!("line {}", row.number()),
                code: "wrong_form",
                chinese: "应为一个村社区:12位代码、名称及所属街道、区县,且不重复".to_owned(),
                english: "a community with its twelve digits, street and county, once".to_owned(),
            }),
        }
    }
    if problems.is_empty() { Ok(rows) } else { Err(Error::Invalid(problems)) }
}

/// The community of a row; none if something is missing or its codes do not fit together.
fn community(row: &Row) -> Option<Community> {
    let cell = |name: &str| row.get(name).map(str::trim).filter(|it| !it.is_empty());
    let owned = |name: &str| cell(name).map(str::to_owned);
    let it = Community {
        code: owned("code")?,
        name: owned("name")?,
        street: (owned("streetCode")?, owned("street")?),
        county: (owned("areaCode")?, owned("county")?),
    };
    let digits = it.code.len() == 12 && it.code.chars().all(|c| c.is_ascii_digit());
    let nested = it.code.starts_with(&it.street.0) && it.street.0.starts_with(&it.county.0);
    let lengths = it.street.0.len() == 9 && it.county.0.len() == 6;
    (digits && nested && lengths).then_some(it)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "code,name,streetCode,street,areaCode,county
990101001001,东门社区,990101001,城关街道,990101,甲区
990101001002,西门社区,990101001,城关街道,990101,甲区
990102101200,上村村委会,990102101,河口镇,990102,乙县
980101001001,外地社区,980101001,外地街道,980101,外地
";

    fn read(code: &str) -> Vec<(Option<String>, String, String)> {
        let from = "2026-01-01".parse().unwrap();
        let root = Root { code: code.to_owned(), name: Some("甲市".to_owned()), from };
        let places = read_divisions(FILE.as_bytes(), &root).unwrap();
        places.into_iter().map(|it| (it.parent, it.level, it.code.unwrap())).collect()
    }

    fn line(parent: Option<&str>, level: &str, code: &str) -> (Option<String>, String, String) {
        (parent.map(str::to_owned), level.to_owned(), code.to_owned())
    }

    #[test]
    fn a_county_begins_with_itself() {
        assert_eq!(
            read("990101"),
            [
                line(None, "county", "990101"),
                line(Some("990101"), "street", "990101001"),
                line(Some("990101001"), "community", "990101001001"),
                line(Some("990101001"), "community", "990101001002"),
            ]
        );
    }

    #[test]
    fn a_city_holds_its_counties_whichever_way_its_code_is_written() {
        let short = read("9901");
        assert_eq!(short.len(), 8);
        assert_eq!(short[0], line(None, "city", "9901"));
        assert_eq!(short[1], line(Some("9901"), "county", "990101"));
        assert_eq!(read("990100")[2], line(Some("990100"), "county", "990102"));
    }

    #[test]
    fn broken_rows_are_told_by_line_all_at_once() {
        let file = FILE.replace("西门社区", "").replace("990102101200", "99010210120");
        let root = Root { code: "990101".into(), name: None, from: Date::default() };
        let Err(Error::Invalid(problems)) = read_divisions(file.as_bytes(), &root) else {
            panic!("read")
        };
        let lines: Vec<_> = problems.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(lines, ["line 3", "line 4"]);
    }

    #[test]
    fn a_root_that_the_file_does_not_hold_is_refused() {
        let root = Root { code: "970101".into(), name: None, from: Date::default() };
        assert!(matches!(read_divisions(FILE.as_bytes(), &root), Err(Error::Invalid(_))));
    }
}
