//! From a point on a map to the places that hold it.

use super::PlaceName;
use crate::{Error, Result, Work};
use geogrid::{Datum, LngLat};
use model::PlaceId;
use model::access::Operation;
use model::territory::Point;
use rowdb::Tx;
use serde::{Deserialize, Serialize};

/// A point and the places that hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located {
    /// The point in CGCS2000, with the datum it came in.
    pub point: Point,
    /// The places, the widest first.
    pub places: Vec<PlaceName>,
}

/// A point in CGCS2000 from degrees in a datum (`cgcs2000`, `wgs84`, `gcj02`, `bd09`).
pub fn point(lng: f64, lat: f64, datum: &str) -> Result<Point> {
    let known = serde_json::from_value::<Datum>(datum.into());
    let from = known.map_err(|_| {
        let chinese = "坐标系只能是 cgcs2000、wgs84、gcj02 或 bd09";
        Error::field("datum", "unknown", chinese, "cgcs2000, wgs84, gcj02 or bd09")
    })?;
    let raw = LngLat::from_degrees(lng, lat).map_err(|problem| {
        Error::field("location", "out_of_range", "经纬度不正确", &problem.to_string())
    })?;
    let ours = from.convert(raw, Datum::Cgcs2000);
    Ok(Point { lng_e7: ours.lng_e7(), lat_e7: ours.lat_e7(), datum: datum.to_owned() })
}

/// The narrowest place that holds a point today; none outside the county.
pub async fn place_at(tx: &mut Tx, work: &Work, point: &Point) -> Result<Option<PlaceId>> {
    let at = LngLat::from_e7(point.lng_e7, point.lat_e7).map_err(|problem| {
        Error::field("location", "out_of_range", "经纬度不正确", &problem.to_string())
    })?;
    Ok(work.atlas.layers(tx, work).await?.narrowest(at))
}

/// The places that hold a point.
pub async fn locate(tx: &mut Tx, work: &Work, point: Point) -> Result<Located> {
    work.may(Operation::LocatePoint)?;
    let Some(narrowest) = place_at(tx, work, &point).await? else {
        return Err(Error::rule(
            "outside",
            "这个位置不在本区县内",
            "this point lies outside the county",
        ));
    };
    let path = work.shelf.network.path(narrowest).into_iter().flatten();
    Ok(Located { point, places: path.filter_map(|id| PlaceName::of(work, id)).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_of_a_phones_map_is_moved_to_our_datum() {
        let ours = point(117.8, 26.4, "cgcs2000").unwrap();
        assert_eq!((ours.lng_e7, ours.lat_e7), (1_178_000_000, 264_000_000));
        let shifted = point(117.8, 26.4, "gcj02").unwrap();
        let moved = (ours.lng_e7 - shifted.lng_e7).abs() + (ours.lat_e7 - shifted.lat_e7).abs();
        assert!((10_000..100_000).contains(&moved), "{moved}");
        assert_eq!(shifted.datum, "gcj02");
    }

    #[test]
    fn nonsense_is_told_by_field() {
        for (lng, lat, datum, field) in [
            (117.8, 26.4, "wgs72", "datum"),
            (26.4, 117.8, "wgs84", "location"),
            (f64::NAN, 0.0, "wgs84", "location"),
        ] {
            let Err(Error::Invalid(problems)) = point(lng, lat, datum) else { panic!("{datum}") };
            assert_eq!(problems[0].field, field);
        }
    }
}
