//! What a county's demo is made of, as its pack says: `demo.toml` and the files in `demo/`. Only
//! reading; what is made of it is told by the other files here.

use anyhow::{Context, Result, bail};
use indexmap::IndexMap;
use method::definition::{Matter, Pack};
use method::read::Files;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Shares or weights by word.
pub(super) type Shares = BTreeMap<String, f64>;

/// `demo.toml`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Recipe {
    pub seed: u64,
    pub root: String,
    pub months: u32,
    pub territory: Territory,
    pub micro_grid_leaders: Leaders,
    pub units: Units,
    pub service_people: ServicePeople,
    pub visits: Visits,
    pub requests: Requests,
    pub course: Course,
    pub pace: BTreeMap<String, [f64; 2]>,
    pub seasons: BTreeMap<String, Vec<u32>>,
    pub hours: BTreeMap<String, Vec<u32>>,
    pub matters: BTreeMap<String, Habit>,
    #[serde(rename = "account")]
    pub accounts: Vec<Account>,
    pub residents: Residents,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Territory {
    pub gridded: Vec<Gridded>,
    pub grids: usize,
    pub micro_grids: usize,
    pub households: usize,
}

/// The first so many communities of a street are divided into grids.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Gridded {
    pub street: String,
    pub communities: usize,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Leaders {
    pub vacant: usize,
    pub sources: Shares,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Units {
    pub file: String,
    pub total: usize,
}

/// Who serves each micro-grid; one person holds so many of the posts in a row.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ServicePeople {
    pub deputies: f64,
    pub grid_leader: PerPlace,
    pub grid_worker: PerPlace,
    #[serde(flatten)]
    pub rounds: BTreeMap<String, Round>,
}

/// One post in each place of a level, and in those places of another that have none of it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct PerPlace {
    pub also: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Round {
    pub micro_grids_each: usize,
    pub unit: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Visits {
    pub total: usize,
    pub by: Shares,
    pub kinds: Shares,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Requests {
    pub total: usize,
    pub closed: usize,
    pub open: IndexMap<String, usize>,
    /// Of those being handled, so many should have been answered by now.
    pub overdue: usize,
    pub ends: Shares,
    pub urban: f64,
    pub hiding: Shares,
    pub channels: Shares,
    pub source: Source,
    pub askers: usize,
    pub joins: f64,
}

/// Another office's work orders: system, pattern of the number, its limit.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Source {
    pub system: String,
    pub number: String,
    pub due: String,
}

/// Shares of dispatched requests in which something happens on the way.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Course {
    pub verified: f64,
    pub returned: f64,
    pub returned_twice: f64,
    pub extended: f64,
    pub paused: f64,
    pub shelved: f64,
    pub assisted: f64,
    pub reworked: f64,
    pub urged: f64,
    pub late: f64,
    pub unsatisfied: f64,
    pub stars: Shares,
    pub uncontacted: f64,
}

/// How much, when, and how easily a matter is asked about.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Habit {
    pub weight: u32,
    pub season: String,
    pub hours: String,
    pub now: f64,
}

/// An account by which the demo is tried.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Account {
    pub account: String,
    pub post: Seat,
}

/// A post by role and by the code of its place or organisation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
pub(super) struct Seat {
    pub role: String,
    pub org: Option<String>,
    pub place: Option<String>,
}

impl Seat {
    /// Whether this is a post that `wanted` means: what `wanted` leaves open may be anything.
    pub fn is(&self, wanted: &Self) -> bool {
        let fits =
            |wanted: &Option<String>, own: &Option<String>| wanted.is_none() || wanted == own;
        self.role == wanted.role && fits(&wanted.org, &self.org) && fits(&wanted.place, &self.place)
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Residents {
    pub code: String,
    pub first: String,
}

/// A unit of `demo/units.toml`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Unit {
    pub name: String,
    pub kind: String,
}

/// `demo/names.toml`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Names {
    pub phone: Phone,
    pub surnames: Surnames,
    pub given: Given,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Phone {
    pub prefix: String,
    pub digits: u32,
    #[serde(default)]
    pub more: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Surnames {
    pub weights: BTreeMap<String, u32>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Given {
    pub one: Vec<String>,
    pub first: Vec<String>,
    pub second: Vec<String>,
    pub two: f64,
}

/// A sentence frame of `demo/frames.toml`, with the months and hours in which it makes sense.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Frame {
    pub title: String,
    pub body: String,
    pub months: Option<Vec<i8>>,
    pub hours: Option<[i8; 2]>,
}

/// `demo/slots.toml`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Slots {
    pub words: BTreeMap<String, Vec<String>>,
    pub range: BTreeMap<String, Range>,
}

/// A number from..to, times a factor, in a text.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Range {
    pub from: usize,
    pub to: usize,
    #[serde(default = "once")]
    pub times: usize,
    pub text: String,
}

