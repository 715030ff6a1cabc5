//! Promises of `decide`, on the procedures of `base` in a county of one street.

mod appeal;
mod choice;
mod council;
mod moves;
mod mutated;
mod random;

use super::*;
use crate::read;
use jiff::tz;
use model::ids::{OrgId, PersonId};
use model::people::{Holding, Org, Post, Selection};
use model::territory::Place;
use std::path::Path;
use std::sync::LazyLock;
use uuid::Uuid;

/// The files of a folder of `packs/`.
fn files(id: &str) -> Option<read::Files> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(id);
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).ok()? {
            let path = entry.ok()?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                files.push((path.strip_prefix(&root).ok()?.to_str()?.to_owned(), text));
            }
        }
    }
    Some(files)
}

pub(crate) static BASE: LazyLock<Pack> = LazyLock::new(|| read::load("base", &files).pack.unwrap());
pub(crate) static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::shipped);
pub(crate) static TOWN: LazyLock<Network> = LazyLock::new(|| town(&[]));

const COUNTY: u128 = 1;
const STREET: u128 = 2;
const COMMUNITY: u128 = 3;
const GRID: u128 = 4;
const ROADS: u128 = 20;
const WATER: u128 = 21;
const DESK: u128 = 30;
const SUPERVISOR: u128 = 31;
const LEADER: u128 = 32;
const CLERK: u128 = 33;
const HEAD: u128 = 34;
const WORKER: u128 = 35;
const WATER_CLERK: u128 = 36;

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

/// A county with a desk, a supervisor, a leader, a grid worker and two units; posts in `vacant` are
/// held by nobody.
pub(crate) fn town(vacant: &[u128]) -> Network {
    let day: Date = "2020-01-01".parse().unwrap();
    let mut network = Network::new(1, BASE.levels.clone(), &BASE.fallback.to_string());
    for (n, parent, level, code) in [
        (COUNTY, None, "county", "990100"),
        (STREET, Some(COUNTY), "street", "990100001"),
        (COMMUNITY, Some(STREET), "community", "990100001001"),
        (GRID, Some(COMMUNITY), "grid", "990100001001001"),
    ] {
        let level = network.level(level).unwrap();
        let (code, name) = (code.to_owned(), code.to_owned());
        let parent = parent.map(id);
        network.add_place(Place { id: id(n), parent, level, code, name, from: day, until: None });
    }
    for (n, code) in [(ROADS, "urban_management"), (WATER, "water")] {
        let (code, name, kind) = (code.to_owned(), code.to_owned(), "department".to_owned());
        let (place, from) = (id(COUNTY), day);
        network.add_org(Org {
            id: id(n),
            code,
            name,
            kind,
            place,
            from,
            until: None,
            successor: None,
        });
    }
    for (n, role, org, place) in [
        (DESK, "desk", None, Some(COUNTY)),
        (SUPERVISOR, "supervisor", None, Some(COUNTY)),
        (LEADER, "leader", None, Some(COUNTY)),
        (CLERK, "clerk", Some(ROADS), None),
        (HEAD, "head", Some(ROADS), None),
        (WATER_CLERK, "clerk", Some(WATER), None),
        (WORKER, "grid_worker", None, Some(GRID)),
    ] {
        let (role, org, place) = (role.to_owned(), org.map(id::<OrgId>), place.map(id));
        network.add_post(Post { id: id(n), role, org, place, from: day, until: None });
        if !vacant.contains(&n) {
            let (post, person): (_, PersonId) = (id(n), id(1000 + n));
            let selection = Selection::Appointed;
            network.add_holding(Holding {
                post,
                person,
                rank: 0,
                selection,
                from: day,
                until: None,
            });
        }
    }
    network
}

pub(crate) fn at(local: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().unwrap();
    local.to_zoned(tz::TimeZone::fixed(tz::offset(8))).unwrap().timestamp()
}

fn world<'a>(network: &'a Network, now: &str) -> World<'a> {
    World {
        pack: &BASE,
        network,
        calendar: &CALENDAR,
        now: at(now),
        parent_due: None,
        facts: &NO_FACTS,
    }
}

fn json(text: &str) -> Form {
    serde_json::from_str(text).unwrap()
}

fn opening(matter: Option<&str>) -> Opening {
    Opening {
        procedure: "appeal".to_owned(),
        matter: matter.map(str::to_owned),
        place: id(GRID),
        asker: Asker::Resident { person: Some(id(500)), hiding: Default::default() },
        by: Doer::Asker,
        about: Default::default(),
        parent: None,
        limits: Default::default(),
        source_due: None,
        form: json(r#"{"title":"路灯不亮","body":"门口的路灯坏了三天","place":"990100001001001"}"#),
        entry: id(9000),
    }
}

/// Does one action and gives the case after it.
fn step(
    network: &Network,
    case: &CaseState,
    now: &str,
    by: Doer,
    act: &str,
    form: &str,
) -> Result<Decision, Refusal> {
    let command = Command { action: act.to_owned(), by, form: json(form), entry: id(9001) };
    decide(&world(network, now), case, &command)
}

fn post(n: u128) -> Doer {
    Doer::Post(id(n))
}
