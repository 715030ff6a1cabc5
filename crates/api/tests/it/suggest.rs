//! What is suggested for a case, and why.

use crate::kit::{COUNTY, Kit, for_each_engine, kit, street_light};
use serde_json::{Value, json};

async fn suggested(kit: &Kit, case: &Value, language: &str) -> Value {
    let path = format!("/cases/{}/suggestions", case["id"].as_str().unwrap());
    let ask = kit.get(&path).by("desk").header("accept-language", language);
    ask.send().await.is(200).body
}

async fn new_unit(kit: &Kit, code: &str) -> String {
    let unit = json!([{ "code": code, "name": "自来水公司", "kind": "company", "place": COUNTY }]);
    kit.post("/orgs", unit).by("system-admin").send().await.is(201);
    let found = kit.get(&format!("/orgs?q={code}")).by("desk").send().await.is(200).body;
    found[0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_unit_of_the_rule_is_suggested_with_the_rule_in_the_readers_language() {
    for_each_engine(async |kit| {
        let case = kit.case().await;
        for (language, reason) in
            [("zh", "事项“路灯不亮”派单规则第1条"), ("en", "rule 1 of the matter “Street lights”")]
        {
            let found = suggested(&kit, &case, language).await;
            assert_eq!(found["units"][0]["code"], "urban_management");
            assert_eq!(found["units"][0]["reasons"], json!([reason]));
            assert_eq!(found["units"][0]["returned"], 0);
            assert_eq!(found["matters"], json!([]), "its words speak of its own matter");
        }
        let path = format!("/cases/{}/suggestions", case["id"].as_str().unwrap());
        kit.get(&path).by("lin").send().await.refused(403, "forbidden");
        kit.get(&path).by("clerk").send().await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_case_and_its_forms_are_read_in_the_packs_words_of_the_readers_language() {
    for_each_engine(async |kit| {
        let case = kit.case().await;
        let path = format!("/cases/{}", case["id"].as_str().unwrap());
        let read = async |path: String, language| {
            let ask = kit.get(&path).by("desk").header("accept-language", language);
            ask.send().await.is(200).body
        };
        for (language, words, asked) in [
            ("zh", ["群众诉求", "路灯不亮", "待派单"], ("派单", "承办单位")),
            ("en", ["Request", "Street lights", "To be dispatched"], ("Dispatch", "Handling unit")),
        ] {
            let seen = read(path.clone(), language).await;
            let titles = ["procedure_title", "matter_title", "state_title"].map(|it| &seen[it]);
            assert_eq!(titles, words.map(|it| json!(it)).each_ref());
            assert_eq!(seen["state"], case["state"]);
            let actions = read(format!("{path}/actions"), language).await;
            let dispatch = actions.as_array().unwrap().iter().find(|it| it["id"] == "dispatch");
            let dispatch = dispatch.unwrap();
            assert_eq!(dispatch["title"], asked.0);
            let asks = dispatch["asks"].as_array().unwrap();
            assert!(asks.iter().any(|it| it["title"] == asked.1), "{asks:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_handled_most_is_told_and_whoever_returned_the_case_comes_last() {
    for_each_engine(async |kit| {
        let case = kit.case().await;
        let own = json!({ "unit": kit.unit("urban_management").await });
        let case = kit.act("desk", &case, "dispatch", own).await.is(200).body;
        let note = json!({ "note": "灯杆属供水管理站" });
        let case = kit.act("clerk", &case, "return", note).await.is(200).body;
        let water = json!({ "unit": new_unit(&kit, "water").await });
        for _ in 0..3 {
            let other = kit.case().await;
            kit.act("desk", &other, "dispatch", water.clone()).await.is(200);
        }
        let units = suggested(&kit, &case, "zh").await["units"].clone();
        let codes: Vec<_> = units.as_array().unwrap().iter().map(|it| &it["code"]).collect();
        assert_eq!(codes, ["water", "urban_management"]);
        assert_eq!(units[0]["reasons"], json!(["近12个月在第一网格办理同一事项3件"]));
        assert_eq!((&units[0]["returned"], &units[1]["returned"]), (&json!(0), &json!(1)));
        let reasons = units[1]["reasons"].as_array().unwrap();
        assert_eq!(reasons.last().unwrap(), "曾退单:灯杆属供水管理站");
    })
    .await;
}

#[tokio::test]
async fn a_matter_is_suggested_by_the_words_of_the_request() {
    let kit = kit().await;
    let mut unknown = street_light();
    unknown.as_object_mut().unwrap().remove("matter");
    let unknown = kit.post("/cases", unknown).by("lin").send().await.is(201).body;
    let found = suggested(&kit, &unknown, "zh").await;
    let first = &found["matters"][0];
    assert_eq!((&first["matter"], &first["title"]), (&json!("street_lights"), &json!("路灯不亮")));
    assert_eq!(first["reason"], "诉求中提到“路灯”“不亮”");
    assert_eq!(found["units"], json!([]));
    let mut wrong = street_light();
    wrong["matter"] = json!("pothole");
    let wrong = kit.post("/cases", wrong).by("lin").send().await.is(201).body;
    let found = suggested(&kit, &wrong, "en").await;
    assert_eq!(found["matters"][0]["title"], "Street lights");
}
