//! Frames as the `.prj` file beside a shapefile says them (WKT 1), read and written.
//! Only what China's files hold: degrees, and Gauss–Krüger zones of CGCS2000 or WGS-84.

use super::{Frame, FrameError, Zone};
use crate::datum::Datum;

const DEGREES: &str = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

impl Frame {
    /// The frame that a `.prj` text means.
    pub fn from_wkt(text: &str) -> Result<Self, FrameError> {
        let unknown =
            |name: &str| FrameError::UnknownDatum { name: name.chars().take(60).collect() };
        let name = quoted_after(text, "DATUM[").ok_or_else(|| unknown(text.trim()))?;
        let plain: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        let is = |part: &str| plain.contains(part);
        let datum = match () {
            () if is("china2000") || is("cgcs2000") || is("chinageodetic") => Datum::Cgcs2000,
            () if is("wgs1984") || is("wgs84") => Datum::Wgs84,
            () => return Err(unknown(name)),
        };
        if !text.trim_start().to_ascii_uppercase().starts_with("PROJCS") {
            return Ok(Self::Degrees(datum));
        }
        let projection = quoted_after(text, "PROJECTION[").unwrap_or_default();
        let is_ours = ["Transverse_Mercator", "Gauss_Kruger"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(projection));
        let zone = is_ours.then(|| zone(text)).flatten();
        zone.map(Self::Zone).ok_or_else(|| unknown(quoted_after(text, "PROJCS[").unwrap_or(name)))
    }

    /// The `.prj` text of a frame that a shapefile can name; none for shifted and local ones.
    pub fn wkt(&self) -> Option<String> {
        match self {
            Self::Degrees(Datum::Cgcs2000 | Datum::Wgs84) => Some(DEGREES.to_owned()),
            Self::Zone(zone) => Some(format!(
                r#"PROJCS["CGCS2000_GK_CM_{0}E",{DEGREES},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{1:.1}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{0:?}],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#,
                zone.meridian(),
                zone.false_easting(),
            )),
            Self::Degrees(_) | Self::Local(_) => None,
        }
    }
}

/// The zone whose parameters stand in a text; none where one is not as in China.
fn zone(text: &str) -> Option<Zone> {
    let parameter = |name: &str| -> Option<f64> {
        let lower = text.to_ascii_lowercase();
        let (_, rest) = lower.split_once(&format!("parameter[\"{name}\","))?;
        rest.split_once(']')?.0.trim().parse().ok()
    };
    let plain = |name, value: f64| parameter(name).unwrap_or(value) == value;
    if !plain("false_northing", 0.0)
        || !plain("scale_factor", 1.0)
        || !plain("latitude_of_origin", 0.0)
    {
        return None;
    }
    let (meridian, easting) = (parameter("central_meridian")?, parameter("false_easting")?);
    let zones =
        (13..=45).flat_map(|number| [Zone::six_degrees(number), Zone::three_degrees(number)]);
    let mut zones = zones.chain([Zone::around(meridian)]).flatten();
    zones.find(|zone| zone.meridian() == meridian && zone.false_easting() == easting)
}

fn quoted_after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    // ASCII case does not change where bytes are.
    let start = text.to_ascii_uppercase().find(key)? + key.len();
    text.get(start..)?.split('"').nth(1)
}
