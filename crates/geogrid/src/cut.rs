//! Cutting polygons along meridians and parallels so that both sides share the cut exactly.
//! Where to cut is decided in `plan`; free-form splits live in `overlay`.

use std::{cmp::Ordering, collections::BTreeMap};

use crate::{
    overlay::Split,
    point::LngLat,
    polygon::{Polygon, Ring, assemble, edges_of},
    shape::Shape,
};

/// A line across a shape, in units of 1e-7 degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// From north to south at this longitude.
    Meridian(i32),
    /// From west to east at this latitude.
    Parallel(i32),
}

impl Shape {
    /// The parts before (west or north of) and behind the cut. A slanted edge is bent to the unit
    /// of 1e-7 degree nearest to its crossing, for both sides alike, so that they meet exactly.
    pub fn cut(&self, cut: Cut) -> Split {
        let (heading, at) = match cut {
            Cut::Meridian(lng) => (Heading::East, i64::from(lng)),
            Cut::Parallel(lat) => (Heading::South, -i64::from(lat)),
        };
        let (first, second) = halves(self.polygons(), heading, at);
        Split { inside: Self::trusted(first), outside: Self::trusted(second) }
    }
}

/// The way in which one passes over polygons; distance grows along it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heading {
    East,
    South,
    West,
    North,
}

/// A point as distance along the heading and to the left of it.
type Turned = (i64, i64);

impl Heading {
    pub(crate) fn along(self, point: LngLat) -> i64 {
        self.turned(point).0
    }

    fn turned(self, point: LngLat) -> Turned {
        let (x, y) = point.wide();
        match self {
            Self::East => (x, y),
            Self::South => (-y, x),
            Self::West => (-x, -y),
            Self::North => (y, -x),
        }
    }

    fn back(self, (u, v): Turned) -> LngLat {
        match self {
            Self::East => LngLat::clamped(u, v),
            Self::South => LngLat::clamped(v, -u),
            Self::West => LngLat::clamped(-u, -v),
            Self::North => LngLat::clamped(-v, u),
        }
    }

    fn opposite(self) -> Self {
        match self {
            Self::East => Self::West,
            Self::South => Self::North,
            Self::West => Self::East,
            Self::North => Self::South,
        }
    }
}

/// What lies before the cut and what lies behind it.
pub(crate) fn halves(
    polygons: &[Polygon],
    heading: Heading,
    at: i64,
) -> (Vec<Polygon>, Vec<Polygon>) {
    (before(polygons, heading, at), before(polygons, heading.opposite(), -at))
}

/// What of the polygons one has passed before reaching `at`.
pub(crate) fn before(polygons: &[Polygon], heading: Heading, at: i64) -> Vec<Polygon> {
    polygons.iter().flat_map(|polygon| polygon_before(polygon, heading, at)).collect()
}

fn polygon_before(polygon: &Polygon, heading: Heading, at: i64) -> Vec<Polygon> {
    let passed = |point: &LngLat| heading.along(*point) < at;
    if polygon.outer.iter().all(passed) {
        return vec![polygon.clone()];
    }
    if !polygon.outer.iter().any(passed) {
        return Vec::new();
    }
    let (whole, crossed): (Vec<_>, Vec<_>) =
        polygon.rings().partition(|ring| ring.iter().all(passed));
    let chains: Vec<_> = crossed.into_iter().flat_map(|ring| chains(ring, heading, at)).collect();
    assemble(stitched(&chains, heading).into_iter().chain(whole.into_iter().cloned()))
}

/// A stretch of a ring before the cut, from one crossing to the next.
struct Chain {
    points: Vec<Turned>,
    enters: Crossing,
    leaves: Crossing,
}

/// Where an edge meets the cut: the exact fraction `rise / run` to the left.
#[derive(Clone, Copy)]
struct Crossing {
    rise: i128,
    run: i128,
    at: i64,
}

impl Crossing {
    /// The crossing of an edge with one end before the cut and one on or behind it.
    fn of(one: Turned, other: Turned, at: i64) -> Self {
        let (near, far) = if one.0 < at { (one, other) } else { (other, one) };
        let (run, climb) = (i128::from(far.0 - near.0), i128::from(far.1 - near.1));
        let rise = i128::from(near.1) * run + i128::from(at - near.0) * climb;
        Self { rise, run, at }
    }

