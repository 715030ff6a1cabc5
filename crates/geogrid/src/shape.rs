//! Shapes: multipolygons that are checked once and then trusted.
//! Their JSON lives in `geojson`, their joining and splitting in `overlay` and `cut`.

use crate::{
    area, crossing,
    overlay::{self, Fill},
    point::{Bounds, LngLat, PointError},
    polygon::{Edge, Polygon, Ring, Side, assemble, doubled_area, doubled_area_of, side_of},
};

/// The most points that a shape may have: far above any official outline, far below an attack.
pub const MAX_POINTS: usize = 50_000;
/// The most rings of a shape that come without saying which is a hole of which.
const MAX_RINGS: usize = 4_000;
/// The widest shape in units of 1e-7 degree (50 degrees; no province is wider than 30).
const MAX_EXTENT: i64 = 500_000_000;

/// A region: one or more polygons that neither cross nor cover each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    polygons: Vec<Polygon>,
    bounds: Bounds,
}

/// Why rings are no shape, and what to mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// Give at least one polygon with an outer ring.
    #[error("the shape has no polygon, or a polygon has no ring")]
    Empty,
    /// Mend the position.
    #[error(transparent)]
    Point(#[from] PointError),
    /// Give each position as longitude and latitude.
    #[error("a position needs a longitude and a latitude")]
    Position,
    /// Repeat the first point of each ring as its last.
    #[error("the ring that begins at {start} is not closed: repeat its first point at its end")]
    Open {
        /// The ring's first point.
        start: LngLat,
    },
    /// Drop the ring or give it three points that are not on one line.
    #[error("the ring that begins at {start} encloses nothing")]
    Flat {
        /// The ring's first point.
        start: LngLat,
    },
    /// Simplify the outline.
    #[error("the shape has {points} points, more than {MAX_POINTS}")]
    TooManyPoints {
        /// How many were given.
        points: usize,
    },
    /// Split it, or look for one stray point.
    #[error("wider or higher than 50 degrees; look for a stray point")]
    TooWide,
    /// Redraw the outline near that point.
    #[error("the outline crosses itself near {near}")]
    Crossing {
        /// A corner next to the crossing.
        near: LngLat,
    },
    /// Simplify the outline: it is so interwoven that checking it would take too long.
    #[error("too many edges lie over each other to check the outline")]
    Tangled,
    /// Put each hole inside its polygon and keep polygons apart.
    #[error("a hole lies outside its polygon, or two rings of the shape overlap")]
    Nesting,
}

impl Shape {
    /// Checks polygons, each an outer ring followed by its holes, in any direction, the first point
    /// of a ring repeated at its end or not; touching at points or along edges is allowed.
    pub fn new(polygons: Vec<Vec<Vec<LngLat>>>) -> Result<Self, ShapeError> {
        let points = polygons.iter().flatten().map(Vec::len).sum();
        if points > MAX_POINTS {
            return Err(ShapeError::TooManyPoints { points });
        }
        let polygons = polygons.into_iter().map(polygon).collect::<Result<Vec<_>, _>>()?;
        let shape = Self::trusted(polygons).ok_or(ShapeError::Empty)?;
        shape.check()?;
        Ok(shape)
    }

    /// Checks rings of which the clockwise ones are outer and the others their holes (or the other way
    /// round, if none is clockwise), as shapefiles list them.
    pub(crate) fn from_rings(rings: Vec<Ring>) -> Result<Self, ShapeError> {
        let points = rings.iter().map(Vec::len).sum();
        if points > MAX_POINTS {
            return Err(ShapeError::TooManyPoints { points });
        }
        // Each hole is sought in each outer ring.
        if rings.len() > MAX_RINGS {
            return Err(ShapeError::Tangled);
        }
        let mut rings = rings.into_iter().map(tidy).collect::<Result<Vec<_>, _>>()?;
        if rings.iter().any(|ring| doubled_area(ring) < 0) {
            rings.iter_mut().for_each(|ring| ring.reverse());
        }
        let area: i128 = rings.iter().map(|ring| doubled_area(ring)).sum();
        let polygons = assemble(rings);
        // A hole without a polygon around it is not in any.
        if doubled_area_of(&polygons) != area {
            return Err(ShapeError::Nesting);
        }
        let shape = Self::trusted(polygons).ok_or(ShapeError::Empty)?;
        shape.check()?;
        Ok(shape)
    }

