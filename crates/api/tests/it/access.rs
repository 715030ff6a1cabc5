//! Who is asking: tokens, cookies, posts, codes.

use crate::kit::{Kit, PASSWORD, PHONE, Plan, kit, planned};
use app::access::NewAccount;
use jiff::SignedDuration;
use model::access::Actor;
use rowdb::testing;
use serde_json::json;

async fn account(kit: &Kit, name: &str, must_change: bool) {
    let person = kit.seat(name).1;
    let (name, password) = (name.to_owned(), PASSWORD.to_owned());
    let request = NewAccount { person, name, password, must_change };
    kit.county.open_account(Actor::system("init"), None, request).await.unwrap();
}

#[tokio::test]
async fn a_log_in_says_who_one_is_and_a_log_out_ends_it() {
    let kit = kit().await;
    let me = kit.get("/me").by("clerk").send().await.is(200).body;
    assert_eq!(me["name"], "某clerk");
    assert_eq!(me["posts"][0]["role"], "clerk");
    assert_eq!(me["acting"], me["posts"][0]["post"]);
    let gone = kit.ask("DELETE", "/sessions/current").by("clerk").send().await.is(204);
    assert!(gone.header("set-cookie").contains("Max-Age=0"));
    kit.get("/me").by("clerk").send().await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn wrong_names_passwords_and_codes_get_one_answer() {
    let kit = kit().await;
    account(&kit, "clerk", false).await;
    for (account, password) in [("clerk", "wrong"), ("nobody", PASSWORD), ("", "")] {
        let body = json!({ "account": account, "password": password });
        let answer = kit.post("/sessions", body).send().await;
        let answer = answer.refused(401, "wrong_credentials");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let body = json!({ "phone": PHONE, "code": "123456" });
    kit.post("/resident-sessions", body).send().await.refused(401, "wrong_code");
}

#[tokio::test]
async fn guesses_are_told_how_long_to_wait() {
    let kit = kit().await;
    account(&kit, "clerk", false).await;
    let body = json!({ "account": "clerk", "password": "wrong" });
    for _ in 0..5 {
        kit.post("/sessions", body.clone()).send().await.refused(401, "wrong_credentials");
    }
    let answer = kit.post("/sessions", body).send().await.refused(429, "too_many");
    assert_eq!(answer.header("retry-after"), answer.body["retry_after"].to_string());
}

#[tokio::test]
async fn a_browser_keeps_its_token_where_no_script_reads_it() {
    let kit = kit().await;
    account(&kit, "clerk", false).await;
    let body = json!({ "account": "clerk", "password": PASSWORD, "cookie": true });
    let foreign = kit.post("/sessions", body.clone()).header("origin", "https://evil.test");
    foreign.send().await.refused(403, "origin");
    let ours = kit.post("/sessions", body).header("origin", "http://county.test").send().await;
    let ours = ours.is(201);
    assert!(ours.body.get("token").is_none());
    let cookie = ours.header("set-cookie");
    assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    kit.get("/me").header("cookie", pair).send().await.is(200);
    let absence =
        json!({ "person": kit.seat("clerk").1.0, "from": "2026-03-09", "until": "2026-03-10" });
    let write = |origin: Option<&str>| {
        let ask = kit.post("/absences", absence.clone()).header("cookie", pair);
        origin.into_iter().fold(ask, |ask, origin| ask.header("origin", origin))
    };
    write(None).send().await.refused(403, "origin");
    write(Some("http://other.test")).send().await.refused(403, "origin");
    write(Some("http://county.test")).send().await.is(204);
}

#[tokio::test]
async fn one_acts_only_in_a_post_one_holds() {
    let kit = kit().await;
    let (clerk, other) = (kit.seat("clerk").0, kit.seat("head").0);
    let by = |post: String| kit.get("/me").by("clerk").header("jinlin-post", &post);
    assert_eq!(by(clerk.to_string()).send().await.is(200).body["acting"], clerk.to_string());
    by(other.to_string()).send().await.refused(403, "post_not_held");
    let wrong = by("desk".to_owned()).send().await.refused(422, "invalid");
    assert_eq!(wrong.fields(), ["jinlin-post:wrong_form"]);
    let path = format!("/me?as={other}");
    kit.get(&path).by("clerk").send().await.refused(403, "post_not_held");
}

#[tokio::test]
async fn a_password_given_by_others_is_changed_before_anything_else() {
    let kit = planned(Plan { demo: false, ..Plan::default() }, testing::sqlite()).await;
    account(&kit, "clerk", true).await;
    let body = json!({ "account": "clerk", "password": PASSWORD });
    let session = kit.post("/sessions", body).send().await.is(201).body;
    assert_eq!(session["must"], json!(["change_password"]));
    let token = format!("Bearer {}", session["token"].as_str().unwrap());
    let refused = kit.get("/cases").header("authorization", &token).send().await;
    refused.refused(403, "change_password");
    let change = |new: &str| {
        let body = json!({ "present": PASSWORD, "new": new });
        kit.post("/me/password", body).header("authorization", &token)
    };
    change("short").send().await.is(422);
    change("Another-River-83-stone").send().await.is(204);
    kit.get("/cases").header("authorization", &token).send().await.is(200);
}

#[tokio::test]
async fn a_resident_asks_for_a_code_and_logs_in_with_it() {
    let kit = kit().await;
    let sent = kit.post("/residents/codes", json!({ "phone": PHONE })).send().await.is(202).body;
    assert_eq!(sent, json!({ "resend_after": 60, "expires_in": 300 }));
    let wrong = kit.post("/residents/codes", json!({ "phone": "123" })).send().await;
    assert_eq!(wrong.refused(422, "invalid").fields(), ["phone:wrong_form"]);
    let me = kit.get("/me").by("lin").send().await.is(200).body;
    assert_eq!((&me["phone"], &me["posts"]), (&json!("190****0001"), &json!([])));
}

#[tokio::test]
async fn without_a_messenger_no_code_is_promised() {
    let kit = planned(Plan { demo: false, ..Plan::default() }, testing::sqlite()).await;
    let ask = kit.post("/residents/codes", json!({ "phone": PHONE }));
    ask.send().await.refused(503, "no_messenger");
}

#[tokio::test]
async fn a_session_in_use_lasts_and_one_left_alone_ends() {
    let kit = kit().await;
    for _ in 0..3 {
        kit.get("/me").by("clerk").send().await.is(200);
        kit.clock.forward(SignedDuration::from_mins(20));
    }
    kit.get("/me").by("clerk").send().await.is(200);
    kit.clock.forward(SignedDuration::from_mins(31));
    kit.get("/me").by("clerk").send().await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn accounts_are_opened_reset_and_closed_by_the_security_administrator() {
    let kit = kit().await;
    let body = json!({ "person": kit.seat("clerk").1.0, "name": "clerk", "password": PASSWORD });
    let open =
        || kit.post("/accounts", body.clone()).by("security-admin").header("idempotency-key", "a");
    let made = open().send().await.is(201).body;
    assert_eq!(open().send().await.is(201).body, made, "the same request, the same answer");
    let id = made["account"].as_str().unwrap();
    let reset = json!({ "password": "Third-Forest-15-cloud" });
    let path = format!("/accounts/{id}/reset");
    kit.post(&path, reset).by("security-admin").send().await.is(204);
    let old = json!({ "account": "clerk", "password": PASSWORD });
    kit.post("/sessions", old).send().await.refused(401, "wrong_credentials");
    let path = format!("/accounts/{id}");
    kit.ask("DELETE", &path).by("security-admin").send().await.is(204);
    let new = json!({ "account": "clerk", "password": "Third-Forest-15-cloud" });
    kit.post("/sessions", new).send().await.refused(401, "wrong_credentials");
}
