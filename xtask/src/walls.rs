//! The walls: which room may use which, which library is let into which room, and who may touch
//! files and the network. Tests may reach further (dev-dependencies and test code are not asked).

use std::collections::BTreeSet;

use anyhow::Result;

use crate::cargo::{self, Package};
use crate::source::Source;
use crate::{House, Problem};

/// Who may use whom. A room that is not named here does not exist.
const WALLS: &[(&str, &[&str])] = &[
    // Leaf libraries: useful by themselves, know nothing of the house.
    ("calendar", &[]),
    ("geogrid", &[]),
    ("redact", &[]),
    ("rowdb", &[]),
    ("sheet", &[]),
    ("tlog", &[]),
    ("zhtext", &[]),
    // Words and rules.
    ("model", &[]),
    ("method", &["calendar", "model"]),
    // Keeping and doing.
    ("store", &["model", "rowdb"]),
    (
        "app",
        &[
            "calendar", "geogrid", "method", "model", "redact", "rowdb", "sheet", "store", "tlog",
            "zhtext",
        ],
    ),
    ("channels", &["app", "model"]),
    ("api", &["app", "model"]),
    // The stories open a database themselves, speak of cases by their typed ids, reckon times as a
    // reader would, and plan the demos' cells.
    (
        "stories",
        &["api", "app", "calendar", "geogrid", "method", "model", "rowdb", "sheet", "store"],
    ),
    ("jinlin", EVERYTHING),
    ("bench", EVERYTHING),
    ("xtask", &[]),
];

const EVERYTHING: &[&str] = &["*"];

/// Libraries that belong to some rooms only.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("anyhow", &["bench", "jinlin", "stories", "xtask"]),
    ("askama", &["api"]),
    ("axum", &["api", "bench", "jinlin", "stories"]),
    ("deadpool-postgres", &["rowdb"]),
    ("hyper-rustls", &["channels"]),
    ("rten", &["redact"]),
    ("rusqlite", &["rowdb"]),
    ("tokio-postgres", &["rowdb"]),
];

/// Rooms without a runtime: nothing in them waits.
const NEVER_WAIT: &[&str] =
    &["calendar", "geogrid", "method", "model", "redact", "sheet", "tlog", "zhtext"];

/// Rooms that never touch files or the network themselves.
const NEVER_TOUCH: &[&str] = &[
    "app", "calendar", "geogrid", "method", "model", "redact", "sheet", "store", "tlog", "zhtext",
];

/// Compares all walls with the manifests and the sources.
pub fn check(house: &House) -> Result<Vec<Problem>> {
    let metadata = cargo::ours(house.root())?;
    let rooms: Vec<&Package> = metadata.ours().collect();
    let mut problems = unnamed_rooms(&rooms);
    problems.extend(rooms.iter().flat_map(|room| forbidden_rooms(room)));
    problems.extend(rooms.iter().flat_map(|room| forbidden_libraries(room)));
    problems.extend(house.sources().iter().flat_map(forbidden_reach));
    Ok(problems)
}

fn unnamed_rooms(rooms: &[&Package]) -> Vec<Problem> {
    let built: BTreeSet<&str> = rooms.iter().map(|room| room.name.as_str()).collect();
    let named: BTreeSet<&str> = WALLS.iter().map(|(room, _)| *room).collect();
    let unnamed = built.difference(&named);
    let unbuilt = named.difference(&built);
    let unnamed = unnamed.map(|room| Problem::new(*room, "a room that the walls do not name"));
    unnamed
        .chain(unbuilt.map(|room| Problem::new(*room, "the walls name a room that is not there")))
        .collect()
}

fn forbidden_rooms(room: &Package) -> Vec<Problem> {
    let wall = WALLS.iter().find(|(name, _)| *name == room.name);
    let allowed = wall.map_or([].as_slice(), |(_, allowed)| allowed);
    let used = room.shipped().filter(|used| used.path.is_some());
    let forbidden =
        used.filter(|used| allowed != EVERYTHING && !allowed.contains(&used.name.as_str()));
    forbidden.map(|used| Problem::new(&room.name, format!("may not use `{}`", used.name))).collect()
}

fn forbidden_libraries(room: &Package) -> Vec<Problem> {
    let name = room.name.as_str();
    let forbidden = room.shipped().filter(|used| {
        let kept = KEPT_IN.iter().find(|(library, _)| *library == used.name);
        kept.is_some_and(|(_, rooms)| !rooms.contains(&name))
            || used.name == "tokio" && NEVER_WAIT.contains(&name)
    });
    forbidden
        .map(|used| Problem::new(name, format!("`{}` is not let in here", used.name)))
        .collect()
}

