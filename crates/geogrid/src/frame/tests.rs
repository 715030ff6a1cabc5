//! Frames beside an independent library, and there and back again.

use proj4rs::{Proj, transform::transform};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn at(lng: f64, lat: f64) -> LngLat {
    LngLat::from_degrees(lng, lat).unwrap()
}

fn frame(name: &str) -> Frame {
    name.parse().unwrap()
}

/// East and north by proj4rs, an independent implementation.
fn independent(meridian: f64, easting: f64, place: LngLat) -> [f64; 2] {
    let degrees = Proj::from_proj_string("+proj=longlat +ellps=GRS80 +no_defs").unwrap();
    let zone = format!(
        "+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0={easting} +y_0=0 +ellps=GRS80 +units=m +no_defs"
    );
    let zone = Proj::from_proj_string(&zone).unwrap();
    let mut point = (place.lng().to_radians(), place.lat().to_radians(), 0.0);
    transform(&degrees, &zone, &mut point).unwrap();
    [point.0, point.1]
}

fn apart([x, y]: [f64; 2], [u, v]: [f64; 2]) -> f64 {
    (x - u).hypot(y - v)
}

fn units(a: LngLat, b: LngLat) -> i64 {
    let (x, y) = a.minus(b);
    x.abs().max(y.abs())
}

#[test]
fn the_quarter_of_the_meridian_has_its_known_length() {
    // 10,001,965.729 m is the published quarter meridian of GRS80; CGCS2000 differs in the ninth digit.
    let zone = Zone::around(117.0).unwrap();
    let [east, north] = zone.metres(at(117.0, 90.0));
    assert!((north - 10_001_965.729).abs() < 0.001, "{north}");
    assert_eq!(zone.metres(at(117.0, 0.0)), [500_000.0, 0.0]);
    assert!((east - 500_000.0).abs() < 1e-6);
}

#[rstest]
#[case("gk3:39", 117.0, 39_500_000.0)]
#[case("gk3:25", 75.0, 25_500_000.0)]
#[case("gk3:45", 135.0, 45_500_000.0)]
#[case("gk6:20", 117.0, 20_500_000.0)]
#[case("gk:118.5", 118.5, 500_000.0)]
#[case("EPSG:4527", 117.0, 39_500_000.0)]
#[case("EPSG:4548", 117.0, 500_000.0)]
#[case("EPSG:4498", 117.0, 20_500_000.0)]
#[case("EPSG:4509", 117.0, 500_000.0)]
#[case("epsg:4513", 75.0, 25_500_000.0)]
#[case("epsg:4554", 135.0, 500_000.0)]
fn zones_have_their_meridian_and_easting(
    #[case] name: &str,
    #[case] meridian: f64,
    #[case] easting: f64,
) {
    let Frame::Zone(zone) = frame(name) else { panic!("{name}") };
    assert_eq!((zone.meridian(), zone.false_easting()), (meridian, easting));
    assert!(name.to_lowercase().starts_with("epsg") || zone.to_string() == name);
    let place = at(meridian + 0.7, 26.4);
    assert!(apart(zone.metres(place), independent(meridian, easting, place)) < 0.001);
}

#[rstest]
#[case("mercator")]
#[case("gk3:24")]
#[case("gk3:46")]
#[case("gk6:12")]
#[case("gk:20")]
#[case("gk3:x")]
#[case("EPSG:2437")]
#[case("")]
fn a_name_that_says_nothing_is_answered_with_those_that_do(#[case] name: &str) {
    let problem = name.parse::<Frame>().unwrap_err().to_string();
    assert!(problem.contains("cgcs2000") && problem.contains("gk3:25"), "{problem}");
}

#[test]
fn degrees_come_back_in_the_datum_asked_for() {
    let place = at(117.853_751, 26.678_467);
    assert_eq!(frame("wgs84").read([117.853_751, 26.678_467]), Ok(place));
    for name in ["cgcs2000", "wgs84", "gcj02", "bd09"] {
        let shifted = frame(name).write(place);
        assert!(units(frame(name).read(shifted).unwrap(), place) <= 2);
        assert_eq!(frame(name).to_string(), name);
    }
    assert_eq!(frame("EPSG:4490"), Frame::Degrees(Datum::Cgcs2000));
}

#[test]
fn numbers_in_the_wrong_order_are_told_from_those_elsewhere() {
    let degrees = frame("cgcs2000");
    let swapped = FrameError::Swapped { first: 26.4, second: 117.8 };
    assert_eq!(degrees.read([26.4, 117.8]), Err(swapped.clone()));
    assert!(swapped.to_string().contains("longitude or east comes first"));
    assert_eq!(
        degrees.read([2.35, 48.85]),
        Err(FrameError::OutsideChina { place: at(2.35, 48.85) })
    );
    assert!(matches!(degrees.read([200.0, 95.0]), Err(FrameError::Point(_))));
    assert_eq!(degrees.read([f64::NAN, 26.0]), Err(FrameError::NotANumber));
    // Surveyors write north before east.
    let north_first = [2_921_000.0, 39_580_000.0];
    assert!(matches!(frame("gk3:39").read(north_first), Err(FrameError::Swapped { .. })));
    assert!(matches!(
        frame("gk:117").read([2_921_000.0, 580_000.0]),
        Err(FrameError::Swapped { .. })
    ));
    for wrong in [[580_000.0, 2_921_000.0], [40_580_000.0, 2_921_000.0]] {
        assert_eq!(frame("gk3:39").read(wrong), Err(FrameError::Easting { easting: wrong[0] }));
    }
    assert!(frame("gk:117").read([39_580_000.0, 2_921_000.0]).is_err());
}

