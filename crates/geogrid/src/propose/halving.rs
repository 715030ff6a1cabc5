//! Halving the ground again and again until each part is one cell: contiguous and of like size.
//! Mending what that leaves uneven is `settling`'s.
//!
//! A part is ordered by how much nearer each unit is to one far end than to the other. Whatever comes
//! first in that order holds, with each unit, all units on its shortest way to the first end, and so
//! is contiguous; the same holds for the rest. Ways over streets are long, so cuts fall there.
#![expect(
    clippy::indexing_slicing,
    reason = "units and marks are indices below the number of units, which all lists here have"
)]

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{ProposeError, ground::Ground};

/// Directions in which far ends are sought, in both ways: east, north and the diagonals.
const DIRECTIONS: [[f64; 2]; 4] = [[1.0, 0.0], [0.0, 1.0], [0.7, 0.7], [0.7, -0.7]];
/// What links cut cost against uneven halves, in the score of a cut.
const CUT_COST: f64 = 0.02;

/// The units of each cell. Fails if there are more parts than cells.
pub(super) fn groups(ground: &Ground, cells: usize) -> Result<Vec<Vec<usize>>, ProposeError> {
    let parts = ground.parts();
    if parts.len() > cells {
        return Err(ProposeError::TooFewCells { cells, parts: parts.len() });
    }
    let counts = apportioned(ground, &parts, cells);
    let mut halving = Halving { ground, marks: vec![0; ground.units.len()], last: 0 };
    let mut open: Vec<_> = parts.into_iter().zip(counts).rev().collect();
    let mut groups = Vec::with_capacity(cells);
    while let Some((units, cells)) = open.pop() {
        if cells <= 1 {
            groups.push(units);
            continue;
        }
        let [first, second] = halving.halves(units, cells);
        open.push(second);
        open.push(first);
    }
    Ok(groups)
}

/// How many cells each part gets: one, and the rest one by one where a cell would be largest.
fn apportioned(ground: &Ground, parts: &[Vec<usize>], cells: usize) -> Vec<usize> {
    let loads: Vec<f64> = parts.iter().map(|part| load(ground, part)).collect();
    let mut counts = vec![1; parts.len()];
    for _ in parts.len()..cells {
        let open = (0..parts.len()).filter(|&part| counts[part] < parts[part].len());
        let size = |part: usize| loads[part] / (counts[part] as f64 + 0.5);
        if let Some(part) = open.max_by(|&a, &b| size(a).total_cmp(&size(b)).then(b.cmp(&a))) {
            counts[part] += 1;
        }
    }
    counts
}

fn load(ground: &Ground, units: &[usize]) -> f64 {
    units.iter().map(|&unit| ground.load(unit)).sum()
}

/// Units and how many cells they make.
type Part = (Vec<usize>, usize);

struct Halving<'a> {
    ground: &'a Ground,
    /// The part each unit was last seen in.
    marks: Vec<usize>,
    last: usize,
}

/// A cut: the first so many units of an order.
struct Cut {
    order: Vec<usize>,
    length: usize,
    score: f64,
}

