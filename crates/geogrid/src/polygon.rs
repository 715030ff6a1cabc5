//! Rings and polygons in the lng/lat plane: edges, exact area, point in polygon, grouping of rings.
//! What makes a checked shape of them lives in `shape`.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::point::{LngLat, turn};

/// A closed line without its repeated last point.
pub(crate) type Ring = Vec<LngLat>;
pub(crate) type Edge = (LngLat, LngLat);

/// An outer ring (counter-clockwise) less its holes (clockwise).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polygon {
    pub(crate) outer: Ring,
    pub(crate) holes: Vec<Ring>,
}

impl Polygon {
    /// The outer ring, counter-clockwise, its first point not repeated.
    pub fn outer(&self) -> &[LngLat] {
        &self.outer
    }

    /// The holes, clockwise, their first points not repeated.
    pub fn holes(&self) -> &[Vec<LngLat>] {
        &self.holes
    }

    pub(crate) fn rings(&self) -> impl Iterator<Item = &Ring> + Clone {
        std::iter::once(&self.outer).chain(&self.holes)
    }

    pub(crate) fn edges(&self) -> impl Iterator<Item = Edge> + Clone {
        self.rings().flat_map(|ring| edges_of(ring))
    }

    /// Twice the exact area in the plane, in squared units.
    pub(crate) fn doubled_area(&self) -> i128 {
        self.rings().map(|ring| doubled_area(ring)).sum()
    }
}

pub(crate) fn edges_of(ring: &[LngLat]) -> impl Iterator<Item = Edge> + Clone {
    ring.iter().copied().zip(ring.iter().copied().cycle().skip(1))
}

/// Twice the exact area, positive when the ring runs counter-clockwise.
pub(crate) fn doubled_area(ring: &[LngLat]) -> i128 {
    let Some(&origin) = ring.first() else { return 0 };
    edges_of(ring)
        .map(|(a, b)| {
            let ((ax, ay), (bx, by)) = (a.minus(origin), b.minus(origin));
            i128::from(ax) * i128::from(by) - i128::from(bx) * i128::from(ay)
        })
        .sum()
}

/// Twice the exact area of all polygons together.
pub(crate) fn doubled_area_of(polygons: &[Polygon]) -> i128 {
    polygons.iter().map(Polygon::doubled_area).sum()
}

/// Where a point lies of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Outside,
    Border,
    Inside,
}

/// Counts the edges that a ray from `point` to the east crosses; odd is inside, exact.
pub(crate) fn side_of(edges: impl IntoIterator<Item = Edge>, point: LngLat) -> Side {
    let mut side = Side::Outside;
    for (a, b) in edges {
        let (low, high) = if a.lat_e7() <= b.lat_e7() { (a, b) } else { (b, a) };
        if point.lat_e7() < low.lat_e7() || point.lat_e7() > high.lat_e7() {
            continue;
        }
        match turn(low, high, point) {
            Ordering::Equal if within(low.lng_e7(), high.lng_e7(), point.lng_e7()) => {
                return Side::Border;
            }
            // An edge owns its lower end only, so a vertex on the ray is counted once.
            Ordering::Greater if point.lat_e7() < high.lat_e7() => {
                side = if side == Side::Inside { Side::Outside } else { Side::Inside };
            }
            _ => {}
        }
    }
    side
}

fn within(a: i32, b: i32, value: i32) -> bool {
    (a.min(b)..=a.max(b)).contains(&value)
}

/// Polygons from rings that do not cross: counter-clockwise ones are outer, the others their holes.
pub(crate) fn assemble(rings: impl IntoIterator<Item = Ring>) -> Vec<Polygon> {
    let (mut outers, holes): (Vec<_>, Vec<_>) =
        rings.into_iter().flat_map(unpinched).partition(|ring| doubled_area(ring) > 0);
    outers.sort_by_cached_key(|ring| doubled_area(ring));
    let mut polygons: Vec<_> =
        outers.into_iter().map(|outer| Polygon { outer, holes: Vec::new() }).collect();
    for hole in holes {
        // The smallest ring around it comes first.
        if let Some(home) = polygons.iter_mut().find(|home| surrounds(&home.outer, &hole)) {
            home.holes.push(hole);
        }
    }
    polygons.reverse();
    polygons
}

fn surrounds(outer: &[LngLat], hole: &[LngLat]) -> bool {
    hole.iter().all(|&point| side_of(edges_of(outer), point) != Side::Outside)
}

/// The simple rings of a ring that may visit a point twice; those without area are dropped.
fn unpinched(ring: Ring) -> Vec<Ring> {
    let mut rings = Vec::new();
    let mut path: Ring = Vec::with_capacity(ring.len());
    let mut place = BTreeMap::new();
    for point in ring {
        if let Some(&seen) = place.get(&point) {
            let lobe = path.split_off(seen);
            for visited in &lobe {
                place.remove(visited);
            }
            rings.push(lobe);
        }
        place.insert(point, path.len());
        path.push(point);
    }
    rings.push(path);
    rings.retain(|ring| doubled_area(ring) != 0);
    rings
}
