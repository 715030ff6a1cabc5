//! A county to simulate a pack in: that of its demo, else a small one; every post the pack speaks of is
//! held. No database, nothing is stored; ids are counted.

use crate::demo;
use crate::shipped;
use anyhow::{Context, Result};
use jiff::civil::{Date, date};
use method::definition::Pack;
use method::simulate::{HOURS, Setting, Stream, Week};
use model::ids::{OrgId, PlaceId};
use model::network::Network;
use model::people::{Holding, Org, Post, RoleOf, Selection};
use model::territory::Place;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Since when everything is there.
const FROM: Date = date(2000, 1, 1);
/// How many places of each level lie in one of the level above, in a county without a demo.
const BREADTH: usize = 4;
/// How many appeals a day come in such a county.
const A_DAY: f64 = 20.0;
/// The kind of the organisation that every street has.
const OFFICE: &str = "street_office";
/// The kind of the others.
const DEPARTMENT: &str = "department";

/// A county in which a pack is in force, and what comes upon it: requests, as its demo says or some.
pub fn setting(pack: &Pack) -> Result<Setting> {
    let mut builder = Builder::new(pack);
    let demo = shipped::demo_places().iter().any(|it| it.id == pack.id);
    let stream = if demo { Some(demo::sketch(pack, &mut builder)?) } else { None };
    if stream.is_none() {
        builder.plain().context("the pack has no levels")?;
    }
    builder.fill();
    let mut setting = Setting::new(pack.clone(), builder.network, calendar::Calendar::shipped());
    setting.streams = stream.or_else(|| usual(pack, None)).into_iter().collect();
    Ok(setting)
}

/// Cases of a procedure as they may come: by day, each matter alike. Without a name, requests.
pub fn usual(pack: &Pack, procedure: Option<&str>) -> Option<Stream> {
    let procedure = pack.procedures.get(procedure.unwrap_or(demo::PROCEDURE))?;
    let catalogue = procedure.matters.as_ref().and_then(|it| pack.matters.get(it));
    let matters = catalogue.into_iter().flatten().filter(|(_, matter)| !matter.sensitive);
    Some(Stream {
        procedure: procedure.id.clone(),
        per_day: A_DAY,
        week: Week::usual(),
        matters: matters.map(|(id, _)| (id.clone(), 1.0)).collect(),
    })
}

/// The hours of a day for each day of the week.
pub(crate) fn week(hours: &[f64]) -> Week {
    let day: Vec<u32> = hours.iter().map(|weight| (weight * 1000.0) as u32).collect();
    Week::counted(&day.iter().copied().cycle().take(HOURS).collect::<Vec<u32>>())
}

/// A network that grows.
pub(crate) struct Builder<'a> {
    pack: &'a Pack,
    network: Network,
    ids: u128,
    people: BTreeMap<usize, Uuid>,
}

impl<'a> Builder<'a> {
    fn new(pack: &'a Pack) -> Self {
        let network = Network::new(1, pack.levels.clone(), &pack.fallback.to_string());
        Self { pack, network, ids: 0, people: BTreeMap::new() }
    }

    fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    /// Adds a place below one that is there; a level the pack does not know is left out.
    pub fn place(&mut self, parent: Option<&str>, level: &str, (code, name): (&str, &str)) {
        let Some(level) = self.network.level(level) else { return };
        let parent = parent.and_then(|code| self.network.place_by_code(code)).map(|it| it.id);
        let (id, code, name) = (PlaceId(self.id()), code.to_owned(), name.to_owned());
        let (from, until) = (FROM, None);
        self.network.add_place(Place { id, parent, level, code, name, from, until });
    }

    /// Adds an organisation of a place.
    pub fn org(&mut self, (code, name): (&str, &str), kind: &str, place: &str) {
        let Some(place) = self.network.place_by_code(place).map(|it| it.id) else { return };
        let (code, name, kind) = (code.to_owned(), name.to_owned(), kind.to_owned());
        let (id, from, until, successor) = (OrgId(self.id()), FROM, None, None);
        self.network.add_org(Org { id, code, name, kind, place, from, until, successor });
    }

