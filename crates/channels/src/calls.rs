//! Masked calls: a provider of virtual numbers (隐私号) that is asked by signed JSON.

use crate::signed::{Refusal, Signed};
use crate::web::Address;
use app::BoxFuture;
use app::people::{Line, Pair, Switchboard};
use jiff::SignedDuration;
use model::Clock;
use serde::{Deserialize, Serialize};
use std::io;
use std::sync::Arc;

/// For so many seconds a line is wished for.
const WISHED: i64 = 300;
/// A line for longer than this is taken for a mistake.
const LONGEST: i64 = 3_600;

/// A provider reached by HTTP.
pub struct HttpSwitchboard {
    signed: Signed,
    clock: Arc<dyn Clock>,
}

#[derive(Serialize)]
struct Wish<'a> {
    caller: &'a str,
    called: &'a str,
    seconds: i64,
}

#[derive(Deserialize)]
struct Given {
    number: String,
    seconds: i64,
}

impl HttpSwitchboard {
    /// The provider at an address, with the secret it shares with us.
    pub fn new(address: Address, secret: &str, clock: Arc<dyn Clock>) -> io::Result<Self> {
        Ok(Self { signed: Signed::new(address, secret, clock.clone())?, clock })
    }

    async fn ask(&self, pair: &Pair) -> Result<Line, String> {
        let wish = Wish { caller: &pair.caller, called: &pair.called, seconds: WISHED };
        let answer = self.signed.ask(&wish).await;
        let answer = answer.map_err(|(Refusal::Never(said) | Refusal::Later(said, _))| said)?;
        let given: Given = serde_json::from_slice(&answer)
            .map_err(|_| "answered without `number` and `seconds`".to_owned())?;
        let digits = given.number.strip_prefix('+').unwrap_or(&given.number);
        let number =
            (3..=20).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
        // Whoever answers with the called one's own number masks nothing.
        if !number || digits.ends_with(&pair.called) || !(1..=LONGEST).contains(&given.seconds) {
            return Err("answered with a line that cannot be one".to_owned());
        }
        let expires_at = self.clock.now() + SignedDuration::from_secs(given.seconds);
        Ok(Line { number: given.number, expires_at })
    }
}

impl Switchboard for HttpSwitchboard {
    fn connect<'a>(&'a self, pair: &'a Pair) -> BoxFuture<'a, Result<Line, String>> {
        Box::pin(self.ask(pair))
    }
}
