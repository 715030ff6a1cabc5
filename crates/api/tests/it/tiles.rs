//! Tiles of a map service, passed on.

use crate::kit::{Kit, Plan, kit, planned};
use api::{Channels, Limits};
use app::BoxFuture;
use app::territory::{Tile, TileLayer, TileName, Tiles};
use rowdb::testing;
use std::sync::Arc;

/// A map that has streets only: none in the first column, and the second is out of order.
struct Streets;

impl Tiles for Streets {
    fn layers(&self) -> &[TileLayer] {
        &[TileLayer::Vec]
    }

    fn fetch(&self, name: TileName) -> BoxFuture<'_, Result<Option<Tile>, String>> {
        let tile = Tile { media: "image/png", bytes: b"png".to_vec() };
        Box::pin(async move {
            match name.at().1 {
                0 => Ok(None),
                1 => Err("answered 403 with `text/html`".to_owned()),
                _ => Ok(Some(tile)),
            }
        })
    }
}

async fn with_map(limits: Limits) -> Kit {
    let channels = Channels { tiles: Some(Arc::new(Streets)), ..Channels::default() };
    planned(Plan { limits, channels, ..Plan::default() }, testing::sqlite()).await
}

#[tokio::test]
async fn a_tile_is_passed_on_to_anybody_and_kept_by_browsers() {
    let kit = with_map(Limits::demo()).await;
    assert_eq!(kit.get("/county").send().await.is(200).body["tiles"][0], "vec");
    for who in ["", "lin", "desk"] {
        let answer = kit.get("/tiles/vec/3/4/5").by(who).send().await.is(200);
        assert_eq!(answer.headers["content-type"], "image/png");
        assert_eq!(answer.headers["cache-control"], "public, max-age=604800");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.body, "png");
    }
}

#[tokio::test]
async fn what_is_not_on_the_map_is_not_found() {
    let kit = with_map(Limits::demo()).await;
    for path in ["vec/3/0/5", "img/3/4/5", "xyz/3/4/5", "vec/0/0/0", "vec/19/4/5", "vec/3/8/5"] {
        kit.get(&format!("/tiles/{path}")).send().await.refused(404, "not_found");
    }
    for path in ["vec/3/-1/5", "vec/3/4/5.png", "vec/3/4/..%2f..%2fcounty", "vec/300/4/5"] {
        kit.get(&format!("/tiles/{path}")).send().await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_map_out_of_order_is_told_as_such() {
    let kit = with_map(Limits::demo()).await;
    let answer = kit.get("/tiles/vec/3/1/5").send().await;
    assert!(!answer.body.to_string().contains("403"), "the world's words stay in the log");
    assert_eq!(answer.headers["cache-control"], "no-store");
    answer.refused(502, "tiles_failed");
}

#[tokio::test]
async fn without_a_key_there_are_no_tiles() {
    let kit = kit().await;
    assert_eq!(kit.get("/county").send().await.is(200).body["tiles"], serde_json::json!([]));
    kit.get("/tiles/vec/3/4/5").send().await.refused(404, "no_tiles");
}

#[tokio::test]
async fn a_stranger_does_not_draw_the_whole_country_through_us() {
    let tiles = 3.try_into().unwrap();
    let kit = with_map(Limits { tiles, ..Limits::demo() }).await;
    for _ in 0..3 {
        kit.get("/tiles/vec/3/4/5").send().await.is(200);
    }
    kit.get("/tiles/vec/3/4/5").send().await.refused(429, "too_many");
    kit.get("/tiles/vec/3/4/5").from("192.0.2.8").send().await.is(200);
    kit.get("/tiles/vec/3/4/5").by("desk").send().await.is(200);
    let forged = kit.get("/tiles/vec/3/4/5").header("authorization", "Bearer 00ff");
    forged.send().await.refused(401, "unauthenticated");
}
