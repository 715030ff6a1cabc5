//! WeChat's server as its documents describe it: 小程序登录 `code2Session`, 获取稳定版接口调用凭据
//! `getStableAccessToken` and 获取手机号 `getPhoneNumber` (WeChat's “小程序服务端 API”). A code is good
//! once; a number may be written as text and a text as number, as in their examples.

use crate::clock::MovedClock;
use crate::fake::{Asked, Fake, endless, says};
use app::access::{NotTold, WeChat};
use axum::body::Body;
use axum::response::Response;
use channels::WeChatServer;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

const APPID: &str = "wx0123456789abcdef";
const SECRET: &str = "fedcba9876543210fedcba9876543210";
const SESSION_KEY: &str = "tiihtNczf5v6AKRyjwEUhQ==";

/// What the fake remembers.
#[derive(Default)]
struct Memory {
    used: Mutex<HashSet<String>>,
    /// The number of the token that is good now.
    token: AtomicU64,
}

impl Memory {
    fn token(&self) -> String {
        format!("token-{}", self.token.load(Ordering::Relaxed))
    }

    /// Whether a code is used now for the first time.
    fn uses(&self, code: &str) -> bool {
        self.used.lock().unwrap().insert(code.to_owned())
    }
}

/// Codes are errors by number (`e45011`), or good once.
fn of_code(memory: &Memory, code: &str, good: Value) -> Value {
    let refused = |number: i64, said: &str| json!({ "errcode": number, "errmsg": said });
    match code.strip_prefix('e').map(str::parse) {
        Some(Ok(number)) => refused(number, &format!("said with {SECRET}")),
        _ if memory.uses(code) => good,
        _ => refused(40_029, "invalid code"),
    }
}

fn wechat(memory: &Memory, asked: &Asked) -> Response<Body> {
    let answer = match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/sns/jscode2session") => session(memory, asked),
        ("POST", "/cgi-bin/stable_token") => granted(memory, asked),
        ("POST", "/wxa/business/getuserphonenumber") => number(memory, asked),
        _ => return says(404, "text/html", "<h1>404</h1>"),
    };
    says(200, "text/plain", answer.to_string())
}

fn session(memory: &Memory, asked: &Asked) -> Value {
    let is = |name: &str, value: &str| asked.query.get(name).is_some_and(|it| it == value);
    match (is("appid", APPID), is("secret", SECRET)) {
        (false, _) => return json!({ "errcode": 40_013, "errmsg": "invalid appid" }),
        (_, false) => return json!({ "errcode": 40_125, "errmsg": "invalid appsecret" }),
        _ if !is("grant_type", "authorization_code") => return json!({ "errcode": 40_002 }),
        _ => {}
    }
    let good = json!({ "openid": "oABC-123_x", "session_key": SESSION_KEY, "unionid": "u" });
    of_code(memory, &asked.query["js_code"], good)
}

fn granted(memory: &Memory, asked: &Asked) -> Value {
    let wish: Value = serde_json::from_slice(&asked.body).unwrap();
    assert_eq!(wish["grant_type"], "client_credential");
    match (wish["appid"] == APPID, wish["secret"] == SECRET) {
        (false, _) => json!({ "errcode": 40_013, "errmsg": "invalid appid" }),
        (_, false) => json!({ "errcode": 40_125, "errmsg": "invalid appsecret" }),
        _ => json!({ "access_token": memory.token(), "expires_in": 7_200 }),
    }
}

fn number(memory: &Memory, asked: &Asked) -> Value {
    if asked.query.get("access_token") != Some(&memory.token()) {
        return json!({ "errcode": 40_001, "errmsg": "invalid credential" });
    }
    let code = serde_json::from_slice::<Value>(&asked.body).unwrap()["code"].clone();
    let code = code.as_str().unwrap();
    let country = if code == "abroad" { json!("852") } else { json!(86) };
    let of = if code == "other" { "wxffffffffffffffff" } else { APPID };
    let good = json!({ "errcode": 0, "errmsg": "ok", "phone_info": {
        "phoneNumber": "13800001234", "purePhoneNumber": "13800001234", "countryCode": country,
        "watermark": { "timestamp": 1_637_744_274, "appid": of },
    } });
    of_code(memory, code, good)
}

