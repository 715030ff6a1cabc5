//! Map files there and back again, and hostile ones.

use ::shapefile::dbase;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{from_slice, json};

use super::*;
use crate::{
    polygon::doubled_area_of,
    samples::{at, corners, county, outline, rectangle, ring},
};

fn frame(name: &str) -> Frame {
    name.parse().unwrap()
}

fn attributes(value: Value) -> Attributes {
    let Value::Object(attributes) = value else { panic!("no object") };
    attributes
}

fn entry(row: usize, geometry: Geometry) -> Entry {
    let attributes =
        attributes(json!({ "name": format!("凤岗<{row}>&社区"), "households": 50 + row }));
    Entry { row, attributes, geometry }
}

fn read(bytes: &[u8], format: MapFormat) -> Result<MapFile, MapError> {
    read_map(bytes, format, None, &MapLimits::default())
}

fn geojson(geometry: &str) -> MapFile {
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[
            {{"type":"Feature","properties":{{"名称":"甲"}},"geometry":{geometry}}},
            {{"type":"Feature","properties":null,"geometry":{{"type":"Point","coordinates":[117.8,26.4]}}}}]}}"#
    );
    read(text.as_bytes(), MapFormat::GeoJson).unwrap()
}

#[rstest]
#[case::open(r#"{"type":"Polygon","coordinates":[[[117,26],[118,26],[118,27]]]}"#, "not closed")]
#[case::crossing(
    r#"{"type":"Polygon","coordinates":[[[117,26],[118,27],[118,26],[117,26.9],[117,26]]]}"#,
    "crosses itself"
)]
#[case::swapped(r#"{"type":"Point","coordinates":[26.4,117.8]}"#, "wrong order")]
#[case::abroad(r#"{"type":"Point","coordinates":[2.3,48.8]}"#, "outside China")]
#[case::text(r#"{"type":"Point","coordinates":["117.8",26.4]}"#, "no pair of numbers")]
#[case::short(r#"{"type":"LineString","coordinates":[[117.8,26.4]]}"#, "fewer than two points")]
#[case::curve(r#"{"type":"GeometryCollection","geometries":[]}"#, "GeometryCollection")]
#[case::nothing("null", "no geometry")]
fn a_bad_row_is_named_and_the_others_are_read(#[case] geometry: &str, #[case] reason: &str) {
    let file = geojson(geometry);
    let [problem] = file.problems.as_slice() else { panic!("{:?}", file.problems) };
    assert_eq!((problem.row, problem.name.as_str()), (1, "甲"));
    assert!(problem.reason.to_string().contains(reason), "{}", problem.reason);
    let [kept] = file.entries.as_slice() else { panic!("{:?}", file.entries) };
    assert_eq!((kept.row, &kept.geometry), (2, &Geometry::Point(at(0, 0))));
}

#[test]
fn an_old_geojson_says_its_zone_and_a_given_frame_goes_before() {
    let text = |crs: &str, x: &str| {
        format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"{crs}"}}}},
            "features":[{{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":[{x},2921000]}}}}]}}"#
        )
    };
    let zoned = text("urn:ogc:def:crs:EPSG::4527", "39580000");
    let file = read(zoned.as_bytes(), MapFormat::GeoJson).unwrap();
    assert_eq!((file.frame, file.entries.len()), (frame("gk3:39"), 1));
    let plain = text("urn:ogc:def:crs:OGC:1.3:CRS84", "580000");
    let wrong = read(plain.as_bytes(), MapFormat::GeoJson).unwrap();
    assert_eq!(wrong.problems.len(), 1);
    let zone = Some(frame("gk:117"));
    let right = read_map(plain.as_bytes(), MapFormat::GeoJson, zone, &MapLimits::default());
    assert_eq!(right.unwrap().entries[0].geometry, file.entries[0].geometry);
    let old = text("urn:ogc:def:crs:EPSG::2437", "580000");
    assert!(matches!(read(old.as_bytes(), MapFormat::GeoJson), Err(MapError::Frame(_))));
}

/// A shapefile as Chinese offices send them, written by another library: GBK, zone 39.
fn foreign(rings: Vec<::shapefile::PolygonRing<::shapefile::Point>>) -> ShapefileParts {
    let mut parts = ShapefileParts::default();
    let mut writer = ::shapefile::ShapeWriter::new(std::io::Cursor::new(&mut parts.shp));
    writer.write_shape(&::shapefile::Polygon::with_rings(rings)).unwrap();
    drop(writer);
    parts.prj = frame("gk3:39").wkt();
    parts
}

