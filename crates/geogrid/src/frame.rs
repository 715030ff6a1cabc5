//! Frames: what the two numbers of a position in a file mean, degrees of a datum or metres of a plane.
//! Datums are shifted in `datum`; planes are `zone` (Gauss–Krüger) and `local`; `wkt` reads `.prj`.

mod local;
mod wkt;
mod zone;

#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

use crate::{
    datum::Datum,
    point::{LngLat, PointError},
};

pub use local::{Fit, FitError, Local};
pub use zone::Zone;

/// The box that China lies in, in degrees: west, south, east, north.
const CHINA: [f64; 4] = [73.0, 3.0, 136.0, 54.0];

/// What the numbers of a position mean. CGCS2000 and WGS-84 are taken as equal: they differ by
/// decimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Frame {
    /// Longitude and latitude in degrees.
    Degrees(Datum),
    /// East and north in metres, in a zone of CGCS2000.
    Zone(Zone),
    /// East and north in metres, in a county's own plane.
    Local(Local),
}

/// Why numbers are no position, or words no frame.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FrameError {
    /// Mend the position.
    #[error(transparent)]
    Point(#[from] PointError),
    /// Look whether datum or zone are the right ones.
    #[error("{place} is outside China: is the datum or the zone another one?")]
    OutsideChina {
        /// Where it would be.
        place: LngLat,
    },
    /// Give longitude before latitude and east before north.
    #[error("{first}, {second} are in the wrong order: longitude or east comes first")]
    Swapped {
        /// The first number.
        first: f64,
        /// The second number.
        second: f64,
    },
    /// Name the zone with its number in front of the easting, or without.
    #[error("the easting {easting} does not fit the zone: is there a zone number in front of it?")]
    Easting {
        /// The easting in metres.
        easting: f64,
    },
    /// Give numbers.
    #[error("a coordinate is no number")]
    NotANumber,
    /// Ask for the file in CGCS2000, or give control points.
    #[error(
        "the datum {name:?} is not known here; ask for CGCS2000, or fit the file by control points"
    )]
    UnknownDatum {
        /// What it is called.
        name: String,
    },
    /// Use one of the names told.
    #[error(
        "no frame is called {name:?}; there are cgcs2000, wgs84, gcj02, bd09, gk3:25 to gk3:45 and \
         gk6:13 to gk6:23 (easting with the zone's number), gk:117 (central meridian, easting \
         without), and EPSG:4326, 4490 to 4554"
    )]
    UnknownName {
        /// What was written.
        name: String,
    },
}

impl Frame {
    /// The place in CGCS2000 that two numbers of this frame mean.
    pub fn read(&self, [first, second]: [f64; 2]) -> Result<LngLat, FrameError> {
        if !(first.is_finite() && second.is_finite()) {
            return Err(FrameError::NotANumber);
        }
        if self.is_swapped(first, second) {
            return Err(FrameError::Swapped { first, second });
        }
        let place = match self {
            Self::Degrees(datum) => {
                datum.convert(LngLat::from_degrees(first, second)?, Datum::Cgcs2000)
            }
            Self::Zone(zone) => zone.place([first, second])?,
            Self::Local(local) => local.place([first, second])?,
        };
        if in_china(place.lng(), place.lat()) {
            Ok(place)
        } else {
            Err(FrameError::OutsideChina { place })
        }
    }

    /// The two numbers for a place in CGCS2000.
    pub fn write(&self, place: LngLat) -> [f64; 2] {
        match self {
            Self::Degrees(datum) => {
                let shifted = Datum::Cgcs2000.convert(place, *datum);
                [shifted.lng(), shifted.lat()]
            }
            Self::Zone(zone) => zone.metres(place),
            Self::Local(local) => local.metres(place),
        }
    }

    /// Whether the numbers are senseless as given but fine the other way round.
    fn is_swapped(&self, first: f64, second: f64) -> bool {
        match self {
            Self::Degrees(_) => !in_china(first, second) && in_china(second, first),
            Self::Zone(zone) => !zone.holds([first, second]) && zone.holds([second, first]),
            // A county's own plane may lie anywhere.
            Self::Local(_) => false,
        }
    }
}

fn in_china(lng: f64, lat: f64) -> bool {
    let [west, south, east, north] = CHINA;
    (west..=east).contains(&lng) && (south..=north).contains(&lat)
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Degrees(Datum::Cgcs2000) => f.write_str("cgcs2000"),
            Self::Degrees(Datum::Wgs84) => f.write_str("wgs84"),
            Self::Degrees(Datum::Gcj02) => f.write_str("gcj02"),
            Self::Degrees(Datum::Bd09) => f.write_str("bd09"),
            Self::Zone(zone) => zone.fmt(f),
            Self::Local(local) => write!(f, "local on {}", local.base),
        }
    }
}

impl FromStr for Frame {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        let name = text.trim().to_ascii_lowercase();
        let unknown = || FrameError::UnknownName { name: text.to_owned() };
        let frame = match name.as_str() {
            "cgcs2000" => Some(Self::Degrees(Datum::Cgcs2000)),
            "wgs84" => Some(Self::Degrees(Datum::Wgs84)),
            "gcj02" => Some(Self::Degrees(Datum::Gcj02)),
            "bd09" => Some(Self::Degrees(Datum::Bd09)),
            other => {
                let (kind, number) = other.split_once(':').ok_or_else(unknown)?;
                match kind {
                    "gk3" => number.parse().ok().and_then(Zone::three_degrees).map(Self::Zone),
                    "gk6" => number.parse().ok().and_then(Zone::six_degrees).map(Self::Zone),
                    "gk" => number.parse().ok().and_then(Zone::around).map(Self::Zone),
                    "epsg" => number.parse().ok().and_then(by_epsg),
                    _ => None,
                }
            }
        };
        frame.ok_or_else(unknown)
    }
}

/// The frames of China among EPSG's codes.
fn by_epsg(code: u16) -> Option<Frame> {
    let zone = match code {
        4326 => return Some(Frame::Degrees(Datum::Wgs84)),
        4490 => return Some(Frame::Degrees(Datum::Cgcs2000)),
        4491..=4501 => Zone::six_degrees(13 + (code - 4491) as u8),
        4502..=4512 => Zone::around(75.0 + 6.0 * f64::from(code - 4502)),
        4513..=4533 => Zone::three_degrees(25 + (code - 4513) as u8),
        4534..=4554 => Zone::around(75.0 + 3.0 * f64::from(code - 4534)),
        _ => None,
    };
    zone.map(Frame::Zone)
}
