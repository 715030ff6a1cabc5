//! Short messages through a gateway that checks signatures, refuses, puts off and breaks down.

use crate::clock::MovedClock;
use crate::fake::{Asked, Fake, says};
use app::messages::{Gateway, NotSent, Purpose, ShortMessage};
use axum::body::Body;
use axum::response::Response;
use channels::HttpGateway;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use model::messages::MessageKind;
use sha2::Sha256;
use uuid::Uuid;

const SECRET: &str = "a secret of some length";

fn message() -> ShortMessage {
    ShortMessage {
        id: Uuid::from_u128(7),
        phone: "13800001234".to_owned(),
        purpose: Purpose::Notice(MessageKind::Answered),
        text: "【近邻县】您的诉求2026030200001已答复。".to_owned(),
        parts: [("number", "2026030200001".to_owned())].into(),
    }
}

async fn gateway(fake: &Fake) -> HttpGateway {
    HttpGateway::new(fake.address.clone(), SECRET, MovedClock::new()).unwrap()
}

/// As `docs/services.md` tells a gateway to do.
fn checks(asked: &Asked) -> Response<Body> {
    let header = |name: &str| asked.headers[name].to_str().unwrap().to_owned();
    let signed = header("jinlin-signature");
    let signature = hex::decode(signed.strip_prefix("sha256=").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(header("jinlin-timestamp").as_bytes());
    mac.update(b".");
    mac.update(&asked.body);
    match mac.verify_slice(&signature) {
        Ok(()) => says(202, "application/json", "{}"),
        Err(_) => says(401, "text/plain", "who are you?"),
    }
}

#[tokio::test]
async fn a_message_is_handed_over_signed_and_as_documented() {
    let fake = Fake::new(checks).await;
    gateway(&fake).await.send(&message()).await.unwrap();
    let asked = &fake.asked()[0];
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/"));
    assert_eq!(asked.headers["content-type"], "application/json; charset=utf-8");
    assert_eq!(asked.headers["jinlin-timestamp"], "1772413200");
    let body: serde_json::Value = serde_json::from_slice(&asked.body).unwrap();
    let expected = serde_json::json!({
        "id": Uuid::from_u128(7),
        "phone": "13800001234",
        "template": "answered",
        "text": "【近邻县】您的诉求2026030200001已答复。",
        "parts": { "number": "2026030200001" },
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn another_secret_is_refused_for_good() {
    let fake = Fake::new(checks).await;
    let gateway =
        HttpGateway::new(fake.address.clone(), "another, just as long", MovedClock::new()).unwrap();
    let refused = gateway.send(&message()).await.unwrap_err();
    assert!(matches!(&refused, NotSent::Refused(reason) if reason.contains("401")), "{refused:?}");
    assert!(HttpGateway::new(fake.address.clone(), "short", MovedClock::new()).is_err());
}

#[tokio::test]
async fn a_gateway_may_put_off_and_break_down() {
    for (status, after, later) in [
        (429, Some("120"), Some(Some(SignedDuration::from_secs(120)))),
        (503, Some("999999999"), Some(Some(SignedDuration::from_hours(24)))),
        (503, Some("-5"), Some(Some(SignedDuration::ZERO))),
        (503, Some("soon"), Some(None)),
        (500, None, Some(None)),
        (408, None, Some(None)),
        (400, None, None),
        (403, Some("5"), None),
        (302, None, None),
    ] {
        let fake = Fake::new(move |_| {
            let mut answer = says(status, "text/plain", "no");
            if let Some(after) = after {
                answer.headers_mut().insert("retry-after", after.parse().unwrap());
            }
            answer
        })
        .await;
        let said = match gateway(&fake).await.send(&message()).await.unwrap_err() {
            NotSent::Refused(_) => None,
            NotSent::Later(_, after) => Some(after),
        };
        assert_eq!(said, later, "{status} {after:?}");
    }
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_tried_later() {
    let fake = Fake::new(checks).await;
    let gateway = gateway(&fake).await;
    drop(fake);
    tokio::task::yield_now().await;
    let said = gateway.send(&message()).await.unwrap_err();
    assert!(matches!(said, NotSent::Later(_, None)), "{said:?}");
}

#[test]
fn a_message_shows_neither_number_nor_text_to_a_log() {
    let shown = format!("{:?}", message());
    assert!(!shown.contains("1380") && !shown.contains("诉求"), "{shown}");
}