/// A table of one row with a text and a number, its bytes as given.
fn table(name: &[u8], text: &[u8], language: u8) -> Vec<u8> {
    let mut table = vec![3, 126, 1, 1, 1, 0, 0, 0, 97, 0, 15, 0];
    table.resize(32, 0);
    table[29] = language;
    for (name, kind, length) in [(name, b'C', 10), (b"hu", b'N', 4)] {
        let mut field = name.to_vec();
        field.resize(11, 0);
        field.extend([kind, 0, 0, 0, 0, length, 0]);
        field.resize(32, 0);
        table.extend(field);
    }
    table.push(13);
    let mut row = b" ".to_vec();
    row.extend(text);
    row.resize(11, b' ');
    row.extend(b"  47");
    [table, row, vec![0x1A]].concat()
}

fn points(points: &[(f64, f64)]) -> Vec<::shapefile::Point> {
    points
        .iter()
        .map(|&(x, y)| ::shapefile::Point::new(39_580_000.0 + x, 2_921_000.0 + y))
        .collect()
}

#[rstest]
#[case::by_cpg(b"\xC3\xFB\xB3\xC6", b"\xB7\xEF\xB8\xDA", 0, Some("GBK"))]
#[case::by_language(b"\xC3\xFB\xB3\xC6", b"\xB7\xEF\xB8\xDA", 0x4D, None)]
#[case::by_look(b"\xC3\xFB\xB3\xC6", b"\xB7\xEF\xB8\xDA", 0, None)]
#[case::code_page(b"\xC3\xFB\xB3\xC6", b"\xB7\xEF\xB8\xDA", 0, Some("936\r\n"))]
#[case::utf8("名称".as_bytes(), "凤岗".as_bytes(), 0, Some("UTF-8"))]
#[case::utf8_by_look("名称".as_bytes(), "凤岗".as_bytes(), 0, None)]
fn a_foreign_shapefile_is_read_in_its_own_zone_and_encoding(
    #[case] name: &[u8],
    #[case] text: &[u8],
    #[case] language: u8,
    #[case] cpg: Option<&str>,
) {
    let outer = points(&[(0.0, 0.0), (0.0, 900.0), (900.0, 900.0), (900.0, 0.0), (0.0, 0.0)]);
    let inner = points(&[(300.0, 300.0), (600.0, 300.0), (600.0, 600.0), (300.0, 300.0)]);
    let mut parts = foreign(vec![
        ::shapefile::PolygonRing::Outer(outer),
        ::shapefile::PolygonRing::Inner(inner),
    ]);
    (parts.dbf, parts.cpg) = (Some(table(name, text, language)), cpg.map(str::to_owned));
    let file = read_shapefile(&parts, None, &MapLimits::default()).unwrap();
    assert_eq!(file.problems, []);
    assert_eq!(file.entries[0].attributes, attributes(json!({ "名称": "凤岗", "hu": 47 })));
    let Geometry::Area(shape) = &file.entries[0].geometry else { panic!("no area") };
    // On the ground a zone is true to a few parts in 100,000 this near to its meridian.
    assert!((shape.square_metres() / (810_000.0 - 45_000.0) - 1.0).abs() < 2e-4);
    assert_eq!(shape.polygons()[0].holes().len(), 1);
}

