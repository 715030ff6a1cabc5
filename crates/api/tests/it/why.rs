//! Why a case went where it went.

use crate::kit::{Kit, for_each_engine};
use serde_json::{Value, json};

async fn why(kit: &Kit, case: &Value, who: &str, language: &str) -> Value {
    let path = format!("/cases/{}/why", case["id"].as_str().unwrap());
    kit.get(&path).by(who).header("accept-language", language).send().await.is(200).body
}

#[tokio::test]
async fn a_dispatch_is_told_with_the_line_that_named_the_unit_and_is_computed_again() {
    for_each_engine(async |kit| {
        let case = kit.handled().await;
        let told = why(&kit, &case, "desk", "zh").await;
        let changes = told.as_array().unwrap();
        assert!(changes.iter().all(|it| it["recomputed"] == "same"), "{told:#}");
        let actions: Vec<_> = changes.iter().map(|it| it["action"].as_str().unwrap()).collect();
        assert_eq!(actions[..2], ["open", "dispatch"]);
        let (opened, sent) = (&changes[0], &changes[1]);
        assert_eq!(opened["rule"]["who"], "desk@county");
        assert_eq!((&sent["by"], &sent["action_title"]), (&json!("近邻县值班"), &json!("派单")));
        let rule = &sent["rule"];
        assert_eq!(rule["words"], "承办单位的承办");
        assert_eq!(rule["route"]["title"], "路灯不亮");
        assert_eq!(rule["route"]["lines"][0]["words"], "第1条");
        assert_eq!(rule["route"]["unit"]["code"], "urban_management");
        assert_eq!(
            (&rule["route"]["taken"], &rule["route"]["lines"][0]["matched"]),
            (&json!(true), &json!(true))
        );
        let tried = &rule["looks"][0]["posts"][0];
        assert_eq!((&tried["fit"], &tried["chosen"]), (&json!("fit"), &json!(true)));
        assert_eq!(tried["title"], sent["owner"]["title"]);
        assert_eq!(sent["today"], sent["owner"]);
        let english = why(&kit, &case, "desk", "en").await;
        assert_eq!(english[1]["rule"]["words"], "Handling clerk of “Handling unit”");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_away_is_told_and_today_may_be_another() {
    for_each_engine(async |kit| {
        let case = kit.case().await;
        let clerk = kit.seat("clerk").1.0;
        let away = json!({ "person": clerk, "from": "2026-03-02", "until": "2026-03-04" });
        kit.post("/absences", away).by("system-admin").send().await.is(204);
        let unit = json!({ "unit": kit.unit("urban_management").await });
        let sent = kit.act("desk", &case, "dispatch", unit).await.is(200).body;
        let told = why(&kit, &sent, "desk", "zh").await;
        let change = told.as_array().unwrap().iter().find(|it| it["action"] == "dispatch").unwrap();
        let looks = change["rule"]["looks"].as_array().unwrap();
        assert_eq!(looks[0]["posts"][0]["fit"], "away");
        assert_eq!(looks[0]["posts"][0]["words"], "任职人员均不在岗");
        assert_eq!(looks.last().unwrap()["resort"], true);
        assert_eq!(
            (&change["owner"]["title"], &change["recomputed"]),
            (&json!("近邻县值班"), &json!("same"))
        );
        kit.wait(jiff::SignedDuration::from_hours(72));
        app::cases::renew_all(&kit.county).await.unwrap();
        let told = why(&kit, &sent, "desk", "zh").await;
        let last = told.as_array().unwrap().last().unwrap();
        assert_eq!((&last["action"], &last["by"]), (&json!("renew"), &json!("system")));
        assert_eq!(last["rule"]["looks"][0]["posts"][0]["chosen"], true);
        let change = told.as_array().unwrap().iter().find(|it| it["action"] == "dispatch").unwrap();
        assert_eq!(change["recomputed"], "same", "what was kept does not change with the posts");
        assert_eq!(change["today"], last["owner"]);
    })
    .await;
}

#[tokio::test]
async fn a_unit_chosen_against_the_rule_is_told_so_and_the_asker_reads_no_absences() {
    for_each_engine(async |kit| {
        let water = json!([{ "code": "water", "name": "自来水公司", "kind": "company", "place": "990100" }]);
        kit.post("/orgs", water).by("system-admin").send().await.is(201);
        let case = kit.case().await;
        let unit = json!({ "unit": kit.unit("water").await });
        let sent = kit.act("desk", &case, "dispatch", unit).await.is(200).body;
        let told = why(&kit, &sent, "desk", "zh").await;
        let rule = &told[1]["rule"];
        assert_eq!((&rule["route"]["taken"], &rule["route"]["unit"]["code"]), (&json!(false), &json!("urban_management")));
        let asker = why(&kit, &sent, "lin", "zh").await;
        assert_eq!(asker[1]["rule"]["looks"], json!([]));
        assert_eq!(asker[1]["rule"]["words"], "承办单位的承办");
        let path = format!("/cases/{}/why", sent["id"].as_str().unwrap());
        kit.get(&path).by("worker").send().await.is(200);
        kit.get(&path).by("chen").send().await.refused(404, "not_found");
        kit.get(&path).by("system-admin").send().await.refused(403, "forbidden");
    })
    .await;
}
