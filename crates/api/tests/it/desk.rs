//! What desks keep: phrases of the pack and the office, and shifts handed over and taken.

use crate::client::Answer;
use crate::kit::{Kit, for_each_engine, kit};
use jiff::SignedDuration;
use serde_json::{Value, json};

async fn phrases(kit: &Kit, who: &str, query: &str) -> Vec<Value> {
    let found = kit.get(&format!("/phrases{query}")).by(who).send().await.is(200).body;
    found.as_array().unwrap().clone()
}

fn ids(found: &[Value]) -> Vec<&str> {
    found.iter().map(|it| it["id"].as_str().unwrap()).collect()
}

fn repaired() -> Value {
    json!({ "use": "answer", "title": " 已修复 ", "words": "您反映的{title}已于{today}修复。",
        "procedure": "appeal", "matter": "street_lights" })
}

#[tokio::test]
async fn an_office_keeps_phrases_that_nobody_else_sees() {
    for_each_engine(async |kit| {
        let kept = kit.post("/phrases", repaired()).by("clerk").send().await.is(201).body;
        assert_eq!((&kept["title"], &kept["mine"]), (&json!("已修复"), &json!(true)));
        let id = kept["id"].as_str().unwrap();
        let found = phrases(&kit, "head", "?use=answer&procedure=appeal").await;
        let own: Vec<_> = found.iter().filter(|it| it["mine"] == true).collect();
        assert_eq!(own, [&kept], "of the same organisation");
        assert_eq!(found[0], kept, "those of a matter come first");
        assert!(found.len() > 3, "and those of the pack");
        assert!(!ids(&phrases(&kit, "desk", "").await).contains(&id));
        let other = phrases(&kit, "clerk", "?matter=pothole").await;
        assert!(!ids(&other).contains(&id), "another matter");

        let path = format!("/phrases/{id}");
        let mut changed = repaired();
        changed["words"] = json!("已修复。");
        let put = kit.ask("PUT", &path).json(changed.clone()).by("head").send().await.is(200).body;
        assert_eq!((&put["id"], &put["words"]), (&kept["id"], &json!("已修复。")));
        kit.ask("PUT", &path).json(changed).by("desk").send().await.refused(404, "not_found");
        kit.ask("DELETE", &path).by("desk").send().await.refused(404, "not_found");
        kit.ask("DELETE", &path).by("clerk").send().await.is(204);
        kit.ask("DELETE", &path).by("clerk").send().await.refused(404, "not_found");
        assert!(!ids(&phrases(&kit, "clerk", "").await).contains(&id));
    })
    .await;
}

#[tokio::test]
async fn the_packs_phrases_are_nobodys_and_titled_in_the_readers_language() {
    let kit = kit().await;
    for (language, title) in [("zh", "回访话术"), ("en", "Call-back")] {
        let ask = kit.get("/phrases?use=script").by("desk").header("accept-language", language);
        let found = ask.send().await.is(200).body;
        assert_eq!((&found[0]["id"], &found[0]["title"]), (&json!("call_back"), &json!(title)));
        assert_eq!((&found[0]["mine"], &found[0]["use"]), (&json!(false), &json!("script")));
    }
    let drop = kit.ask("DELETE", "/phrases/00000000-0000-0000-0000-000000000000");
    drop.by("desk").send().await.refused(404, "not_found");
}

#[tokio::test]
async fn a_phrase_that_cannot_be_used_is_refused_with_all_its_problems() {
    let kit = kit().await;
    let wrong = json!({ "use": "letter", "title": " ", "words": "请于{tomorrow}前办结", "procedure": "appeal",
        "matter": "rain" });
    let refused = kit.post("/phrases", wrong).by("desk").send().await.is(422);
    assert_eq!(refused.fields(), ["title:missing", "words:unknown", "matter:not_found"]);
    let long =
        json!({ "use": "letter", "title": "函", "words": "长".repeat(2001), "procedure": "none" });
    let refused = kit.post("/phrases", long).by("desk").send().await.is(422);
    assert_eq!(refused.fields(), ["words:too_long", "procedure:not_found"]);
    let other = json!({ "use": "poem", "title": "函", "words": "长" });
    assert!(kit.post("/phrases", other).by("desk").send().await.status >= 400);
}