struct Kit {
    fake: Fake,
    memory: Arc<Memory>,
    clock: Arc<MovedClock>,
    server: WeChatServer,
}

impl Kit {
    async fn new() -> Self {
        Self::with(APPID, SECRET).await
    }

    async fn with(appid: &str, secret: &str) -> Self {
        let (memory, clock) = (Arc::new(Memory::default()), MovedClock::new());
        let shared = memory.clone();
        let fake = Fake::new(move |asked| wechat(&shared, asked)).await;
        let server = server(&fake, (appid, secret), &clock);
        Self { fake, memory, clock, server }
    }

    fn asked(&self, path: &str) -> usize {
        self.fake.asked().iter().filter(|it| it.path.ends_with(path)).count()
    }

    async fn number(&self, code: &str) -> Result<String, NotTold> {
        self.server.phone(code).await.map(|it| format!("+{} {}", it.country, it.number))
    }
}

fn server(fake: &Fake, of: (&str, &str), clock: &Arc<MovedClock>) -> WeChatServer {
    WeChatServer::new(fake.address.clone(), of, clock.clone()).unwrap()
}

#[tokio::test]
async fn code2session_tells_who_it_is_once_for_each_code() {
    let kit = Kit::new().await;
    assert_eq!(kit.server.open_id("0716AVll20").await.unwrap(), "oABC-123_x");
    assert_eq!(kit.server.open_id("0716AVll20").await, Err(NotTold::Code), "a code used twice");
    assert_eq!(kit.server.open_id("next&js_code=1").await.unwrap(), "oABC-123_x", "is one code");
}

#[tokio::test]
async fn code2session_refuses_for_each_reason_of_its_document() {
    let kit = Kit::new().await;
    let later = |reason: &str| NotTold::Later(reason.to_owned());
    let unlet = |reason: &str| NotTold::Unlet(reason.to_owned());
    for (code, why, asked) in [
        ("e40029", NotTold::Code, 1),
        ("e40163", NotTold::Code, 1),
        ("e45011", NotTold::TooOften, 1),
        ("e40226", NotTold::Risky, 1),
        ("e-1", later("is busy"), 2),
        ("e40013", unlet("errcode 40013"), 1),
        ("e40125", unlet("errcode 40125"), 1),
        ("e40164", unlet("errcode 40164"), 1),
    ] {
        let before = kit.fake.asked().len();
        assert_eq!(kit.server.open_id(code).await, Err(why), "{code}");
        assert_eq!(kit.fake.asked().len() - before, asked, "{code}");
    }
    for none in ["", "a b", "码", &"x".repeat(257)] {
        assert_eq!(kit.server.open_id(none).await, Err(NotTold::Code), "{none}");
    }
    assert_eq!(kit.fake.asked().len(), 9, "what can be no code is not asked for");
}

#[tokio::test]
async fn a_wrong_id_or_secret_is_said_by_number_and_never_with_the_secret() {
    for (appid, secret, why) in
        [("wxffffffffffffffff", SECRET, "errcode 40013"), (APPID, "wrong7", "errcode 40125")]
    {
        let kit = Kit::with(appid, secret).await;
        let why = NotTold::Unlet(why.to_owned());
        assert_eq!(kit.server.open_id("a").await, Err(why.clone()));
        assert_eq!(kit.number("a").await, Err(why));
    }
    let fake = Fake::new(|_| says(200, "text/plain", "{}")).await;
    let new = |of| WeChatServer::new(fake.address.clone(), of, MovedClock::new()).is_ok();
    assert!(new((APPID, SECRET)));
    assert!(!new(("wx1", SECRET)) && !new((APPID, "")) && !new((APPID, "a&b")));
}

