//! The county's ground: the published divisions tiled inside its outline, some communities divided
//! into grids and micro-grids. Planned as a whole here, then made by the use cases of `territory`.

use super::dice::{Dice, apportion, evenly};
use super::recipe::{Book, Recipe};
use super::texts::spoken;
use crate::shipped;
use anyhow::{Context, Result};
use app::territory::{
    AddPlaces, DrawnPlace, NewHousehold, NewPlace, RegisterHouseholds, Root, read_divisions,
};
use geogrid::{Feature, Shape, divide};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// How much more ground a village has than a community of the town.
const VILLAGE: u32 = 5;

/// Everything that lies on the ground, in the order of codes.
pub(super) struct Ground {
    /// Code of the root.
    pub root: String,
    /// All places down to the grids, each after the one that contains it.
    pub upper: AddPlaces,
    /// The micro-grids.
    pub lower: AddPlaces,
    /// An outline for each place.
    pub drawings: Vec<DrawnPlace>,
    /// Streets and towns: code and name.
    pub streets: Vec<(String, String)>,
    /// Communities that are not divided: code and name.
    pub villages: Vec<(String, String)>,
    /// Grids: code, and the name of the community.
    pub grids: Vec<(String, String)>,
    /// Micro-grids: code, and the name of the community.
    pub micro_grids: Vec<(String, String)>,
}

impl Ground {
    /// Plans the places of a demo from the day on which they exist.
    pub fn plan(book: &Book, from: Date) -> Result<Self> {
        let recipe = &book.recipe;
        let root = recipe.root.clone();
        let csv = shipped::divisions(&root).with_context(|| format!("no divisions of {root}"))?;
        let places =
            read_divisions(csv.as_bytes(), &Root { code: root.clone(), name: None, from })?;
        let outline = shipped::outline(&root).with_context(|| format!("no outline of {root}"))?;
        let outline: Feature<serde_json::Value> = serde_json::from_str(&outline)?;
        let mut ground = Self {
            root: root.clone(),
            upper: AddPlaces { places: Vec::new(), rule: None },
            lower: AddPlaces { places: Vec::new(), rule: None },
            drawings: vec![DrawnPlace { place: root, shape: outline.geometry.clone() }],
            streets: of_level(&places, "street"),
            villages: Vec::new(),
            grids: Vec::new(),
            micro_grids: Vec::new(),
        };
        let communities = by_parent(&places);
        let gridded = gridded(recipe, &communities);
        let shapes = ground.tile(&communities, &gridded, &outline.geometry)?;
        ground.upper.places = places;
        ground.divide(recipe, (&communities, &gridded), &shapes, from)?;
        Ok(ground)
    }

    /// Draws streets and communities; gives the outlines of the communities to be divided.
    fn tile(
        &mut self,
        communities: &ByParent,
        gridded: &BTreeSet<String>,
        county: &Shape,
    ) -> Result<BTreeMap<String, Shape>> {
        let weight = |code: &String| if gridded.contains(code) { 1 } else { VILLAGE };
        let weights = |street: &String| -> Vec<u32> {
            communities.get(street).into_iter().flatten().map(|(code, _)| weight(code)).collect()
        };
        let streets = self.streets.clone();
        let sums: Vec<u32> = streets.iter().map(|(code, _)| weights(code).iter().sum()).collect();
        let mut divided = BTreeMap::new();
        for ((street, _), shape) in streets.iter().zip(divide(county, &sums)?) {
            let cells = divide(&shape, &weights(street))?;
            self.drawings.push(DrawnPlace { place: street.clone(), shape });
            for ((code, name), shape) in communities.get(street).into_iter().flatten().zip(cells) {
                let place = code.clone();
                if gridded.contains(code) {
                    divided.insert(code.clone(), shape.clone());
                } else {
                    self.villages.push((code.clone(), name.clone()));
                }
                self.drawings.push(DrawnPlace { place, shape });
            }
        }
        Ok(divided)
    }

    /// Divides communities into grids, and these into micro-grids.
    fn divide(
        &mut self,
        recipe: &Recipe,
        (communities, gridded): (&ByParent, &BTreeSet<String>),
        shapes: &BTreeMap<String, Shape>,
        from: Date,
    ) -> Result<()> {
        let mut sizes = evenly(recipe.territory.micro_grids, recipe.territory.grids);
        let urban: Vec<&(String, String)> =
            communities.values().flatten().filter(|(code, _)| gridded.contains(code)).collect();
        for ((code, name), n_grids) in urban.iter().zip(evenly(recipe.territory.grids, urban.len()))
        {
            let shape = shapes.get(code).with_context(|| format!("{code} has no outline"))?;
            let sizes: Vec<u32> =
                sizes.by_ref().take(n_grids).map(u32::try_from).collect::<Result<_, _>>()?;
            for ((n, size), shape) in (1..).zip(&sizes).zip(divide(shape, &sizes)?) {
                let short = spoken(name);
                let grid = place(code, "grid", n, format!("{short}第{n}网格"), from);
                let grid_code = grid.code.clone().unwrap_or_default();
                for (m, shape) in (1..).zip(divide(&shape, &vec![1; usize::try_from(*size)?])?) {
                    let title = format!("{short}第{n}网格{m}号微网格");
                    let cell = place(&grid_code, "micro_grid", m, title, from);
                    let cell_code = cell.code.clone().unwrap_or_default();
                    self.micro_grids.push((cell_code.clone(), name.clone()));
                    self.drawings.push(DrawnPlace { place: cell_code, shape });
                    self.lower.places.push(cell);
                }
                self.grids.push((grid_code.clone(), name.clone()));
                self.drawings.push(DrawnPlace { place: grid_code, shape });
                self.upper.places.push(grid);
            }
        }
        Ok(())
    }

