//! What ships inside the binary: packs, divisions, outlines. The program reads nothing outside; a
//! county brings its own files on the command line.

use app::method_packs::PackFiles;
use method::read::Files;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../packs"]
struct Packs;

#[derive(RustEmbed)]
#[folder = "../../data"]
struct Data;

/// A pack to begin with, as files inside its folder; `ID`, `TITLE` and `BASE` stand for what is new.
const NEW: [(&str, &str); 3] = [
    ("pack.toml", include_str!("../new/pack.toml")),
    ("procedures/small_matter.toml", include_str!("../new/procedures/small_matter.toml")),
    ("stories/small_matter.toml", include_str!("../new/stories/small_matter.toml")),
];

/// The files of a new pack above the `base` that is carried: one procedure and its story, to be
/// changed into one's own.
pub fn new_pack(id: &str, title: &str) -> Files {
    let base = method::read::load("base", &packs).pack.map(|it| it.version).unwrap_or_default();
    let base = base.rsplit_once('.').map_or(base.as_str(), |(month, _)| month);
    let title = title.replace(['"', '\\', '\n'], "");
    let filled = |text: &str| {
        text.replace("\"ID\"", &format!("\"{id}\"")).replace("TITLE", &title).replace("BASE", base)
    };
    NEW.map(|(path, text)| (path.to_owned(), filled(text))).to_vec()
}

/// A place whose pack holds a demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPlace {
    /// The pack, and the word on the command line.
    pub id: String,
    /// Title of the pack.
    pub title: String,
}

/// The files of a shipped pack by paths inside its folder, stories and demo included.
pub fn packs(id: &str) -> Option<Files> {
    let folder = format!("{id}/");
    let inside = |path: &str| path.strip_prefix(&folder).map(str::to_owned);
    let files: Files = Packs::iter()
        .filter_map(|path| Some((inside(&path)?, text(Packs::get(&path)?)?)))
        .collect();
    (!files.is_empty() && !id.contains('/')).then_some(files)
}

/// All shipped packs by folder, as checking one of them wants them.
pub fn all_packs() -> PackFiles {
    let mut ids: Vec<String> = Packs::iter().filter_map(|path| folder(&path)).collect();
    ids.dedup();
    ids.into_iter().filter_map(|id| packs(&id).map(|files| (id, files))).collect()
}

/// The divisions of a county or city as CSV: its own file, else that of the city it lies in.
pub fn divisions(code: &str) -> Option<String> {
    let city: String = code.chars().take(4).collect();
    let file = |code: &str| Data::get(&format!("divisions/{code}.csv"));
    text(file(code).or_else(|| file(&city))?)
}

/// The outline of a county as a GeoJSON feature.
pub fn outline(code: &str) -> Option<String> {
    text(Data::get(&format!("outlines/{code}.geojson"))?)
}

/// The places of which a demo can be made.
pub fn demo_places() -> Vec<DemoPlace> {
    let mut places: Vec<DemoPlace> = Packs::iter()
        .filter(|path| path.ends_with("/demo.toml"))
        .filter_map(|path| {
            let id = folder(&path)?;
            let pack = text(Packs::get(&format!("{id}/pack.toml"))?)?;
            let pack: toml::Table = toml::from_str(&pack).ok()?;
            let title = pack.get("title")?.as_str()?.to_owned();
            Some(DemoPlace { id, title })
        })
        .collect();
    places.sort_by(|a, b| a.id.cmp(&b.id));
    places
}

fn folder(path: &str) -> Option<String> {
    path.split_once('/').map(|(folder, _)| folder.to_owned())
}

fn text(file: EmbeddedFile) -> Option<String> {
    String::from_utf8(file.data.into_owned()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_pack_is_sound_with_nothing_but_what_is_shipped() {
        let all = all_packs();
        assert!(all.contains_key("base"));
        for id in all.keys() {
            let loaded = method::read::load(id, &packs);
            assert!(loaded.pack.is_some(), "{id}: {:#?}", loaded.problems);
        }
    }

    #[test]
    fn a_demo_place_has_its_divisions_and_its_outline_on_board() {
        let places = demo_places();
        assert!(!places.is_empty());
        for place in places {
            let demo = packs(&place.id).unwrap();
            let demo = &demo.iter().find(|(path, _)| path == "demo.toml").unwrap().1;
            let root = demo.parse::<toml::Table>().unwrap()["root"].as_str().unwrap().to_owned();
            assert!(divisions(&root).unwrap().starts_with("code,name,"), "{root}");
            assert!(outline(&root).unwrap().contains("Feature"), "{root}");
            assert!(!place.title.is_empty());
        }
    }

    #[test]
    fn a_county_without_a_file_of_its_own_is_found_in_its_citys() {
        assert_eq!(divisions("350102"), divisions("3501"));
        assert_eq!(divisions("999999"), None);
        assert_eq!(packs("nowhere"), None);
        assert_eq!(packs("base/stories"), None);
        assert_eq!(outline("999999"), None);
    }
}
