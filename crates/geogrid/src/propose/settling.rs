//! Mending a proposal: buildings at borders change cells while that makes the objective smaller.
//! No cell ever falls apart or becomes empty.
//!
//! Changes that make it a little worse are taken too, ever less of them (threshold accepting), so that
//! the search leaves small hollows; only sums and products are computed, so that every machine finds
//! the same cells.
#![expect(
    clippy::indexing_slicing,
    reason = "units and cells are indices below the number of units and of cells"
)]

use fastrand::Rng;

use super::{
    Wish,
    ground::{Ground, Unit},
};

/// What open work that is spread unevenly costs, against households.
const WORK_COST: f64 = 0.2;
/// What a size out of bounds costs, against one uneven.
const BOUNDS_COST: f64 = 8.0;
/// What a link cut costs, against a cell with twice its households.
const CUT_COST: f64 = 0.008;
/// What a kilometre between a building and the middle of its cell costs, on average of a cell.
const KILOMETRE_COST: f64 = 0.1;
/// How many changes are tried for each unit, and at most.
const TRIES: (usize, usize) = (1_500, 20_000_000);
/// How much worse a change may be at first.
const FIRST_THRESHOLD: f64 = 0.02;

/// What a proposal makes small: the sum of its terms.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Objective {
    /// How uneven households are: the squared relative deviations, summed over cells.
    pub households: f64,
    /// How uneven open work is, weighted.
    pub open_work: f64,
    /// How far cells are out of the wanted size, weighted.
    pub bounds: f64,
    /// How far buildings are from the middle of their cell (root mean square), weighted.
    pub spread: f64,
    /// How ragged cells are, weighted: links cut between neighbours, less those cut by streets.
    pub borders: f64,
}

impl Objective {
    /// The sum of the terms.
    pub fn total(&self) -> f64 {
        self.households + self.open_work + self.bounds + self.spread + self.borders
    }
}

/// The cells of the units after mending, and what could be reached.
pub(super) fn settled(
    ground: &Ground,
    wish: &Wish,
    cells: usize,
    owners: Vec<usize>,
) -> (Vec<usize>, Objective) {
    let mut settling = Settling::of(ground, wish, cells, owners);
    let mut chance = Rng::with_seed(wish.seed);
    let units = ground.units.len();
    let tries = (TRIES.0 * units).min(TRIES.1);
    for index in 0..tries {
        let left = 1.0 - index as f64 / tries as f64;
        settling.attempt(chance.usize(..units), &mut chance, FIRST_THRESHOLD * left * left);
    }
    while (0..units).filter(|&unit| settling.improve(unit)).count() > 0 {}
    let objective = settling.objective();
    (settling.owners, objective)
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    units: usize,
    households: f64,
    open_work: f64,
    /// Sums over places in metres: east, north, and the squares of both.
    places: [f64; 3],
}

impl Tally {
    fn of(unit: &Unit, [x, y]: [f64; 2]) -> Self {
        Self {
            units: 1,
            households: unit.households as f64,
            open_work: unit.open_work as f64,
            places: [x, y, x * x + y * y],
        }
    }

    fn with(self, other: Self) -> Self {
        let ([x, y, squares], [u, v, more]) = (self.places, other.places);
        Self {
            units: self.units + other.units,
            households: self.households + other.households,
            open_work: self.open_work + other.open_work,
            places: [x + u, y + v, squares + more],
        }
    }

    fn without(self, other: Self) -> Self {
        let ([x, y, squares], [u, v, less]) = (self.places, other.places);
        Self {
            units: self.units - other.units,
            households: self.households - other.households,
            open_work: self.open_work - other.open_work,
            places: [x - u, y - v, squares - less],
        }
    }

    /// The root mean square of the way to the middle, in metres.
    fn radius(self) -> f64 {
        let [x, y, squares] = self.places.map(|sum| sum / self.units as f64);
        (squares - x * x - y * y).max(0.0).sqrt()
    }
}

struct Settling<'a> {
    ground: &'a Ground,
    owners: Vec<usize>,
    cells: Vec<Tally>,
    /// Households and open work of a cell if all were alike.
    each: (f64, f64),
    bounds: (f64, f64),
    /// Units seen while asking whether a cell holds together.
    seen: Vec<usize>,
    question: usize,
}

impl<'a> Settling<'a> {
    fn of(ground: &'a Ground, wish: &Wish, cells: usize, owners: Vec<usize>) -> Self {
        let mut tallies = vec![Tally::default(); cells];
        for (unit, &owner) in owners.iter().enumerate() {
            let one = Tally::of(&ground.units[unit], ground.spots[unit]);
            tallies[owner] = tallies[owner].with(one);
        }
        let share =
            |amount: fn(&Tally) -> f64| tallies.iter().map(amount).sum::<f64>() / cells as f64;
        let each = (share(|it| it.households), share(|it| it.open_work));
        let bounds = (f64::from(wish.least), f64::from(wish.most));
        let seen = vec![0; owners.len()];
        Self { ground, owners, cells: tallies, each, bounds, seen, question: 0 }
    }

