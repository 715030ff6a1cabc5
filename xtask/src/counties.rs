//! No county is named in Rust: what a county invents is a pack. The names are those of the packs
//! themselves and of the places in `rows.tsv`.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use crate::rows::ROWS;
use crate::source::Source;
use crate::{House, Problem};

/// The pack that belongs to no county.
const NOBODYS: &str = "base";

/// The words for a county, a district, a city.
const COUNTY: [char; 3] = ['县', '区', '市'];

/// Places that end in such a word and are none.
const SMALLER: &[&str] = &["社区", "小区", "片区"];

/// Looks for a county's name in the Rust of `crates/`, comments included, tests not.
pub fn check(house: &House) -> Result<Vec<Problem>> {
    let names = names(house)?;
    let rooms = house.sources().iter().filter(|source| source.room().is_some());
    Ok(rooms.flat_map(|source| named(source, &names)).collect())
}

fn named(source: &Source, names: &BTreeSet<String>) -> Vec<Problem> {
    let found = source.lines_outside_tests().filter_map(|(line, text)| {
        let text = text.to_lowercase();
        let name = names.iter().find(|name| text.contains(name.as_str()))?;
        Some((line, format!("names the county {name}: it belongs in a pack")))
    });
    found.map(|(line, says)| Problem::on_line(&source.path, line, says)).collect()
}

fn names(house: &House) -> Result<BTreeSet<String>> {
    let mut names: BTreeSet<String> = ROWS
        .lines()
        .skip(1)
        .filter_map(|row| row.split('\t').nth(1))
        .flat_map(|places| places.split('/'))
        .map(bare)
        .collect();
    for file in house.files() {
        let Some((folder, "pack.toml")) = below_packs(&file.path) else { continue };
        if folder != NOBODYS {
            names.insert(folder.to_lowercase());
            names.extend(county_in_title(&file.text).with_context(|| file.path.clone())?);
        }
    }
    Ok(names)
}

fn below_packs(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("packs/")?.split_once('/')
}

/// The county that a pack's title begins with, as far as the word for county goes.
fn county_in_title(pack: &str) -> Result<Option<String>> {
    let pack: toml::Table = toml::from_str(pack)?;
    let title = pack.get("title").and_then(toml::Value::as_str).unwrap_or_default();
    let county = title.split_inclusive(COUNTY).next().filter(|name| name.ends_with(COUNTY));
    let county = county.filter(|name| !SMALLER.iter().any(|smaller| name.ends_with(smaller)));
    Ok(county.map(bare))
}

/// A county without the word for county, by which people call it.
fn bare(place: &str) -> String {
    let place = place.trim().trim_end_matches('等');
    let short = place.strip_suffix(COUNTY).unwrap_or(place);
    // A name of one character (`西区`) keeps its word.
    let name = if short.chars().count() > 1 { short } else { place };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::testing::house;
    use rstest::rstest;

    #[rstest]
    #[case("沙县区", "沙县")]
    #[case("罗源县", "罗源")]
    #[case("西区", "西区")]
    #[case("鼓楼等", "鼓楼")]
    fn a_county_is_known_by_its_bare_name(#[case] place: &str, #[case] name: &str) {
        assert_eq!(bare(place), name);
    }

    #[rstest]
    #[case("沙县区近邻治理", Some("沙县"))]
    #[case("清河县", Some("清河"))]
    #[case("社区治理", None)]
    #[case("五单式", None)]
    fn a_title_may_begin_with_a_county(#[case] title: &str, #[case] county: Option<&str>) {
        let pack = format!("title = \"{title}\"");
        assert_eq!(county_in_title(&pack).unwrap().as_deref(), county);
    }

    #[test]
    fn a_county_is_found_in_code_and_comments_but_not_in_tests() {
        let house = house(&[
            ("packs/base/pack.toml", "title = \"基础\""),
            ("packs/qinghe/pack.toml", "title = \"清河县网格治理\""),
            (
                "crates/app/src/a.rs",
                "// As in Qinghe.\nfn f() {}\n#[cfg(test)]\nmod tests {\n// qinghe\n}",
            ),
            (
                "crates/app/src/b.rs",
                "const HOME: &str = \"清河街道\";\nconst BASE: &str = \"base\";",
            ),
            ("crates/app/tests/it/main.rs", "// qinghe"),
            ("xtask/src/c.rs", "// qinghe"),
        ]);
        let found: Vec<_> = check(&house).unwrap().into_iter().map(|problem| problem.at).collect();
        assert_eq!(found, ["crates/app/src/a.rs:1", "crates/app/src/b.rs:1"]);
    }

    #[test]
    fn the_places_of_the_rows_are_names_too() {
        let names = names(&house(&[])).unwrap();
        assert!(names.contains("罗源") && names.contains("马尾"), "{names:?}");
    }
}
