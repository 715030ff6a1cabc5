//! The ground of a proposal: buildings as nodes, linked where their surroundings touch.
//! Barriers mark or cut links; which cell a building goes to is decided elsewhere.
#![expect(
    clippy::indexing_slicing,
    reason = "units are numbered here, and every list that they index has one entry a unit"
)]

use std::collections::{BTreeMap, BTreeSet};

use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};
use spade::{DelaunayTriangulation, HasPosition, Point2, Triangulation};

use super::{Barrier, BarrierKind, Building};
use crate::{
    point::{Bounds, LngLat, turn},
    shape::Shape,
};

/// Metres of a unit of 1e-7 degree of latitude, on a sphere of the ellipsoid's larger radius.
const METRES: f64 = 6_378_137.0 * std::f64::consts::PI / 180.0 * 1e-7;
/// How much farther a way over a street seems than it is, in usual links.
const STREET_COST: f64 = 4.0;
/// What keeping a link over a street in one cell costs, in links cut.
const STREET_WEIGHT: f64 = 0.6;

/// Buildings of one place.
#[derive(Debug)]
pub(super) struct Unit {
    /// Places in the list given.
    pub members: Vec<usize>,
    pub at: LngLat,
    pub households: u64,
    pub open_work: u64,
}

/// From one unit to a neighbour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub to: usize,
    /// The way, in centimetres; longer over streets.
    pub way: u64,
    /// What cutting it costs: 1 for close neighbours, less for distant ones, below 0 over a street.
    pub weight: f64,
    pub is_over_street: bool,
}

/// Units and their links, both ways.
#[derive(Debug)]
pub(super) struct Ground {
    pub units: Vec<Unit>,
    /// Places in metres, east and north.
    pub spots: Vec<[f64; 2]>,
    pub links: Vec<Vec<Link>>,
    /// Links over walls that had to be kept, as pairs of units.
    pub bridges: Vec<(usize, usize)>,
}

/// A flat map in metres around a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plane {
    origin: LngLat,
    shrinking: f64,
}

impl Plane {
    pub fn around(points: impl IntoIterator<Item = LngLat>) -> Option<Self> {
        let bounds = Bounds::around(points)?;
        // Rounded, as the cosine's last digits differ from machine to machine.
        let shrinking = (bounds.shrinking() * 1e6).round() / 1e6;
        Some(Self { origin: bounds.south_west, shrinking: shrinking.max(1e-6) })
    }

    pub fn spot(self, point: LngLat) -> [f64; 2] {
        let (x, y) = point.minus(self.origin);
        [x as f64 * METRES * self.shrinking, y as f64 * METRES]
    }

    pub fn point(self, [east, north]: [f64; 2]) -> LngLat {
        let (x, y) = self.origin.wide();
        let units = |metres: f64| (metres / METRES).round() as i64;
        LngLat::clamped(x + units(east / self.shrinking), y + units(north))
    }
}

/// A point of a building: its place, or a corner of its footprint.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    pub spot: Point2<f64>,
    pub at: LngLat,
    pub unit: usize,
}

impl HasPosition for Site {
    type Scalar = f64;

    fn position(&self) -> Point2<f64> {
        self.spot
    }
}

/// Buildings by their places, in the order given.
pub(super) fn units(buildings: &[Building]) -> Vec<Unit> {
    let mut places: BTreeMap<LngLat, usize> = BTreeMap::new();
    let mut units: Vec<Unit> = Vec::new();
    for (index, building) in buildings.iter().enumerate() {
        let unit = *places.entry(building.at).or_insert(units.len());
        if unit == units.len() {
            let members = Vec::new();
            units.push(Unit { members, at: building.at, households: 0, open_work: 0 });
        }
        let unit = &mut units[unit];
        unit.members.push(index);
        unit.households += u64::from(building.households);
        unit.open_work += u64::from(building.open_work);
    }
    units
}

