//! Union, intersection and difference of shapes on the integer plane, by `i_overlay`.
//! Results are exact wherever borders already meet at shared points; a true crossing of two slanted
//! edges is rounded to the nearest unit (one centimetre).

use i_overlay::{
    core::{
        fill_rule::FillRule,
        overlay::{Overlay, ShapeType},
        overlay_rule::OverlayRule,
    },
    i_float::int::point::IntPoint,
    i_shape::int::shape::IntShapes,
};

use crate::{
    point::{Bounds, LngLat},
    polygon::{Polygon, Ring, assemble},
    shape::{Shape, ShapeError},
};

/// The widest working area in units: differences must stay below 2³⁰.
const MAX_EXTENT: i64 = 1 << 30;

/// Which part of two sets of polygons is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    /// Of the first set, what is wound around more than zero times.
    Above,
    /// Of the first set, what is wound around less than zero times.
    Below,
    /// What both sets cover.
    Both,
    /// What only the first set covers.
    FirstOnly,
}

impl Fill {
    fn rules(self) -> (OverlayRule, FillRule) {
        match self {
            Self::Above => (OverlayRule::Subject, FillRule::Positive),
            Self::Below => (OverlayRule::Subject, FillRule::Negative),
            Self::Both => (OverlayRule::Intersect, FillRule::Positive),
            Self::FirstOnly => (OverlayRule::Difference, FillRule::Positive),
        }
    }
}

/// The wanted part of two sets of polygons; `TooWide` if they do not fit one working area.
pub(crate) fn combine(
    first: &[&Polygon],
    second: &[&Polygon],
    fill: Fill,
) -> Result<Vec<Polygon>, ShapeError> {
    let Some(plane) = Plane::around(first, second)? else { return Ok(Vec::new()) };
    let mut overlay = plane.overlay(first, second);
    let (rule, winding) = fill.rules();
    Ok(plane.polygons(&overlay.overlay(rule, winding)))
}

/// Both what two sets share and what only the first covers, cut along one and the same line.
pub(crate) fn share(
    first: &[&Polygon],
    second: &[&Polygon],
) -> Result<(Vec<Polygon>, Vec<Polygon>), ShapeError> {
    let Some(plane) = Plane::around(first, second)? else { return Ok((Vec::new(), Vec::new())) };
    let mut overlay = plane.overlay(first, second);
    let Some(graph) = overlay.build_graph_view(FillRule::Positive) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let part = |rule| plane.polygons(&graph.extract_shapes(rule, &mut Default::default()));
    Ok((part(OverlayRule::Intersect), part(OverlayRule::Difference)))
}

/// A working area around an origin, so that distances stay small.
struct Plane {
    origin: LngLat,
}

impl Plane {
    fn around(first: &[&Polygon], second: &[&Polygon]) -> Result<Option<Self>, ShapeError> {
        let points = first.iter().chain(second).flat_map(|polygon| polygon.outer.iter().copied());
        let Some(bounds) = Bounds::around(points) else { return Ok(None) };
        let (width, height) = bounds.extent();
        if width.max(height) > MAX_EXTENT {
            return Err(ShapeError::TooWide);
        }
        Ok(Some(Self { origin: bounds.south_west }))
    }

    fn overlay(&self, first: &[&Polygon], second: &[&Polygon]) -> Overlay {
        let mut overlay = Overlay::new(0);
        for (polygons, role) in [(first, ShapeType::Subject), (second, ShapeType::Clip)] {
            for ring in polygons.iter().flat_map(|polygon| polygon.rings()) {
                overlay.add_path_iter(ring.iter().map(|&point| self.inward(point)), role);
            }
        }
        overlay
    }

    fn inward(&self, point: LngLat) -> IntPoint {
        let (x, y) = point.minus(self.origin);
        // The area is narrower than 2³⁰, so nothing is lost.
        IntPoint::new(x as i32, y as i32)
    }

