//! Conversion between the datums that maps in China use; no shape is changed here.
//! The formulas are the public reverse-engineered ones: GCJ-02 is good to about a metre.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::point::LngLat;

/// What the numbers of a position refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Datum {
    /// China Geodetic Coordinate System 2000: government data, 天地图, everything we keep.
    Cgcs2000,
    /// World Geodetic System 1984: satellites; within a metre of CGCS2000 and treated as equal.
    Wgs84,
    /// The shifted datum of 高德, 腾讯 and WeChat maps; equal to WGS-84 outside China's box.
    Gcj02,
    /// Baidu's shift on top of GCJ-02.
    Bd09,
}

impl Datum {
    /// The same place in another datum; there and back differ by at most two units of 1e-7 degree.
    #[must_use]
    pub fn convert(self, point: LngLat, to: Self) -> LngLat {
        let degrees = Degrees { lng: point.lng(), lat: point.lat() };
        match (self, to) {
            (Self::Cgcs2000 | Self::Wgs84, Self::Cgcs2000 | Self::Wgs84) => point,
            (from, to) if from == to => point,
            (from, to) => to.shifted(from.unshifted(degrees)).point(),
        }
    }

    /// WGS-84 for these degrees.
    fn unshifted(self, degrees: Degrees) -> Degrees {
        match self {
            Self::Cgcs2000 | Self::Wgs84 => degrees,
            Self::Gcj02 => inverse(gcj02, degrees),
            Self::Bd09 => inverse(gcj02, inverse(bd09, degrees)),
        }
    }

