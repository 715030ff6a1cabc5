//! Points in integers of 1e-7 degree, the boxes around them, and the one exact predicate on them.
//! Shapes live in `shape`, datums in `datum`.

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize};

const E7: f64 = 1e7;
const LNG_LIMIT: i32 = 1_800_000_000;
const LAT_LIMIT: i32 = 900_000_000;

/// A position in whole units of 1e-7 degree (about one centimetre), so that it compares exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct LngLat {
    lng_e7: i32,
    lat_e7: i32,
}

/// Why two numbers are no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PointError {
    /// Give a longitude within −180..=180 degrees.
    #[error("longitude is outside -180..=180 degrees")]
    Longitude,
    /// Give a latitude within −90..=90 degrees (swapped coordinates end here too).
    #[error("latitude is outside -90..=90 degrees; is it swapped with the longitude?")]
    Latitude,
}

#[derive(Deserialize)]
struct Unchecked {
    lng_e7: i32,
    lat_e7: i32,
}

impl TryFrom<Unchecked> for LngLat {
    type Error = PointError;

    fn try_from(raw: Unchecked) -> Result<Self, PointError> {
        Self::from_e7(raw.lng_e7, raw.lat_e7)
    }
}

impl LngLat {
    /// The point at so many units of 1e-7 degree; an error outside the globe.
    pub const fn from_e7(lng_e7: i32, lat_e7: i32) -> Result<Self, PointError> {
        if lng_e7 < -LNG_LIMIT || lng_e7 > LNG_LIMIT {
            return Err(PointError::Longitude);
        }
        if lat_e7 < -LAT_LIMIT || lat_e7 > LAT_LIMIT {
            return Err(PointError::Latitude);
        }
        Ok(Self { lng_e7, lat_e7 })
    }

    /// The point nearest to these degrees; an error outside the globe or for NaN.
    pub fn from_degrees(lng: f64, lat: f64) -> Result<Self, PointError> {
        let units = |degrees: f64, limit: i32| {
            let units = (degrees * E7).round();
            (units.abs() <= f64::from(limit)).then_some(units as i32)
        };
        let lng_e7 = units(lng, LNG_LIMIT).ok_or(PointError::Longitude)?;
        let lat_e7 = units(lat, LAT_LIMIT).ok_or(PointError::Latitude)?;
        Ok(Self { lng_e7, lat_e7 })
    }

    /// The point at wide integers, held at the edge of the globe where they lie outside.
    pub(crate) fn clamped(lng_e7: i64, lat_e7: i64) -> Self {
        let hold = |units: i64, limit: i32| {
            i32::try_from(units.clamp(-i64::from(limit), i64::from(limit))).unwrap_or(limit)
        };
        Self { lng_e7: hold(lng_e7, LNG_LIMIT), lat_e7: hold(lat_e7, LAT_LIMIT) }
    }

    /// Longitude in units of 1e-7 degree, east positive.
    pub const fn lng_e7(self) -> i32 {
        self.lng_e7
    }

    /// Latitude in units of 1e-7 degree, north positive.
    pub const fn lat_e7(self) -> i32 {
        self.lat_e7
    }

    /// Longitude in degrees.
    pub fn lng(self) -> f64 {
        f64::from(self.lng_e7) / E7
    }

    /// Latitude in degrees.
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / E7
    }

    pub(crate) fn wide(self) -> (i64, i64) {
        (i64::from(self.lng_e7), i64::from(self.lat_e7))
    }

    pub(crate) fn minus(self, origin: Self) -> (i64, i64) {
        let ((x, y), (ox, oy)) = (self.wide(), origin.wide());
        (x - ox, y - oy)
    }
}

impl fmt::Display for LngLat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.lng(), self.lat())
    }
}

/// Where `c` lies of the line from `a` to `b`: `Greater` left, `Less` right, `Equal` on it; exact.
pub(crate) fn turn(a: LngLat, b: LngLat, c: LngLat) -> Ordering {
    // Each product is a longitude times a latitude difference: below 6.5e18, so it fits an i64.
    let ((bx, by), (cx, cy)) = (b.minus(a), c.minus(a));
    (bx * cy).cmp(&(by * cx))
}

