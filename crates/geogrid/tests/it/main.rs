//! Areas, overlaps, gaps and look-ups beside those of the library `geo`, on the outlines that ship.
//! Containment and area are its own work throughout; its overlays are of the same engine as ours
//! (`i_overlay`), so overlaps and gaps are also measured by counting points.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what every test may do, also in its helpers"
)]

use geo::{Area, BooleanOps, Contains, GeodesicArea, LineString, MultiPolygon, Point, Polygon};
use geogrid::{Geometry, merge};
use geogrid::{Layer, LngLat, MapFormat, MapLimits, Shape, check_layer, divide, read_map};

/// A county: its code, its outline here, and there.
struct County {
    code: String,
    ours: Shape,
    theirs: MultiPolygon,
}

fn counties() -> Vec<County> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/outlines");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let outlines = paths.iter().filter(|path| path.extension().is_some_and(|it| it == "geojson"));
    let county = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        let map = read_map(&bytes, MapFormat::GeoJson, None, &MapLimits::default()).unwrap();
        let Geometry::Area(ours) = map.entries[0].geometry.clone() else { panic!("no area") };
        let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
        County { code, theirs: there(&ours), ours }
    };
    let counties: Vec<_> = outlines.map(county).collect();
    assert_eq!(counties.len(), 16);
    counties
}

/// The thirteen counties of 福州, which adjoin.
fn fuzhou() -> Vec<County> {
    counties().into_iter().filter(|county| county.code.starts_with("3501")).collect()
}

fn there(shape: &Shape) -> MultiPolygon {
    let line = |ring: &[LngLat]| LineString::from_iter(ring.iter().map(|it| (it.lng(), it.lat())));
    let polygons = shape.polygons().iter().map(|polygon| {
        let holes = polygon.holes().iter().map(|hole| line(hole)).collect();
        Polygon::new(line(polygon.outer()), holes)
    });
    MultiPolygon::from_iter(polygons)
}

/// Points all over a shape's box, by a sequence that meets every part of it.
fn scatter(shape: &Shape, count: u32) -> Vec<LngLat> {
    let (low, high) = (shape.bounds().south_west, shape.bounds().north_east);
    let between = |low: f64, high: f64, part: f64| low + (high - low) * part.fract();
    let point = |k: u32| {
        let lng = between(low.lng(), high.lng(), f64::from(k) * 0.754_877_666_2);
        let lat = between(low.lat(), high.lat(), f64::from(k) * 0.569_840_290_9);
        LngLat::from_degrees(lng, lat).unwrap()
    };
    (1..=count).map(point).collect()
}

fn point(at: LngLat) -> Point {
    Point::new(at.lng(), at.lat())
}

/// A shape moved east and north by units of 1e-7 degree.
fn moved(shape: &Shape, by: (i32, i32)) -> Shape {
    let ring = |ring: &[LngLat]| {
        let moved = ring.iter().map(|it| LngLat::from_e7(it.lng_e7() + by.0, it.lat_e7() + by.1));
        moved.collect::<Result<Vec<_>, _>>().unwrap()
    };
    let polygons = shape.polygons().iter().map(|polygon| {
        std::iter::once(polygon.outer()).chain(polygon.holes().iter().map(Vec::as_slice)).map(ring)
    });
    Shape::new(polygons.map(Iterator::collect).collect()).unwrap()
}

#[test]
fn areas_agree_with_geodesics() {
    for County { code, ours, theirs } in counties() {
        let (own, other) = (ours.square_metres(), theirs.geodesic_area_unsigned());
        // Edges are straight in degrees here and geodesics there.
        assert!((own / other - 1.0).abs() < 2e-5, "{code}: {own} {other}");
    }
}

#[test]
fn points_lie_in_the_same_county() {
    let counties = fuzhou();
    let all = merge(&counties.iter().map(|it| it.ours.clone()).collect::<Vec<_>>()).unwrap();
    let cells = counties.iter().enumerate().map(|(index, it)| (index, it.ours.clone()));
    let layer = Layer::build(cells.collect());
    let mut met = vec![0; counties.len()];
    for at in scatter(&all, 20_000) {
        let own = layer.locate(at).copied();
        let other = counties.iter().position(|it| it.theirs.contains(&point(at)));
        assert_eq!(own, other, "{at}");
        own.into_iter().for_each(|county| met[county] += 1);
    }
    assert!(met.iter().all(|&points| points > 5), "every county was met: {met:?}");
}

#[test]
fn overlaps_agree_in_place_and_size() {
    // Each county and itself moved by half a kilometre: a sliver all around is not shared.
    for County { code, ours, theirs } in counties() {
        let shifted = moved(&ours, (50_000, -30_000));
        let cells = [("here", ours.clone()), ("moved", shifted.clone())];
        let report = check_layer(&cells, None).unwrap();
        let [overlap] = report.overlaps.as_slice() else { panic!("{code}: {report:?}") };
        let shared = theirs.intersection(&there(&shifted));
        let own = there(&overlap.piece.shape).unsigned_area();
        assert!((own / shared.unsigned_area() - 1.0).abs() < 1e-6, "{code}");
        // Counted by containment alone, which no engine shares.
        let (whole, both) = (there(&ours), there(&shifted));
        let points: Vec<_> = scatter(&ours, 40_000).into_iter().map(point).collect();
        let inside = points.iter().filter(|it| whole.contains(*it)).count() as f64;
        let shared = points.iter().filter(|it| whole.contains(*it) && both.contains(*it)).count();
        let (counted, own) = (shared as f64 / inside, own / whole.unsigned_area());
        assert!((counted - own).abs() < 0.01, "{code}: {counted} {own}");
    }
}

#[test]
fn gaps_agree_with_what_is_taken_away() {
    for County { code, ours, theirs } in counties() {
        let cells: Vec<_> = divide(&ours, &[1; 24]).unwrap().into_iter().enumerate().collect();
        let kept: Vec<_> = cells.iter().filter(|(index, _)| index % 6 != 0).cloned().collect();
        let report = check_layer(&kept, Some(&ours)).unwrap();
        assert!(report.overlaps.is_empty() && report.outside.is_empty(), "{code}");
        let own: f64 = report.gaps.iter().map(|gap| there(&gap.shape).unsigned_area()).sum();
        let covered =
            merge(&kept.iter().map(|(_, cell)| cell.clone()).collect::<Vec<_>>()).unwrap();
        let other = theirs.difference(&there(&covered)).unsigned_area();
        assert!((own / other - 1.0).abs() < 1e-5, "{code}: {own} {other}");
        let taken: f64 = cells.iter().step_by(6).map(|(_, cell)| cell.square_metres()).sum();
        let gap: f64 = report.gaps.iter().map(|gap| gap.square_metres).sum();
        // A cut bends the outline by a centimetre where it meets it.
        assert!((gap / taken - 1.0).abs() < 1e-5, "{code}: {gap} {taken}");
        // Every point of a gap is in the county and in none of the cells kept.
        for at in report.gaps.iter().map(|gap| point(gap.shape.label_point())) {
            assert!(theirs.contains(&at), "{code}");
            assert!(kept.iter().all(|(_, cell)| !there(cell).contains(&at)), "{code}");
        }
    }
}
