//! The loop over HTTP: opened, listed, acted on, joined, looked at, proven; repeated and stale
//! requests.

use crate::kit::{COMMUNITY, GRID, PHONE, for_each_engine, kit, street_light};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn path(case: &Value, more: &str) -> String {
    format!("/cases/{}{more}", case["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_request_is_opened_with_owner_clock_and_promise() {
    for_each_engine(async |kit| {
        let case = kit.case().await;
        assert_eq!((&case["state"], &case["place"]), (&json!("received"), &json!(GRID)));
        assert_eq!(case["owner"]["role"], "desk");
        assert_eq!(case["owner"]["post"], kit.seat("desk").0.to_string());
        assert_eq!(case["clock"]["running"], true);
        assert!(case["clock"]["promise_at"].is_string());
        assert_eq!((&case["revision"], &case["asker"]), (&json!(1), &json!("named")));
        assert!(case["number"].as_str().unwrap().starts_with("20260302"));
        assert!(case.get("claim_code").is_none(), "{case:#}");
        let seen = kit.get(&path(&case, "")).by("lin").send().await.is(200);
        assert_eq!(seen.header("etag"), "\"1\"");
        assert_eq!(seen.body["title"], "路灯不亮");
    })
    .await;
}

#[tokio::test]
async fn the_whole_loop_runs_over_http() {
    for_each_engine(async |kit| {
        let case = kit.case().await;
        let unit = json!({ "unit": kit.unit("urban_management").await });
        let case = kit.act("desk", &case, "dispatch", unit).await.is(200).body;
        assert_eq!(
            (&case["state"], &case["owner"]["role"]),
            (&json!("dispatched"), &json!("clerk"))
        );
        let case = kit.act("clerk", &case, "sign", json!({})).await.is(200).body;
        let words = json!({ "words": "已更换灯泡" });
        let case = kit.act("clerk", &case, "answer", words).await.is(200).body;
        let case = kit.act("head", &case, "approve", json!({})).await.is(200).body;
        let solved = kit.act("lin", &case, "satisfied", json!({ "stars": 5 })).await.is(200).body;
        assert_eq!((&solved["state"], &solved["end"]), (&json!("solved"), &json!("solved")));
        assert_eq!(solved["owner"], Value::Null);
        let told = kit.get(&path(&solved, "/history")).by("lin").send().await.is(200).body;
        let actions: Vec<_> =
            told.as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["open", "dispatch", "sign", "answer", "approve", "satisfied"]);
        kit.seal().await;
        let rates = kit.get("/rates").by("desk").send().await.is(200).body;
        assert_eq!(rates["solved"]["numerator"], 1);
        assert_eq!(rates["solved"]["value"], 1.0);
        assert!(rates["solved"]["as_of"].is_string());
        let public = kit.get("/rates").send().await.is(200).body;
        assert_eq!(public["solved"]["numerator"], Value::Null, "one case is nobody's business");
    })
    .await;
}

#[tokio::test]
async fn what_may_be_done_is_told_with_its_form_and_what_is_refused_with_the_reason() {
    let kit = kit().await;
    let case = kit.case().await;
    let actions = kit.get(&path(&case, "/actions")).by("desk").send().await.is(200).body;
    let dispatch = actions.as_array().unwrap().iter().find(|it| it["id"] == "dispatch").unwrap();
    assert_eq!(dispatch["asks"][0]["field"], "unit");
    let wrong = kit.act("desk", &case, "dispatch", json!({ "unit": "nobody", "x": 1 })).await;
    let wrong = wrong.refused(422, "form");
    assert!(wrong.fields().iter().any(|it| it.starts_with("unit:")), "{:?}", wrong.fields());
    kit.act("clerk", &case, "sign", json!({})).await.refused(404, "not_found");
    kit.act("desk", &case, "sign", json!({})).await.is(409);
    kit.act("desk", &case, "fly", json!({})).await.refused(404, "unknown_action");
}

#[tokio::test]
async fn an_act_needs_the_revision_that_was_read() {
    let kit = kit().await;
    let case = kit.case().await;
    let act = || kit.post(&path(&case, "/actions/withdraw"), json!({})).by("lin");
    act().send().await.refused(428, "if_match");
    act().header("if-match", "latest").send().await.refused(400, "if_match");
    let stale = act().header("if-match", "\"7\"").send().await.refused(412, "stale");
    assert!(stale.body["detail"].as_str().unwrap().contains("版本 1"));
    act().header("if-match", "W/\"1\"").send().await.is(200);
}

#[tokio::test]
async fn a_repeated_request_is_done_once_and_another_under_its_key_is_refused() {
    for_each_engine(async |kit| {
        let open = |body: Value| {
            kit.post("/cases", body).by("lin").header("idempotency-key", "open-1").send()
        };
        let first = open(street_light()).await.is(201).body;
        assert_eq!(open(street_light()).await.is(201).body, first);
        let other =
            json!({ "procedure": "appeal", "title": "井盖", "body": "翘起", "place": GRID });
        open(other).await.refused(422, "key_reused");
        let act = |case: &Value| {
            let ask = kit.post(&path(case, "/actions/withdraw"), json!({})).by("lin");
            ask.header("idempotency-key", "act-1").header("if-match", "1").send()
        };
        let done = act(&first).await.is(200).body;
        // The key is asked before the revision, which is stale by now.
        assert_eq!(act(&first).await.is(200).body, done);
        let second = kit.case().await;
        act(&second).await.refused(422, "key_reused");
        let list = kit.get("/cases").by("lin").send().await.is(200).body;
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn one_key_in_the_hands_of_two_is_two_keys() {
    let kit = kit().await;
    let open =
        |who| kit.post("/cases", street_light()).by(who).header("idempotency-key", "k").send();
    let lin = open("lin").await.is(201).body;
    let chen = open("chen").await.is(201).body;
    assert_ne!(lin["id"], chen["id"]);
}

#[tokio::test]
async fn without_a_log_in_a_claim_code_is_the_way_back() {
    let kit = kit().await;
    let mut body = street_light();
    body["asker"] = json!("anonymous");
    let open = || kit.post("/cases", body.clone()).header("idempotency-key", "v").send();
    let case = open().await.is(201).body;
    let code = case["claim_code"].as_str().unwrap().to_owned();
    assert_eq!(open().await.is(201).body["claim_code"], code, "a lost answer is told again");
    assert_eq!(case["contact"], Value::Null);
    kit.get(&path(&case, "")).send().await.refused(401, "unauthenticated");
    let claimed = |code: &str| kit.get(&path(&case, "")).header("jinlin-claim", code).send();
    assert_eq!(claimed(&code).await.is(200).body["id"], case["id"]);
    assert!(claimed(&code.to_lowercase()).await.is(200).body.get("claim_code").is_none());
    claimed("AAAAAAAAAA").await.refused(401, "wrong_claim_code");
    let other = kit.case().await;
    let foreign = kit.get(&path(&other, "")).header("jinlin-claim", &code).send().await;
    foreign.refused(404, "not_found");
    let act = kit.post(&path(&case, "/actions/withdraw"), json!({})).header("if-match", "1");
    act.header("jinlin-claim", &code).send().await.is(200);
}

#[tokio::test]
async fn what_may_not_be_known_is_not_found() {
    let kit = kit().await;
    let case = kit.case().await;
    for more in ["", "/history", "/actions", "/receipt"] {
        kit.get(&path(&case, more)).by("chen").send().await.refused(404, "not_found");
        kit.get(&path(&case, more)).by("clerk").send().await.refused(404, "not_found");
    }
    let unknown = kit.get("/cases/00000000-0000-7000-8000-000000000000").by("lin").send().await;
    let known = kit.get(&path(&case, "")).by("chen").send().await;
    assert_eq!(unknown.body, known.body, "nothing tells the two apart");
}

#[tokio::test]
async fn a_list_is_paged_by_cursor_in_five_statements_at_most() {
    for_each_engine(async |kit| {
        for _ in 0..5 {
            kit.case().await;
            kit.clock.forward(SignedDuration::from_secs(1));
        }
        let page = |path: String| kit.get(&path).by("desk").send();
        let mut seen = Vec::new();
        let mut next = String::new();
        loop {
            let page = page(format!("/cases?place={COMMUNITY}&limit=2{next}")).await.is(200);
            assert!((1..=5).contains(&page.statements), "{}", page.statements);
            let items = page.body["items"].as_array().unwrap();
            seen.extend(items.iter().map(|it| it["number"].as_str().unwrap().to_owned()));
            match page.body["next"].as_str() {
                Some(after) => next = format!("&after={after}"),
                None => break,
            }
        }
        let mut sorted = seen.clone();
        sorted.sort_by(|a, b| b.cmp(a));
        sorted.dedup();
        assert_eq!((seen.len(), &seen), (5, &sorted));
        let filtered = page("/cases?state=received&procedure=appeal&owner=me".into()).await.is(200);
        assert_eq!(filtered.body["items"].as_array().unwrap().len(), 5);
        let none = page("/cases?matter=pothole".into()).await.is(200);
        assert_eq!(none.body, json!({ "items": [], "next": null }));
    })
    .await;
}

#[tokio::test]
async fn a_similar_case_is_found_and_joined_and_taken_out_again() {
    let kit = kit().await;
    let case = kit.case().await;
    kit.seal().await;
    let text = [("place", GRID), ("text", "路灯不亮,巷口的路灯坏了三天")];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(text).finish();
    let found = kit.get(&format!("/cases/similar?{query}")).send().await.is(200).body;
    assert_eq!((&found[0]["id"], &found[0]["matter"]), (&case["id"], &json!("路灯不亮")));
    assert_eq!(found[0].get("title"), None, "another person's words are not shown");
    let words = json!({ "body": "我家门口也是" });
    let join = || kit.post(&path(&case, "/join"), words.clone()).by("chen").send();
    let joined = join().await.is(201).body;
    assert_ne!(joined["number"], case["number"]);
    assert_eq!(joined["parent"], json!({ "case": case["id"], "link": "joined" }));
    join().await.refused(409, "already_joined");
    let alone = kit.ask("POST", &path(&joined, "/unjoin")).by("chen").send().await.is(200).body;
    assert_eq!(alone["parent"], Value::Null);
}

#[tokio::test]
async fn a_look_behind_the_mask_is_journalled_and_the_person_sees_it() {
    let kit = kit().await;
    let case = kit.case().await;
    let masked = kit.get(&path(&case, "")).by("desk").send().await.is(200).body;
    assert_eq!(masked["contact"], "190****0001");
    let look = json!({ "fields": ["contact"], "purpose": "回访核实" });
    let ask = || {
        kit.post(&path(&case, "/reveal"), look.clone()).by("desk").header("idempotency-key", "l")
    };
    assert_eq!(ask().send().await.is(200).body, json!({ "contact": PHONE }));
    ask().send().await.is(200);
    kit.seal().await;
    let mine = kit.get("/me/data").by("lin").send().await.is(200).body;
    let looks = mine["looks"].as_array().unwrap();
    assert_eq!(looks.len(), 2, "each look is an entry, also under one key");
    assert_eq!(looks[0]["purpose"], "回访核实");
}

#[tokio::test]
async fn a_sensitive_request_is_not_the_audit_administrators_to_see() {
    let kit = kit().await;
    let clue = json!({
        "procedure": "appeal", "matter": "misconduct", "title": "窗口人员吃拿卡要",
        "body": "办证时窗口人员暗示要请客", "place": GRID, "asker": "named",
    });
    let clue = kit.post("/cases", clue).by("lin").send().await.is(201).body;
    let ordinary = kit.case().await;
    let seen = |case: &Value| {
        let id = case["id"].as_str().unwrap();
        kit.get(&format!("/cases/{id}")).by("audit-admin").send()
    };
    seen(&ordinary).await.is(200);
    seen(&clue).await.refused(404, "not_found");
}
