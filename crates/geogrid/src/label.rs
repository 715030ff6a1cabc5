//! The point at which a shape is labelled. Nothing here changes a shape.

use crate::{
    point::LngLat,
    polygon::{Edge, Polygon, Side, side_of},
    shape::Shape,
};

/// How many evenly spaced parallels are tried when the centroid lies outside.
const PARALLELS: i64 = 15;

impl Shape {
    /// A point in the largest polygon: its centroid, or where that is outside, the middle of the
    /// widest stretch found; only a shape thinner than a unit is labelled on its border.
    pub fn label_point(&self) -> LngLat {
        let largest = self.polygons().iter().max_by_key(|polygon| polygon.doubled_area());
        largest.map_or(self.bounds().south_west, label_point)
    }
}

fn label_point(polygon: &Polygon) -> LngLat {
    let inside = |point: &LngLat| side_of(polygon.edges(), *point) == Side::Inside;
    let first = polygon.outer.first().copied().unwrap_or(LngLat::clamped(0, 0));
    centroid(polygon, first)
        .filter(inside)
        .or_else(|| widest_middle(polygon).filter(inside))
        .unwrap_or(first)
}

/// The exact centroid in the lng/lat plane, cut to whole units.
fn centroid(polygon: &Polygon, origin: LngLat) -> Option<LngLat> {
    let (mut sum_x, mut sum_y) = (0, 0);
    for (a, b) in polygon.edges() {
        let ((ax, ay), (bx, by)) = (wide(a.minus(origin)), wide(b.minus(origin)));
        let cross = ax * by - bx * ay;
        sum_x += (ax + bx) * cross;
        sum_y += (ay + by) * cross;
    }
    let weight = 3 * polygon.doubled_area();
    let shift = |sum: i128| i64::try_from(sum.checked_div(weight)?).ok();
    let (x, y) = origin.wide();
    Some(LngLat::clamped(x + shift(sum_x)?, y + shift(sum_y)?))
}

fn wide((x, y): (i64, i64)) -> (i128, i128) {
    (i128::from(x), i128::from(y))
}

/// The middle of the longest stretch that the polygon covers of any parallel tried.
fn widest_middle(polygon: &Polygon) -> Option<LngLat> {
    let latitudes = || polygon.outer.iter().map(|point| point.wide().1);
    let (south, north) = (latitudes().min()?, latitudes().max()?);
    let parallels = (1..=PARALLELS).map(|k| south + (north - south) * k / (PARALLELS + 1));
    parallels
        .flat_map(|lat| stretches(polygon, lat).into_iter().map(move |(a, b)| (b - a, a, lat)))
        .max()
        .map(|(length, west, lat)| LngLat::clamped(west + length / 2, lat))
}

/// From where to where the polygon covers a parallel.
fn stretches(polygon: &Polygon, lat: i64) -> Vec<(i64, i64)> {
    let mut meets: Vec<i64> = polygon.edges().filter_map(|edge| meets_at(edge, lat)).collect();
    meets.sort_unstable();
    meets.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect()
}

fn meets_at((a, b): Edge, lat: i64) -> Option<i64> {
    let ((ax, ay), (bx, by)) = (a.wide(), b.wide());
    ((ay <= lat) != (by <= lat)).then(|| {
        let along = i128::from(lat - ay) * i128::from(bx - ax) / i128::from(by - ay);
        ax + along as i64
    })
}
