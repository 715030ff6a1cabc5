//! Who works in the county: organisations, posts, invented people and who holds what. Planned here;
//! carried out by the use cases of `people` and `access` in `load`.

use super::dice::{Dice, apportion, evenly};
use super::ground::Ground;
use super::names::Registry;
use super::recipe::{Book, Round, Seat};
use app::people::{NewOrg, NewPerson, NewPost};
use jiff::civil::Date;
use model::access::ADMINISTRATORS;
use model::people::Selection;

/// Roles of which the county has one post each, beside the administrators and the account's posts.
const COUNTY: [&str; 5] = ["desk", "dispatcher", "supervisor", "leader", "organisation_office"];
/// Roles of which each unit has one post.
const UNIT: [&str; 3] = ["clerk", "head", "liaison"];
/// Kind of the organisation that a street's office is.
const OFFICE: &str = "street_office";
/// Roles whose posts never get a deputy here: the number of their holders is one of the figures.
const SINGLE: [&str; 2] = ["cadre", "micro_grid_leader"];

/// A post with those who hold it, by their position among the people.
#[derive(Clone, Debug)]
pub(super) struct Chair {
    pub seat: Seat,
    pub principal: Option<usize>,
    pub selection: Selection,
    pub deputy: Option<usize>,
}

impl Chair {
    /// The post to be created.
    pub fn post(&self) -> NewPost {
        let Seat { role, org, place } = self.seat.clone();
        NewPost { role, org, place, from: None }
    }
}

/// An account to be opened.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub name: String,
    pub person: usize,
}

/// Everybody who works in the county.
pub(super) struct Staff {
    pub orgs: Vec<NewOrg>,
    pub chairs: Vec<Chair>,
    pub people: Vec<NewPerson>,
    pub logins: Vec<Login>,
}

impl Staff {
    /// Plans organisations, posts and holders from the day on which they exist.
    pub fn plan(book: &Book, ground: &Ground, registry: &mut Registry<'_>, from: Date) -> Self {
        let mut office = Office {
            registry,
            staff: Self {
                orgs: orgs(book, ground, from),
                chairs: vec![],
                people: vec![],
                logins: vec![],
            },
        };
        office.county(&ground.root);
        office.streets(ground);
        office.units(book);
        office.guardians(book);
        office.grids(book, ground);
        office.micro_grids(book, ground);
        let mut staff = office.staff;
        staff.deputise(book);
        staff.open_accounts(book);
        staff
    }

    /// In this share of the posts of service people a colleague is deputy.
    fn deputise(&mut self, book: &Book) {
        let mut dice = Dice::of(book.recipe.seed, "deputies", 0);
        let principals: Vec<_> =
            self.chairs.iter().map(|it| (it.seat.role.clone(), it.principal)).collect();
        for (at, chair) in self.chairs.iter_mut().enumerate() {
            let serves = chair.seat.place.is_some() && !SINGLE.contains(&chair.seat.role.as_str());
            if serves && dice.chance(book.recipe.service_people.deputies) {
                let colleagues = principals.iter().skip(at).filter(|it| it.0 == chair.seat.role);
                chair.deputy =
                    colleagues.filter_map(|it| it.1).find(|it| Some(*it) != chair.principal);
            }
        }
    }

    /// The accounts the pack names, and a numbered one for everybody else.
    fn open_accounts(&mut self, book: &Book) {
        let named = |chair: &Chair| book.recipe.accounts.iter().find(|it| chair.seat.is(&it.post));
        let mut names = vec![None; self.people.len()];
        for chair in &self.chairs {
            let name = chair.principal.and_then(|person| names.get_mut(person));
            if let (Some(name), Some(account)) = (name, named(chair)) {
                name.get_or_insert_with(|| account.account.clone());
            }
        }
        let login = |(person, name): (usize, Option<String>)| Login {
            name: name.unwrap_or_else(|| format!("staff-{person:04}")),
            person,
        };
        self.logins = names.into_iter().enumerate().map(login).collect();
    }
}

