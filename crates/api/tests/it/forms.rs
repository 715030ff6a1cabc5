//! What a form asks and what a case holds, in words.

use crate::kit::{Kit, for_each_engine, kit};
use serde_json::{Value, json};

/// An action that somebody may take with a case.
async fn action(kit: &Kit, who: &str, case: &Value, id: &str) -> Value {
    let path = format!("/cases/{}/actions", case["id"].as_str().unwrap());
    let actions = kit.get(&path).by(who).send().await.is(200).body;
    actions.as_array().unwrap().iter().find(|it| it["id"] == id).unwrap().clone()
}

fn ask<'a>(action: &'a Value, field: &str) -> &'a Value {
    action["asks"].as_array().unwrap().iter().find(|it| it["field"] == field).unwrap()
}

#[tokio::test]
async fn a_case_names_what_its_fields_point_at() {
    for_each_engine(async |kit| {
        let case = kit.handled().await;
        let facts = case["facts"].as_array().unwrap();
        let unit = facts.iter().find(|it| it["field"] == "unit").unwrap();
        assert_eq!((&unit["text"], &unit["kind"]), (&json!("城市管理局"), &json!("org")));
        assert_eq!(unit["value"], kit.unit("urban_management").await);
        let place = facts.iter().find(|it| it["field"] == "place").unwrap();
        assert_eq!(place["text"], "第一网格");
        let path = format!("/cases/{}", case["id"].as_str().unwrap());
        let own = kit.get(&path).by("lin").send().await.is(200).body;
        let told = own["facts"].as_array().unwrap().len();
        assert_eq!(told, own["fields"].as_object().unwrap().len(), "no more than the fields");
    })
    .await;
}

#[tokio::test]
async fn a_form_says_what_it_takes_and_who_will_read_it() {
    let kit = kit().await;
    let case = kit.case().await;
    let classify = action(&kit, "desk", &case, "classify").await;
    assert_eq!(ask(&classify, "matter")["choices"]["street_lights"], "路灯不亮");
    let dispatch = action(&kit, "desk", &case, "dispatch").await;
    assert_eq!((&dispatch["to_title"], &dispatch["ends"]), (&json!("待签收"), &json!(false)));
    let unit = ask(&dispatch, "unit");
    let known = unit["filled"].is_string();
    assert_eq!(known, unit["filled_text"].as_str().is_some_and(|it| !it.is_empty()), "{unit}");
    assert_eq!(ask(&dispatch, "unit")["audience"], "public");
    let merge = action(&kit, "desk", &case, "merge").await;
    assert_eq!(merge["ends"], true);
    let case = kit.handled().await;
    let back = action(&kit, "clerk", &case, "return").await;
    assert_eq!(ask(&back, "note")["audience"], "house");
    let extend = action(&kit, "clerk", &case, "extend").await;
    let days = ask(&extend, "days");
    assert!(days["min"].is_string() && days["max"].is_string(), "{days}");
    let shelve = action(&kit, "clerk", &case, "shelve").await;
    assert_eq!(ask(&shelve, "reason")["audience"], "asker");
    let review = ask(&shelve, "review_on");
    assert_eq!(review["min"].is_string(), review["max"].is_string());
}

#[tokio::test]
async fn a_post_is_told_what_it_may_do_state_by_state() {
    let kit = kit().await;
    let steps = kit.get("/steps").by("worker").send().await.is(200).body;
    let of = |procedure: &str, action: &str| {
        let all = steps.as_array().unwrap();
        let one = |it: &&Value| it["procedure"] == procedure && it["action"]["id"] == action;
        all.iter().find(one).cloned()
    };
    let open = of("finding", "open").unwrap();
    assert_eq!((&open["from"], &open["action"]["to"]), (&json!([]), &json!("found")));
    let settle = of("finding", "settle").unwrap();
    assert_eq!((&settle["from"], &settle["action"]["ends"]), (&json!(["found"]), &json!(true)));
    assert_eq!(ask(&settle["action"], "words")["kind"], "text");
    assert_eq!(of("finding", "hand_up").unwrap()["from"], json!(["found"]));
    assert!(of("finding", "arrive").is_none(), "the street arrives");
    assert!(of("appeal", "dispatch").is_none(), "the desk dispatches");
    // What the owner may do anywhere, he may do only where his role owns.
    assert_eq!(of("appeal", "found").unwrap()["from"], json!(["verifying"]));
    let resident = kit.get("/steps").by("lin").send().await.is(200).body;
    assert_eq!(resident, json!([]), "who holds no post does nothing later");
}