    /// A shape of polygons known to be sound; none without a polygon.
    pub(crate) fn trusted(polygons: Vec<Polygon>) -> Option<Self> {
        let corners = polygons.iter().flat_map(|polygon| polygon.outer.iter().copied());
        let bounds = Bounds::around(corners)?;
        Some(Self { polygons, bounds })
    }

    fn check(&self) -> Result<(), ShapeError> {
        let (width, height) = self.bounds.extent();
        if width.max(height) > MAX_EXTENT {
            return Err(ShapeError::TooWide);
        }
        crossing::find(self.edges())?;
        // Every point must be wound around once or never. Where no edges cross, areas by winding
        // are exact, so two equations say it: nothing is wound below zero, nothing above one.
        let rings: Vec<_> = self.polygons.iter().collect();
        let above = overlay::combine(&rings, &[], Fill::Above)?;
        let below = overlay::combine(&rings, &[], Fill::Below)?;
        let sound = below.is_empty() && doubled_area_of(&above) == doubled_area_of(&self.polygons);
        if sound { Ok(()) } else { Err(ShapeError::Nesting) }
    }

    /// The polygons of the shape, at least one.
    pub fn polygons(&self) -> &[Polygon] {
        &self.polygons
    }

    pub(crate) fn edges(&self) -> impl Iterator<Item = Edge> + Clone {
        self.polygons.iter().flat_map(Polygon::edges)
    }

    /// The smallest box around the shape.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Whether the point lies in the shape or on its border; exact.
    pub fn contains(&self, point: LngLat) -> bool {
        self.side(point) != Side::Outside
    }

    pub(crate) fn side(&self, point: LngLat) -> Side {
        side_of(self.edges(), point)
    }

    /// The area on the ellipsoid of CGCS2000 in square metres, edges straight in lng/lat; relative
    /// error below 1e-6 for edges up to a degree.
    pub fn square_metres(&self) -> f64 {
        self.polygons.iter().map(area::square_metres).sum()
    }
}

fn polygon(rings: Vec<Ring>) -> Result<Polygon, ShapeError> {
    let mut rings = rings.into_iter().map(tidy);
    let mut outer = rings.next().ok_or(ShapeError::Empty)??;
    let mut holes = rings.collect::<Result<Vec<_>, _>>()?;
    if doubled_area(&outer) < 0 {
        outer.reverse();
    }
    holes.iter_mut().filter(|hole| doubled_area(hole) > 0).for_each(|hole| hole.reverse());
    Ok(Polygon { outer, holes })
}

