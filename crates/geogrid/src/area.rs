//! Area on the ellipsoid and lengths on the ground; no shape is changed here.

use crate::{
    point::LngLat,
    polygon::{Polygon, edges_of},
};

/// The ellipsoid of CGCS2000: semi-major axis in metres and flattening.
pub(crate) const MAJOR: f64 = 6_378_137.0;
pub(crate) const FLATTENING: f64 = 1.0 / 298.257_222_101;
const SQUARED_ECCENTRICITY: f64 = FLATTENING * (2.0 - FLATTENING);

/// The area between the equator and a latitude in square metres for each radian of longitude.
fn zone(latitude: f64) -> f64 {
    let (sine, e) = (latitude.to_radians().sin(), SQUARED_ECCENTRICITY.sqrt());
    let term = sine / (1.0 - SQUARED_ECCENTRICITY * sine * sine) + (e * sine).atanh() / e;
    MAJOR * MAJOR * (1.0 - SQUARED_ECCENTRICITY) * term / 2.0
}

/// The area of a polygon in square metres, by Green's theorem with Simpson's rule on each edge.
pub(crate) fn square_metres(polygon: &Polygon) -> f64 {
    polygon.rings().map(|ring| ring_area(ring)).sum()
}

fn ring_area(ring: &[LngLat]) -> f64 {
    let base = ring.first().map_or(0.0, |first| zone(first.lat()));
    edges_of(ring)
        .map(|(a, b)| {
            let middle = zone((a.lat() + b.lat()) / 2.0) - base;
            let mean = (zone(a.lat()) - base + 4.0 * middle + zone(b.lat()) - base) / 6.0;
            (a.lng() - b.lng()).to_radians() * mean
        })
        .sum()
}

/// The length of a polygon's border in metres, flat at each edge; good to a few parts in 1000.
pub(crate) fn border_metres(polygon: &Polygon) -> f64 {
    polygon
        .edges()
        .map(|(a, b)| {
            let north = (b.lat() - a.lat()).to_radians();
            let middle = ((a.lat() + b.lat()) / 2.0).to_radians();
            let east = (b.lng() - a.lng()).to_radians() * middle.cos();
            north.hypot(east) * MAJOR
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Shape;

    fn square(west: f64, south: f64, side: f64) -> Shape {
        let at = |x: f64, y: f64| LngLat::from_degrees(west + x, south + y).unwrap();
        Shape::new(vec![vec![vec![at(0.0, 0.0), at(side, 0.0), at(side, side), at(0.0, side)]]])
            .unwrap()
    }

    #[test]
    fn the_zones_add_up_to_the_area_of_the_earth() {
        // 510,065,621.7 km² is the published surface of the GRS80/WGS-84 ellipsoid.
        let earth = 2.0 * zone(90.0) * std::f64::consts::TAU;
        assert!((earth / 1e6 - 510_065_621.7).abs() < 1.0, "{earth}");
    }

    #[test]
    fn a_degree_at_the_equator_and_a_metre_in_sanming_have_their_known_areas() {
        // Between the parallels of 0° and 1°, by numerical integration over the ellipsoid.
        let degree = square(0.0, 0.0, 1.0).square_metres();
        assert!((degree / 1e6 - 12_308.463_9).abs() < 0.000_1, "{degree}");
        // At 26.4° N a degree is 110,790 m north and 99,778 m east.
        let small = square(117.8, 26.4, 0.000_01).square_metres();
        assert!((small - 1.105_4).abs() < 0.001, "{small}");
    }

    #[test]
    fn a_triangle_is_half_of_its_square_and_a_border_has_its_length() {
        let at = |x: f64, y: f64| LngLat::from_degrees(117.0 + x, 26.0 + y).unwrap();
        let half = Shape::new(vec![vec![vec![at(0.0, 0.0), at(0.1, 0.0), at(0.1, 0.1)]]]).unwrap();
        let other = Shape::new(vec![vec![vec![at(0.0, 0.0), at(0.1, 0.1), at(0.0, 0.1)]]]).unwrap();
        let whole = square(117.0, 26.0, 0.1);
        let sum = half.square_metres() + other.square_metres();
        assert!((sum / whole.square_metres() - 1.0).abs() < 1e-12);
        let border = border_metres(&whole.polygons()[0]);
        assert!((border / 42_240.0 - 1.0).abs() < 0.005, "{border}");
    }
}
