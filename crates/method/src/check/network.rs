//! Checks against a territory, at activation and nightly: is somebody there for everything the
//! pack relies on. Positions are those of the flattened pack, so only files are named.

use super::problem::{Found, Problem};
use super::wording::Check;
use crate::definition::{At, Pack, Who};
use crate::read::tree::Mark;
use jiff::civil::Date;
use model::Network;
use model::network::About;
use std::collections::BTreeSet;

/// What is missing in `network` on `day` for `pack` to work there.
pub fn against(pack: &Pack, network: &Network, day: Date) -> Vec<Problem> {
    let mut found = Found::default();
    let roles = Mark { file: found.file(&format!("{}/roles.toml", pack.id)), line: 0, column: 0 };
    let matters = Mark { file: found.file(&format!("{}/matters", pack.id)), line: 0, column: 0 };
    let on = Territory { pack, network, day, found: &found };
    on.fallback(roles);
    on.owners(roles);
    on.routes(matters);
    found.sorted()
}

struct Territory<'a> {
    pack: &'a Pack,
    network: &'a Network,
    day: Date,
    found: &'a Found,
}

impl Territory<'_> {
    fn fallback(&self, at: Mark) {
        let root = self.network.root();
        let held = root.and_then(|it| self.network.last_resort(it.id, &About::new(), self.day));
        if held.is_none() {
            self.found.add(Check::FallbackVacant, at, &[self.network.fallback()]);
        }
    }

    /// Owners and approvers whose role is looked for by place: one place where nobody is found,
    /// here or up the tree, is named for each.
    fn owners(&self, at: Mark) {
        let mut sought: BTreeSet<(&str, Option<usize>)> = BTreeSet::new();
        for procedure in self.pack.procedures.values() {
            let owners = procedure.states.values().filter_map(|state| state.owner.as_ref());
            let approvers =
                procedure.actions.values().filter_map(|it| it.approval.as_ref()).map(|it| &it.0);
            for who in owners.chain(approvers) {
                match who {
                    Who::Role { role, at: At::Nearest } => sought.insert((role, None)),
                    Who::Role { role, at: At::Level(level) } => {
                        sought.insert((role, self.network.level(level)))
                    }
                    _ => false,
                };
            }
        }
        for (role, level) in sought {
            if let Some(place) = self.unheld(role, level) {
                let title = self.pack.roles.get(role).map_or(role, |it| &it.title);
                self.found.add(Check::RoleUnheld, at, &[&format!("{title} @ {place}")]);
            }
        }
    }

    fn unheld(&self, role: &str, level: Option<usize>) -> Option<&str> {
        let nobody = About::new();
        let mut alive: Vec<_> =
            self.network.places().filter(|place| place.exists_on(self.day)).collect();
        alive.sort_by(|a, b| a.code.cmp(&b.code));
        let held = |place| match level {
            Some(level) => self.network.nearest_at(role, level, place, &nobody, self.day),
            None => self.network.nearest(role, place, &nobody, self.day),
        };
        let below = alive.into_iter().filter(|it| level.is_none_or(|level| it.level >= level));
        below.into_iter().find(|it| held(it.id).is_none()).map(|it| it.name.as_str())
    }

    /// Every unit a route names exists, or has a successor.
    fn routes(&self, at: Mark) {
        let matters = self.pack.matters.values().flat_map(|it| it.iter());
        for (id, matter) in matters {
            for line in matter.route.iter().filter(|line| !line.unit.contains('@')) {
                let unit = self.network.org_by_code(&line.unit);
                if unit.and_then(|it| self.network.living_org(it.id, self.day)).is_none() {
                    self.found.add(Check::RouteGap, at, &[id, &line.unit]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{load, tests::small};
    use jiff::civil::date;
    use model::ids::{OrgId, PersonId, PlaceId, PostId};
    use model::people::{Holding, Org, Post};
    use model::territory::{Level, Place};
    use uuid::Uuid;

    const DAY: Date = date(2026, 3, 2);

    fn network(held: &[&str], orgs: &[&str]) -> model::Network {
        let levels =
            ["county", "street"].map(|id| Level { id: id.into(), title: id.into() }).to_vec();
        let mut network = model::Network::new(1, levels, "desk@county");
        let place = |n: u128, parent, level| Place {
            id: PlaceId(Uuid::from_u128(n)),
            parent,
            level,
            code: n.to_string(),
            name: format!("place {n}"),
            from: DAY,
            until: None,
        };
        let county = place(1, None, 0);
        let street = place(2, Some(county.id), 1);
        for (n, role) in (10..).zip(held) {
            let post = Post {
                id: PostId(Uuid::from_u128(n)),
                role: (*role).into(),
                org: None,
                place: Some(county.id),
                from: DAY,
                until: None,
            };
            network.add_holding(holding(n, post.id));
            network.add_post(post);
        }
        for (n, code) in (50..).zip(orgs) {
            network.add_org(Org {
                id: OrgId(Uuid::from_u128(n)),
                code: (*code).into(),
                name: (*code).into(),
                kind: "unit".into(),
                place: county.id,
                from: DAY,
                until: None,
                successor: None,
            });
        }
        network.add_place(county);
        network.add_place(street);
        network
    }

    fn holding(n: u128, post: PostId) -> Holding {
        serde_json::from_value(serde_json::json!({
            "post": post, "person": PersonId(Uuid::from_u128(n + 100)), "rank": 0, "from": DAY,
            "selection": "appointed"
        }))
        .unwrap()
    }

    fn found(held: &[&str], orgs: &[&str]) -> Vec<&'static str> {
        let pack = load("small", &small).pack.unwrap();
        against(&pack, &network(held, orgs), DAY).into_iter().map(|it| it.check).collect()
    }

    #[test]
    fn a_full_territory_raises_nothing() {
        assert_eq!(found(&["desk", "leader"], &["parks", "works"]), Vec::<&str>::new());
    }

    #[test]
    fn vacancies_and_missing_units_are_named() {
        assert_eq!(found(&["leader"], &["parks", "works"]), ["fallback_vacant", "role_unheld"]);
        assert_eq!(found(&["desk"], &["parks", "works"]), ["role_unheld"]);
        assert_eq!(found(&["desk", "leader"], &["works"]), ["route_gap"]);
    }
}
