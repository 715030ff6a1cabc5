//! Promises about places, outlines and households.

use crate::testkit::*;
use app::territory::RegisterHouseholds;
use app::territory::{self, AddPlaces, ClosePlace, DrawnPlace, NewHousehold, NewPlace};
use geogrid::{LngLat, Shape};
use model::access::Actor;

fn shape(west: f64, east: f64) -> Shape {
    let at = |lng, lat| LngLat::from_degrees(lng, lat).unwrap();
    let ring = vec![at(west, 26.40), at(east, 26.40), at(east, 26.41), at(west, 26.41)];
    Shape::new(vec![vec![ring]]).unwrap()
}

fn drawn(place: &str, west: f64, east: f64) -> DrawnPlace {
    DrawnPlace { place: place.to_owned(), shape: shape(west, east) }
}

fn new(parent: &str, level: &str) -> NewPlace {
    NewPlace {
        parent: Some(parent.to_owned()),
        level: level.to_owned(),
        name: "新设".to_owned(),
        ..NewPlace::default()
    }
}

async fn show(kit: &Kit, key: &str) -> Result<territory::PlaceView, app::Error> {
    act!(kit, Actor::Visitor, territory::show_place, key.to_owned())
}

async fn locate(kit: &Kit, lng: f64) -> Result<Vec<String>, app::Error> {
    let found = see!(kit, Actor::Visitor, |tx, work| {
        territory::locate(tx, &work, territory::point(lng, 26.405, "cgcs2000")?)
    })?;
    Ok(found.places.into_iter().map(|it| it.code).collect())
}

#[tokio::test]
async fn a_grid_below_a_street_is_refused_and_nothing_of_the_request_is_kept() {
    for_each_county(|kit| async move {
        let places = vec![new(COMMUNITY, "grid"), new(STREET, "grid")];
        let request = AddPlaces { places, rule: None };
        let refused = act!(kit, init(), territory::add_places, request);
        assert_eq!(code(refused), "level_skipped");
        assert_eq!(show(&kit, COMMUNITY).await.unwrap().children, 2);
    })
    .await;
}

#[tokio::test]
async fn a_place_is_shown_by_code_alias_and_id_with_its_ancestors() {
    for_each_county(|kit| async move {
        let mut grid = new(COMMUNITY, "grid");
        grid.aliases.push("OLD-3".to_owned());
        let request = AddPlaces { places: vec![grid], rule: None };
        let added = act!(kit, init(), territory::add_places, request).unwrap();
        assert_eq!(added[0].code, "990100001001003");
        let by_code = show(&kit, &added[0].code).await.unwrap();
        assert_eq!(show(&kit, "OLD-3").await.unwrap(), by_code);
        assert_eq!(show(&kit, &added[0].id.to_string()).await.unwrap(), by_code);
        let ancestors: Vec<_> = by_code.ancestors.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(ancestors, [COUNTY, STREET, COMMUNITY]);
        assert_eq!(code(show(&kit, "nowhere").await), "not_found");
    })
    .await;
}