fn once() -> usize {
    1
}

/// `demo/answers.toml`: what units answer, by matter, and what is said on the way.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Answers {
    pub answer: BTreeMap<String, Vec<String>>,
    pub say: BTreeMap<String, Vec<String>>,
}

/// Everything a demo is made of.
#[derive(Clone, Debug)]
pub(super) struct Book {
    /// The county's method.
    pub pack: Arc<Pack>,
    pub recipe: Recipe,
    pub units: IndexMap<String, Unit>,
    pub names: Names,
    pub frames: BTreeMap<String, Vec<Frame>>,
    pub slots: Slots,
    pub answers: Answers,
}

#[derive(Deserialize)]
struct UnitFile {
    unit: IndexMap<String, Unit>,
}

#[derive(Deserialize)]
struct FrameFile {
    frame: BTreeMap<String, Vec<Frame>>,
}

impl Book {
    /// Reads the demo of a pack, made smaller by `factor` (1 is the true scale).
    pub fn read(pack: Arc<Pack>, files: &Files, factor: usize) -> Result<Self> {
        let mut recipe: Recipe = read(files, "demo.toml")?;
        let mut units = read::<UnitFile>(files, &recipe.units.file)?.unit;
        if units.len() != recipe.units.total {
            bail!("{} lists {} units, not {}", recipe.units.file, units.len(), recipe.units.total);
        }
        recipe.shrink(factor.max(1));
        units.truncate(recipe.units.total);
        Ok(Self {
            pack,
            units,
            names: read(files, "demo/names.toml")?,
            frames: read::<FrameFile>(files, "demo/frames.toml")?.frame,
            slots: read(files, "demo/slots.toml")?,
            answers: read(files, "demo/answers.toml")?,
            recipe,
        })
    }
}

impl Book {
    /// A matter as the county's catalogue has it.
    pub fn matter(&self, id: &str) -> Option<&Matter> {
        let procedure = self.pack.procedures.get(super::PROCEDURE)?;
        self.pack.matters.get(procedure.matters.as_ref()?)?.get(id)
    }

    /// The units to which sensitive matters go.
    pub fn guarded(&self) -> BTreeSet<&str> {
        let matters = self.recipe.matters.keys().filter_map(|id| self.matter(id));
        let routes = matters.filter(|it| it.sensitive).flat_map(|it| &it.route);
        routes.map(|line| line.unit.as_str()).collect()
    }
}

impl Book {
    /// The units that matters name, in the order of the catalogue.
    pub fn handling(&self) -> Vec<String> {
        let matters = self.recipe.matters.keys().filter_map(|id| self.matter(id));
        let ordinary = matters.filter(|it| !it.sensitive).flat_map(|it| &it.route);
        let named: BTreeSet<&String> = ordinary.map(|line| &line.unit).collect();
        named.into_iter().filter(|unit| self.units.contains_key(*unit)).cloned().collect()
    }
}

fn read<T: DeserializeOwned>(files: &Files, path: &str) -> Result<T> {
    let found = files.iter().find(|(at, _)| at == path);
    let (_, text) = found.with_context(|| format!("the pack's demo has no {path}"))?;
    toml::from_str(text).with_context(|| path.to_owned())
}

impl Recipe {
    /// The same county with so many times fewer people and requests; the open ones all stay, and
    /// each community keeps a grid of at least two micro-grids.
    fn shrink(&mut self, factor: usize) {
        if factor == 1 {
            return;
        }
        let less = |n: usize| n.div_ceil(factor);
        let communities: usize = self.territory.gridded.iter().map(|it| it.communities).sum();
        self.territory.grids = less(self.territory.grids).max(communities);
        self.territory.micro_grids = less(self.territory.micro_grids).max(2 * communities);
        self.territory.households = less(self.territory.households);
        self.micro_grid_leaders.vacant = less(self.micro_grid_leaders.vacant);
        self.units.total = self.units.total.min(self.territory.micro_grids);
        self.visits.total = less(self.visits.total);
        let open: usize = self.requests.open.values().sum();
        self.requests.closed = less(self.requests.closed);
        self.requests.total = self.requests.closed + open;
        self.requests.askers = less(self.requests.askers);
    }
}