/// The ring without repeated neighbours.
fn tidy(mut ring: Ring) -> Result<Ring, ShapeError> {
    ring.dedup();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let start = *ring.first().ok_or(ShapeError::Empty)?;
    if doubled_area(&ring) == 0 { Err(ShapeError::Flat { start }) } else { Ok(ring) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::samples::{at, corners, county, outline, rectangle, ring, scatter, to_border};

    fn refusal(polygons: Vec<Vec<Ring>>) -> ShapeError {
        Shape::new(polygons).unwrap_err()
    }

    fn square(from: i32, to: i32) -> Ring {
        ring(&corners(from, from, to, to))
    }

    #[test]
    fn a_ring_may_run_either_way_and_be_closed_or_not() {
        let square = rectangle(0, 0, 10, 10);
        let reversed = [(0, 0), (0, 10), (0, 10), (10, 10), (10, 0), (0, 0)];
        let mended = Shape::new(vec![vec![ring(&reversed)]]).unwrap();
        assert_eq!(square.square_metres(), mended.square_metres());
        assert_eq!(mended.polygons()[0].outer().len(), 4);
    }

    #[test]
    fn a_shape_without_ring_or_with_a_flat_ring_is_refused() {
        for nothing in [vec![], vec![vec![]], vec![vec![vec![]]]] {
            assert_eq!(refusal(nothing), ShapeError::Empty);
        }
        for flat in [ring(&[(5, 5)]), ring(&[(5, 5), (10, 10), (20, 20)])] {
            assert_eq!(refusal(vec![vec![flat]]), ShapeError::Flat { start: at(5, 5) });
        }
    }

    #[test]
    fn an_outline_that_crosses_itself_is_refused_with_the_place() {
        // One corner of a square was drawn to the wrong side of the opposite edge.
        let bow = [(0, 0), (100, 0), (100, 100), (50, -30), (0, 100)];
        let ShapeError::Crossing { near } = refusal(vec![vec![ring(&bow)]]) else {
            panic!("not a crossing")
        };
        assert_eq!(near, at(50, -30));
    }

    #[rstest]
    #[case::hole_outside(vec![vec![square(0, 10), square(20, 30)]])]
    #[case::hole_in_hole(vec![vec![square(0, 10), square(1, 9), square(2, 3)]])]
    #[case::polygon_in_polygon(vec![vec![square(0, 10)], vec![square(2, 3)]])]
    #[case::same_polygon_twice(vec![vec![square(0, 10)], vec![square(0, 10)]])]
    #[case::errors_that_cancel(vec![vec![square(0, 10), square(20, 21)], vec![square(2, 3)]])]
    #[case::loops_met_at_a_corner(vec![vec![ring(&[(0, 0), (1, 1), (3, 3), (3, 0), (1, 1), (0, 3)])]])]
    fn overlapping_or_misplaced_rings_are_refused(#[case] polygons: Vec<Vec<Ring>>) {
        assert_eq!(refusal(polygons), ShapeError::Nesting);
    }

    #[test]
    fn rings_may_touch() {
        let outer = ring(&corners(0, 0, 10, 10));
        let lake = ring(&[(0, 5), (5, 2), (5, 8)]);
        let next = ring(&corners(10, 0, 20, 10));
        let touching = Shape::new(vec![vec![outer, lake], vec![next]]).unwrap();
        assert!(touching.contains(at(0, 5)) && touching.contains(at(10, 5)));
        assert!(!touching.contains(at(4, 5)));
    }

    #[test]
    fn hostile_outlines_are_refused_quickly() {
        let points = MAX_POINTS as i32 + 1;
        let long: Vec<_> = (0..points).map(|x| (x, x % 2)).collect();
        let refused = refusal(vec![vec![ring(&long)]]);
        assert_eq!(refused, ShapeError::TooManyPoints { points: MAX_POINTS + 1 });
        // Long edges side by side, none of which cross.
        let tooth =
            |k: i32| if k % 4 < 2 { (k * 10, 0) } else { (k * 10 + 10_000_000, 10_000_000) };
        let comb: Vec<_> = (1..5_000).map(tooth).chain([(20_000_000, -10)]).collect();
        assert_eq!(refusal(vec![vec![ring(&comb)]]), ShapeError::Tangled);
        let far = ring(&[(-1_000_000_000, 0), (0, 0), (0, 10)]);
        assert_eq!(refusal(vec![vec![far]]), ShapeError::TooWide);
    }

    #[test]
    fn a_real_county_has_its_area() {
        // The county gives its own area as 1,815 km²; the outline is coarse.
        let area = county().square_metres() / 1e6;
        assert!((1_770.0..1_860.0).contains(&area), "{area} km²");
    }

    #[test]
    fn the_label_stands_inside_even_where_the_centroid_does_not() {
        let bay = [
            (0, 0),
            (1000, 0),
            (1000, 1000),
            (900, 1000),
            (900, 50),
            (100, 50),
            (100, 900),
            (0, 900),
        ];
        let bay = Shape::new(vec![vec![ring(&bay)]]).unwrap();
        assert!(crate::samples::strictly_inside(&bay, bay.label_point()));
        assert_eq!(rectangle(0, 0, 10, 20).label_point(), at(5, 10));
        // Too thin for a unit inside: then on its border.
        let sliver = rectangle(0, 0, 1, 1000);
        assert!(sliver.contains(sliver.label_point()));
    }

    proptest! {
        #[test]
        fn a_label_is_always_inside(shape in outline()) {
            prop_assert!(crate::samples::strictly_inside(&shape, shape.label_point()));
            prop_assert!(shape.bounds().contains(shape.label_point()));
        }

        #[test]
        fn the_share_of_points_inside_is_the_share_of_area(shape in outline()) {
            let (width, height) = shape.bounds().extent();
            let hits = scatter(&shape, 1_000).filter(|&point| shape.contains(point)).count();
            let share = doubled_area_of(shape.polygons()) as f64 / 2.0 / (width * height) as f64;
            prop_assert!((hits as f64 / 1_000.0 - share).abs() < 0.05);
        }

        #[test]
        fn corners_and_border_points_belong_to_the_shape(shape in outline()) {
            for (a, b) in shape.edges() {
                prop_assert!(shape.contains(a));
                let ((ax, ay), (bx, by)) = (a.wide(), b.wide());
                let middle = LngLat::clamped((ax + bx) / 2, (ay + by) / 2);
                prop_assert!(to_border(&shape, middle) <= 1.0);
            }
        }
    }
}
