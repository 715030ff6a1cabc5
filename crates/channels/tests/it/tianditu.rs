//! Tiles of a map service that sometimes is slow, sometimes refuses, and counts what it is asked.

use crate::clock::MovedClock;
use crate::fake::{Asked, Fake, endless, says};
use app::territory::{TileLayer, TileName, Tiles};
use axum::body::Body;
use axum::response::Response;
use channels::Tianditu;
use jiff::SignedDuration;
use std::sync::Arc;

const KEY: &str = "0123456789abcdef0123456789abcdef";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n tile";

fn name(layer: TileLayer, at: (u8, u32, u32)) -> TileName {
    TileName::new(layer, at).unwrap()
}

fn street() -> TileName {
    name(TileLayer::Vec, (14, 13_555, 6_899))
}

fn map(fake: &Fake, clock: &Arc<MovedClock>) -> Tianditu {
    Tianditu::new(fake.address.clone(), KEY, clock.clone()).unwrap()
}

/// As the service answers: the picture for a sound question with the right key, words otherwise.
fn wmts(asked: &Asked) -> Response<Body> {
    let is = |name: &str, value: &str| asked.query.get(name).is_some_and(|it| it == value);
    if !is("tk", KEY) {
        let said = "{\"code\":301003,\"msg\":\"非法Key\",\"resolve\":\"请到API控制台重新申请\"}";
        return says(403, "application/json;charset=UTF-8", said);
    }
    let layer = asked.query["LAYER"].as_str();
    let sound = is("SERVICE", "WMTS")
        && is("REQUEST", "GetTile")
        && is("VERSION", "1.0.0")
        && is("STYLE", "default")
        && is("TILEMATRIXSET", "w")
        && is("FORMAT", "tiles")
        && asked.path == format!("/{layer}_w/wmts");
    match sound {
        true => says(200, "image/png", PNG),
        false => says(400, "text/xml", "<ExceptionReport/>"),
    }
}

#[tokio::test]
async fn a_tile_is_asked_for_as_wmts_has_it_and_kept_for_a_week() {
    let (fake, clock) = (Fake::new(wmts).await, MovedClock::new());
    let map = map(&fake, &clock);
    for layer in TileLayer::ALL {
        let tile = map.fetch(name(layer, (14, 13_555, 6_899))).await.unwrap().unwrap();
        assert_eq!((tile.media, tile.bytes.as_slice()), ("image/png", PNG));
    }
    let asked = fake.asked();
    assert_eq!(asked.len(), 4);
    let query = &asked[0].query;
    assert_eq!(
        ["TILEMATRIX", "TILECOL", "TILEROW"].map(|it| query[it].as_str()),
        ["14", "13555", "6899"]
    );
    clock.forward(SignedDuration::from_hours(7 * 24));
    map.fetch(street()).await.unwrap().unwrap();
    assert_eq!(fake.asked().len(), 4);
    clock.forward(SignedDuration::from_secs(1));
    map.fetch(street()).await.unwrap().unwrap();
    assert_eq!(fake.asked().len(), 5);
}

#[tokio::test]
async fn what_several_ask_for_at_once_is_fetched_once() {
    let fake = Fake::new(wmts).await;
    let map = map(&fake, &MovedClock::new());
    let (one, two, three) =
        tokio::join!(map.fetch(street()), map.fetch(street()), map.fetch(street()));
    assert!([one, two, three].into_iter().all(|it| it.unwrap().is_some()));
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn memory_is_bounded_however_many_tiles_are_asked_for() {
    let half = || vec![7; 400 * 1024];
    let fake = Fake::new(move |_| says(200, "image/png", half())).await;
    let map = map(&fake, &MovedClock::new());
    for column in 0..200 {
        map.fetch(name(TileLayer::Img, (14, column, 0))).await.unwrap();
    }
    for column in 0..200 {
        map.fetch(name(TileLayer::Img, (14, column, 0))).await.unwrap();
    }
    // 48 MiB hold 122 of them: some are asked for again, others not.
    let again = fake.asked().len() - 200;
    assert!((78..200).contains(&again), "{again}");
}

#[tokio::test]
async fn only_pictures_are_passed_on() {
    for (status, media, body) in [
        (200, "text/html; charset=utf-8", "<script>alert(1)</script>"),
        (200, "image/svg+xml", "<svg onload='alert(1)'/>"),
        (200, "application/json", "{\"msg\":\"超出配额\",\"code\":302001}"),
        (418, "text/html", "<h1>418</h1>"),
        (500, "image/png", "x"),
        (302, "image/png", "x"),
    ] {
        let fake = Fake::new(move |_| says(status, media, body)).await;
        let map = map(&fake, &MovedClock::new());
        let refused = map.fetch(street()).await.unwrap_err();
        assert!(refused.contains(&status.to_string()), "{refused}");
        // A failure is not kept: the next one asks again.
        map.fetch(street()).await.unwrap_err();
        assert_eq!(fake.asked().len(), 2);
    }
}

#[tokio::test]
async fn a_wrong_key_is_said_without_the_key() {
    let fake = Fake::new(wmts).await;
    let map = Tianditu::new(fake.address.clone(), "wrongkey7", MovedClock::new()).unwrap();
    let refused = map.fetch(street()).await.unwrap_err();
    assert!(refused.contains("403") && !refused.contains("wrongkey7"), "{refused}");
    let broken = |key| Tianditu::new(fake.address.clone(), key, MovedClock::new()).is_err();
    assert!(broken("") && broken("a b") && broken("a&LAYER=x"));
}

#[tokio::test]
async fn where_the_map_has_nothing_there_is_no_tile_and_that_is_kept_too() {
    let fake = Fake::new(|_| says(404, "text/html", "no such tile")).await;
    let map = map(&fake, &MovedClock::new());
    for _ in 0..2 {
        assert_eq!(map.fetch(street()).await.unwrap(), None);
    }
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn too_much_is_not_read() {
    let fake = Fake::new(|_| says(200, "image/png", vec![0; 600 * 1024])).await;
    let refused = map(&fake, &MovedClock::new()).fetch(street()).await.unwrap_err();
    assert!(refused.contains("larger than"), "{refused}");
}

#[tokio::test]
async fn nobody_waits_longer_than_eight_seconds() {
    let fake = Fake::new(|_| says(200, "image/png", endless())).await;
    let map = map(&fake, &MovedClock::new());
    tokio::time::pause();
    let refused = map.fetch(street()).await.unwrap_err();
    assert!(refused.contains("8 s"), "{refused}");
}

#[tokio::test]
async fn a_service_that_is_not_there_is_said_without_its_address() {
    let fake = Fake::new(wmts).await;
    let map = map(&fake, &MovedClock::new());
    drop(fake);
    tokio::task::yield_now().await;
    let refused = map.fetch(street()).await.unwrap_err();
    assert!(refused.contains("reached") && !refused.contains(KEY), "{refused}");
}
