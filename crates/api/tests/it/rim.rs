//! What every request passes: health, figures, languages, proxies, limits, time.

use crate::kit::{GRID, Plan, kit, planned};
use api::Limits;
use axum::body::Body;
use rowdb::testing;
use serde_json::json;
use std::num::NonZeroU32;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn the_program_says_that_it_lives_and_serves() {
    let kit = kit().await;
    assert_eq!(kit.get("//healthz").send().await.is(200).body["status"], "ok");
    assert_eq!(kit.get("//readyz").send().await.is(200).body["status"], "ok");
    let document = kit.get("//openapi.json").send().await.is(200).body;
    assert_eq!(document["info"]["title"], "Jinlin 近邻");
}

#[tokio::test]
async fn figures_are_for_this_machine_only() {
    let kit = kit().await;
    kit.get("/places").send().await.is(200);
    let figures = kit.get("//metrics").from("127.0.0.1").send().await.is(200).body;
    let figures = figures.as_str().unwrap();
    let line =
        "jinlin_http_requests_total{method=\"GET\",route=\"/api/v1/places\",status=\"200\"} 1";
    assert!(figures.contains(line), "{figures}");
    kit.get("//metrics").send().await.refused(404, "not_found");
    let proxied = kit.get("//metrics").from("127.0.0.1").header("x-forwarded-for", "127.0.0.1");
    proxied.send().await.refused(404, "not_found");
}

#[tokio::test]
async fn a_problem_is_told_in_the_readers_language() {
    let kit = kit().await;
    let chinese = kit.get("/me").send().await.refused(401, "unauthenticated");
    assert_eq!(
        (&chinese.body["title"], &chinese.body["detail"]),
        (&json!("请先登录"), &json!("请先登录"))
    );
    let english = kit.get("/me").header("accept-language", "en-GB,en;q=0.9").send().await;
    assert_eq!(english.refused(401, "unauthenticated").body["detail"], "log in first");
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let kit = kit().await;
    kit.get("/nothing").send().await.refused(404, "not_found");
    kit.get("//nothing").send().await.refused(404, "not_found");
    let method = kit.ask("PATCH", "/places").send().await.refused(405, "method");
    assert!(method.header("allow").contains("GET"));
}

#[tokio::test]
async fn answers_are_not_kept_by_those_between() {
    let kit = kit().await;
    assert_eq!(kit.get("/places").send().await.is(200).header("cache-control"), "no-store");
    assert_eq!(kit.get("/me").send().await.header("cache-control"), "no-store");
}

fn few(n: u32) -> Limits {
    let few = NonZeroU32::new(n).unwrap();
    Limits { anonymous: few, log_ins: few, ..Limits::default() }
}

#[tokio::test]
async fn writes_without_a_log_in_are_limited_by_address_and_reads_are_not() {
    let kit = planned(Plan { limits: few(3), ..Plan::default() }, testing::sqlite()).await;
    let case = json!({ "procedure": "appeal", "title": "井盖", "body": "翘起", "place": GRID });
    let open = |peer: &str| kit.post("/cases", case.clone()).from(peer).send();
    for _ in 0..3 {
        open("192.0.2.1").await.is(201);
    }
    let refused = open("192.0.2.1").await.refused(429, "too_many");
    assert_eq!(refused.header("retry-after"), refused.body["retry_after"].to_string());
    open("192.0.2.2").await.is(201);
    kit.get("/places").from("192.0.2.1").send().await.is(200);
    let claims = |code: &str| kit.get("/cases/x").from("192.0.2.1").header("jinlin-claim", code);
    claims("AAAAAAAAAA").send().await.refused(429, "too_many");
}

#[tokio::test]
async fn an_account_is_limited_wherever_its_log_ins_come_from() {
    let kit = planned(Plan { limits: few(2), ..Plan::default() }, testing::sqlite()).await;
    let body = json!({ "account": "desk", "password": "x" });
    let try_from = |peer: &str| kit.post("/sessions", body.clone()).from(peer).send();
    try_from("192.0.2.1").await.is(401);
    try_from("192.0.2.2").await.is(401);
    try_from("192.0.2.3").await.refused(429, "too_many");
}

#[tokio::test]
async fn only_proxies_that_are_trusted_say_where_a_request_comes_from() {
    let plan = || Plan { limits: few(1), ..Plan::default() };
    let trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    let trusting = planned(Plan { trusted_proxies, ..plan() }, testing::sqlite()).await;
    let case = json!({ "procedure": "appeal", "title": "井盖", "body": "翘起", "place": GRID });
    let through = |peer: &str, said: &str| {
        trusting.post("/cases", case.clone()).from(peer).header("x-forwarded-for", said).send()
    };
    through("10.0.0.1", "198.51.100.1").await.is(201);
    through("10.0.0.1", "198.51.100.2, 10.0.0.9").await.is(201);
    through("10.0.0.1", "203.0.113.9, 198.51.100.1").await.refused(429, "too_many");
    // A stranger's word about another address is not believed.
    through("192.0.2.1", "198.51.100.3").await.is(201);
    through("192.0.2.1", "198.51.100.4").await.refused(429, "too_many");
}

#[tokio::test]
async fn a_client_that_falls_silent_is_not_waited_for() {
    let limits = Limits { silence: Duration::from_millis(50), ..Limits::demo() };
    let kit = planned(Plan { limits, ..Plan::default() }, testing::sqlite()).await;
    let started = futures::stream::iter([Ok::<_, std::io::Error>("{\"phone\":")]);
    let silent = futures::StreamExt::chain(started, futures::stream::pending());
    let ask =
        kit.ask("POST", "/residents/codes").raw("application/json", Body::from_stream(silent));
    ask.send().await.refused(408, "body_incomplete");
}

#[tokio::test]
async fn a_client_that_never_ends_its_headers_is_hung_up_on_and_others_are_served() {
    let limits = Limits { silence: Duration::from_millis(50), ..Limits::demo() };
    let kit = planned(Plan { limits, ..Plan::default() }, testing::sqlite()).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopped = async { drop(stopped.await) };
    let clients = async {
        let mut silent = TcpStream::connect(server).await.unwrap();
        silent.write_all(b"GET /healthz HTTP/1.1\r\nhost:").await.unwrap();
        let mut answered = TcpStream::connect(server).await.unwrap();
        answered.write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n").await.unwrap();
        let (mut nothing, mut answer) = (Vec::new(), Vec::new());
        silent.read_to_end(&mut nothing).await.unwrap();
        answered.read_to_end(&mut answer).await.unwrap();
        assert!(!nothing.starts_with(b"HTTP/1.1 200"), "{nothing:?}");
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{answer:?}");
        stop.send(()).unwrap();
    };
    let (served, ()) = tokio::join!(api::serve(listener, kit.api.clone(), stopped), clients);
    served.unwrap();
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered_all_the_same() {
    let limits = Limits { request: Duration::from_millis(50), ..Limits::demo() };
    let kit = planned(Plan { limits, ..Plan::default() }, testing::sqlite()).await;
    let silent = Body::from_stream(futures::stream::pending::<Result<&str, std::io::Error>>());
    let ask = kit.ask("POST", "/residents/codes").raw("application/json", silent);
    let answer = ask.send().await.refused(503, "timeout");
    assert!(answer.body["retry_after"].is_number());
}
