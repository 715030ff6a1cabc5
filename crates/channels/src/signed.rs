//! A service that is asked by signed JSON: the protocol of `docs/services.md`, in which a county lets
//! whatever provider it has be reached.

use crate::web::{Address, Answer, Web, WebError};
use hmac::{Hmac, KeyInit, Mac};
use hyper::StatusCode;
use hyper::header::RETRY_AFTER;
use jiff::SignedDuration;
use model::Clock;
use serde::Serialize;
use sha2::Sha256;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Within so long a service has to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest answer in bytes.
const LARGEST: usize = 64 * 1024;
/// The shortest secret, in characters.
const SHORTEST: usize = 16;
/// The longest time a service may put us off.
const LONGEST: i64 = 24 * 60 * 60;

/// Such a service.
pub(crate) struct Signed {
    web: Web,
    mac: Hmac<Sha256>,
    clock: Arc<dyn Clock>,
}

/// Why it did not do what it was asked for.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It never will.
    Never(String),
    /// Not now; perhaps after a time.
    Later(String, Option<SignedDuration>),
}

impl Signed {
    /// The service at an address, with the secret it shares with us.
    pub fn new(address: Address, secret: &str, clock: Arc<dyn Clock>) -> io::Result<Self> {
        if secret.len() < SHORTEST {
            return Err(io::Error::other("the shared secret has fewer than 16 characters"));
        }
        let mac = Hmac::new_from_slice(secret.as_bytes()).map_err(io::Error::other)?;
        Ok(Self { web: Web::new(address, (PATIENCE, LARGEST))?, mac, clock })
    }

    /// Asks for something; gives the body of the answer.
    pub async fn ask(&self, wish: &impl Serialize) -> Result<Vec<u8>, Refusal> {
        let body = serde_json::to_vec(wish).map_err(|it| Refusal::Never(it.to_string()))?;
        let at = self.clock.now().as_second().to_string();
        let signature = format!("sha256={}", hex::encode(self.sign(&at, &body)));
        let headers = [("jinlin-timestamp", at), ("jinlin-signature", signature)];
        read(self.web.post("", &headers, body).await)
    }

    /// HMAC-SHA256 of `TIMESTAMP.BODY`.
    fn sign(&self, at: &str, body: &[u8]) -> [u8; 32] {
        let mac = self.mac.clone().chain_update(at).chain_update(".").chain_update(body);
        mac.finalize().into_bytes().into()
    }
}

fn read(answer: Result<Answer, WebError>) -> Result<Vec<u8>, Refusal> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error @ WebError::Request(_)) => return Err(Refusal::Never(error.to_string())),
        Err(error) => return Err(Refusal::Later(error.to_string(), None)),
    };
    let status = answer.status;
    let said = format!("answered {status}");
    let busy = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status);
    match status {
        _ if status.is_success() => Ok(answer.body.into()),
        _ if busy || status.is_server_error() => Err(Refusal::Later(said, put_off(&answer))),
        _ => Err(Refusal::Never(said)),
    }
}

/// For how long `Retry-After` puts us off, in seconds.
fn put_off(answer: &Answer) -> Option<SignedDuration> {
    let said = answer.headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse::<i64>().ok()?;
    Some(SignedDuration::from_secs(said.clamp(0, LONGEST)))
}