/// The points of all units, each once: places first, then corners that are no one's yet.
pub(super) fn sites(units: &[Unit], buildings: &[Building], plane: Plane) -> Vec<Site> {
    let mut taken: BTreeSet<LngLat> = units.iter().map(|unit| unit.at).collect();
    let site = |at: LngLat, unit: usize| {
        let [x, y] = plane.spot(at);
        Site { spot: Point2::new(x, y), at, unit }
    };
    let mut sites: Vec<Site> = units.iter().enumerate().map(|(i, unit)| site(unit.at, i)).collect();
    for (index, unit) in units.iter().enumerate() {
        let footprints = unit.members.iter().filter_map(|&at| buildings[at].footprint.as_ref());
        let corners = footprints.flat_map(Shape::polygons).flat_map(|it| it.outer.iter().copied());
        sites.extend(corners.filter(|&at| taken.insert(at)).map(|at| site(at, index)));
    }
    sites
}

/// The net of surroundings that touch. Sites differ and are finite, so none is refused.
pub(super) fn net(sites: Vec<Site>) -> DelaunayTriangulation<Site> {
    DelaunayTriangulation::bulk_load_stable(sites).unwrap_or_default()
}

/// Where the surroundings of two units touch most closely.
struct Tie {
    units: (usize, usize),
    metres: f64,
    barrier: Option<BarrierKind>,
}

impl Ground {
    pub fn of(buildings: &[Building], barriers: &[Barrier], least: u64) -> Self {
        let units = units(buildings);
        let links = units.iter().map(|_| Vec::new()).collect();
        let mut ground = Self { units, spots: Vec::new(), links, bridges: Vec::new() };
        let Some(plane) = Plane::around(ground.units.iter().map(|unit| unit.at)) else {
            return ground;
        };
        ground.spots = ground.units.iter().map(|unit| plane.spot(unit.at)).collect();
        let ties = ties(sites(&ground.units, buildings, plane), &Fences::of(barriers));
        let bridges = bridges(&ground.units, &ties, least);
        let kept = |tie: &&Tie| tie.barrier != Some(BarrierKind::Wall);
        ground.link(ties.iter().filter(kept).chain(bridges.iter().copied()), &nearness(&ties));
        ground.bridges = bridges.iter().map(|tie| tie.units).collect();
        ground
    }

    fn link<'a>(&mut self, ties: impl Iterator<Item = &'a Tie>, nearness: &Nearness) {
        for tie in ties {
            let (a, b) = tie.units;
            let is_over_street = tie.barrier.is_some();
            let weight = if is_over_street { -STREET_WEIGHT } else { nearness.of(tie) };
            let detour = if is_over_street { STREET_COST * nearness.usual } else { 0.0 };
            let way = ((tie.metres + detour) * 100.0) as u64 + 1;
            self.links[a].push(Link { to: b, way, weight, is_over_street });
            self.links[b].push(Link { to: a, way, weight, is_over_street });
        }
    }

    pub fn households(&self) -> u64 {
        self.units.iter().map(|unit| unit.households).sum()
    }

    /// What halves are weighed by: households, and a trifle for a building without any.
    pub fn load(&self, unit: usize) -> f64 {
        self.units[unit].households as f64 + 0.01
    }

    /// The connected parts, each as its units, rising.
    pub fn parts(&self) -> Vec<Vec<usize>> {
        let mut sets = Sets::of(self.units.len());
        for (unit, links) in self.links.iter().enumerate() {
            links.iter().for_each(|link| sets.join(unit, link.to));
        }
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for unit in 0..self.units.len() {
            parts.entry(sets.find(unit)).or_default().push(unit);
        }
        parts.into_values().collect()
    }
}

/// The shortest tie of each two units that touch, in the order of the units.
fn ties(sites: Vec<Site>, fences: &Fences) -> Vec<Tie> {
    let mut shortest: BTreeMap<(usize, usize), (f64, LngLat, LngLat)> = BTreeMap::new();
    for (a, b) in edges(sites) {
        if a.unit == b.unit {
            continue;
        }
        let metres = a.spot.distance_2(b.spot).sqrt();
        let found = (metres, a.at, b.at);
        let known = shortest.entry((a.unit.min(b.unit), a.unit.max(b.unit))).or_insert(found);
        if (metres, a.at, b.at) < *known {
            *known = found;
        }
    }
    let tie = |(units, (metres, from, to))| Tie { units, metres, barrier: fences.across(from, to) };
    shortest.into_iter().map(tie).collect()
}

fn edges(sites: Vec<Site>) -> Vec<(Site, Site)> {
    // Sites on one line have no triangles, yet their net still holds the edges along the line.
    let net = net(sites);
    net.undirected_edges().map(|edge| edge.vertices().map(|vertex| *vertex.data()).into()).collect()
}

