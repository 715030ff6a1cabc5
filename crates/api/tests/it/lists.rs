//! Lists over HTTP: what a line tells, and to whom.

use crate::kit::{Kit, for_each_engine, kit};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The first line of the list that somebody sees.
async fn first(kit: &Kit, who: &str, query: &str) -> Value {
    let page = kit.get(&format!("/cases{query}")).by(who).send().await.is(200).body;
    page["items"][0].clone()
}

#[tokio::test]
async fn a_line_tells_titles_and_whom_a_standing_clock_waits_for() {
    for_each_engine(async |kit| {
        let case = kit.handled().await;
        let line = first(&kit, "clerk", "?owner=me").await;
        assert_eq!(
            (&line["procedure_title"], &line["matter_title"], &line["owner_title"]),
            (&json!("群众诉求"), &json!("路灯不亮"), &json!("城市管理局承办"))
        );
        assert_eq!((&line["reason"], &line["paused_until"]), (&Value::Null, &Value::Null));
        let words = json!({ "words": "请说明位置" });
        kit.act("clerk", &case, "pause", words).await.is(200);
        let line = first(&kit, "clerk", "?owner=me").await;
        assert_eq!((&line["reason"], &line["running"]), (&json!("asker"), &json!(false)));
        assert_eq!(line["paused_until"], line["due_at"]);
        assert!(line["due_at"].is_string());
        let own = first(&kit, "lin", "").await;
        assert_eq!((&own["reason"], &own["colour"]), (&json!("asker"), &json!("green")));
    })
    .await;
}

#[tokio::test]
async fn a_line_has_the_colour_of_its_case_and_says_when_it_turns() {
    let kit = kit().await;
    let case = kit.case().await;
    let path = format!("/cases/{}", case["id"].as_str().unwrap());
    let mut seen = Vec::new();
    // The desk has one working hour; the answer is promised within five workdays.
    for minutes in [0, 50, 20, 60 * 24 * 8] {
        kit.wait(SignedDuration::from_mins(minutes));
        let mut colours = Vec::new();
        for who in ["desk", "lin"] {
            let line = first(&kit, who, "").await;
            let clock = kit.get(&path).by(who).send().await.is(200).body["clock"].clone();
            assert_eq!(
                (&line["colour"], &line["yellow_at"]),
                (&clock["colour"], &clock["yellow_at"])
            );
            let now = kit.county.now().to_string();
            let turned = line["yellow_at"].as_str().unwrap() <= now.as_str();
            assert_eq!(turned, line["colour"] != "green", "{line}");
            colours.push(line["colour"].as_str().unwrap().to_owned());
        }
        seen.push(colours.join(" "));
    }
    assert_eq!(seen, ["green green", "yellow green", "red green", "red red"]);
}
