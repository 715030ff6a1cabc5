//! Proposing cells from buildings: contiguous, of a wanted size, alike in households and open work,
//! buildings kept whole, streets as borders. What is proposed changes nothing by itself.
//!
//! Buildings are the nodes of a graph (`ground`): two are linked where their surroundings touch
//! (Delaunay). The graph is halved again and again by the lines that lie midway between two far ends
//! (`halving`), which leaves both sides contiguous; then buildings at borders change cells for as
//! long as that mends the objective (`settling`). `means` is k-means, for comparison only.

mod areas;
mod figures;
mod ground;
mod halving;
mod means;
mod settling;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::{point::LngLat, shape::Shape};

pub use areas::draw;
pub use figures::Figures;
pub use means::by_means;
pub use settling::Objective;

use ground::Ground;

/// The most buildings of one proposal: ten times the largest county's.
pub const MAX_BUILDINGS: usize = 100_000;

/// A building, or an address that stands for one. Entries of one place count as one building.
#[derive(Debug, Clone, PartialEq)]
pub struct Building {
    /// Where it is; inside its footprint if it has one.
    pub at: LngLat,
    /// Its footprint, if known: what is nearest to its corners is drawn as its cell's.
    pub footprint: Option<Shape>,
    /// How many households live in it.
    pub households: u32,
    /// How much work is open there (open cases, say).
    pub open_work: u32,
}

/// A line that parts neighbours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barrier {
    /// Its points.
    pub line: Vec<LngLat>,
    /// How strongly it parts.
    pub kind: BarrierKind,
}

/// How strongly a barrier parts neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarrierKind {
    /// Cells end here where they can: a street.
    Street,
    /// No cell reaches over it, save where one side alone is smaller than a cell may be: a river, a
    /// railway.
    Wall,
}

/// What cells are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The fewest households of a cell.
    pub least: u32,
    /// The most households of a cell.
    pub most: u32,
    /// How many cells; none for as many as make cells of middling size.
    pub cells: Option<usize>,
    /// Where chance begins: the same buildings, wish and seed give the same cells.
    pub seed: u64,
}

/// Why nothing can be proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProposeError {
    /// Give buildings with households.
    #[error("there are no buildings, or no households in them")]
    Nobody,
    /// Plan a part of the county at a time.
    #[error("{buildings} buildings, more than {MAX_BUILDINGS}: plan town by town")]
    TooMany {
        /// How many were given.
        buildings: usize,
    },
    /// Give a size of one or more, the larger number last.
    #[error("a size from {least} to {most} households is none")]
    Size {
        /// The fewest households wanted.
        least: u32,
        /// The most households wanted.
        most: u32,
    },
    /// Ask for one or more.
    #[error("a plan needs at least one cell")]
    NoCells,
    /// Ask for fewer cells: buildings are kept whole.
    #[error("{cells} cells are wanted of {buildings} buildings; each needs one of its own")]
    TooFewBuildings {
        /// How many cells.
        cells: usize,
        /// How many buildings, those at one place counted once.
        buildings: usize,
    },
    /// Ask for more cells, or let walls be streets.
    #[error("walls part the ground into {parts} parts, more than the {cells} cells wanted")]
    TooFewCells {
        /// How many cells.
        cells: usize,
        /// How many parts.
        parts: usize,
    },
}

/// A proposed cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedCell {
    /// Its buildings by their places in the list given, rising.
    pub buildings: Vec<usize>,
    /// How many households live in them.
    pub households: u64,
    /// How much work is open in them.
    pub open_work: u64,
}

/// What a proposal could not hold to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// A cell has fewer households than wanted.
    TooSmall {
        /// The cell by its place in the proposal.
        cell: usize,
        /// Its households.
        households: u64,
    },
    /// A cell has more households than wanted.
    TooLarge {
        /// The cell by its place in the proposal.
        cell: usize,
        /// Its households.
        households: u64,
        /// Whether one building alone has that many, so that no plan could do better.
        one_building: bool,
    },
    /// A cell reaches over a wall, as one side was too small for a cell.
    OverWall {
        /// The cell by its place in the proposal.
        cell: usize,
        /// The buildings on either side between which it does.
        between: (usize, usize),
    },
}

/// Cells as they could be, and how good they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The cells; neighbours have numbers near each other.
    pub cells: Vec<ProposedCell>,
    /// What was made small, term by term.
    pub objective: Objective,
    /// What the cells are like.
    pub figures: Figures,
    /// What could not be held to, cell by cell.
    pub violations: Vec<Violation>,
}

