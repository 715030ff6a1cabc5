//! Cases that help with a case or a call, and what a timeline tells.

use crate::kit::{GRID, Kit, PHONE, for_each_engine, kit, street_light};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn path(case: &Value, more: &str) -> String {
    format!("/cases/{}{more}", case["id"].as_str().unwrap())
}

async fn seen(kit: &Kit, who: &str, path: &str) -> Vec<Value> {
    kit.get(path).by(who).send().await.is(200).body.as_array().unwrap().clone()
}

#[tokio::test]
async fn cases_like_a_case_are_told_to_whoever_sees_them() {
    for_each_engine(async |kit| {
        let case = kit.handled().await;
        let mut earlier = street_light();
        earlier["matter"] = json!("pothole");
        earlier["body"] = json!("路面坑洼");
        earlier["title"] = json!("路面破损");
        let own = kit.post("/cases", earlier.clone()).by("lin").send().await.is(201).body;
        kit.act("lin", &own, "withdraw", json!({})).await.is(200);
        kit.clock.forward(SignedDuration::from_secs(1));
        let other = kit.post("/cases", street_light()).by("chen").send().await.is(201).body;
        let foreign = kit.post("/cases", earlier).by("chen").send().await.is(201).body;
        let found = seen(&kit, "desk", &path(&case, "/similar")).await;
        let ids: Vec<_> = found.iter().map(|it| (&it["id"], &it["same_asker"])).collect();
        assert_eq!(ids, [(&own["id"], &json!(true)), (&other["id"], &json!(false))]);
        assert!(found[0]["ended_at"].is_string() && found[1]["ended_at"].is_null());
        assert_eq!(found[1]["matter_title"], "路灯不亮");
        assert!(!found.iter().any(|it| it["id"] == foreign["id"]), "another matter");
        assert_eq!(seen(&kit, "clerk", &path(&case, "/similar")).await, [] as [Value; 0]);
        kit.get(&path(&case, "/similar")).by("lin").send().await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_confidential_asker_is_not_given_away_by_similar_cases() {
    let kit = kit().await;
    let unit = json!({ "unit": kit.unit("urban_management").await });
    let mut hidden = street_light();
    hidden["asker"] = json!("confidential");
    let hidden = kit.post("/cases", hidden).by("lin").send().await.is(201).body;
    let hidden = kit.act("desk", &hidden, "dispatch", unit).await.is(200).body;
    let named = kit.handled().await;
    for case in [&hidden, &named] {
        let found = seen(&kit, "clerk", &path(case, "/similar")).await;
        assert_eq!(found.len(), 1, "the same matter here");
        assert_eq!(found[0]["same_asker"], false);
    }
    assert_eq!(seen(&kit, "desk", &path(&named, "/similar")).await[0]["same_asker"], true);
}

#[tokio::test]
async fn the_duty_desk_finds_the_cases_of_a_caller_and_nobody_else_does() {
    for_each_engine(async |kit| {
        let own = kit.case().await;
        kit.act("lin", &own, "withdraw", json!({})).await.is(200);
        kit.clock.forward(SignedDuration::from_secs(1));
        let called = kit.post("/cases", street_light()).by("desk").send().await.is(201).body;
        kit.clock.forward(SignedDuration::from_secs(1));
        let mut typed = street_light();
        typed["contact"] = json!("+86 190-0001 0001");
        let typed = kit.post("/cases", typed).by("desk").send().await.is(201).body;
        let mut other = street_light();
        other["contact"] = json!("19000010007");
        kit.post("/cases", other).by("desk").send().await.is(201);
        let query = format!("/cases/by-contact?phone=%2B86{PHONE}");
        let found = seen(&kit, "desk", &query).await;
        let ids: Vec<_> = found.iter().map(|it| &it["id"]).collect();
        assert_eq!(ids, [&typed["id"], &called["id"], &own["id"]]);
        assert!(!json!(found).to_string().contains(PHONE), "the number is compared, not told");
        kit.get(&query).by("dispatcher").send().await.refused(409, "desk_only");
        let wrong = kit.get("/cases/by-contact?phone=1234").by("desk").send().await;
        wrong.refused(422, "invalid");
    })
    .await;
}

#[tokio::test]
async fn a_case_is_found_by_its_number_as_by_words() {
    for_each_engine(async |kit| {
        let case = kit.case().await;
        kit.case().await;
        for (who, finds) in [("desk", 1), ("lin", 1), ("chen", 0), ("clerk", 0)] {
            let query = format!("/cases?q={}", case["number"].as_str().unwrap());
            let page = kit.get(&query).by(who).send().await.is(200).body;
            assert_eq!(page["items"].as_array().unwrap().len(), finds, "{who}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_timeline_tells_what_was_changed_and_how_much_of_the_time_was_used() {
    for_each_engine(async |kit| {
        let case = kit.case().await;
        kit.clock.forward(SignedDuration::from_mins(20));
        let unit = json!({ "unit": kit.unit("urban_management").await });
        let case = kit.act("desk", &case, "dispatch", unit).await.is(200).body;
        let case = kit.act("clerk", &case, "sign", json!({})).await.is(200).body;
        let words = json!({ "words": "请说明位置" });
        kit.act("clerk", &case, "pause", words).await.is(200);
        let moments = seen(&kit, "desk", &path(&case, "/history")).await;
        assert_eq!((&moments[0]["spent"], &moments[0]["budget"]), (&json!(1200), &json!(3600)));
        let unit = moments[1]["facts"].as_array().unwrap().iter().find(|it| it["field"] == "unit");
        assert_eq!(unit.unwrap()["text"], "城市管理局");
        let waits = moments.last().unwrap();
        assert_eq!((&waits["reason"], waits["running"].as_bool()), (&json!("asker"), Some(false)));
        assert_eq!(waits["paused_until"], waits["due_at"]);
        let own = seen(&kit, "lin", &path(&case, "/history")).await;
        assert!(
            own.iter().all(|it| it["spent"].is_null() && it["budget"].is_null()),
            "the house's"
        );
    })
    .await;
}

#[tokio::test]
async fn a_pack_is_loaded_when_nothing_is_wrong_with_it_and_else_told_what_is() {
    let kit = kit().await;
    let mut files = crate::kit::base_files();
    let load = |files: &Value, dry: bool| {
        let body = json!({ "id": "base", "files": files, "dry_run": dry });
        kit.post("/packs", body).by("system-admin")
    };
    load(&files, true).send().await.is(200);
    let known = kit.get("/packs").by("desk").send().await.is(200).body;
    let loaded = load(&files, false).send().await.is(201).body;
    assert_eq!((&loaded["hash"], &loaded["current"]), (&known[0]["hash"], &json!(true)));
    let appeal = files["base/procedures/appeal.toml"].as_str().unwrap();
    files["base/procedures/appeal.toml"] =
        json!(appeal.replace("to = \"handling\"", "to = \"flying\""));
    let wrong = load(&files, false).send().await.is(422);
    assert!(wrong.fields().len() > 1, "every problem");
    assert!(wrong.fields().iter().all(|it| it.contains("appeal.toml:")), "{:?}", wrong.fields());
    load(&json!({}), false).send().await.is(422);
    let body = json!({ "id": "base", "files": {} });
    kit.post("/packs", body).by("security-admin").send().await.refused(403, "forbidden");
    let case = json!({ "procedure": "appeal", "title": "路灯", "body": "坏了", "place": GRID });
    kit.post("/cases", case).by("lin").send().await.is(201);
}
