//! Logging in by WeChat, and changing one's number.

use crate::client::Answer;
use crate::kit::{Kit, PHONE, Plan, kit, planned};
use api::{Channels, Limits};
use app::BoxFuture;
use app::access::{Mobile, NotTold, WeChat};
use rowdb::testing;
use serde_json::{Value, json};
use std::sync::Arc;

/// Tells the code itself, but some.
struct Echo;

impl Echo {
    fn told(code: &str) -> Result<String, NotTold> {
        match code {
            "used" => Err(NotTold::Code),
            "often" => Err(NotTold::TooOften),
            "risky" => Err(NotTold::Risky),
            "busy" => Err(NotTold::Later("secret words".to_owned())),
            "unlet" => Err(NotTold::Unlet("secret words".to_owned())),
            code => Ok(code.to_owned()),
        }
    }
}

impl WeChat for Echo {
    fn open_id<'a>(&'a self, code: &'a str) -> BoxFuture<'a, Result<String, NotTold>> {
        Box::pin(async move { Self::told(code) })
    }

    fn phone<'a>(&'a self, code: &'a str) -> BoxFuture<'a, Result<Mobile, NotTold>> {
        let told = Self::told(code);
        Box::pin(async move { Ok(Mobile { country: "86".to_owned(), number: told? }) })
    }
}

async fn with_wechat(limits: Limits) -> Kit {
    let channels = Channels { wechat: Some(Arc::new(Echo)), ..Channels::default() };
    planned(Plan { limits, channels, ..Plan::default() }, testing::sqlite()).await
}

async fn log_in(kit: &Kit, code: &str) -> Answer {
    kit.post("/resident-sessions/wechat", json!({ "code": code })).send().await
}

async fn lend(kit: &Kit, ticket: &Value, code: &str) -> Answer {
    let body = json!({ "ticket": ticket, "code": code });
    kit.post("/resident-sessions/wechat/phone", body).send().await
}

async fn me(kit: &Kit, session: &Value) -> Value {
    let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
    kit.get("/me").header("authorization", &bearer).send().await.is(200).body
}

#[tokio::test]
async fn a_number_is_lent_with_the_ticket_and_wechat_is_enough_afterwards() {
    let kit = with_wechat(Limits::demo()).await;
    assert_eq!(kit.get("/county").send().await.is(200).body["wechat"], true);
    let needed = log_in(&kit, "lin").await.refused(409, "wechat_phone_needed").body;
    let session = lend(&kit, &needed["ticket"], PHONE).await.is(201).body;
    let keys: Vec<_> = session.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["expires_at", "must", "token"]);
    let own = kit.get("/me").by("lin").send().await.is(200).body;
    let mine = me(&kit, &session).await;
    assert_eq!((&mine["person"], &mine["wechat"]), (&own["person"], &json!(true)));
    let again = log_in(&kit, "lin").await.is(201).body;
    assert_eq!(me(&kit, &again).await["person"], own["person"]);
    lend(&kit, &needed["ticket"], PHONE).await.refused(401, "wechat_ticket");

    kit.ask("DELETE", "/me/wechat").by("lin").send().await.is(204);
    kit.ask("DELETE", "/me/wechat").by("lin").send().await.is(204);
    assert_eq!(me(&kit, &again).await["wechat"], false);
    log_in(&kit, "lin").await.refused(409, "wechat_phone_needed");
}

#[tokio::test]
async fn every_refusal_of_wechat_is_a_problem_of_its_own() {
    let kit = with_wechat(Limits::demo()).await;
    let needed = log_in(&kit, "lin").await.refused(409, "wechat_phone_needed").body;
    for (code, status, problem) in [
        ("used", 401, "wechat_code"),
        ("often", 429, "too_many"),
        ("risky", 403, "wechat_risky"),
        ("busy", 503, "wechat_busy"),
        ("unlet", 503, "wechat_unavailable"),
    ] {
        let refused = [log_in(&kit, code).await, lend(&kit, &needed["ticket"], code).await];
        for refused in refused {
            let said = refused.refused(status, problem).body;
            assert!(!said.to_string().contains("secret words") && said["ticket"].is_null());
        }
    }
}

#[tokio::test]
async fn log_ins_by_wechat_are_limited_like_others_and_need_no_wechat_to_be_refused() {
    let limits = Limits { log_ins: 2.try_into().unwrap(), ..Limits::demo() };
    let kit = with_wechat(limits).await;
    log_in(&kit, "lin").await.is(409);
    lend(&kit, &json!("x"), PHONE).await.refused(401, "wechat_ticket");
    log_in(&kit, "chen").await.refused(429, "too_many");
    let kit = self::kit().await;
    assert_eq!(kit.get("/county").send().await.is(200).body["wechat"], false);
    log_in(&kit, "lin").await.refused(409, "no_wechat");
    lend(&kit, &json!("x"), PHONE).await.refused(409, "no_wechat");
}

#[tokio::test]
async fn a_number_is_changed_and_leads_to_the_same_cases() {
    let kit = self::kit().await;
    let case = kit.case().await;
    let own = kit.get("/me").by("lin").send().await.is(200).body;
    let ask = json!({ "phone": "19000010009", "to": "new_phone" });
    kit.post("/residents/codes", ask).send().await.is(202);
    let change = |phone: &str, code: &str| {
        kit.post("/me/phone", json!({ "phone": phone, "code": code })).by("lin").send()
    };
    change("19000010009", "123456").await.refused(401, "wrong_code");
    assert_eq!(change(PHONE, "000000").await.refused(422, "invalid").fields(), ["phone:same"]);
    kit.token("chen").await;
    change("19000010002", "000000").await.refused(409, "phone_taken");
    change("19000010009", "000000").await.is(204);
    let log_in = |phone: &str| {
        kit.post("/resident-sessions", json!({ "phone": phone, "code": "000000" })).send()
    };
    let session = log_in("19000010009").await.is(201).body;
    let mine = me(&kit, &session).await;
    assert_eq!((&mine["person"], &mine["phone"]), (&own["person"], &json!("190****0009")));
    let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
    let cases = kit.get("/cases").header("authorization", &bearer).send().await.is(200).body;
    assert_eq!(cases["items"][0]["id"], case["id"]);
    let other = log_in(PHONE).await.is(201).body;
    assert_ne!(me(&kit, &other).await["person"], own["person"]);
    let callers = kit.get("/cases/by-contact?phone=19000010009").by("desk").send().await;
    assert!(callers.is(200).body.to_string().contains(case["id"].as_str().unwrap()));
}
