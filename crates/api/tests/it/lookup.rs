//! Looking up by words, and what a page asks first: which county this is, and what one may do.

use crate::kit::{COUNTY, Kit, Plan, kit, planned};
use rowdb::testing;
use serde_json::{Value, json};

async fn found(kit: &Kit, who: &str, path: &str, field: &str) -> Vec<String> {
    let query: Vec<&str> = path.splitn(2, '?').collect();
    let (path, pairs) = (query[0], query[1].split('&').filter_map(|it| it.split_once('=')));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let answer = kit.get(&format!("{path}?{query}")).by(who).send().await.is(200).body;
    let items = answer.as_array().unwrap().iter();
    items.map(|it| it[field].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn organisations_posts_and_places_are_found_by_words() {
    let kit = kit().await;
    for (path, wanted) in [
        ("/orgs?q=城市", &["urban_management"][..]),
        ("/orgs?q=URBAN&kind=department&place=990100", &["urban_management"]),
        ("/orgs?q=教育", &[]),
        ("/orgs?kind=school", &[]),
    ] {
        assert_eq!(found(&kit, "dispatcher", path, "code").await, wanted, "{path}");
    }
    for (path, wanted) in [
        ("/posts?q=城市管理 承办", &["clerk"][..]),
        ("/posts?q=第一网格", &["grid_worker"]),
        ("/posts?q=近邻县&role=desk", &["desk"]),
        ("/posts?q=近邻县&limit=1", &["audit_admin"]),
    ] {
        assert_eq!(found(&kit, "dispatcher", path, "role").await, wanted, "{path}");
    }
    for (path, wanted) in [
        ("/places?q=桥头", &["990100001", "990100001001"][..]),
        ("/places?q=桥头&limit=1", &["990100001"]),
        ("/places?q=网格&parent=990100001001", &["990100001001001", "990100001001002"]),
        ("/places?q=1001002", &["990100001001002"]),
        ("/places?q=网格&parent=990100001001001", &["990100001001001"]),
    ] {
        assert_eq!(found(&kit, "lin", path, "code").await, wanted, "{path}");
    }
    kit.get("/orgs").by("lin").send().await.refused(403, "forbidden");
}

#[tokio::test]
async fn everybody_is_told_which_county_this_is() {
    let kit = kit().await;
    let county = kit.get("/county").send().await.is(200).body;
    assert_eq!((&county["name"], &county["code"]), (&json!("近邻县"), &json!(COUNTY)));
    assert_eq!((&county["pack"]["id"], &county["demo"]), (&json!("base"), &json!(true)));
    assert_eq!(county["log"], "test.jinlin.example/990100");
}

fn may(me: &Value) -> Vec<&str> {
    me["may"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect()
}

#[tokio::test]
async fn one_is_told_what_one_may_and_must_do() {
    let demo = kit().await;
    let desk = demo.get("/me").by("desk").send().await.is(200).body;
    assert!(may(&desk).contains(&"act_on_case") && !may(&desk).contains(&"list_entries"));
    assert_eq!((&desk["must"], &desk["now"]), (&json!([]), &json!(demo.county.now())));
    let kit = planned(Plan { demo: false, ..Plan::default() }, testing::sqlite()).await;
    let admin = kit.get("/me").by("audit-admin").send().await.is(200).body;
    assert_eq!(admin["must"], json!(["change_password", "set_totp"]));
    assert_eq!(may(&admin), ["log_out", "show_me", "change_password"], "first things first");
}
