//! K-means (Lloyd), weighted by households: the plan that anyone would try first.
//! Only the comparison that a proposal is shown beside; nothing is proposed by it.

use fastrand::Rng;
use rstar::{RTree, primitives::GeomWithData};

use super::{
    Barrier, Building, Figures, ProposeError, Wish, count_of, figures::figures, ground::Ground,
    prepared,
};

const ROUNDS: usize = 50;

type Centre = GeomWithData<[f64; 2], usize>;

/// The figures of as many cells by k-means on the same buildings: begun far apart (k-means++), at
/// most fifty rounds. Empty cells are left out.
pub fn by_means(
    buildings: &[Building],
    barriers: &[Barrier],
    wish: &Wish,
) -> Result<Figures, ProposeError> {
    let ground = prepared(buildings, barriers, wish)?;
    let cells = count_of(&ground, wish)?;
    let owners = lloyd(&ground, cells, &mut Rng::with_seed(wish.seed));
    Ok(figures(&ground, wish, &owners))
}

fn lloyd(ground: &Ground, cells: usize, chance: &mut Rng) -> Vec<usize> {
    let mut centres = scattered(ground, cells, chance);
    let mut owners = Vec::new();
    for _ in 0..ROUNDS {
        let nearest = assigned(ground, &centres);
        if nearest == owners {
            break;
        }
        owners = nearest;
        centres = means(ground, &owners, &centres);
    }
    owners
}

/// Centres drawn by lot, the likelier the farther from those drawn before.
fn scattered(ground: &Ground, cells: usize, chance: &mut Rng) -> Vec<[f64; 2]> {
    let mut away = vec![1.0; ground.spots.len()];
    let mut centres = Vec::with_capacity(cells);
    while centres.len() < cells {
        let weights = away.iter().enumerate().map(|(unit, away)| away * ground.load(unit));
        let mut left = weights.clone().sum::<f64>() * chance.f64();
        let drawn = weights.take_while(|weight| {
            left -= weight;
            left > 0.0
        });
        let drawn = drawn.count().min(ground.spots.len().saturating_sub(1));
        let Some(&centre) = ground.spots.get(drawn) else { break };
        for (away, &spot) in away.iter_mut().zip(&ground.spots) {
            let square = squared(spot, centre);
            *away = if centres.is_empty() { square } else { square.min(*away) };
        }
        centres.push(centre);
    }
    centres
}

fn squared([x, y]: [f64; 2], [u, v]: [f64; 2]) -> f64 {
    (x - u) * (x - u) + (y - v) * (y - v)
}

fn assigned(ground: &Ground, centres: &[[f64; 2]]) -> Vec<usize> {
    let centres = centres.iter().enumerate().map(|(cell, &at)| Centre::new(at, cell));
    let tree = RTree::bulk_load(centres.collect());
    let nearest = |spot: &[f64; 2]| tree.nearest_neighbor(*spot).map_or(0, |centre| centre.data);
    ground.spots.iter().map(nearest).collect()
}

/// The middle of each cell's households; a cell without any stays where it was.
fn means(ground: &Ground, owners: &[usize], old: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut sums = vec![(0.0, [0.0, 0.0]); old.len()];
    for (unit, (&owner, &[x, y])) in owners.iter().zip(&ground.spots).enumerate() {
        let load = ground.load(unit);
        if let Some((weight, [east, north])) = sums.get_mut(owner) {
            *weight += load;
            *east += load * x;
            *north += load * y;
        }
    }
    let mean = |((weight, [x, y]), old): ((f64, [f64; 2]), &[f64; 2])| {
        if weight > 0.0 { [x / weight, y / weight] } else { *old }
    };
    sums.into_iter().zip(old).map(mean).collect()
}