    /// Rounded half away from zero, so that the two sides, turned against each other, agree.
    fn point(self) -> Turned {
        let nearest = (2 * self.rise.abs() + self.run) / (2 * self.run);
        (self.at, (nearest * self.rise.signum()) as i64)
    }

    fn order(&self, other: &Self) -> Ordering {
        (self.rise * other.run).cmp(&(other.rise * self.run))
    }
}

fn chains(ring: &[LngLat], heading: Heading, at: i64) -> Vec<Chain> {
    let behind = ring.iter().position(|&point| heading.along(point) >= at).unwrap_or(0);
    let edges = edges_of(ring).cycle().skip(behind).take(ring.len());
    let mut chains = Vec::new();
    let mut open: Option<(Crossing, Vec<Turned>)> = None;
    for (a, b) in edges {
        let (a, b) = (heading.turned(a), heading.turned(b));
        match (a.0 < at, b.0 < at) {
            (false, true) => {
                let enters = Crossing::of(a, b, at);
                open = Some((enters, vec![enters.point(), b]));
            }
            (true, true) => open.iter_mut().for_each(|(_, points)| points.push(b)),
            (true, false) => chains.extend(open.take().map(|(enters, mut points)| {
                let leaves = Crossing::of(a, b, at);
                points.push(leaves.point());
                Chain { points, enters, leaves }
            })),
            (false, false) => {}
        }
    }
    chains
}