    fn polygons(&self, shapes: &IntShapes) -> Vec<Polygon> {
        let (x, y) = self.origin.wide();
        let outward = |p: &IntPoint| LngLat::clamped(x + i64::from(p.x), y + i64::from(p.y));
        let rings = |contours: &Vec<Vec<IntPoint>>| -> Vec<Ring> {
            contours.iter().map(|contour| contour.iter().map(outward).collect()).collect()
        };
        shapes.iter().flat_map(|contours| assemble(rings(contours))).collect()
    }
}

/// The union of shapes, borders between them dissolved; an error without a shape, or if together
/// they span more than 107 degrees.
pub fn merge(shapes: &[Shape]) -> Result<Shape, ShapeError> {
    let polygons: Vec<_> = shapes.iter().flat_map(Shape::polygons).collect();
    Shape::trusted(combine(&polygons, &[], Fill::Above)?).ok_or(ShapeError::Empty)
}

/// The two sides of a split; a side is absent where nothing falls on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// What lies in the drawn part, or before the cut (west or north of it).
    pub inside: Option<Shape>,
    /// The rest, sharing its border with `inside` point for point.
    pub outside: Option<Shape>,
}

impl Shape {
    /// Splits the shape by a drawn part, without gap or overlap between the two results.
    pub fn split(&self, part: &Self) -> Result<Split, ShapeError> {
        let whole: Vec<_> = self.polygons().iter().collect();
        let (inside, outside) = share(&whole, &part.polygons().iter().collect::<Vec<_>>())?;
        Ok(Split { inside: Self::trusted(inside), outside: Self::trusted(outside) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        polygon::doubled_area_of,
        samples::{at, border, corners, outline, rectangle, ring},
    };

    #[test]
    fn merging_dissolves_shared_borders_and_keeps_lakes() {
        let west = rectangle(0, 0, 10, 10);
        let east = rectangle(10, 0, 20, 5);
        let merged = merge(&[west.clone(), east.clone()]).unwrap();
        assert_eq!(merged.polygons().len(), 1);
        assert_eq!(merged.polygons()[0].outer().len(), 6);
        let ring_road =
            Shape::new(vec![vec![ring(&corners(0, 0, 30, 30)), ring(&corners(10, 10, 20, 20))]]);
        let with_lake = merge(&[ring_road.unwrap()]).unwrap();
        assert!(!with_lake.contains(at(15, 15)));
    }

    #[test]
    fn merging_nothing_or_too_much_is_an_error() {
        assert_eq!(merge(&[]), Err(ShapeError::Empty));
        let corner = |lng: f64| {
            let at = |x: f64, y: f64| LngLat::from_degrees(lng + x, y).unwrap();
            Shape::new(vec![vec![vec![at(0.0, 0.0), at(1.0, 0.0), at(0.0, 1.0)]]]).unwrap()
        };
        assert_eq!(merge(&[corner(-80.0), corner(80.0)]), Err(ShapeError::TooWide));
        assert_eq!(merge(&[corner(70.0), corner(130.0)]).unwrap().polygons().len(), 2);
    }

    #[test]
    fn a_split_has_the_drawn_part_and_the_rest() {
        let split = rectangle(0, 0, 30, 30).split(&rectangle(10, 10, 20, 90)).unwrap();
        assert!(split.inside.unwrap().contains(at(15, 20)));
        let rest = split.outside.unwrap();
        assert!(!rest.contains(at(15, 20)) && rest.contains(at(15, 5)));
        let missed = rectangle(0, 0, 9, 9).split(&rectangle(10, 10, 20, 20)).unwrap();
        assert_eq!(missed.inside, None);
    }

    proptest! {
        #[test]
        fn the_parts_of_a_split_fit_each_other_exactly(whole in outline(), part in outline()) {
            let Split { inside, outside } = whole.split(&part).unwrap();
            let parts: Vec<Shape> = [inside, outside].into_iter().flatten().collect();
            let area = |shape: &Shape| doubled_area_of(shape.polygons());
            let sum: i128 = parts.iter().map(area).sum();
            prop_assert!(((sum - area(&whole)) as f64).abs() < 2.0 * border(&whole));
            prop_assert_eq!(area(&merge(&parts).unwrap()), sum, "the parts overlap");
        }
    }
}