#[tokio::test]
async fn overlapping_cells_of_a_layer_are_refused_whether_drawn_together_or_after_another() {
    for_each_county(|kit| async move {
        let both = vec![drawn(GRID, 117.80, 117.82), drawn(OTHER_GRID, 117.81, 117.83)];
        assert_eq!(code(act!(kit, init(), territory::draw_places, both)), "overlap");
        let first = vec![drawn(GRID, 117.80, 117.82)];
        act!(kit, init(), territory::draw_places, first).unwrap();
        let later = vec![drawn(OTHER_GRID, 117.81, 117.83)];
        assert_eq!(code(act!(kit, init(), territory::draw_places, later)), "overlap");
        let beside = vec![drawn(OTHER_GRID, 117.82, 117.83)];
        act!(kit, init(), territory::draw_places, beside).unwrap();
        let another_layer = vec![drawn(MICRO_GRID, 117.80, 117.81)];
        act!(kit, init(), territory::draw_places, another_layer).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_point_is_found_at_the_narrowest_place_that_exists_today() {
    for_each_county(|kit| async move {
        let cells = vec![
            drawn(COMMUNITY, 117.80, 117.84),
            drawn(GRID, 117.80, 117.82),
            drawn(OTHER_GRID, 117.82, 117.83),
            drawn(MICRO_GRID, 117.80, 117.81),
        ];
        act!(kit, init(), territory::draw_places, cells).unwrap();
        assert_eq!(
            locate(&kit, 117.805).await.unwrap(),
            [COUNTY, STREET, COMMUNITY, GRID, MICRO_GRID]
        );
        assert_eq!(locate(&kit, 117.835).await.unwrap(), [COUNTY, STREET, COMMUNITY]);
        assert_eq!(code(locate(&kit, 117.90).await), "outside");
        assert_eq!(locate(&kit, 117.825).await.unwrap().len(), 4);
        let close =
            ClosePlace { place: OTHER_GRID.to_owned(), until: "2026-03-03".parse().unwrap() };
        act!(kit, init(), territory::close_place, close).unwrap();
        assert_eq!(locate(&kit, 117.825).await.unwrap().len(), 4, "still there today");
        kit.clock.forward(jiff::SignedDuration::from_hours(24));
        assert_eq!(locate(&kit, 117.825).await.unwrap(), [COUNTY, STREET, COMMUNITY]);
    })
    .await;
}

#[tokio::test]
async fn gaps_overhang_and_missing_outlines_of_a_layer_are_reported_with_their_area() {
    for_each_county(|kit| async move {
        let cells = vec![drawn(COMMUNITY, 117.80, 117.82), drawn(GRID, 117.80, 117.81)];
        act!(kit, init(), territory::draw_places, cells).unwrap();
        let check =
            see!(kit, init(), |tx, work| { territory::check_layer(tx, &work, COMMUNITY, "grid") })
                .unwrap();
        assert_eq!((check.cells, check.overlaps.len(), check.outside.len()), (1, 0, 0));
        assert_eq!(check.undrawn[0].code, OTHER_GRID);
        let [gap] = check.gaps.as_slice() else { panic!("{check:?}") };
        assert!((1_080_000..1_120_000).contains(&gap.square_metres), "{gap:?}");
        assert!((gap.at.lng - 117.815).abs() < 1e-4, "{gap:?}");
    })
    .await;
}

#[tokio::test]
async fn a_place_with_places_in_it_and_the_root_cannot_be_closed() {
    for_each_county(|kit| async move {
        let close = |place: &str| ClosePlace {
            place: place.to_owned(),
            until: "2026-04-01".parse().unwrap(),
        };
        assert_eq!(code(act!(kit, init(), territory::close_place, close(GRID))), "has_places");
        assert_eq!(code(act!(kit, init(), territory::close_place, close(COUNTY))), "not_open");
        act!(kit, init(), territory::close_place, close(MICRO_GRID)).unwrap();
        act!(kit, init(), territory::close_place, close(GRID)).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_household_is_registered_once_by_the_post_that_stands_over_its_place() {
    for_each_county(|kit| async move {
        let worker = kit.seat("grid_worker", GRID, "苏网格").await.actor();
        let household = |place: &str, address: &str| RegisterHouseholds {
            place: place.to_owned(),
            households: vec![NewHousehold {
                address: address.to_owned(),
                wish: Some("晚上联系".to_owned()),
            }],
        };
        let first = household(MICRO_GRID, "桥头路1号2幢301");
        act!(kit, worker.clone(), territory::register_households, first.clone()).unwrap();
        let again = act!(kit, worker.clone(), territory::register_households, first);
        assert_eq!(code(again), "known");
        let elsewhere = household(OTHER_GRID, "桥头路9号");
        let refused = act!(kit, worker, territory::register_households, elsewhere);
        assert_eq!(code(refused), "other_place");
        let census = act!(kit, Actor::Visitor, territory::census, COMMUNITY.to_owned()).unwrap();
        assert_eq!(census.households, 1);
        assert_eq!((census.places["grid"], census.innermost.as_str()), (2, "micro_grid"));
    })
    .await;
}
