//! Gauss–Krüger zones on the ellipsoid of CGCS2000: degrees to metres east and north, and back.
//! By Krüger's series to the fourth order of the third flattening, good to a micrometre in a zone.

use std::fmt;

use super::FrameError;
use crate::{
    area::{FLATTENING, MAJOR},
    point::LngLat,
};

/// The easting of the central meridian, in metres.
const MIDDLE: f64 = 500_000.0;
/// What a zone's number in front of the easting counts.
const NUMBERED: f64 = 1_000_000.0;
/// How far from the central meridian coordinates are taken, in metres: half as far again as a zone
/// of six degrees reaches.
const REACH: f64 = 500_000.0;
/// How far north coordinates are taken, in metres.
const NORTH: std::ops::RangeInclusive<f64> = 0.0..=6_500_000.0;

/// The third flattening.
const N: f64 = FLATTENING / (2.0 - FLATTENING);
/// The eccentricity squared.
const E2: f64 = FLATTENING * (2.0 - FLATTENING);
/// A quarter of the meridian over a quarter of the circle, in metres.
const RADIUS: f64 = MAJOR / (1.0 + N) * (1.0 + N * N / 4.0 + N * N * N * N / 64.0);

/// From the sphere that keeps angles to the plane.
const OUTWARD: [f64; 4] = [
    N / 2.0 - N * N * 2.0 / 3.0 + N * N * N * 5.0 / 16.0 + N * N * N * N * 41.0 / 180.0,
    N * N * 13.0 / 48.0 - N * N * N * 3.0 / 5.0 + N * N * N * N * 557.0 / 1440.0,
    N * N * N * 61.0 / 240.0 - N * N * N * N * 103.0 / 140.0,
    N * N * N * N * 49_561.0 / 161_280.0,
];
/// From the plane to that sphere.
const INWARD: [f64; 4] = [
    N / 2.0 - N * N * 2.0 / 3.0 + N * N * N * 37.0 / 96.0 - N * N * N * N / 360.0,
    N * N / 48.0 + N * N * N / 15.0 - N * N * N * N * 437.0 / 1440.0,
    N * N * N * 17.0 / 480.0 - N * N * N * N * 37.0 / 840.0,
    N * N * N * N * 4_397.0 / 161_280.0,
];

/// A Gauss–Krüger zone of CGCS2000.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zone {
    /// In degrees.
    meridian: f64,
    /// Number in front of the easting, if there is one.
    number: Option<u8>,
}

impl Zone {
    /// A zone of three degrees by its number, which stands in front of the easting; 25 to 45.
    pub fn three_degrees(number: u8) -> Option<Self> {
        let meridian = 3.0 * f64::from(number);
        (25..=45).contains(&number).then_some(Self { meridian, number: Some(number) })
    }

    /// A zone of six degrees by its number, which stands in front of the easting; 13 to 23.
    pub fn six_degrees(number: u8) -> Option<Self> {
        let meridian = 6.0 * f64::from(number) - 3.0;
        (13..=23).contains(&number).then_some(Self { meridian, number: Some(number) })
    }

    /// The zone around a central meridian in degrees (any in China), eastings without a number.
    pub fn around(meridian: f64) -> Option<Self> {
        (72.0..=138.0).contains(&meridian).then_some(Self { meridian, number: None })
    }

    /// The central meridian in degrees.
    pub fn meridian(self) -> f64 {
        self.meridian
    }

    /// The easting of the central meridian in metres, with the zone's number if it has one.
    pub fn false_easting(self) -> f64 {
        MIDDLE + self.number.map_or(0.0, |number| f64::from(number) * NUMBERED)
    }

    /// Whether the numbers could be of this zone.
    pub(super) fn holds(self, [east, north]: [f64; 2]) -> bool {
        (east - self.false_easting()).abs() <= REACH && NORTH.contains(&north)
    }

    /// East and north of a place, in metres.
    pub fn metres(self, place: LngLat) -> [f64; 2] {
        let (latitude, longitude) =
            (place.lat().to_radians(), (place.lng() - self.meridian).to_radians());
        let (sine, e) = (latitude.sin(), E2.sqrt());
        let steepness = (sine.atanh() - e * (e * sine).atanh()).sinh();
        let north = steepness.atan2(longitude.cos());
        let east = (longitude.sin() / steepness.hypot(longitude.cos())).asinh();
        let (mut y, mut x) = (north, east);
        for (turns, factor) in (1..).map(|j| 2.0 * f64::from(j)).zip(OUTWARD) {
            y += factor * (turns * north).sin() * (turns * east).cosh();
            x += factor * (turns * north).cos() * (turns * east).sinh();
        }
        [self.false_easting() + RADIUS * x, RADIUS * y]
    }

    /// The place at metres east and north, to the nearest unit (half a centimetre off at most).
    pub fn place(self, [east, north]: [f64; 2]) -> Result<LngLat, FrameError> {
        if !self.holds([east, north]) {
            return Err(FrameError::Easting { easting: east });
        }
        let (north, east) = (north / RADIUS, (east - self.false_easting()) / RADIUS);
        let (mut y, mut x) = (north, east);
        for (turns, factor) in (1..).map(|j| 2.0 * f64::from(j)).zip(INWARD) {
            y -= factor * (turns * north).sin() * (turns * east).cosh();
            x -= factor * (turns * north).cos() * (turns * east).sinh();
        }
        let steepness = (y.sin() / x.sinh().hypot(y.cos())).asinh();
        let longitude = x.sinh().atan2(y.cos()).to_degrees() + self.meridian;
        Ok(LngLat::from_degrees(longitude, latitude(steepness).to_degrees())?)
    }
}

/// The latitude whose image on the sphere that keeps angles is so steep; each step leaves a
/// hundredth of the error at most.
fn latitude(steepness: f64) -> f64 {
    let e = E2.sqrt();
    let mut sine = steepness.tanh();
    for _ in 0..8 {
        sine = (steepness + e * (e * sine).atanh()).tanh();
    }
    sine.asin()
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) if number < 25 => write!(f, "gk6:{number}"),
            Some(number) => write!(f, "gk3:{number}"),
            None => write!(f, "gk:{}", self.meridian),
        }
    }
}
