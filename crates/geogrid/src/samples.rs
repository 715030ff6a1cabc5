//! Shapes for the tests: boxes, random outlines, and the outline of a real county.

use proptest::prelude::*;

use crate::{Feature, LngLat, Shape, polygon::Side};

const COUNTY: &str = include_str!("../../../data/outlines/350405.geojson");

/// A point in units from a place in Fujian.
pub(crate) fn at(x: i32, y: i32) -> LngLat {
    LngLat::from_e7(1_178_000_000 + x, 264_000_000 + y).unwrap()
}

pub(crate) fn ring(points: &[(i32, i32)]) -> Vec<LngLat> {
    points.iter().map(|&(x, y)| at(x, y)).collect()
}

/// A shape of one polygon without holes.
pub(crate) fn shape(points: &[(i32, i32)]) -> Shape {
    Shape::new(vec![vec![ring(points)]]).unwrap()
}

pub(crate) fn corners(west: i32, south: i32, east: i32, north: i32) -> [(i32, i32); 4] {
    [(west, south), (east, south), (east, north), (west, north)]
}

/// The rectangle between two corners.
pub(crate) fn rectangle(west: i32, south: i32, east: i32, north: i32) -> Shape {
    shape(&corners(west, south, east, north))
}

/// The outline of 沙县区.
pub(crate) fn county() -> Shape {
    serde_json::from_str::<Feature<serde::de::IgnoredAny>>(COUNTY).unwrap().geometry
}

/// How far a point is from the border of a shape at least, in units.
pub(crate) fn to_border(shape: &Shape, point: LngLat) -> f64 {
    let distance = |(a, b): (LngLat, LngLat)| {
        let ((ux, uy), (px, py)) = (b.minus(a), point.minus(a));
        let (ux, uy, px, py) = (ux as f64, uy as f64, px as f64, py as f64);
        let along = ((ux * px + uy * py) / (ux * ux + uy * uy)).clamp(0.0, 1.0);
        (px - along * ux).hypot(py - along * uy)
    };
    shape.edges().map(distance).fold(f64::INFINITY, f64::min)
}

pub(crate) fn strictly_inside(shape: &Shape, point: LngLat) -> bool {
    shape.side(point) == Side::Inside
}

/// Points all over a shape's box.
pub(crate) fn scatter(shape: &Shape, count: u64) -> impl Iterator<Item = LngLat> {
    let (west, south) = shape.bounds().south_west.wide();
    let (width, height) = shape.bounds().extent();
    // A low-discrepancy sequence, so that every part of the box is met.
    let part = |k: u64, ratio: f64, length: i64| {
        ((k as f64 * ratio + 0.5).fract() * (length + 1) as f64) as i64
    };
    (1..=count).map(move |k| {
        let (x, y) = (part(k, 0.754_877_666_2, width), part(k, 0.569_840_290_9, height));
        LngLat::clamped(west + x, south + y)
    })
}

/// The length of a shape's border in units: bending edges by a unit moves less area than this.
pub(crate) fn border(shape: &Shape) -> f64 {
    let length = |(x, y): (i64, i64)| (x as f64).hypot(y as f64);
    shape.edges().map(|(a, b)| length(b.minus(a))).sum()
}

fn star(radii: &[i32], centre: (i32, i32), scale: f64) -> Vec<LngLat> {
    let count = radii.len() as f64;
    let corner = |(index, radius): (usize, &i32)| {
        let (sine, cosine) = (index as f64 / count * std::f64::consts::TAU).sin_cos();
        let reach = f64::from(*radius) * scale;
        at(centre.0 + (reach * cosine) as i32, centre.1 + (reach * sine) as i32)
    };
    radii.iter().enumerate().map(corner).collect()
}

/// Ragged outlines of some ten kilometres, with or without a lake and an island.
pub(crate) fn outline() -> impl Strategy<Value = Shape> {
    let radii = || prop::collection::vec(100_000..1_000_000i32, 5..40);
    (radii(), any::<bool>(), prop::option::of(radii())).prop_map(|(radii, lake, island)| {
        let mut land = vec![star(&radii, (0, 0), 1.0)];
        if lake {
            land.push(star(&radii, (0, 0), 0.4));
        }
        let island = island.map(|radii| vec![star(&radii, (2_100_000, 700_000), 0.9)]);
        Shape::new([Some(land), island].into_iter().flatten().collect()).unwrap()
    })
}