/// The smallest box, borders included, around some points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// The corner with the least longitude and latitude.
    pub south_west: LngLat,
    /// The corner with the greatest longitude and latitude.
    pub north_east: LngLat,
}

impl Bounds {
    /// The box around all `points`; none without a point.
    pub fn around(points: impl IntoIterator<Item = LngLat>) -> Option<Self> {
        points
            .into_iter()
            .map(|point| Self { south_west: point, north_east: point })
            .reduce(Self::with)
    }

    /// The box around both boxes.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let (a, b) = (self.south_west, other.south_west);
        let (c, d) = (self.north_east, other.north_east);
        Self {
            south_west: LngLat { lng_e7: a.lng_e7.min(b.lng_e7), lat_e7: a.lat_e7.min(b.lat_e7) },
            north_east: LngLat { lng_e7: c.lng_e7.max(d.lng_e7), lat_e7: c.lat_e7.max(d.lat_e7) },
        }
    }

    /// Whether the point lies in the box or on its border.
    pub fn contains(self, point: LngLat) -> bool {
        (self.south_west.lng_e7..=self.north_east.lng_e7).contains(&point.lng_e7)
            && (self.south_west.lat_e7..=self.north_east.lat_e7).contains(&point.lat_e7)
    }

    /// Width and height in units of 1e-7 degree.
    pub(crate) fn extent(self) -> (i64, i64) {
        self.north_east.minus(self.south_west)
    }

    /// How much shorter a degree of longitude is than one of latitude in the middle of the box.
    pub(crate) fn shrinking(self) -> f64 {
        let middle = (self.south_west.lat() + self.north_east.lat()) / 2.0;
        middle.to_radians().cos()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_off_the_globe_are_refused() {
        assert_eq!(LngLat::from_degrees(180.000_000_1, 0.0), Err(PointError::Longitude));
        assert_eq!(LngLat::from_degrees(26.4, 117.8), Err(PointError::Latitude));
        assert_eq!(LngLat::from_degrees(f64::NAN, 0.0), Err(PointError::Longitude));
        assert_eq!(LngLat::from_degrees(0.0, f64::INFINITY), Err(PointError::Latitude));
        assert_eq!(LngLat::from_e7(i32::MIN, 0), Err(PointError::Longitude));
        assert!(LngLat::from_degrees(-180.0, 90.0).is_ok());
    }

    #[test]
    fn json_holds_the_integers_and_is_checked() {
        let point = LngLat::from_degrees(117.853_751, 26.678_467).unwrap();
        let text = serde_json::to_string(&point).unwrap();
        assert_eq!(text, r#"{"lng_e7":1178537510,"lat_e7":266784670}"#);
        assert_eq!(serde_json::from_str::<LngLat>(&text).unwrap(), point);
        assert!(serde_json::from_str::<LngLat>(r#"{"lng_e7":1,"lat_e7":900000001}"#).is_err());
    }

    proptest! {
        #[test]
        fn degrees_and_back_change_nothing(x in -LNG_LIMIT..=LNG_LIMIT, y in -LAT_LIMIT..=LAT_LIMIT) {
            let point = LngLat::from_e7(x, y).unwrap();
            prop_assert_eq!(LngLat::from_degrees(point.lng(), point.lat()), Ok(point));
        }

        #[test]
        fn turning_is_exact_over_the_whole_globe(
            v in prop::collection::vec((-LNG_LIMIT..=LNG_LIMIT, -LAT_LIMIT..=LAT_LIMIT), 3)
        ) {
            let p: Vec<_> = v.iter().map(|&(x, y)| LngLat::from_e7(x, y).unwrap()).collect();
            let wide = |i: usize| (i128::from(p[i].lng_e7()), i128::from(p[i].lat_e7()));
            let ((ax, ay), (bx, by), (cx, cy)) = (wide(0), wide(1), wide(2));
            let cross = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
            prop_assert_eq!(turn(p[0], p[1], p[2]), cross.cmp(&0));
            prop_assert_eq!(turn(p[0], p[1], p[0]), Ordering::Equal);
        }
    }
}