    /// Tries to give a unit to the cell of a neighbour drawn by lot.
    fn attempt(&mut self, unit: usize, chance: &mut Rng, threshold: f64) {
        let Some(link) = chance.choice(&self.ground.links[unit]) else { return };
        let (from, to) = (self.owners[unit], self.owners[link.to]);
        if to == from {
            return;
        }
        let gain = self.gain(unit, to);
        if gain > -threshold {
            if self.may_leave(unit) {
                self.give(unit, to);
            }
        } else if let Some(other) = self.counterpart(unit, to, chance) {
            self.exchange((unit, from), (other, to), gain + threshold);
        }
    }

    /// A unit of another cell that a neighbour of this unit could take for it.
    fn counterpart(&self, unit: usize, to: usize, chance: &mut Rng) -> Option<usize> {
        let stays = chance.choice(&self.ground.links[unit])?.to;
        let other = chance.choice(&self.ground.links[stays])?.to;
        let fits = self.owners[stays] == self.owners[unit] && self.owners[other] == to;
        fits.then_some(other)
    }

    /// Exchanges two units, each given with its cell, if together that is worth it.
    fn exchange(&mut self, (unit, from): (usize, usize), (other, to): (usize, usize), gain: f64) {
        if self.cells[from].units == 1 || !self.may_leave(unit) {
            return;
        }
        self.give(unit, to);
        if self.gain(other, from) + gain <= 0.0 || !self.may_leave(other) {
            self.give(unit, from);
        } else {
            self.give(other, from);
        }
    }

    /// Gives a unit to the neighbouring cell where that helps most, if it helps at all.
    fn improve(&mut self, unit: usize) -> bool {
        let from = self.owners[unit];
        let others = self.ground.links[unit].iter().map(|link| self.owners[link.to]);
        let gains = others.filter(|&to| to != from).map(|to| (self.gain(unit, to), to));
        let best = gains.max_by(|(a, to), (b, other)| a.total_cmp(b).then(other.cmp(to)));
        let helps = best.filter(|(gain, _)| *gain > 1e-9).filter(|_| self.may_leave(unit));
        helps.into_iter().for_each(|(_, to)| self.give(unit, to));
        helps.is_some()
    }

    /// By how much the objective falls if a unit goes to another cell.
    fn gain(&self, unit: usize, to: usize) -> f64 {
        let from = self.owners[unit];
        let (old, new) = (self.cells[from], self.cells[to]);
        let moved = self.tally(unit);
        let uneven = self.cost(old) + self.cost(new)
            - self.cost(old.without(moved))
            - self.cost(new.with(moved));
        let cut = self.ground.links[unit].iter().map(|link| {
            let owner = self.owners[link.to];
            let (joined, parted) = (owner == to, owner == from);
            (f64::from(u8::from(joined)) - f64::from(u8::from(parted))) * link.weight
        });
        uneven + CUT_COST * cut.sum::<f64>()
    }

    fn cost(&self, cell: Tally) -> f64 {
        let Objective { households, open_work, bounds, spread, .. } = self.terms(cell);
        households + open_work + bounds + spread
    }

    fn tally(&self, unit: usize) -> Tally {
        Tally::of(&self.ground.units[unit], self.ground.spots[unit])
    }

    fn terms(&self, cell: Tally) -> Objective {
        let uneven = |amount: f64, each: f64| if each > 0.0 { amount / each - 1.0 } else { 0.0 };
        let households = uneven(cell.households, self.each.0);
        let open_work = uneven(cell.open_work, self.each.1);
        let (least, most) = self.bounds;
        let out = (least - cell.households).max(cell.households - most).max(0.0);
        let out = out / self.each.0.max(1.0);
        Objective {
            households: households * households,
            open_work: WORK_COST * open_work * open_work,
            bounds: BOUNDS_COST * out * out,
            spread: KILOMETRE_COST * cell.radius() / 1_000.0,
            borders: 0.0,
        }
    }

    fn give(&mut self, unit: usize, to: usize) {
        let from = self.owners[unit];
        let moved = self.tally(unit);
        self.cells[from] = self.cells[from].without(moved);
        self.cells[to] = self.cells[to].with(moved);
        self.owners[unit] = to;
    }

    /// Whether the cell of a unit holds together without it, and is not empty.
    fn may_leave(&mut self, unit: usize) -> bool {
        let cell = self.owners[unit];
        let links = &self.ground.links[unit];
        let Some(first) = links.iter().find(|link| self.owners[link.to] == cell) else {
            return false;
        };
        self.question += 1;
        self.seen[unit] = self.question;
        self.seen[first.to] = self.question;
        let (mut open, mut reached) = (vec![first.to], 1);
        while let Some(at) = open.pop() {
            for link in &self.ground.links[at] {
                if self.owners[link.to] == cell && self.seen[link.to] != self.question {
                    self.seen[link.to] = self.question;
                    open.push(link.to);
                    reached += 1;
                }
            }
        }
        reached + 1 == self.cells[cell].units
    }

    fn objective(&self) -> Objective {
        let mut sum = Objective::default();
        for &cell in &self.cells {
            let terms = self.terms(cell);
            sum.households += terms.households;
            sum.open_work += terms.open_work;
            sum.bounds += terms.bounds;
            sum.spread += terms.spread;
        }
        for (unit, links) in self.ground.links.iter().enumerate() {
            let cut = links.iter().filter(|link| self.owners[link.to] != self.owners[unit]);
            // Each link is listed at both ends.
            sum.borders += CUT_COST * cut.map(|link| link.weight).sum::<f64>() / 2.0;
        }
        sum
    }
}