/// Closes chains along the cut: seen along it, borders leave and enter in turn, so the k-th way out
/// leads to the k-th way in. Where several meet in one point any order will do: such rings visit
/// the point twice, and `assemble` takes them apart there.
fn stitched(chains: &[Chain], heading: Heading) -> Vec<Ring> {
    let sorted = |crossing: fn(&Chain) -> &Crossing| {
        let mut order: Vec<_> = chains.iter().enumerate().collect();
        order.sort_by(|(_, a), (_, b)| crossing(a).order(crossing(b)));
        order.into_iter().map(|(index, _)| index)
    };
    let mut next: BTreeMap<usize, usize> =
        sorted(|chain| &chain.leaves).zip(sorted(|chain| &chain.enters)).collect();
    let mut rings = Vec::new();
    while let Some((start, mut index)) = next.pop_first() {
        let mut members = vec![start];
        while index != start {
            members.push(index);
            index = next.remove(&index).unwrap_or(start);
        }
        let points = members.iter().filter_map(|&index| chains.get(index));
        let points = points.flat_map(|chain| &chain.points);
        let mut ring: Ring = points.map(|&point| heading.back(point)).collect();
        ring.dedup();
        if ring.first() == ring.last() {
            ring.pop();
        }
        rings.push(ring);
    }
    rings
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        merge,
        polygon::doubled_area_of,
        samples::{at, border, corners, outline, rectangle, ring, shape},
    };

    fn parts(shape: &Shape, cut: Cut) -> (Shape, Shape) {
        let Split { inside, outside } = shape.cut(cut);
        (inside.unwrap(), outside.unwrap())
    }

    const MIDDLE: Cut = Cut::Meridian(1_178_000_000);

    #[test]
    fn a_meridian_gives_west_and_east_a_parallel_north_and_south() {
        let whole = rectangle(-10, -10, 10, 10);
        let (west, east) = parts(&whole, MIDDLE);
        assert!(west.contains(at(-5, 0)) && east.contains(at(5, 0)));
        let (north, south) = parts(&whole, Cut::Parallel(264_000_000));
        assert!(north.contains(at(0, 5)) && south.contains(at(0, -5)));
    }

    #[test]
    fn a_cut_beside_the_shape_leaves_it_whole() {
        let whole = rectangle(0, 0, 10, 10);
        assert_eq!(whole.cut(MIDDLE), Split { inside: None, outside: Some(whole.clone()) });
        let far = whole.cut(Cut::Meridian(1_178_000_011));
        assert_eq!(far, Split { inside: Some(whole), outside: None });
    }

    #[test]
    fn corners_and_edges_on_the_cut_leave_no_scraps() {
        // The cut runs along edges on both sides and through three corners.
        let comb = shape(&[
            (-9, 0),
            (0, 0),
            (0, 2),
            (5, 2),
            (5, 4),
            (0, 4),
            (0, 6),
            (5, 6),
            (0, 8),
            (5, 9),
            (0, 9),
            (-9, 9),
        ]);
        let (west, east) = parts(&comb, MIDDLE);
        assert_eq!(west.polygons().len(), 1);
        assert_eq!(doubled_area_of(west.polygons()), 2 * 81);
        assert_eq!(east.polygons().len(), 3);
        assert_eq!(doubled_area_of(east.polygons()), 2 * 10 + 10 - 5 + 5 + 5);
    }

    #[test]
    fn both_sides_bend_a_slanted_edge_at_the_same_unit() {
        let kite = shape(&[(-7, -3), (2, -11), (10, 4), (-1, 12)]);
        for (cut, heading) in
            [(MIDDLE, Heading::East), (Cut::Parallel(264_000_000), Heading::South)]
        {
            let (first, second) = parts(&kite, cut);
            let on_cut = |part: &Shape| -> std::collections::BTreeSet<LngLat> {
                let ends = part.edges().map(|(a, _)| a);
                ends.filter(|&a| heading.along(a) == heading.along(at(0, 0))).collect()
            };
            assert_eq!(on_cut(&first).len(), 2);
            assert_eq!(on_cut(&first), on_cut(&second));
        }
    }

    #[test]
    fn wedges_that_meet_in_a_point_of_the_cut_keep_their_form() {
        let back =
            [(-20, -10), (-10, -10), (0, 0), (-10, -5), (-10, 5), (0, 0), (-10, 10), (-20, 10)];
        let fan = shape(&back);
        let west = fan.cut(MIDDLE).inside.unwrap();
        assert_eq!(doubled_area_of(west.polygons()), doubled_area_of(fan.polygons()));
        assert!(!west.contains(at(-5, 0)) && west.contains(at(-5, 4)) && west.contains(at(-5, -4)));
    }

    #[test]
    fn a_lake_may_end_at_the_cut_or_be_cut() {
        let lake = |from: i32, to: i32| ring(&[(from, 0), (0, -5), (to, 0), (0, 5)]);
        let land = |hole| Shape::new(vec![vec![ring(&corners(-20, -20, 20, 20)), hole]]).unwrap();
        let (west, east) = parts(&land(lake(-10, 10)), MIDDLE);
        assert_eq!(west.polygons()[0].outer().len(), 7);
        assert!(!east.contains(at(5, 0)) && east.contains(at(15, 0)));
        let touching = ring(&[(-10, 0), (0, 0), (-10, 5)]);
        let (west, east) = parts(&land(touching), MIDDLE);
        assert_eq!((west.polygons().len(), west.polygons()[0].holes().len()), (1, 1));
        assert_eq!(doubled_area_of(west.polygons()), 2 * 800 - 50);
        assert_eq!(doubled_area_of(east.polygons()), 2 * 800);
    }

    #[test]
    fn a_bay_may_leave_several_pieces() {
        let bay = shape(&[(-9, 0), (9, 0), (9, 3), (-5, 3), (-5, 6), (9, 6), (9, 9), (-9, 9)]);
        let (west, east) = parts(&bay, MIDDLE);
        assert_eq!((west.polygons().len(), east.polygons().len()), (1, 2));
    }

    proptest! {
        #[test]
        fn both_sides_together_are_the_shape(shape in outline(), part in 0.01..0.99f64, lying: bool) {
            let ((x, y), (width, height)) = (shape.bounds().south_west.wide(), shape.bounds().extent());
            let along = |from: i64, length: i64| (from as f64 + part * length as f64) as i32;
            let cut =
                if lying { Cut::Parallel(along(y, height)) } else { Cut::Meridian(along(x, width)) };
            let (first, second) = parts(&shape, cut);
            let sum = doubled_area_of(first.polygons()) + doubled_area_of(second.polygons());
            let bent = sum - doubled_area_of(shape.polygons());
            prop_assert!((bent as f64).abs() < 2.0 * border(&shape), "{bent}");
            let merged = merge(&[first, second]).unwrap();
            prop_assert_eq!(doubled_area_of(merged.polygons()), sum);
            prop_assert_eq!(merged.polygons().len(), shape.polygons().len());
        }
    }
}