fn forbidden_reach(source: &Source) -> Vec<Problem> {
    if !source.room().is_some_and(|room| NEVER_TOUCH.contains(&room)) {
        return Vec::new();
    }
    let names = ["std", "tokio"].into_iter().flat_map(|root| source.names_below(root));
    let reached = names
        .filter(|(line, name)| matches!(*name, "fs" | "net" | "process") && !source.is_test(*line));
    let says =
        |name: &str| format!("`{name}` is below no room under the API: take it as an argument");
    reached.map(|(line, name)| Problem::on_line(&source.path, line, says(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::Dependency;
    use rstest::rstest;

    fn room(name: &str, uses: &[(&str, Option<&str>, bool)]) -> Package {
        let dependencies = uses.iter().map(|(name, kind, ours)| Dependency {
            name: (*name).to_owned(),
            kind: kind.map(str::to_owned),
            path: ours.then(|| format!("crates/{name}").into()),
        });
        Package {
            name: name.into(),
            license: None,
            source: None,
            dependencies: dependencies.collect(),
        }
    }

    #[rstest]
    #[case::upwards("model", "app", 1)]
    #[case::past_a_wall("api", "store", 1)]
    #[case::allowed("app", "store", 0)]
    #[case::anything("bench", "store", 0)]
    #[case::unknown_room("cellar", "store", 1)]
    fn a_room_uses_only_what_its_wall_lets_through(
        #[case] name: &str,
        #[case] used: &str,
        #[case] problems: usize,
    ) {
        assert_eq!(forbidden_rooms(&room(name, &[(used, None, true)])).len(), problems);
        assert_eq!(forbidden_rooms(&room(name, &[(used, Some("build"), true)])).len(), problems);
        assert_eq!(forbidden_rooms(&room(name, &[(used, Some("dev"), true)])), []);
        assert_eq!(forbidden_rooms(&room(name, &[(used, None, false)])), []);
    }

    #[rstest]
    #[case("app", "axum", 1)]
    #[case("api", "axum", 0)]
    #[case("store", "rusqlite", 1)]
    #[case("rowdb", "rusqlite", 0)]
    #[case("model", "tokio", 1)]
    #[case("rowdb", "tokio", 0)]
    #[case("app", "tokio", 0)]
    fn a_library_stays_in_its_rooms(#[case] name: &str, #[case] used: &str, #[case] n: usize) {
        assert_eq!(forbidden_libraries(&room(name, &[(used, None, false)])).len(), n);
        assert_eq!(forbidden_libraries(&room(name, &[(used, Some("dev"), false)])), []);
    }

    #[test]
    fn a_room_that_nobody_named_is_reported_and_so_is_one_that_is_gone() {
        let all: Vec<Package> = WALLS.iter().map(|(name, _)| room(name, &[])).collect();
        let mut rooms: Vec<&Package> = all.iter().collect();
        assert_eq!(unnamed_rooms(&rooms), []);
        let cellar = room("cellar", &[]);
        rooms.push(&cellar);
        assert_eq!(unnamed_rooms(&rooms).len(), 1);
        assert_eq!(unnamed_rooms(&[&cellar]).len(), WALLS.len() + 1);
    }

    #[rstest]
    #[case("crates/app/src/x.rs", "use std::{fs, io};", 1)]
    #[case("crates/method/src/x.rs", "fn f() { std::fs::read(p); }", 1)]
    #[case("crates/store/src/x.rs", "use tokio::net::TcpStream;", 1)]
    #[case("crates/method/src/x.rs", "#[cfg(test)]\nmod tests { use std::fs; }", 0)]
    #[case("crates/method/tests/it/x.rs", "use std::fs;", 0)]
    #[case("crates/rowdb/src/x.rs", "use std::fs;", 0)]
    #[case("crates/jinlin/src/x.rs", "use std::net::SocketAddr;", 0)]
    #[case("crates/app/src/x.rs", "use std::io; use my::fs;", 0)]
    fn files_and_network_are_touched_above_app_only(
        #[case] path: &str,
        #[case] text: &str,
        #[case] problems: usize,
    ) {
        let source = Source::read(path, text).unwrap();
        assert_eq!(forbidden_reach(&source).len(), problems);
    }
}
