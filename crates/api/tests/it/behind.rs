//! The cases behind a rate are as many as the rate says, of every part, place and period.

use crate::kit::{COMMUNITY, COUNTY, GRID, Kit, for_each_engine};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const OTHER_GRID: &str = "990100001001002";

/// A request that was answered, up to the verdict.
async fn answered(kit: &Kit) -> Value {
    let case = kit.handled().await;
    let case =
        kit.act("clerk", &case, "answer", json!({ "words": "已更换灯泡" })).await.is(200).body;
    kit.act("head", &case, "approve", json!({})).await.is(200).body
}

/// Cases of every kind on several days.
async fn happen(kit: &Kit) {
    let solved = answered(kit).await;
    let called = json!({ "contacted": true, "stars": 5 });
    kit.act("desk", &solved, "satisfied", called).await.is(200);
    let again = answered(kit).await;
    let withdrawn = kit.case().await;
    kit.act("lin", &withdrawn, "withdraw", json!({})).await.is(200);
    kit.wait(SignedDuration::from_hours(48));
    let angry = json!({ "words": "还是不亮", "contacted": true, "stars": 1 });
    let again = kit.act("desk", &again, "unsatisfied", angry).await.is(200).body;
    let unit = json!({ "unit": kit.unit("urban_management").await });
    kit.act("desk", &again, "dispatch", unit).await.is(200);
    let unseen = answered(kit).await;
    kit.act("lin", &unseen, "satisfied", json!({})).await.is(200);
    let elsewhere = json!({ "procedure": "appeal", "matter": "street_lights", "title": "路灯",
        "body": "不亮", "place": OTHER_GRID });
    let open = kit.post("/cases", elsewhere).by("lin").send().await.is(201).body;
    let join = format!("/cases/{}/join", open["id"].as_str().unwrap());
    kit.post(&join, json!({ "body": "我家门口也是" })).by("chen").send().await.is(201);
    let sensitive = json!({ "procedure": "appeal", "matter": "misconduct", "title": "举报",
        "body": "有人吃拿卡要", "place": GRID });
    kit.post("/cases", sensitive).send().await.is(201);
    kit.wait(SignedDuration::from_hours(24 * 30));
    kit.seal().await;
}

/// How many cases a part has, page by page, and how many of them are hidden.
async fn pages(kit: &Kit, path: &str, limit: usize) -> (i64, i64) {
    let (mut after, mut hidden, mut ids) = (String::new(), 0, BTreeSet::new());
    loop {
        let path = format!("{path}&limit={limit}{after}");
        let page = kit.get(&path).by("dispatcher").send().await.is(200).body;
        hidden += page["hidden"].as_i64().unwrap();
        for it in page["items"].as_array().unwrap() {
            assert!(ids.insert(it["id"].to_string()), "{path} tells {} twice", it["id"]);
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return (i64::try_from(ids.len()).unwrap() + hidden, hidden),
        }
    }
}

#[tokio::test]
async fn behind_each_rate_stand_as_many_cases_as_it_says() {
    for_each_engine(async |kit| {
        happen(&kit).await;
        let (mut counted, mut all_hidden) = (BTreeSet::new(), 0);
        for place in [COUNTY, COMMUNITY, GRID, OTHER_GRID] {
            for days in ["", "&from=2026-03-02&to=2026-03-02", "&from=2026-03-03", "&to=2026-03-10"]
            {
                let scope = format!("place={place}{days}");
                let rates = kit.get(&format!("/rates?{scope}")).by("dispatcher").send().await;
                for (rate, figure) in rates.is(200).body.as_object().unwrap() {
                    let n = |key: &str| figure[key].as_i64().unwrap();
                    let rest = n("denominator") - n("numerator");
                    for (part, n) in
                        [("numerator", n("numerator")), ("rest", rest), ("excluded", n("excluded"))]
                    {
                        let path = format!("/rates/{rate}/cases?{scope}&part={part}");
                        let limit = if days.is_empty() { 1 } else { 50 };
                        let (found, hidden) = pages(&kit, &path, limit).await;
                        assert_eq!(found, n, "{path}");
                        all_hidden += hidden;
                        if n > 0 {
                            counted.insert(format!("{rate} {part}"));
                        }
                    }
                }
            }
        }
        assert!(all_hidden > 0, "the sensitive case is counted, and not shown");
        let seen: Vec<&str> = counted.iter().map(String::as_str).collect();
        assert_eq!(
            seen,
            [
                "closed excluded",
                "closed numerator",
                "closed rest",
                "on_time numerator",
                "on_time rest",
                "redispatched numerator",
                "redispatched rest",
                "response numerator",
                "satisfied numerator",
                "satisfied rest",
                "solved numerator",
                "solved rest",
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_rate_that_is_not_known_is_not_found() {
    let kit = crate::kit::kit().await;
    kit.get("/rates/happy/cases").by("desk").send().await.refused(404, "not_found");
    let wrong = kit.get("/rates/closed/cases?after=x").by("desk").send().await;
    assert_eq!(wrong.refused(422, "invalid").fields(), ["after:wrong_form"]);
    kit.get("/rates/closed/cases?part=none").by("desk").send().await.is(400);
}