impl Halving<'_> {
    fn halves(&mut self, units: Vec<usize>, cells: usize) -> [Part; 2] {
        let mark = self.mark(&units);
        let cuts = DIRECTIONS.iter().filter_map(|direction| {
            let order = self.ordered(&units, mark, *direction);
            self.best_cut(order, mark, cells)
        });
        let best = cuts.min_by(|a, b| a.score.total_cmp(&b.score));
        let Some(Cut { mut order, length, .. }) = best else {
            return [(units, cells), (Vec::new(), 0)];
        };
        let back = order.split_off(length);
        let [front, back] = self.mended(order, back);
        let share = load(self.ground, &front) / load(self.ground, &units);
        let least = cells.saturating_sub(back.len()).max(1);
        let most = front.len().min(cells - 1);
        let count = ((share * cells as f64).round() as usize).clamp(least, most);
        [(front, count), (back, cells - count)]
    }

    fn mark(&mut self, units: &[usize]) -> usize {
        self.last += 1;
        units.iter().for_each(|&unit| self.marks[unit] = self.last);
        self.last
    }

    /// The units by how much nearer they are to one far end than to the other.
    fn ordered(&self, units: &[usize], mark: usize, direction: [f64; 2]) -> Vec<usize> {
        let along = |unit: &usize| {
            let [x, y] = self.ground.spots[*unit];
            x * direction[0] + y * direction[1]
        };
        let far = |sign: f64| {
            let ends = units.iter().copied();
            ends.max_by(|a, b| (sign * along(a)).total_cmp(&(sign * along(b))))
        };
        let (Some(one), Some(other)) = (far(-1.0), far(1.0)) else { return Vec::new() };
        let (from_one, from_other) = (self.ways(one, mark), self.ways(other, mark));
        let mut order: Vec<_> = units
            .iter()
            .map(|&unit| {
                let (here, there) = (from_one[unit], from_other[unit]);
                (here as i64 - there as i64, here, unit)
            })
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(.., unit)| unit).collect()
    }

    /// The length of the shortest way from a unit to each other of its part, in centimetres.
    fn ways(&self, from: usize, mark: usize) -> Vec<u64> {
        let mut ways = vec![u64::MAX / 4; self.marks.len()];
        ways[from] = 0;
        let mut open = BinaryHeap::from([(Reverse(0), from)]);
        while let Some((Reverse(way), unit)) = open.pop() {
            if way > ways[unit] {
                continue;
            }
            for link in self.ground.links[unit].iter().filter(|it| self.marks[it.to] == mark) {
                let longer = way + link.way;
                if longer < ways[link.to] {
                    ways[link.to] = longer;
                    open.push((Reverse(longer), link.to));
                }
            }
        }
        ways
    }

    /// Where to cut an order: near whole cells on both sides, and through few links.
    fn best_cut(&self, order: Vec<usize>, mark: usize, cells: usize) -> Option<Cut> {
        let each = load(self.ground, &order) / cells as f64;
        let (least, root) = ((cells / 3).max(1), (order.len() as f64).sqrt());
        let mut passed = vec![false; self.marks.len()];
        let (mut sum, mut cut, mut best) = (0.0, 0.0, None);
        for (index, &unit) in order.iter().enumerate() {
            let length = index + 1;
            passed[unit] = true;
            sum += self.ground.load(unit);
            for link in self.ground.links[unit].iter().filter(|it| self.marks[it.to] == mark) {
                cut += if passed[link.to] { -link.weight } else { link.weight };
            }
            let count = (sum / each).round().clamp(least as f64, (cells - least) as f64);
            let fits = length >= count as usize && order.len() - length >= cells - count as usize;
            let uneven = (sum / each - count) / count.min(cells as f64 - count);
            let score = uneven * uneven + CUT_COST * cut / root;
            if fits && best.is_none_or(|(_, known)| score < known) {
                best = Some((length, score));
            }
        }
        best.map(|(length, score)| Cut { order, length, score })
    }

    /// Both sides contiguous: units of one way's end may be cut off from their own side.
    fn mended(&mut self, mut front: Vec<usize>, mut back: Vec<usize>) -> [Vec<usize>; 2] {
        let strays = self.strays(&mut front);
        back.extend(strays);
        let strays = self.strays(&mut back);
        front.extend(strays);
        [front, back]
    }

    /// Takes out of a side all but its heaviest contiguous piece.
    fn strays(&mut self, side: &mut Vec<usize>) -> Vec<usize> {
        let mark = self.mark(side);
        let mut pieces = Vec::new();
        for &unit in side.iter() {
            if self.marks[unit] == mark {
                pieces.push(self.piece(unit, mark));
            }
        }
        let heaviest = (0..pieces.len()).max_by(|&a, &b| {
            load(self.ground, &pieces[a]).total_cmp(&load(self.ground, &pieces[b]))
        });
        *side = heaviest.map(|piece| pieces.swap_remove(piece)).unwrap_or_default();
        pieces.into_iter().flatten().collect()
    }

    /// The contiguous piece around a unit, its marks taken off.
    fn piece(&mut self, from: usize, mark: usize) -> Vec<usize> {
        let mut piece = vec![from];
        self.marks[from] = 0;
        let mut next = 0;
        while let Some(&unit) = piece.get(next) {
            next += 1;
            for link in &self.ground.links[unit] {
                if self.marks[link.to] == mark {
                    self.marks[link.to] = 0;
                    piece.push(link.to);
                }
            }
        }
        piece
    }
}
