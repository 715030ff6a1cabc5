//! Notices: read by everybody of a place, published and taken back by whoever stands over it.

use crate::kit::{COUNTY, GRID, for_each_engine, kit};
use serde_json::{Value, json};

fn notice(place: &str, title: &str) -> Value {
    json!({ "place": place, "title": title, "body": "周三8时至18时停水。" })
}

#[tokio::test]
async fn a_notice_is_for_everybody_of_its_place_and_of_all_below() {
    for_each_engine(async |kit| {
        kit.post("/notices", notice(COUNTY, "全县")).by("desk").send().await.is(201);
        let grid =
            kit.post("/notices", notice(GRID, "网格")).by("worker").send().await.is(201).body;
        assert_eq!((&grid["readers"], &grid["read"]), (&json!(0), &json!(false)));
        let here = kit.get(&format!("/notices?place={GRID}")).send().await.is(200).body;
        let titles = |it: &Value| -> Vec<String> {
            let items = it["items"].as_array().unwrap();
            items.iter().map(|it| it["title"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(titles(&here), ["网格", "全县"]);
        assert!(here["items"][0].get("readers").is_none(), "a visitor does not count readers");
        let above = kit.get(&format!("/notices?place={COUNTY}")).send().await.is(200).body;
        assert_eq!(titles(&above), ["全县"]);
        let first = kit.get(&format!("/notices?place={GRID}&limit=1")).send().await.is(200).body;
        let next = first["next"].as_str().unwrap();
        let path = format!("/notices?place={GRID}&limit=1&after={next}");
        let second = kit.get(&path).send().await.is(200).body;
        assert_eq!((titles(&second), &second["next"]), (vec!["全县".to_owned()], &Value::Null));
    })
    .await;
}

#[tokio::test]
async fn only_who_stands_over_a_place_publishes_there_and_takes_back() {
    let kit = kit().await;
    kit.post("/notices", notice(COUNTY, "越权"))
        .by("worker")
        .send()
        .await
        .refused(403, "other_place");
    let made = kit.post("/notices", notice(COUNTY, "全县")).by("desk").send().await.is(201).body;
    let path = format!("/notices/{}/withdraw", made["id"].as_str().unwrap());
    let why = json!({ "reason": "时间有变" });
    kit.post(&path, why.clone()).by("worker").send().await.refused(403, "other_place");
    let short = kit.post(&path, json!({ "reason": "" })).by("desk").send().await.is(422);
    assert_eq!(short.fields(), ["reason:missing"]);
    kit.post(&path, why.clone()).by("desk").send().await.is(204);
    kit.post(&path, why).by("desk").send().await.refused(404, "not_found");
    let left = kit.get(&format!("/notices?place={GRID}")).send().await.is(200).body;
    assert_eq!(left["items"], json!([]));
}

#[tokio::test]
async fn numbers_in_a_notice_are_published_only_when_somebody_has_looked_at_them() {
    let kit = kit().await;
    let mut said = notice(GRID, "停水");
    said["body"] = json!("有事请打 0598-5822-345");
    let asked = kit.post("/notices", said.clone()).by("worker").send().await.is(422);
    assert_eq!(asked.fields(), ["confirmed:personal"]);
    said["confirmed"] = json!(true);
    kit.post("/notices", said).by("worker").send().await.is(201);
}

#[tokio::test]
async fn a_resident_reads_a_notice_once_however_often_it_is_said() {
    for_each_engine(async |kit| {
        let made =
            kit.post("/notices", notice(GRID, "停水")).by("worker").send().await.is(201).body;
        let id = made["id"].as_str().unwrap();
        for _ in 0..2 {
            kit.post(&format!("/notices/{id}/read"), json!({})).by("lin").send().await.is(204);
        }
        let seen = kit.get(&format!("/notices/{id}")).by("lin").send().await.is(200).body;
        assert_eq!(seen["read"], true);
        let counted = kit.get(&format!("/notices/{id}")).by("worker").send().await.is(200).body;
        assert_eq!(counted["readers"], 1);
    })
    .await;
}

#[tokio::test]
async fn a_notice_ends_with_its_last_day() {
    let kit = kit().await;
    let mut said = notice(GRID, "停水");
    said["until"] = json!("2026-03-01");
    let past = kit.post("/notices", said.clone()).by("worker").send().await.is(422);
    assert_eq!(past.fields(), ["until:out_of_range"]);
    said["until"] = json!("2026-03-02");
    kit.post("/notices", said).by("worker").send().await.is(201);
    let path = format!("/notices?place={GRID}");
    assert_eq!(kit.get(&path).send().await.body["items"].as_array().unwrap().len(), 1);
    kit.clock.forward(jiff::SignedDuration::from_hours(24));
    assert_eq!(kit.get(&path).send().await.body["items"], json!([]));
}
