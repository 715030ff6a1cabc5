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

/// What a list holds page by page, in the words of the counts.
async fn counted_by_hand(kit: &Kit, who: &str, query: &str) -> Value {
    let (mut lines, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/cases?open=true&limit=2{query}{next}");
        let page = kit.get(&path).by(who).send().await.is(200).body;
        lines.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(after) => next = format!("&after={after}"),
            None => break,
        }
    }
    let of = |field: &str, value: Value| lines.iter().filter(|it| it[field] == value).count();
    let mut states: Vec<Value> = Vec::new();
    for state in ["received", "dispatched", "handling", "waiting"] {
        let count = of("state", json!(state));
        states.extend((count > 0).then(|| json!([state, count])));
    }
    json!({
        "total": lines.len(), "states": states, "waiting": of("running", json!(false)),
        "colours": { "green": of("colour", json!("green")), "yellow": of("colour", json!("yellow")),
            "red": of("colour", json!("red")) },
    })
}

#[tokio::test]
async fn counts_are_what_the_pages_hold_for_whoever_asks() {
    for_each_engine(async |kit| {
        let ends = kit.case().await;
        kit.act("lin", &ends, "withdraw", json!({})).await.is(200);
        kit.case().await;
        let waits = kit.handled().await;
        kit.act("clerk", &waits, "pause", json!({ "words": "请说明位置" })).await.is(200);
        kit.wait(SignedDuration::from_mins(50));
        kit.handled().await;
        kit.case().await;
        let mut about = crate::kit::street_light();
        about["about"] = json!([kit.seat("dispatcher").0]);
        kit.post("/cases", about).by("lin").send().await.is(201);
        kit.wait(SignedDuration::from_mins(20));
        kit.case().await;
        kit.seal().await;
        for (who, query, total) in [
            ("desk", "", 6),
            ("dispatcher", "", 5),
            ("clerk", "", 2),
            ("clerk", "&owner=mine", 2),
            ("lin", "", 6),
            ("chen", "", 0),
            ("desk", "&owner=me", 4),
            ("desk", "&state=received&matter=street_lights", 4),
            ("desk", "&place=990100001", 6),
            ("audit-admin", "", 6),
            ("desk", "&late=true", 1),
            ("lin", "&late=true", 1),
            ("desk", "&late=true&owner=mine", 1),
            ("desk", "&done=dispatch", 2),
            ("clerk", "&done=pause", 1),
            ("desk", "&done=pause&late=true", 0),
            ("desk", "&done=withdraw", 0),
            ("desk", "&done=none", 0),
            ("desk", "&awaiting=dispatch", 4),
            ("desk", "&awaiting=dispatch&late=true", 1),
            ("desk", "&awaiting=dispatch&done=dispatch", 0),
            ("desk", "&awaiting=dispatch&state=handling", 0),
            ("desk", "&awaiting=verdict", 0),
            ("clerk", "&awaiting=dispatch", 0),
        ] {
            let path = format!("/cases/counts?open=true{query}");
            let mut found = kit.get(&path).by(who).send().await.is(200).body;
            let states = found["states"].as_array().unwrap().iter();
            found["states"] = states.map(|it| json!([it["state"], it["count"]])).collect();
            assert_eq!(found, counted_by_hand(&kit, who, query).await, "{who} {query}");
            assert_eq!(found["total"], total, "{who} {query}");
        }
        for refused in ["?open=false", "?state=solved", "?limit=3"] {
            let path = format!("/cases/counts{refused}");
            assert!(kit.get(&path).by("desk").send().await.status >= 400, "{refused}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_hangs_on_a_case_is_listed_to_those_who_see_it() {
    for_each_engine(async |kit| {
        let case = kit.case().await;
        let words = json!({ "body": "我家门口也是" });
        let join = format!("/cases/{}/join", case["id"].as_str().unwrap());
        let joined = kit.post(&join, words).by("chen").send().await.is(201).body;
        let query = format!("?parent={}", case["id"].as_str().unwrap());
        for (who, sees) in [("desk", true), ("chen", true), ("lin", false), ("clerk", false)] {
            let line = first(&kit, who, &query).await;
            assert_eq!(line["id"] == joined["id"], sees, "{who}");
            assert_eq!(line.is_null(), !sees, "{who}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_person_lists_what_all_their_posts_own() {
    for_each_engine(async |kit| {
        // The clerk is a deputy at the desk.
        let (desk, _) = kit.seat("desk");
        let deputy = json!({ "person": kit.seat("clerk").1, "rank": 1 });
        let appoint = kit.post(&format!("/posts/{desk}/holders"), deputy).by("system-admin");
        appoint.send().await.is(204);
        let handled = kit.handled().await;
        let waits = kit.case().await;
        let clerk = kit.seat("clerk").0.to_string();
        let mine = |more: &str| {
            let ask = kit.get(&format!("/cases?owner=mine&limit=1{more}")).by("clerk");
            ask.header("jinlin-post", &clerk)
        };
        let page = mine("").send().await.is(200).body;
        assert_eq!(page["items"][0]["id"], waits["id"], "the desk's hour ends first");
        let next = page["next"].as_str().unwrap();
        let page = mine(&format!("&after={next}")).send().await.is(200).body;
        assert_eq!((&page["items"][0]["id"], &page["next"]), (&handled["id"], &Value::Null));
    })
    .await;
}

/// The cases of a list in its order.
async fn ids(kit: &Kit, who: &str, query: &str) -> Vec<Value> {
    let page = kit.get(&format!("/cases{query}")).by(who).send().await.is(200).body;
    page["items"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect()
}

#[tokio::test]
async fn a_line_tells_staff_how_often_each_action_was_done() {
    for_each_engine(async |kit| {
        let case = kit.handled().await;
        for _ in 0..2 {
            let case = kit.get(&format!("/cases/{}", case["id"].as_str().unwrap()));
            let case = case.by("lin").send().await.is(200).body;
            kit.act("lin", &case, "urge", json!({})).await.is(200);
        }
        let line = first(&kit, "desk", "?done=urge").await;
        assert_eq!(line["done"], json!({ "dispatch": 1, "sign": 1, "urge": 2 }));
        assert_eq!(first(&kit, "lin", "").await["done"], json!({}));
        for refused in ["?late=yes", "?awaiting=rain"] {
            assert_eq!(kit.get(&format!("/cases{refused}")).by("desk").send().await.status, 400);
        }
    })
    .await;
}

#[tokio::test]
async fn what_awaits_an_act_comes_by_due_date_page_by_page() {
    for_each_engine(async |kit| {
        let newer_first = [kit.case().await, kit.case().await];
        kit.wait(SignedDuration::from_mins(70));
        let fresh = kit.case().await;
        let mut late: Vec<Value> = newer_first.iter().map(|it| it["id"].clone()).collect();
        late.sort_by_key(ToString::to_string);
        let all: Vec<Value> = late.iter().cloned().chain([fresh["id"].clone()]).collect();
        assert_eq!(ids(&kit, "desk", "?awaiting=dispatch").await, all);
        assert_eq!(ids(&kit, "desk", "?late=true").await, late);
        let page = kit.get("/cases?awaiting=dispatch&limit=2").by("desk").send().await.is(200).body;
        let next = page["next"].as_str().unwrap();
        let rest = format!("?awaiting=dispatch&limit=2&after={next}");
        assert_eq!(ids(&kit, "desk", &rest).await, [fresh["id"].clone()]);

        let words = json!({ "words": "已修好" });
        let answered = kit.act("desk", &fresh, "answer_now", words).await.is(200).body;
        assert_eq!(ids(&kit, "desk", "?awaiting=verdict").await, [answered["id"].clone()]);
        assert_eq!(ids(&kit, "desk", "?awaiting=dispatch").await, late);
        kit.act("lin", &answered, "satisfied", json!({})).await.is(200);
        assert_eq!(ids(&kit, "desk", "?awaiting=verdict").await, [] as [Value; 0]);
        assert_eq!(ids(&kit, "desk", "?done=answer_now").await, [] as [Value; 0], "ended");
    })
    .await;
}

#[tokio::test]
async fn a_case_tells_where_the_asker_pointed() {
    for_each_engine(async |kit| {
        let mut pointed = crate::kit::street_light();
        pointed["location"] = json!({ "lng": 117.79, "lat": 26.4 });
        let case = kit.post("/cases", pointed).by("lin").send().await.is(201).body;
        assert_eq!(case["location"], json!({ "lng": 117.79, "lat": 26.4 }));
        assert_eq!(kit.case().await["location"], Value::Null);
    })
    .await;
}
