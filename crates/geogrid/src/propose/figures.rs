//! What cells are like, by whichever way they were found: the figures that are shown side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::{Wish, ground::Ground};

/// What the cells of a proposal are like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// How many cells there are.
    pub cells: usize,
    /// Households of a cell on average.
    pub households: f64,
    /// Standard deviation of households over their mean.
    pub households_cv: f64,
    /// Standard deviation of open work over its mean; 0 without open work.
    pub open_work_cv: f64,
    /// Households of the smallest and of the largest cell.
    pub range: (u64, u64),
    /// Cells with fewer or more households than wanted.
    pub out_of_size: usize,
    /// Cells that are in several pieces.
    pub torn: usize,
    /// Neighbours in one cell with a street or a wall between them.
    pub over_streets: usize,
    /// From a building to the middle of its cell, on average, in metres.
    pub metres: f64,
}

/// The figures of cells, given as the owner of each unit.
pub(super) fn figures(ground: &Ground, wish: &Wish, owners: &[usize]) -> Figures {
    let cells = members(owners);
    let sums = |amount: fn(&super::ground::Unit) -> u64| -> Vec<u64> {
        let units = |cell: &Vec<usize>| {
            cell.iter().filter_map(|&unit| ground.units.get(unit)).map(amount).sum()
        };
        cells.values().map(units).collect()
    };
    let (households, open_work) = (sums(|unit| unit.households), sums(|unit| unit.open_work));
    let wanted = u64::from(wish.least)..=u64::from(wish.most);
    Figures {
        cells: cells.len(),
        households: mean(&households),
        households_cv: variation(&households),
        open_work_cv: variation(&open_work),
        range: (
            households.iter().copied().min().unwrap_or(0),
            households.iter().copied().max().unwrap_or(0),
        ),
        out_of_size: households.iter().filter(|size| !wanted.contains(size)).count(),
        torn: cells.values().filter(|cell| is_torn(ground, cell)).count(),
        over_streets: over_streets(ground, owners),
        metres: spread(ground, cells.values()),
    }
}

fn members(owners: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    let mut cells: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (unit, &owner) in owners.iter().enumerate() {
        cells.entry(owner).or_default().push(unit);
    }
    cells
}

fn mean(amounts: &[u64]) -> f64 {
    amounts.iter().sum::<u64>() as f64 / (amounts.len() as f64).max(1.0)
}

/// Standard deviation over mean.
fn variation(amounts: &[u64]) -> f64 {
    let mean = mean(amounts);
    if mean == 0.0 {
        return 0.0;
    }
    let squares = amounts.iter().map(|&amount| (amount as f64 - mean) * (amount as f64 - mean));
    (squares.sum::<f64>() / amounts.len() as f64).sqrt() / mean
}

fn is_torn(ground: &Ground, cell: &[usize]) -> bool {
    let mut left: BTreeSet<usize> = cell.iter().copied().collect();
    let mut open: Vec<usize> = left.pop_first().into_iter().collect();
    while let Some(unit) = open.pop() {
        let links = ground.links.get(unit).into_iter().flatten();
        open.extend(links.map(|link| link.to).filter(|to| left.remove(to)));
    }
    !left.is_empty()
}

fn over_streets(ground: &Ground, owners: &[usize]) -> usize {
    let over = |(unit, links): (usize, &Vec<super::ground::Link>)| {
        let within = |to: usize| to > unit && owners.get(to) == owners.get(unit);
        links.iter().filter(|link| link.is_over_street && within(link.to)).count()
    };
    ground.links.iter().enumerate().map(over).sum()
}

/// The mean way from a unit to the mean of its cell's places, in metres.
fn spread<'a>(ground: &Ground, cells: impl Iterator<Item = &'a Vec<usize>>) -> f64 {
    let away = |cell: &Vec<usize>| -> f64 {
        let spots = || cell.iter().filter_map(|&unit| ground.spots.get(unit));
        let count = cell.len() as f64;
        let middle = |axis: fn(&[f64; 2]) -> f64| spots().map(axis).sum::<f64>() / count;
        let (x, y) = (middle(|spot| spot[0]), middle(|spot| spot[1]));
        spots().map(|&[u, v]| ((u - x) * (u - x) + (v - y) * (v - y)).sqrt()).sum()
    };
    cells.map(away).sum::<f64>() / (ground.spots.len() as f64).max(1.0)
}
