//! The screen of a hall over HTTP, and the procedures in words.

use crate::kit::{GRID, for_each_engine, kit};
use jiff::SignedDuration;
use serde_json::{Value, json};

#[tokio::test]
async fn a_screen_shows_what_was_counted_and_what_is_open() {
    for_each_engine(async |kit| {
        kit.handled().await;
        let withdrawn = kit.case().await;
        kit.act("lin", &withdrawn, "withdraw", json!({})).await.is(200);
        let sensitive = json!({ "procedure": "appeal", "matter": "misconduct", "title": "举报",
            "body": "有人吃拿卡要", "place": GRID });
        kit.post("/cases", sensitive).send().await.is(201);
        kit.case().await;
        // The desk's hour passes; of 举报 it has four.
        kit.wait(SignedDuration::from_hours(2));
        kit.seal().await;
        let screen = kit.get("/screen?level=4").by("desk").send().await.is(200).body;
        assert_eq!(screen["place"]["code"], "990100");
        let today = json!({ "asked": 4, "opened": 4, "ended": 1, "late": 1, "open": 3 });
        assert_eq!(screen["today"], today);
        assert_eq!(screen["month"], json!({ "asked": 4, "opened": 4, "ended": 1 }));
        let rates = kit.get("/rates?from=2026-03-01&to=2026-03-02").by("desk").send().await.body;
        for (name, rate) in screen["rates"].as_object().unwrap() {
            assert_eq!(rate["denominator"], rates[name]["denominator"], "{name}");
        }
        let trend = screen["trend"].as_array().unwrap();
        assert_eq!((trend.len(), &trend[0]["day"]), (30, &json!("2026-02-01")));
        assert_eq!(trend[29], json!({ "day": "2026-03-02", "opened": 4, "ended": 1 }));
        let matters = json!([{ "matter": "street_lights", "title": "路灯不亮", "opened": 3 }]);
        assert_eq!(screen["matters"], matters);
        let cells = screen["cells"].as_array().unwrap();
        let grid = json!({ "code": GRID, "name": "第一网格", "open": 3, "late": 1, "month": 4 });
        assert_eq!((cells.len(), &cells[0]), (2, &grid));
        assert_eq!((&cells[1]["open"], &cells[1]["month"]), (&json!(0), &json!(0)));
        steps(&screen);
        let narrow = kit.get("/screen?place=990100001001002").by("desk").send().await.is(200).body;
        assert_eq!((&narrow["today"]["open"], &narrow["level"]), (&json!(0), &json!(4)));
        for (refused, status) in [("level=0", 422), ("level=9", 422), ("place=nowhere", 404)] {
            let answer = kit.get(&format!("/screen?{refused}")).by("desk").send().await;
            assert_eq!(answer.status, status, "{refused}");
        }
    })
    .await;
}

/// The newest first; of the sensitive case none, and nobody's words.
fn steps(screen: &Value) {
    let told: Vec<_> = screen["steps"].as_array().unwrap().iter().collect();
    let of = |it: &&Value| (it["action_title"].clone(), it["state_title"].clone());
    let told_of: Vec<_> = told.iter().map(of).collect();
    assert_eq!(told_of[0], (json!("提交"), json!("待派单")));
    assert_eq!(told_of[1], (json!("撤回"), json!("已撤回")));
    assert!(told_of.contains(&(json!("派单"), json!("待签收"))), "{told_of:?}");
    assert!(told.iter().all(|it| it["matter_title"] == "路灯不亮"), "{told:?}");
    assert!(told.iter().all(|it| it["place_name"] == "第一网格"));
    assert!(!screen.to_string().contains("巷口"));
}

#[tokio::test]
async fn procedures_are_told_in_the_titles_of_the_pack() {
    let kit = kit().await;
    let told = kit.get("/procedures").by("clerk").send().await.is(200).body;
    let appeal = told.as_array().unwrap().iter().find(|it| it["id"] == "appeal").unwrap();
    let find = |kind: &str, id: &str| {
        let all = appeal[kind].as_array().unwrap();
        all.iter().find(|it| it["id"] == id).unwrap_or_else(|| panic!("{id}")).clone()
    };
    let dispatched = json!({ "id": "dispatched", "title": "待签收", "stage": "办理",
        "owner": "承办单位的承办", "limit": "1 个工作日", "waits": false, "end": null });
    assert_eq!(find("states", "dispatched"), dispatched);
    assert_eq!(find("states", "handling")["limit"], "自“待签收”起 3 个工作日");
    assert_eq!(find("states", "waiting")["waits"], true);
    assert_eq!(find("states", "solved")["end"], "solved");
    let back = find("actions", "return");
    assert_eq!(back["by"], json!(["责任岗位"]));
    assert_eq!(back["bounds"], json!(["最多 2 次", "进入“待签收”后 2 个工作日内"]));
    let dispatch = find("actions", "dispatch");
    assert_eq!(dispatch["by"], json!(["责任岗位", "区县派单员"]));
    assert_eq!(dispatch["asks"], json!(["承办单位", "协办单位(选填)"]));
    assert_eq!(find("actions", "exclude")["approval"], "区县分管领导审批,3 个工作日内");
}