    /// These degrees of WGS-84 in this datum.
    fn shifted(self, degrees: Degrees) -> Degrees {
        match self {
            Self::Cgcs2000 | Self::Wgs84 => degrees,
            Self::Gcj02 => gcj02(degrees),
            Self::Bd09 => bd09(gcj02(degrees)),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Degrees {
    lng: f64,
    lat: f64,
}

impl Degrees {
    /// Rounded once; a shift over the edge of the globe stops there.
    fn point(self) -> LngLat {
        LngLat::clamped((self.lng * 1e7).round() as i64, (self.lat * 1e7).round() as i64)
    }
}

/// The box outside which GCJ-02 shifts nothing.
fn in_china(at: Degrees) -> bool {
    (72.004..=137.8347).contains(&at.lng) && (0.8293..=55.8271).contains(&at.lat)
}

/// WGS-84 to GCJ-02.
fn gcj02(at: Degrees) -> Degrees {
    // The ellipsoid of Krasovsky 1940, which the shift is computed on.
    const MAJOR: f64 = 6_378_245.0;
    const SQUARED_ECCENTRICITY: f64 = 0.006_693_421_622_965_943;
    if !in_china(at) {
        return at;
    }
    let (x, y) = (at.lng - 105.0, at.lat - 35.0);
    let (sine, cosine) = at.lat.to_radians().sin_cos();
    let curve = 1.0 - SQUARED_ECCENTRICITY * sine * sine;
    let meridian = MAJOR * (1.0 - SQUARED_ECCENTRICITY) / (curve * curve.sqrt());
    let parallel = MAJOR / curve.sqrt() * cosine;
    Degrees {
        lng: at.lng + (metres_east(x, y) / parallel).to_degrees(),
        lat: at.lat + (metres_north(x, y) / meridian).to_degrees(),
    }
}

fn metres_east(x: f64, y: f64) -> f64 {
    let plain = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    plain
        + wave(x, [(20.0, 6.0), (20.0, 2.0), (20.0, 1.0), (40.0, 1.0 / 3.0)])
        + wave(x, [(150.0, 1.0 / 12.0), (300.0, 1.0 / 30.0)])
}

fn metres_north(x: f64, y: f64) -> f64 {
    let plain = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    plain
        + wave(x, [(20.0, 6.0), (20.0, 2.0)])
        + wave(y, [(20.0, 1.0), (40.0, 1.0 / 3.0), (160.0, 1.0 / 12.0), (320.0, 1.0 / 30.0)])
}

/// Two thirds of a sum of sines, given as amplitude and half-turns per degree.
fn wave<const N: usize>(at: f64, sines: [(f64, f64); N]) -> f64 {
    sines.iter().map(|(height, turns)| height * (at * PI * turns).sin()).sum::<f64>() * 2.0 / 3.0
}

/// GCJ-02 to BD-09.
fn bd09(at: Degrees) -> Degrees {
    const TURNS: f64 = PI * 3000.0 / 180.0;
    let radius = at.lng.hypot(at.lat) + 0.000_02 * (at.lat * TURNS).sin();
    let angle = at.lat.atan2(at.lng) + 0.000_003 * (at.lng * TURNS).cos();
    Degrees { lng: radius * angle.cos() + 0.0065, lat: radius * angle.sin() + 0.006 }
}

/// The argument for which a shift gives `target`, by iteration: each step leaves a fiftieth of the
/// error at most, so twelve go far below 1e-7 degree.
fn inverse(shift: fn(Degrees) -> Degrees, target: Degrees) -> Degrees {
    let mut guess = target;
    for _ in 0..12 {
        let reached = shift(guess);
        guess.lng += target.lng - reached.lng;
        guess.lat += target.lat - reached.lat;
    }
    guess
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const ALL: [Datum; 4] = [Datum::Cgcs2000, Datum::Wgs84, Datum::Gcj02, Datum::Bd09];

    fn at(lng: f64, lat: f64) -> LngLat {
        LngLat::from_degrees(lng, lat).unwrap()
    }

    fn apart(a: LngLat, b: LngLat) -> i64 {
        let (x, y) = a.minus(b);
        x.abs().max(y.abs())
    }

    /// The check values that the public implementations print for (116.404, 39.915).
    #[rstest]
    #[case(Datum::Wgs84, Datum::Gcj02, 116.410_244_499_169_38, 39.916_404_281_501_64)]
    #[case(Datum::Gcj02, Datum::Bd09, 116.410_369_493_710_29, 39.921_336_993_510_21)]
    fn known_places_convert_to_the_published_values(
        #[case] from: Datum,
        #[case] to: Datum,
        #[case] lng: f64,
        #[case] lat: f64,
    ) {
        assert_eq!(from.convert(at(116.404, 39.915), to), at(lng, lat));
        assert!(apart(to.convert(at(lng, lat), from), at(116.404, 39.915)) <= 1);
    }

    #[test]
    fn the_inverse_is_near_the_published_one_step_estimates() {
        // Their inverses stop after one step, so they are good to a few metres (1e-5 degree = 1 m).
        let back = Datum::Gcj02.convert(at(116.404, 39.915), Datum::Wgs84);
        assert!(apart(back, at(116.397_755_500_8, 39.913_595_718_5)) < 200);
        let baidu = Datum::Bd09.convert(at(116.404, 39.915), Datum::Gcj02);
        assert!(apart(baidu, at(116.397_627_291_193_15, 39.908_656_739_576_31)) < 200);
    }

    #[test]
    fn names_in_json_are_the_datums_lower_case_names() {
        let names = serde_json::to_string(&ALL).unwrap();
        assert_eq!(names, r#"["cgcs2000","wgs84","gcj02","bd09"]"#);
    }

    #[test]
    fn outside_china_gcj02_shifts_nothing() {
        for place in [at(2.35, 48.85), at(-71.06, 42.36), at(151.2, -33.87)] {
            assert_eq!(Datum::Wgs84.convert(place, Datum::Gcj02), place);
            assert_eq!(Datum::Gcj02.convert(place, Datum::Cgcs2000), place);
        }
        // Even at the edge of the globe a shift ends on it.
        assert_eq!(Datum::Gcj02.convert(at(180.0, 0.0), Datum::Bd09).lng(), 180.0);
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(lng in 73.0..135.0, lat in 3.0..54.0, i in 0..4usize, j in 0..4usize) {
            let (from, to) = (ALL[i], ALL[j]);
            let place = at(lng, lat);
            let back = to.convert(from.convert(place, to), from);
            prop_assert!(apart(place, back) <= 2, "{place} came back as {back}");
        }

        #[test]
        fn the_shift_is_between_nothing_and_a_kilometre(lng in 73.0..135.0, lat in 18.0..54.0) {
            let place = at(lng, lat);
            let shifted = apart(place, Datum::Cgcs2000.convert(place, Datum::Gcj02));
            prop_assert!((1..150_000).contains(&shifted), "{place} moved by {shifted}");
        }
    }
}
