//! Masked calls through a provider that answers well, badly and not at all.

use crate::clock::MovedClock;
use crate::fake::{Fake, says};
use app::people::{Line, Pair, Switchboard};
use channels::HttpSwitchboard;
use jiff::SignedDuration;
use model::Clock;

async fn connect(status: u16, body: &'static str) -> (Result<Line, String>, serde_json::Value) {
    let fake = Fake::new(move |_| says(status, "application/json", body)).await;
    let clock = MovedClock::new();
    let board = HttpSwitchboard::new(fake.address.clone(), "a secret of some length", clock);
    let pair = Pair { caller: "13800001234".to_owned(), called: "13900005678".to_owned() };
    let line = board.unwrap().connect(&pair).await;
    let asked = serde_json::from_slice(&fake.asked()[0].body).unwrap();
    (line, asked)
}

#[tokio::test]
async fn a_line_is_asked_for_and_given_for_its_time() {
    let (line, asked) = connect(200, r#"{"number":"17000001234","seconds":120}"#).await;
    let expires_at = MovedClock::new().now() + SignedDuration::from_secs(120);
    assert_eq!(line.unwrap(), Line { number: "17000001234".to_owned(), expires_at });
    let wish =
        serde_json::json!({ "caller": "13800001234", "called": "13900005678", "seconds": 300 });
    assert_eq!(asked, wish);
}

#[tokio::test]
async fn what_is_no_line_is_a_failure() {
    for (status, body) in [
        (200, "{}"),
        (200, "not json"),
        (200, r#"{"number":"13900005678","seconds":120}"#),
        (200, r#"{"number":"+8613900005678","seconds":120}"#),
        (200, r#"{"number":"javascript:1","seconds":120}"#),
        (200, r#"{"number":"17000001234","seconds":0}"#),
        (200, r#"{"number":"17000001234","seconds":9999999}"#),
        (403, r#"{"number":"17000001234","seconds":120}"#),
        (500, ""),
    ] {
        let (line, _) = connect(status, body).await;
        let said = line.unwrap_err();
        assert!(!said.contains("139"), "{said}");
    }
}