    /// Adds a post held by somebody, known by a number, or new; or by nobody.
    pub fn post(&mut self, role: &str, (org, place): (Option<&str>, Option<&str>), who: Holder) {
        let org = org.and_then(|code| self.network.org_by_code(code)).map(|it| it.id);
        let place = place.and_then(|code| self.network.place_by_code(code)).map(|it| it.id);
        if org.is_none() && place.is_none() {
            return;
        }
        let (post, role) = (self.id().into(), role.to_owned());
        let (from, until) = (FROM, None);
        self.network.add_post(Post { id: post, role, org, place, from, until });
        let fresh = self.id();
        let person = match who {
            Holder::Nobody => return,
            Holder::New => fresh,
            Holder::Known(number) => *self.people.entry(number).or_insert(fresh),
        };
        let (rank, selection, person) = (0, Selection::Appointed, person.into());
        self.network.add_holding(Holding { post, person, rank, selection, from, until });
    }

    /// A small county: a few places of each level in each of the level above, the units its matters
    /// name, an office in each street.
    fn plain(&mut self) -> Option<()> {
        let levels = self.pack.levels.clone();
        let (root, lower) = levels.split_first()?;
        self.place(None, &root.id, ("1", &root.title));
        let mut above = vec!["1".to_owned()];
        for level in lower {
            let codes = above.iter().flat_map(|up| (1..=BREADTH).map(move |n| (up, n)));
            let places: Vec<_> = codes.map(|(up, n)| (up.clone(), format!("{up}{n}"), n)).collect();
            for (up, code, n) in &places {
                self.place(Some(up), &level.id, (code, &format!("{}{n}", level.title)));
            }
            above = places.into_iter().map(|(_, code, _)| code).collect();
        }
        let routes = self.pack.matters.values().flat_map(|it| it.values()).flat_map(|it| &it.route);
        let units: BTreeSet<&str> = routes.map(|it| it.unit.as_str()).collect();
        let units: Vec<&str> = units.into_iter().filter(|unit| !unit.contains('@')).collect();
        for unit in if units.is_empty() { vec![DEPARTMENT] } else { units } {
            self.org((unit, unit), DEPARTMENT, "1");
        }
        for (code, name) in self.at_level("street") {
            self.org((&format!("office_{code}"), &name), OFFICE, &code);
        }
        Some(())
    }

    /// Codes and names of the places of a level.
    fn at_level(&self, level: &str) -> Vec<(String, String)> {
        let level = self.network.level(level);
        let places = self.network.places().filter(|it| Some(it.level) == level);
        let mut found: Vec<_> = places.map(|it| (it.code.clone(), it.name.clone())).collect();
        found.sort();
        found
    }

    /// Roles of the pack that nobody holds yet get a post at each place of their levels (the widest where
    /// they name none), or in each organisation.
    fn fill(&mut self) {
        let held: BTreeSet<String> = self.network.posts().map(|post| post.role.clone()).collect();
        for role in self.pack.roles.values().filter(|it| !held.contains(&it.id)) {
            if role.of == RoleOf::Org {
                let mut orgs: Vec<String> = self.network.orgs().map(|it| it.code.clone()).collect();
                orgs.sort();
                for org in orgs {
                    self.post(&role.id, (Some(&org), None), Holder::New);
                }
                continue;
            }
            let all: Vec<String> =
                self.pack.levels.iter().take(1).map(|it| it.id.clone()).collect();
            let levels = if role.levels.is_empty() { &all } else { &role.levels };
            for (code, _) in
                levels.iter().flat_map(|level| self.at_level(level)).collect::<Vec<_>>()
            {
                self.post(&role.id, (None, Some(&code)), Holder::New);
            }
        }
    }
}

/// Who holds a post.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Holder {
    /// Somebody who holds no other.
    New,
    /// Whoever has this number.
    Known(usize),
    /// It is vacant.
    Nobody,
}
