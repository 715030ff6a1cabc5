//! The stream of what happened: live, filtered, resumed, bounded.

use crate::kit::{Kit, Plan, for_each_engine, kit, planned};
use api::Limits;
use axum::body::Body;
use http_body_util::BodyExt;
use rowdb::testing;
use serde_json::{Value, json};
use std::time::Duration;

/// A stream being read.
struct Feed(Body, String);

impl Feed {
    async fn open(kit: &Kit, who: &str, path: &str) -> Self {
        let response = kit.get(path).by(who).response().await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(response.into_body(), String::new())
    }

    /// The next event that holds data, as (id, data).
    async fn next(&mut self) -> Option<(u64, Value)> {
        loop {
            if let Some((event, rest)) =
                self.1.split_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned()))
            {
                self.1 = rest;
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|it| it.strip_prefix(name))
                        .map(|it| it.trim().to_owned())
                };
                let Some(data) = field("data:") else { continue };
                return Some((
                    field("id:")?.parse().unwrap(),
                    serde_json::from_str(&data).unwrap(),
                ));
            }
            let patience = Duration::from_secs(5);
            let frame = tokio::time::timeout(patience, self.0.frame()).await.ok()??.unwrap();
            self.1.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
    }
}

#[tokio::test]
async fn whoever_listens_hears_what_happens_and_comes_back_where_they_left() {
    for_each_engine(async |kit| {
        kit.token("desk").await;
        kit.case().await;
        kit.seal().await;
        let mut live = Feed::open(&kit, "desk", "/feed").await;
        let case = kit.case().await;
        kit.seal().await;
        let (position, heard) = live.next().await.unwrap();
        assert_eq!((&heard["case"], &heard["action"]), (&case["id"], &json!("open")));
        assert_eq!((&heard["mine"], heard["position"].as_u64()), (&json!(true), Some(position)));
        let done = kit.act("lin", &case, "withdraw", json!({})).await.is(200).body;
        kit.seal().await;
        assert_eq!(live.next().await.unwrap().1["action"], "withdraw");
        let back = kit.get("/feed").by("desk").header("last-event-id", &position.to_string());
        let mut back = Feed(back.response().await.into_body(), String::new());
        let (later, missed) = back.next().await.unwrap();
        assert!(later > position);
        assert_eq!((&missed["case"], &missed["revision"]), (&done["id"], &json!(2)));
    })
    .await;
}

#[tokio::test]
async fn one_hears_only_of_what_one_may_see() {
    let kit = kit().await;
    let theirs = kit.case().await;
    kit.token("chen").await;
    let mut chen = Feed::open(&kit, "chen", "/feed?from=0").await;
    let own = json!({ "procedure": "appeal", "title": "井盖", "body": "翘起", "place": "990100001001001" });
    let own = kit.post("/cases", own).by("chen").send().await.is(201).body;
    let (_, heard) = chen.next().await.unwrap();
    assert_eq!(heard["case"], own["id"]);
    assert_ne!(heard["case"], theirs["id"]);
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams() {
    let kit = kit().await;
    let mut feed = Feed::open(&kit, "desk", "/feed").await.0;
    kit.api.close_feeds();
    let closed = tokio::time::timeout(Duration::from_secs(1), feed.frame()).await.unwrap();
    assert!(closed.is_none());
}

#[tokio::test]
async fn there_are_only_so_many_seats() {
    let limits = Limits { feeds: 1, ..Limits::demo() };
    let kit = planned(Plan { limits, ..Plan::default() }, testing::sqlite()).await;
    let held = Feed::open(&kit, "desk", "/feed").await;
    kit.get("/feed").by("desk").send().await.refused(503, "busy");
    drop(held);
    Feed::open(&kit, "desk", "/feed").await;
}

#[tokio::test]
async fn the_stream_is_never_compressed_and_answers_are() {
    let kit = kit().await;
    let feed = kit.get("/feed").by("desk").header("accept-encoding", "gzip").response().await;
    assert!(feed.headers().get("content-encoding").is_none());
    let list = kit.get("/matters").header("accept-encoding", "gzip").response().await;
    assert_eq!(list.headers()["content-encoding"], "gzip");
}