    /// The households of all micro-grids, about as many in each.
    pub fn households(&self, book: &Book) -> Vec<RegisterHouseholds> {
        let mut dice = Dice::of(book.recipe.seed, "households", 0);
        let weights: Vec<f64> =
            self.micro_grids.iter().map(|_| dice.between([0.75, 1.25])).collect();
        let sizes = apportion(book.recipe.territory.households, &weights);
        let estates = book.slots.words.get("estate").map_or(&[][..], Vec::as_slice);
        let places = self.micro_grids.iter().zip(sizes).filter(|(_, size)| *size > 0);
        places
            .map(|((place, _), size)| {
                let estate = dice.pick(estates).cloned().unwrap_or_default();
                let block = 1 + dice.below(18);
                let households = (0..size).map(|n| household(&estate, block, n)).collect();
                RegisterHouseholds { place: place.clone(), households }
            })
            .collect()
    }
}

/// The `n`-th door from a block on: two to a floor, six floors to a block.
fn household(estate: &str, block: usize, n: usize) -> NewHousehold {
    let (block, floor, door) = (block + n / 12, n / 2 % 6 + 1, n % 2 + 1);
    NewHousehold { address: format!("{estate}{block}幢{floor}0{door}室"), wish: None }
}

/// Communities (code, name) by the code of their street, all in the order of codes.
type ByParent = BTreeMap<String, Vec<(String, String)>>;

fn of_level(places: &[NewPlace], level: &str) -> Vec<(String, String)> {
    let places = places.iter().filter(|place| place.level == level);
    let named = places.filter_map(|place| Some((place.code.clone()?, place.name.clone())));
    let mut named: Vec<_> = named.collect();
    named.sort();
    named
}

fn by_parent(places: &[NewPlace]) -> ByParent {
    let mut found = ByParent::new();
    for place in places.iter().filter(|place| place.level == "community") {
        if let (Some(parent), Some(code)) = (&place.parent, &place.code) {
            found.entry(parent.clone()).or_default().push((code.clone(), place.name.clone()));
        }
    }
    found.values_mut().for_each(|list| list.sort());
    found
}

/// The communities that are divided: of each street named the first so many.
fn gridded(recipe: &Recipe, communities: &ByParent) -> BTreeSet<String> {
    let first = |street: &String, n: usize| {
        communities.get(street).into_iter().flatten().take(n).map(|(code, _)| code.clone())
    };
    recipe.territory.gridded.iter().flat_map(|it| first(&it.street, it.communities)).collect()
}

fn place(parent: &str, level: &str, number: u32, name: String, from: Date) -> NewPlace {
    NewPlace {
        parent: Some(parent.to_owned()),
        level: level.to_owned(),
        code: Some(format!("{parent}{number:03}")),
        name,
        from: Some(from),
        aliases: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::book;
    use super::*;
    use geogrid::check_layer;

    fn ground(factor: usize) -> (Book, Ground) {
        let book = book(factor);
        let ground = Ground::plan(&book, "2025-10-01".parse().unwrap()).unwrap();
        (book, ground)
    }

    fn cells(ground: &Ground, codes: &[(String, String)]) -> Vec<(String, Shape)> {
        let drawn = |code: &String| ground.drawings.iter().find(|it| it.place == *code).unwrap();
        codes.iter().map(|(code, _)| (code.clone(), drawn(code).shape.clone())).collect()
    }

    #[test]
    fn the_county_has_the_numbers_of_its_source() {
        let (book, ground) = ground(1);
        let territory = &book.recipe.territory;
        assert_eq!(ground.grids.len(), territory.grids);
        assert_eq!(ground.micro_grids.len(), territory.micro_grids);
        let households = ground.households(&book);
        let doors: usize = households.iter().map(|it| it.households.len()).sum();
        assert_eq!(doors, territory.households);
        assert_eq!(households.len(), territory.micro_grids, "none is empty");
        for place in households {
            let doors: BTreeSet<_> = place.households.iter().map(|it| &it.address).collect();
            assert_eq!(doors.len(), place.households.len(), "{}", place.place);
        }
    }

    #[test]
    fn each_layer_fills_the_one_above_without_overlap_or_gap() {
        let (_, ground) = ground(10);
        let shape =
            |code: &str| ground.drawings.iter().find(|it| it.place == code).unwrap().shape.clone();
        let county = shape(&ground.root);
        let streets = cells(&ground, &ground.streets);
        assert!(check_layer(&streets, Some(&county)).unwrap().is_clean());
        let mut communities = of_level(&ground.upper.places, "community");
        assert!(check_layer(&cells(&ground, &communities), Some(&county)).unwrap().is_clean());
        communities.retain(|(code, _)| !ground.villages.iter().any(|(village, _)| village == code));
        for (community, _) in &communities {
            for layer in [&ground.grids, &ground.micro_grids] {
                let inside: Vec<_> =
                    layer.iter().filter(|(code, _)| code.starts_with(community)).cloned().collect();
                let report =
                    check_layer(&cells(&ground, &inside), Some(&shape(community))).unwrap();
                assert!(report.is_clean(), "{community}");
            }
        }
    }
}