#[tokio::test]
async fn getphonenumber_tells_a_number_once_for_each_code() {
    let kit = Kit::new().await;
    assert_eq!(kit.number("one").await.unwrap(), "+86 13800001234");
    assert_eq!(kit.number("one").await, Err(NotTold::Code), "a code used twice");
    assert_eq!(kit.number("abroad").await.unwrap(), "+852 13800001234");
    assert!(matches!(kit.number("other").await, Err(NotTold::Unlet(_))), "another mini program's");
    assert_eq!(kit.number("e45011").await, Err(NotTold::TooOften));
    assert_eq!(kit.number("e-1").await, Err(NotTold::Later("is busy".to_owned())));
    assert_eq!(kit.asked("/stable_token"), 1, "the token is kept");
    let bodies = kit.fake.asked().into_iter().filter(|it| it.path.ends_with("/stable_token"));
    assert!(bodies.into_iter().all(|it| !String::from_utf8_lossy(&it.body).contains("force")));
}

#[tokio::test]
async fn getstableaccesstoken_is_asked_before_the_token_is_over_and_when_it_is_refused() {
    let kit = Kit::new().await;
    kit.number("1").await.unwrap();
    kit.clock.forward(SignedDuration::from_secs(7_200 - 121));
    kit.number("2").await.unwrap();
    assert_eq!(kit.asked("/stable_token"), 1);
    kit.clock.forward(SignedDuration::from_secs(1));
    kit.number("3").await.unwrap();
    assert_eq!(kit.asked("/stable_token"), 2, "two minutes early");
    kit.memory.token.fetch_add(1, Ordering::Relaxed);
    assert_eq!(kit.number("4").await.unwrap(), "+86 13800001234", "40001: with another token");
    assert_eq!(kit.asked("/stable_token"), 3);
    assert_eq!(kit.number("e42001").await, Err(NotTold::Unlet("errcode 42001".to_owned())));
    assert_eq!(kit.asked("/getuserphonenumber"), 7, "once more and no more");
    let both = tokio::join!(kit.number("5"), kit.number("6"));
    assert!(both.0.is_ok() && both.1.is_ok());
    assert_eq!(kit.asked("/stable_token"), 4, "asked for once for all who wait");
}

#[tokio::test]
async fn what_cannot_be_read_is_no_answer() {
    for (status, body) in [
        (200, "<html>"),
        (200, "{}"),
        (200, "[]"),
        (200, "{\"openid\":\"\"}"),
        (200, "{\"errcode\":\"?\"}"),
        (500, "{\"openid\":\"x\"}"),
        (302, "{\"openid\":\"x\"}"),
    ] {
        let fake = Fake::new(move |_| says(status, "text/plain", body)).await;
        let server = server(&fake, (APPID, SECRET), &MovedClock::new());
        assert!(matches!(server.open_id("a").await, Err(NotTold::Later(_))), "{status} {body}");
    }
    let quoted = "{\"errcode\":\"40029\",\"errmsg\":\"invalid code\"}";
    let fake = Fake::new(move |_| says(200, "text/plain", quoted)).await;
    let server = server(&fake, (APPID, SECRET), &MovedClock::new());
    assert_eq!(server.open_id("a").await, Err(NotTold::Code), "a number written as text");
}

#[tokio::test]
async fn too_much_is_not_read_and_nobody_waits_for_long() {
    let fake = Fake::new(|_| says(200, "text/plain", vec![b' '; 17 * 1024])).await;
    let large = server(&fake, (APPID, SECRET), &MovedClock::new()).open_id("a").await;
    assert!(matches!(large, Err(NotTold::Later(it)) if it.contains("larger than")));
    let fake = Fake::new(|_| says(200, "text/plain", endless())).await;
    let slow = server(&fake, (APPID, SECRET), &MovedClock::new());
    tokio::time::pause();
    let late = slow.open_id("a").await;
    assert!(matches!(late, Err(NotTold::Later(it)) if it.contains("5 s")));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_without_address_or_secret() {
    let kit = Kit::new().await;
    let Kit { fake, server, .. } = kit;
    drop(fake);
    tokio::task::yield_now().await;
    let Err(NotTold::Later(reason)) = server.open_id("a").await else { panic!("it answered") };
    assert!(reason.contains("reached") && !reason.contains(SECRET), "{reason}");
}