/// The units of the pack, and an office for each street.
fn orgs(book: &Book, ground: &Ground, from: Date) -> Vec<NewOrg> {
    let org = |code: &str, name: &str, kind: &str, place: &str| NewOrg {
        code: code.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        place: place.to_owned(),
        from: Some(from),
    };
    let units = book.units.iter().map(|(code, it)| org(code, &it.name, &it.kind, &ground.root));
    let offices = ground
        .streets
        .iter()
        .map(|(code, name)| org(&office_of(code), &format!("{name}办事处"), OFFICE, code));
    units.chain(offices).collect()
}

fn office_of(street: &str) -> String {
    format!("office_{street}")
}

/// Fills posts with new people.
struct Office<'a, 'b> {
    registry: &'a mut Registry<'b>,
    staff: Staff,
}

impl Office<'_, '_> {
    fn person(&mut self) -> usize {
        let (name, phone) = (self.registry.name(), Some(self.registry.phone()));
        self.staff.people.push(NewPerson { name, phone });
        self.staff.people.len() - 1
    }

    fn chair(&mut self, role: &str, org: Option<&str>, place: Option<&str>, person: Option<usize>) {
        let (role, org, place) =
            (role.to_owned(), org.map(str::to_owned), place.map(str::to_owned));
        self.staff.chairs.push(Chair {
            seat: Seat { role, org, place },
            principal: person,
            selection: Selection::Appointed,
            deputy: None,
        });
    }

    fn county(&mut self, root: &str) {
        for role in COUNTY.into_iter().chain(ADMINISTRATORS) {
            let person = self.person();
            self.chair(role, None, Some(root), Some(person));
        }
    }

    fn streets(&mut self, ground: &Ground) {
        for (street, _) in &ground.streets {
            let office = office_of(street);
            for (role, org) in [("leader", None), ("clerk", Some(&office)), ("head", Some(&office))]
            {
                let person = self.person();
                self.chair(role, org.map(String::as_str), Some(street), Some(person));
            }
        }
    }

    fn units(&mut self, book: &Book) {
        for unit in book.units.keys() {
            for role in UNIT {
                let person = self.person();
                self.chair(role, Some(unit), None, Some(person));
            }
        }
    }

    /// Named posts for sensitive matters, in the units to which these go.
    fn guardians(&mut self, book: &Book) {
        for unit in book.guarded() {
            let person = self.person();
            self.chair("guardian", Some(unit), None, Some(person));
        }
    }

    fn grids(&mut self, book: &Book, ground: &Ground) {
        for (grid, _) in &ground.grids {
            for role in ["grid_leader", "grid_worker"] {
                let person = self.person();
                self.chair(role, None, Some(grid), Some(person));
            }
        }
        let people = &book.recipe.service_people;
        for (role, per) in
            [("grid_leader", &people.grid_leader), ("grid_worker", &people.grid_worker)]
        {
            let villages =
                ground.villages.iter().filter(|_| per.also.as_deref() == Some("community"));
            for (village, _) in villages {
                let person = self.person();
                self.chair(role, None, Some(village), Some(person));
            }
        }
    }

    fn micro_grids(&mut self, book: &Book, ground: &Ground) {
        self.leaders(book, ground);
        for (role, round) in &book.recipe.service_people.rounds {
            match &round.unit {
                Some(unit) => self.rounds(role, (unit, round), ground),
                None => self.cadres(role, book, ground),
            }
        }
    }

    /// Volunteers found in four ways; every so many-th micro-grid still looks for one.
    fn leaders(&mut self, book: &Book, ground: &Ground) {
        let leaders = &book.recipe.micro_grid_leaders;
        let every = ground.micro_grids.len() / (leaders.vacant + 1);
        let vacant = |n: usize| (n + 1).is_multiple_of(every) && (n + 1) / every <= leaders.vacant;
        let filled = ground.micro_grids.len() - leaders.vacant;
        let mut ways: Vec<Selection> = Vec::new();
        let shares: Vec<f64> = leaders.sources.values().copied().collect();
        for (way, n) in leaders.sources.keys().zip(apportion(filled, &shares)) {
            ways.extend(std::iter::repeat_n(selection(way), n));
        }
        Dice::of(book.recipe.seed, "leaders", 0).shuffle(&mut ways);
        let mut ways = ways.into_iter();
        for (n, (place, _)) in ground.micro_grids.iter().enumerate() {
            let person = (!vacant(n)).then(|| self.person());
            self.chair("micro_grid_leader", None, Some(place), person);
            if let (Some(chair), Some(_)) = (self.staff.chairs.last_mut(), person) {
                chair.selection = ways.next().unwrap_or(Selection::Appointed);
            }
        }
    }