/// How far neighbours usually are, so that a link counts the same in town and country.
struct Nearness {
    /// Metres of a tie in the middle of all.
    usual: f64,
    /// Metres of each unit's shortest tie.
    shortest: Vec<f64>,
}

impl Nearness {
    /// 1 for neighbours, less for the long links between hamlets, which are cheap to cut.
    fn of(&self, tie: &Tie) -> f64 {
        let near = self.shortest[tie.units.0].max(self.shortest[tie.units.1]);
        ((near + 1.0) / (tie.metres + 1.0)).min(1.0)
    }
}

fn nearness(ties: &[Tie]) -> Nearness {
    let mut metres: Vec<f64> = ties.iter().map(|tie| tie.metres).collect();
    metres.sort_by(f64::total_cmp);
    let usual = metres.get(metres.len() / 2).copied().unwrap_or(0.0);
    let units = ties.iter().map(|tie| tie.units.1 + 1).max().unwrap_or(0);
    let mut shortest = vec![f64::INFINITY; units];
    for tie in ties {
        for unit in [tie.units.0, tie.units.1] {
            shortest[unit] = tie.metres.min(shortest[unit]);
        }
    }
    Nearness { usual, shortest }
}

/// The ties over walls that are kept: where one side alone has fewer households than a cell must,
/// the shortest to its neighbours across.
fn bridges<'a>(units: &[Unit], ties: &'a [Tie], least: u64) -> Vec<&'a Tie> {
    let (mut walled, open): (Vec<_>, Vec<_>) =
        ties.iter().partition(|tie| tie.barrier == Some(BarrierKind::Wall));
    let mut sets = Sets::of(units.len());
    open.iter().for_each(|tie| sets.join(tie.units.0, tie.units.1));
    let mut households = vec![0; units.len()];
    for (unit, it) in units.iter().enumerate() {
        households[sets.find(unit)] += it.households;
    }
    walled.sort_by(|a, b| a.metres.total_cmp(&b.metres));
    walled.retain(|tie| {
        let (a, b) = (sets.find(tie.units.0), sets.find(tie.units.1));
        let is_kept = a != b && households[a].min(households[b]) < least;
        if is_kept {
            sets.join(a, b);
            households[sets.find(a)] = households[a] + households[b];
        }
        is_kept
    });
    walled
}

/// Sets of units that are merged step by step.
struct Sets(Vec<usize>);

impl Sets {
    fn of(units: usize) -> Self {
        Self((0..units).collect())
    }

    fn find(&mut self, unit: usize) -> usize {
        let mut root = unit;
        while self.0[root] != root {
            self.0[root] = self.0[self.0[root]];
            root = self.0[root];
        }
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b);
    }
}

type Fence = GeomWithData<Rectangle<[i64; 2]>, (LngLat, LngLat, BarrierKind)>;

/// Barriers, stretch by stretch.
struct Fences(RTree<Fence>);

impl Fences {
    fn of(barriers: &[Barrier]) -> Self {
        let stretches = barriers.iter().flat_map(|barrier| {
            let pairs = barrier.line.iter().zip(barrier.line.iter().skip(1));
            pairs.map(|(&a, &b)| {
                let corners = Rectangle::from_corners(a.wide().into(), b.wide().into());
                GeomWithData::new(corners, (a, b, barrier.kind))
            })
        });
        Self(RTree::bulk_load(stretches.collect()))
    }

    /// The strongest barrier between two places.
    fn across(&self, from: LngLat, to: LngLat) -> Option<BarrierKind> {
        let between = AABB::from_corners(from.wide().into(), to.wide().into());
        let near = self.0.locate_in_envelope_intersecting(between).map(|fence| fence.data);
        let crossed = near.filter(|&(a, b, _)| parts(a, b, from, to)).map(|(_, _, kind)| kind);
        crossed.max_by_key(|kind| *kind == BarrierKind::Wall)
    }
}

/// Whether the stretch from `a` to `b` lies between two places. Each end of it belongs to one side,
/// so that a way through the joint of two stretches meets exactly one of them.
fn parts(a: LngLat, b: LngLat, from: LngLat, to: LngLat) -> bool {
    let left = |a, b, c| turn(a, b, c).is_ge();
    left(a, b, from) != left(a, b, to) && left(from, to, a) != left(from, to, b)
}