#[test]
fn a_shapefile_without_prj_needs_a_frame() {
    let square = points(&[(0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (0.0, 0.0)]);
    let mut parts = foreign(vec![::shapefile::PolygonRing::Outer(square)]);
    parts.prj = None;
    let limits = MapLimits::default();
    assert_eq!(read_shapefile(&parts, None, &limits), Err(MapError::NoFrame));
    assert_eq!(read_shapefile(&parts, Some(frame("gk3:39")), &limits).unwrap().entries.len(), 1);
    let wrong = read_shapefile(&parts, Some(frame("gk3:40")), &limits).unwrap();
    assert!(wrong.problems[0].reason.to_string().contains("does not fit the zone"));
    parts.prj = Some(r#"GEOGCS["x",DATUM["D_Beijing_1954"]]"#.to_owned());
    assert!(matches!(read_shapefile(&parts, None, &limits), Err(MapError::Frame(_))));
}

#[test]
fn what_is_written_another_library_reads() {
    let area = Geometry::Area(county());
    let written = write_map(&[entry(1, area)], MapFormat::Shapefile, &frame("gk3:39")).unwrap();
    let parts = shapefile::unpacked(&written.bytes, &MapLimits::default()).unwrap();
    let cursor = std::io::Cursor::new(parts.shp);
    let shapes = ::shapefile::ShapeReader::new(cursor).unwrap().read().unwrap();
    let [::shapefile::Shape::Polygon(polygon)] = shapes.as_slice() else { panic!("no polygon") };
    let [::shapefile::PolygonRing::Outer(ring)] = polygon.rings() else { panic!("{polygon:?}") };
    let Geometry::Area(shape) = Geometry::Area(county()) else { panic!() };
    assert_eq!(ring.len(), shape.polygons()[0].outer().len() + 1);
    let cursor = std::io::Cursor::new(parts.dbf.unwrap());
    let records = dbase::Reader::new(cursor).unwrap().read().unwrap();
    assert_eq!(records[0].get("households"), Some(&dbase::FieldValue::Numeric(Some(51.0))));
}

#[test]
fn a_shapefile_shortens_names_says_so_and_refuses_what_it_cannot_hold() {
    let mut one = entry(1, Geometry::Point(at(0, 0)));
    one.attributes =
        attributes(json!({ "网格员姓名": "张三", "网格员电话": "1", "面积": 1.25, "n": null }));
    let written = write_map(&[one.clone()], MapFormat::Shapefile, &frame("cgcs2000")).unwrap();
    let renamed = [("网格员姓名", "网格员"), ("网格员电话", "网格_2")];
    assert_eq!(written.renamed, renamed.map(|(old, new)| (old.to_owned(), new.to_owned())));
    let back = read(&written.bytes, MapFormat::Shapefile).unwrap();
    let values: Vec<_> = back.entries[0].attributes.values().cloned().collect();
    assert!(values.contains(&json!("张三")) && values.contains(&json!(1.25)));
    one.attributes.insert("备注".to_owned(), json!("字".repeat(85)));
    let refused = write_map(&[one.clone()], MapFormat::Shapefile, &frame("cgcs2000"));
    assert!(matches!(refused, Err(MapError::LongText { row: 1, .. })));
    let mixed = [entry(1, one.geometry), entry(2, Geometry::Area(rectangle(0, 0, 9, 9)))];
    assert_eq!(write_map(&mixed, MapFormat::Shapefile, &frame("cgcs2000")), Err(MapError::Mixed));
}

const KML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>
<Placemark><name>第一网格 &amp; 商圈</name><ExtendedData><SchemaData><SimpleData name="户数">312</SimpleData></SchemaData>
<Data name="网格员"><value><![CDATA[李<四>]]></value></Data></ExtendedData>
<MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>
 117.80,26.40,0 117.81,26.40,0 117.81,26.41,0 117.80,26.40,0
</coordinates></LinearRing></outerBoundaryIs></Polygon>
<Polygon><innerBoundaryIs><LinearRing><coordinates>117.842,26.402 117.848,26.402 117.848,26.408 117.842,26.402</coordinates></LinearRing></innerBoundaryIs>
<outerBoundaryIs><LinearRing><coordinates>117.84,26.40 117.85,26.40 117.85,26.41 117.84,26.41 117.84,26.40</coordinates></LinearRing></outerBoundaryIs></Polygon>
</MultiGeometry></Placemark>
<Placemark><name>空</name><Point/></Placemark>
<Placemark><LineString><coordinates>117.8,26.4 117.9,x</coordinates></LineString></Placemark>
</Folder></Document></kml>"#;

#[test]
fn kml_is_read_with_names_extended_data_and_several_polygons() {
    let file = read(KML.as_bytes(), MapFormat::Kml).unwrap();
    let [one] = file.entries.as_slice() else { panic!("{file:?}") };
    let wanted = json!({ "name": "第一网格 & 商圈", "户数": "312", "网格员": "李<四>" });
    assert_eq!(one.attributes, attributes(wanted));
    let Geometry::Area(shape) = &one.geometry else { panic!("no area") };
    assert_eq!(shape.polygons().iter().map(|it| it.holes().len()).collect::<Vec<_>>(), [0, 1]);
    let reasons: Vec<_> = file.problems.iter().map(|it| (it.row, it.reason.clone())).collect();
    assert_eq!(reasons, [(2, RowReason::Nothing), (3, RowReason::Position)]);
}

#[rstest]
#[case::doctype("<!DOCTYPE kml [<!ENTITY a \"b\">]><kml/>".to_owned(), "document type")]
#[case::entity("<kml><Placemark><name>&a;</name></Placemark></kml>".to_owned(), "unknown entity")]
#[case::deep(format!("<kml>{}", "<Folder>".repeat(100_000)), "deep")]
#[case::long(format!("<kml><Placemark><name>{}", "长".repeat(400_000)), "longer than a megabyte")]
#[case::early("<kml><Placemark>".to_owned(), "ends early")]
#[case::mismatched("<kml><Placemark></kml>".to_owned(), "")]
#[case::nested("<kml><Placemark><Placemark/></Placemark></kml>".to_owned(), "in another")]
#[case::other("<svg/>".to_owned(), "no kml")]
fn hostile_or_broken_kml_is_refused(#[case] text: String, #[case] reason: &str) {
    let problem = read(text.as_bytes(), MapFormat::Kml).unwrap_err().to_string();
    assert!(problem.contains(reason), "{problem}");
}

#[test]
fn what_announces_more_than_it_holds_is_refused_before_it_is_believed() {
    let square = points(&[(0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (0.0, 0.0)]);
    let parts = foreign(vec![::shapefile::PolygonRing::Outer(square)]);
    for (place, value) in [(100 + 8 + 36, i32::MAX), (100 + 8 + 40, i32::MAX), (100 + 8 + 36, -1)] {
        let mut bad = parts.clone();
        bad.shp[place..place + 4].copy_from_slice(&value.to_le_bytes());
        let refused = read_shapefile(&bad, None, &MapLimits::default());
        assert!(matches!(refused, Err(MapError::Unreadable { .. })), "{refused:?}");
    }
    let bytes =
        write_map(&[entry(1, Geometry::Area(county()))], MapFormat::Shapefile, &frame("cgcs2000"));
    let small = MapLimits { unpacked_bytes: 1_000, ..MapLimits::default() };
    let refused = read_map(&bytes.unwrap().bytes, MapFormat::Shapefile, None, &small);
    assert_eq!(refused, Err(MapError::TooMuch { unit: "bytes once unpacked", most: 1_000 }));
}

#[test]
fn limits_hold_for_bytes_rows_and_points() {
    let two = [entry(1, Geometry::Area(county())), entry(2, Geometry::Area(county()))];
    for format in [MapFormat::GeoJson, MapFormat::Kml, MapFormat::Shapefile] {
        let bytes = write_map(&two, format, &frame("cgcs2000")).unwrap().bytes;
        let usual = MapLimits::default();
        for limits in [
            MapLimits { bytes: 100, ..usual },
            MapLimits { rows: 1, ..usual },
            MapLimits { points: 200, ..usual },
        ] {
            let refused = read_map(&bytes, format, None, &limits);
            assert!(matches!(refused, Err(MapError::TooMuch { .. })), "{format:?}: {refused:?}");
        }
        assert_eq!(read_map(&bytes, format, None, &usual).unwrap().entries.len(), 2);
    }
}

#[test]
fn rings_of_a_shapefile_find_their_polygon_or_are_refused() {
    let clockwise = |from: i32, to: i32| {
        let mut ring = ring(&corners(from, from, to, to));
        ring.reverse();
        ring
    };
    let plain = |from: i32, to: i32| ring(&corners(from, from, to, to));
    // An island in a lake, listed before the land around it.
    let island = Shape::from_rings(vec![clockwise(4, 6), plain(2, 8), clockwise(0, 10)]).unwrap();
    assert_eq!(doubled_area_of(island.polygons()), 2 * (100 - 36 + 4));
    // Rings that all run the wrong way are still land.
    assert_eq!(Shape::from_rings(vec![plain(0, 5), plain(6, 9)]).unwrap().polygons().len(), 2);
    let stray = Shape::from_rings(vec![clockwise(0, 5), plain(6, 9)]);
    assert_eq!(stray, Err(ShapeError::Nesting));
}

fn geometry() -> impl Strategy<Value = Geometry> {
    let place = || (-900_000..900_000i32, -900_000..900_000i32).prop_map(|(x, y)| at(x, y));
    let line = prop::collection::vec(place(), 2..9);
    prop_oneof![
        outline().prop_map(Geometry::Area),
        place().prop_map(Geometry::Point),
        prop::collection::vec(line, 1..4).prop_map(Geometry::Lines),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn writing_and_reading_change_nothing(
        geometries in prop::collection::vec(geometry(), 1..6),
        format in prop::sample::select(vec![MapFormat::GeoJson, MapFormat::Kml, MapFormat::Shapefile]),
        name in prop::sample::select(vec!["cgcs2000", "gk3:39", "gk:117", "gk6:20"]),
        text in "[a-z凤岗<&\"'> ]{0,20}",
    ) {
        let first = std::mem::discriminant(&geometries[0]);
        let alike = geometries.into_iter().filter(|it| std::mem::discriminant(it) == first);
        let mut entries: Vec<_> = (1..).zip(alike).map(|(row, it)| entry(row, it)).collect();
        let text = text.trim();
        if !text.is_empty() {
            entries[0].attributes.insert("备注".to_owned(), json!(text));
        }
        let written = write_map(&entries, format, &frame(name)).unwrap();
        let back = read_map(&written.bytes, format, Some(frame(name)), &MapLimits::default()).unwrap();
        prop_assert_eq!(&back.problems, &[]);
        prop_assert_eq!(back.entries.len(), entries.len());
        for (one, other) in entries.iter().zip(&back.entries) {
            prop_assert!(alike_geometry(&one.geometry, &other.geometry), "{one:?} {other:?}");
            let held = |it: &Attributes| it.get("name").cloned();
            prop_assert_eq!(held(&one.attributes), held(&other.attributes));
            if let Some(text) = one.attributes.get("备注") {
                prop_assert_eq!(other.attributes.get("备注"), Some(text));
            }
        }
    }

    #[test]
    fn no_cut_or_changed_file_brings_reading_down(
        shape in outline(),
        format in prop::sample::select(vec![MapFormat::GeoJson, MapFormat::Kml]),
        part in 0.0..1.0f64, byte: u8,
    ) {
        let mut bytes = write_map(&[entry(1, Geometry::Area(shape.clone()))], format, &frame("gk3:39")).unwrap().bytes;
        let place = (bytes.len() as f64 * part) as usize;
        let _ = read(&bytes[..place], format);
        bytes[place] = byte;
        let _ = read(&bytes, format);
        let zip = write_map(&[entry(1, Geometry::Area(shape))], MapFormat::Shapefile, &frame("gk3:39")).unwrap();
        let parts = shapefile::unpacked(&zip.bytes, &MapLimits::default()).unwrap();
        for in_table in [false, true] {
            let mut bad = parts.clone();
            let bytes = if in_table { bad.dbf.as_mut().unwrap() } else { &mut bad.shp };
            let place = (bytes.len() as f64 * part) as usize;
            bytes[place] = byte;
            let _ = read_shapefile(&bad, None, &MapLimits::default());
            let bytes = if in_table { bad.dbf.as_mut().unwrap() } else { &mut bad.shp };
            bytes.truncate(place);
            let _ = read_shapefile(&bad, None, &MapLimits::default());
        }
    }
}

/// Equal, but for polygons and rings in another order.
fn alike_geometry(one: &Geometry, other: &Geometry) -> bool {
    match (one, other) {
        (Geometry::Area(one), Geometry::Area(other)) => {
            let edges = |shape: &Shape| shape.edges().collect::<std::collections::BTreeSet<_>>();
            edges(one) == edges(other)
        }
        (one, other) => one == other,
    }
}

#[test]
fn geojson_written_is_geojson_of_the_crate() {
    let written =
        write_map(&[entry(1, Geometry::Area(county()))], MapFormat::GeoJson, &frame("cgcs2000"));
    let map: crate::FeatureCollection<Attributes> = from_slice(&written.unwrap().bytes).unwrap();
    assert_eq!(map.features[0].geometry, county());
}

#[test]
fn a_single_feature_is_a_map_of_one() {
    let county = include_bytes!("../../../../data/outlines/350405.geojson");
    let file = read(county, MapFormat::GeoJson).unwrap();
    assert_eq!(file.entries[0].attributes["name"], "沙县区");
    let point = br#"{"type":"Point","coordinates":[117.8,26.4]}"#;
    let refused = read(point, MapFormat::GeoJson).unwrap_err().to_string();
    assert!(refused.contains("no feature"), "{refused}");
}