    /// One person of the unit serves so many micro-grids in a row.
    fn rounds(&mut self, role: &str, (unit, round): (&str, &Round), ground: &Ground) {
        for places in ground.micro_grids.chunks(round.micro_grids_each.max(1)) {
            let person = self.person();
            for (place, _) in places {
                self.chair(role, Some(unit), Some(place), Some(person));
            }
        }
    }

    /// Unit after unit takes micro-grids, and sends one of its own to each.
    fn cadres(&mut self, role: &str, book: &Book, ground: &Ground) {
        let mut places = ground.micro_grids.iter();
        for (unit, n) in book.units.keys().zip(evenly(ground.micro_grids.len(), book.units.len())) {
            for (place, _) in places.by_ref().take(n) {
                let person = self.person();
                self.chair(role, Some(unit), Some(place), Some(person));
            }
        }
    }
}

fn selection(word: &str) -> Selection {
    match word {
        "self_nominated" => Selection::SelfNominated,
        "recommended" => Selection::Recommended,
        "recruited" => Selection::Recruited,
        _ => Selection::Appointed,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn staff(factor: usize) -> (Book, Staff) {
        let book = book(factor);
        let from = "2025-10-01".parse().unwrap();
        let ground = Ground::plan(&book, from).unwrap();
        let mut registry = Registry::new(&book.names, book.recipe.seed);
        let staff = Staff::plan(&book, &ground, &mut registry, from);
        (book, staff)
    }

    fn of<'a>(staff: &'a Staff, role: &str) -> Vec<&'a Chair> {
        staff.chairs.iter().filter(|it| it.seat.role == role).collect()
    }

    #[test]
    fn leaders_are_found_in_four_ways_and_some_micro_grids_still_look() {
        let (book, staff) = staff(1);
        let leaders = of(&staff, "micro_grid_leader");
        let mut ways: BTreeMap<String, f64> = BTreeMap::new();
        for leader in leaders.iter().filter(|it| it.principal.is_some()) {
            let way = serde_json::to_value(leader.selection).unwrap();
            *ways.entry(way.as_str().unwrap().to_owned()).or_default() += 1.0;
        }
        assert_eq!(ways, book.recipe.micro_grid_leaders.sources);
        let vacant: Vec<usize> =
            (0..leaders.len()).filter(|n| leaders[*n].principal.is_none()).collect();
        assert_eq!(vacant.len(), book.recipe.micro_grid_leaders.vacant);
        assert_eq!(vacant[..2], [25, 51], "each 26th");
    }

    #[test]
    fn every_unit_holds_micro_grids_and_every_micro_grid_has_one_cadre() {
        let (book, staff) = staff(1);
        let cadres = of(&staff, "cadre");
        let places: BTreeSet<_> = cadres.iter().map(|it| it.seat.place.clone()).collect();
        let units: BTreeSet<_> = cadres.iter().map(|it| it.seat.org.clone()).collect();
        let people: BTreeSet<_> = cadres.iter().map(|it| it.principal.unwrap()).collect();
        let n = book.recipe.territory.micro_grids;
        assert_eq!((cadres.len(), places.len(), people.len()), (n, n, n));
        assert_eq!(units.len(), book.recipe.units.total);
    }

    #[test]
    fn accounts_of_the_pack_belong_to_people_who_hold_their_posts() {
        let (book, staff) = staff(50);
        for account in &book.recipe.accounts {
            let login = staff.logins.iter().find(|it| it.name == account.account);
            let login = login.unwrap_or_else(|| panic!("nobody is {}", account.account));
            let holds = |chair: &Chair| {
                chair.seat.is(&account.post) && chair.principal == Some(login.person)
            };
            assert!(staff.chairs.iter().any(holds), "{}", account.account);
        }
        let names: BTreeSet<_> = staff.logins.iter().map(|it| &it.name).collect();
        assert_eq!(names.len(), staff.people.len());
        let phones: BTreeSet<_> = staff.people.iter().map(|it| it.phone.clone()).collect();
        assert_eq!(phones.len(), staff.people.len());
    }
}