const ARC_39: &str = r#"PROJCS["CGCS2000_3_Degree_GK_Zone_39",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",39500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;

#[test]
fn prj_files_say_their_frame() {
    assert_eq!(Frame::from_wkt(ARC_39), Ok(frame("gk3:39")));
    let without = ARC_39.replace("39500000.0", "500000.0");
    assert_eq!(Frame::from_wkt(&without), Ok(frame("gk:117")));
    let wgs = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.017]]"#;
    assert_eq!(Frame::from_wkt(wgs), Ok(frame("wgs84")));
    for name in ["cgcs2000", "gk3:39", "gk6:20", "gk:118.5"] {
        assert_eq!(Frame::from_wkt(&frame(name).wkt().unwrap()), Ok(frame(name)));
    }
    assert_eq!(frame("gcj02").wkt(), None);
}

#[rstest]
#[case::old_datum(ARC_39.replace("D_China_2000", "D_Xian_1980"), "D_Xian_1980")]
#[case::other_projection(ARC_39.replace("Gauss_Kruger", "Lambert_Conformal_Conic"), "Zone_39")]
#[case::other_scale(ARC_39.replace("Factor\",1.0", "Factor\",0.9996"), "Zone_39")]
#[case::own_easting(ARC_39.replace("39500000.0", "50000.0"), "Zone_39")]
#[case::no_wkt("什么都不是".to_owned(), "什么都不是")]
fn a_prj_file_of_another_datum_is_refused_by_name(#[case] text: String, #[case] name: &str) {
    let problem = Frame::from_wkt(&text).unwrap_err();
    assert!(matches!(problem, FrameError::UnknownDatum { .. }));
    assert!(problem.to_string().contains(name), "{problem}");
}

#[test]
fn a_local_plane_is_found_from_control_points_and_says_what_is_left() {
    let base = Zone::around(117.0).unwrap();
    let local = Local { base, shift: [560_000.0, 2_900_000.0], rotation: 754.3, scale: -12.5 };
    let points = [[100.0, 200.0], [8_000.0, 300.0], [4_000.0, 9_000.0], [7_500.0, 6_000.0]];
    let exact: Vec<_> = points.iter().map(|&it| (it, local.to_base(it))).collect();
    let fit = Local::fit(base, &exact).unwrap();
    assert!((fit.local.rotation - 754.3).abs() < 1e-4 && (fit.local.scale + 12.5).abs() < 1e-3);
    assert!(fit.rms < 1e-6 && apart(fit.local.shift, local.shift) < 1e-4);
    assert!(Local::fit(base, &exact[..2]).unwrap().rms < 1e-6);
    // One point was measured 40 cm too far east.
    let mut rough = exact.clone();
    rough[3].1[0] += 0.4;
    let fit = Local::fit(base, &rough).unwrap();
    let worst = fit.residuals.iter().map(|[x, y]| x.hypot(*y)).fold(0.0, f64::max);
    assert!((0.05..0.4).contains(&fit.rms), "{fit:?}");
    assert_eq!(worst, fit.residuals[3][0].hypot(fit.residuals[3][1]));
    let sum = fit.residuals.iter().fold([0.0, 0.0], |[x, y], [u, v]| [x + u, y + v]);
    assert!(apart(sum, [0.0, 0.0]) < 1e-6, "what is left has no common part");
}

#[test]
fn control_points_that_fix_nothing_are_refused() {
    let base = Zone::around(117.0).unwrap();
    let pair = ([10.0, 10.0], [500_010.0, 2_900_010.0]);
    assert_eq!(Local::fit(base, &[pair]), Err(FitError::TooFew { pairs: 1 }));
    assert_eq!(Local::fit(base, &[pair, pair]), Err(FitError::OnePlace));
    let bad = ([f64::NAN, 10.0], pair.1);
    assert_eq!(Local::fit(base, &[pair, bad]), Err(FitError::NotANumber));
}

proptest! {
    #[test]
    fn zones_agree_with_an_independent_implementation_to_a_millimetre(
        lng in -3.0..3.0f64, lat in 3.0..54.0f64, zone in 25..46u8,
    ) {
        let zone = Zone::three_degrees(zone).unwrap();
        let place = at((zone.meridian() + lng).clamp(73.0, 136.0), lat);
        let metres = zone.metres(place);
        let other = independent(zone.meridian(), zone.false_easting(), place);
        prop_assert!(apart(metres, other) < 0.001, "{metres:?} {other:?}");
        prop_assert_eq!(units(Frame::Zone(zone).read(metres).unwrap(), place), 0);
    }

    #[test]
    fn a_local_plane_takes_places_there_and_back(
        x in -20_000.0..20_000.0f64, y in -20_000.0..20_000.0f64,
        rotation in -600_000.0..600_000.0f64, scale in -500.0..500.0f64,
    ) {
        let base = Zone::three_degrees(39).unwrap();
        let local = Local { base, shift: [39_540_000.0, 2_930_000.0], rotation, scale };
        let place = Frame::Local(local).read([x, y]).unwrap();
        // A unit is a centimetre.
        prop_assert!(apart(Frame::Local(local).write(place), [x, y]) < 0.01);
    }
}