/// Proposes cells. About six seconds for 10,000 buildings in 970 cells.
pub fn propose(
    buildings: &[Building],
    barriers: &[Barrier],
    wish: &Wish,
) -> Result<Proposal, ProposeError> {
    let ground = prepared(buildings, barriers, wish)?;
    let cells = count_of(&ground, wish)?;
    let groups = halving::groups(&ground, cells)?;
    let mut owners = vec![0; ground.units.len()];
    for (cell, group) in groups.iter().enumerate() {
        for &unit in group {
            owners.get_mut(unit).into_iter().for_each(|owner| *owner = cell);
        }
    }
    let (owners, objective) = settling::settled(&ground, wish, cells, owners);
    let figures = figures::figures(&ground, wish, &owners);
    let cells = listed(&ground, buildings, &owners, cells);
    let violations = violations(&ground, wish, &cells, &owners);
    Ok(Proposal { cells, objective, figures, violations })
}

/// How many cells there shall be: as many as said, else of middling size.
fn count_of(ground: &Ground, wish: &Wish) -> Result<usize, ProposeError> {
    let middle = (u64::from(wish.least) + u64::from(wish.most)).max(2);
    let middling = (2 * ground.households() + middle / 2) / middle;
    let buildings = ground.units.len();
    let cells = wish.cells.unwrap_or_else(|| (middling as usize).clamp(1, buildings));
    if cells == 0 {
        return Err(ProposeError::NoCells);
    }
    if cells > buildings {
        return Err(ProposeError::TooFewBuildings { cells, buildings });
    }
    Ok(cells)
}

fn prepared(
    buildings: &[Building],
    barriers: &[Barrier],
    wish: &Wish,
) -> Result<Ground, ProposeError> {
    if buildings.len() > MAX_BUILDINGS {
        return Err(ProposeError::TooMany { buildings: buildings.len() });
    }
    if wish.least > wish.most || wish.most == 0 {
        return Err(ProposeError::Size { least: wish.least, most: wish.most });
    }
    if buildings.iter().all(|building| building.households == 0) {
        return Err(ProposeError::Nobody);
    }
    Ok(Ground::of(buildings, barriers, u64::from(wish.least)))
}

fn listed(
    ground: &Ground,
    buildings: &[Building],
    owners: &[usize],
    cells: usize,
) -> Vec<ProposedCell> {
    let mut members = vec![Vec::new(); cells];
    for (unit, &owner) in ground.units.iter().zip(owners) {
        members.get_mut(owner).into_iter().for_each(|cell| cell.extend(&unit.members));
    }
    let cell = |mut places: Vec<usize>| {
        places.sort_unstable();
        let sum = |amount: fn(&Building) -> u32| {
            places.iter().filter_map(|&at| buildings.get(at)).map(|b| u64::from(amount(b))).sum()
        };
        let (households, open_work) = (sum(|b| b.households), sum(|b| b.open_work));
        ProposedCell { buildings: places, households, open_work }
    };
    members.into_iter().map(cell).collect()
}

fn violations(
    ground: &Ground,
    wish: &Wish,
    cells: &[ProposedCell],
    owners: &[usize],
) -> Vec<Violation> {
    let mut largest: BTreeMap<usize, u64> = BTreeMap::new();
    for (unit, &owner) in ground.units.iter().zip(owners) {
        let most = largest.entry(owner).or_default();
        *most = unit.households.max(*most);
    }
    let size = |(cell, it): (usize, &ProposedCell)| {
        let households = it.households;
        if households < u64::from(wish.least) {
            return Some(Violation::TooSmall { cell, households });
        }
        let alone = largest.get(&cell).is_some_and(|&most| most > u64::from(wish.most));
        (households > u64::from(wish.most)).then_some(Violation::TooLarge {
            cell,
            households,
            one_building: alone,
        })
    };
    let over = ground.bridges.iter().filter_map(|&(a, b)| {
        let (cell, other) = (owners.get(a)?, owners.get(b)?);
        let building = |unit: usize| ground.units.get(unit)?.members.first().copied();
        let between = (building(a)?, building(b)?);
        (cell == other).then_some(Violation::OverWall { cell: *cell, between })
    });
    cells.iter().enumerate().filter_map(size).chain(over).collect()
}