/// The clerk is a deputy at the desk.
async fn deputy(kit: &Kit) -> String {
    let (desk, _) = kit.seat("desk");
    let deputy = json!({ "person": kit.seat("clerk").1, "rank": 1 });
    let appoint = kit.post(&format!("/posts/{desk}/holders"), deputy).by("system-admin");
    appoint.send().await.is(204);
    desk.to_string()
}

async fn take(kit: &Kit, shift: &Value, who: &str, post: Option<&str>) -> Answer {
    let path = format!("/shifts/{}/take", shift["id"].as_str().unwrap());
    let ask = kit.post(&path, json!({})).by(who);
    match post {
        Some(post) => ask.header("jinlin-post", post).send().await,
        None => ask.send().await,
    }
}

#[tokio::test]
async fn a_shift_is_handed_over_with_what_is_open_and_taken_by_somebody_else_once() {
    for_each_engine(async |kit| {
        let desk = deputy(&kit).await;
        let late = kit.case().await;
        kit.wait(SignedDuration::from_mins(70));
        kit.case().await;
        kit.handled().await;
        let record =
            json!({ "note": "夜间平稳", "cases": [{ "case": late["id"], "note": "九点回电" }] });
        let shift = kit.post("/shifts", record).by("desk").send().await.is(201).body;
        assert_eq!((&shift["open"], &shift["late"]), (&json!(2), &json!(1)));
        assert_eq!((&shift["from"], &shift["mine"]), (&json!("某desk"), &json!(true)));
        assert_eq!(shift["post_title"], "近邻县值班");
        let item = json!({ "case": late["id"], "number": late["number"], "title": "路灯不亮",
            "note": "九点回电" });
        assert_eq!(shift["items"], json!([item]));
        take(&kit, &shift, "desk", None).await.refused(409, "own_shift");
        take(&kit, &shift, "dispatcher", None).await.refused(404, "not_found");
        let taken = take(&kit, &shift, "clerk", Some(&desk)).await.is(200).body;
        assert_eq!((&taken["taken"]["by"], &taken["mine"]), (&json!("某clerk"), &json!(false)));
        take(&kit, &shift, "clerk", Some(&desk)).await.refused(409, "taken_already");

        kit.clock.forward(SignedDuration::from_secs(1));
        let next = kit.post("/shifts", json!({ "note": "" })).by("desk").send().await.is(201).body;
        let listed = kit.get("/shifts").by("desk").send().await.is(200).body;
        let told: Vec<_> = listed.as_array().unwrap().iter().map(|it| &it["id"]).collect();
        assert_eq!(told, [&next["id"], &shift["id"]]);
        assert_eq!(listed[1]["taken"], taken["taken"]);
        let one = kit.get("/shifts?limit=1").by("desk").send().await.is(200).body;
        assert_eq!(one.as_array().unwrap().len(), 1);
        let others = kit.get("/shifts").by("dispatcher").send().await.is(200).body;
        assert_eq!(others, json!([]));
    })
    .await;
}

#[tokio::test]
async fn a_record_that_names_what_its_writer_does_not_see_is_refused() {
    let kit = kit().await;
    let case = kit.case().await;
    let item = json!({ "case": case["id"], "note": "看看" });
    let twice = json!({ "note": "x".repeat(2001), "cases": [item, item] });
    let refused = kit.post("/shifts", twice).by("desk").send().await.is(422);
    assert_eq!(refused.fields(), ["note:too_long", "cases.1.case:twice"]);
    let foreign = json!({ "note": "", "cases": [item] });
    let refused = kit.post("/shifts", foreign).by("clerk").send().await.is(422);
    assert_eq!(refused.fields(), ["cases.0.case:not_found"]);
    kit.get("/shifts?limit=0").by("desk").send().await.refused(422, "invalid");
}
