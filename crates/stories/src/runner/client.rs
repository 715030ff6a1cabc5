//! HTTP as a client of the program speaks it: whole requests with headers and JSON, answered by the
//! real router in this process. Who is asking is `cast`'s to know.

use anyhow::{Result, bail};
use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, HOST, IF_MATCH};
use axum::http::{Method, Request, Response};
use http_body_util::BodyExt;
use serde_json::Value;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tower::ServiceExt;

/// Where everything but health and documents is.
const BASE: &str = "/api/v1";

/// After so long without a word the stream has said all it had to say.
const SILENCE: Duration = Duration::from_millis(100);

/// Who a request says it is from.
#[derive(Clone, Debug, Default)]
pub enum Caller {
    /// Somebody who is not logged in.
    #[default]
    Nobody,
    /// The holder of a session, acting in a post.
    Session {
        /// The session's token.
        token: String,
        /// The post named in the request, by id.
        post: Option<String>,
    },
    /// The holder of a claim code.
    Claim(String),
}

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    path: String,
    body: Option<Sent>,
    revision: Option<i64>,
}

/// What is sent.
#[derive(Clone, Debug)]
enum Sent {
    Json(Value),
    Photo,
}

/// A small photo, for whatever a story photographs.
const PHOTO: &[u8] = include_bytes!("photo.jpg");

/// What parts a form that holds a file.
const BOUNDARY: &str = "story";

impl Sent {
    fn media(&self) -> String {
        match self {
            Self::Json(_) => "application/json".to_owned(),
            Self::Photo => format!("multipart/form-data; boundary={BOUNDARY}"),
        }
    }

    fn bytes(&self) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Json(value) => serde_json::to_vec(value)?,
            Self::Photo => {
                let name = "Content-Disposition: form-data; name=\"file\"; filename=\"photo.jpg\"";
                let head = format!("--{BOUNDARY}\r\n{name}\r\n\r\n");
                let tail = format!("\r\n--{BOUNDARY}--\r\n");
                [head.as_bytes(), PHOTO, tail.as_bytes()].concat()
            }
        })
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body: JSON, or a text.
    pub body: Value,
}

/// A client of one county.
#[derive(Debug)]
pub struct Client {
    router: Router,
    sent: AtomicU64,
}

impl Caller {
    /// The same, acting in a post.
    pub fn acting_in(self, id: &str) -> Self {
        match self {
            Self::Session { token, .. } => Self::Session { token, post: Some(id.to_owned()) },
            other => other,
        }
    }
}

impl Ask {
    /// A GET of a path below the API's base, its query given as pairs.
    pub fn get(path: &str, query: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> =
            query.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        let path = format!("{path}{mark}{}", pairs.join("&"));
        Self { method: Method::GET, path, body: None, revision: None }
    }

    /// A POST of a body.
    pub fn post(path: &str, body: Value) -> Self {
        Self {
            method: Method::POST,
            path: path.to_owned(),
            body: Some(Sent::Json(body)),
            revision: None,
        }
    }

    /// A photo is sent in.
    pub fn photo() -> Self {
        Self { body: Some(Sent::Photo), ..Self::post("/uploads", Value::Null) }
    }

    /// A PUT of a body.
    pub fn put(path: &str, body: Value) -> Self {
        Self { method: Method::PUT, ..Self::post(path, body) }
    }

    /// On the revision that was read.
    pub fn on(self, revision: i64) -> Self {
        Self { revision: Some(revision), ..self }
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.method, self.path)
    }
}

impl Answer {
    /// Whether the request was done.
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The codes with which it was refused: of the problem, then of its fields.
    pub fn codes(&self) -> Vec<String> {
        let code = |it: &Value| it.get("code").and_then(Value::as_str).map(str::to_owned);
        let fields = self.body.get("problems").and_then(Value::as_array).into_iter().flatten();
        code(&self.body).into_iter().chain(fields.filter_map(code)).collect()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let detail = self.body.get("detail").and_then(Value::as_str).unwrap_or_default();
        write!(out, "{} {} {detail}", self.status, self.codes().join(" "))?;
        let fields = self.body.get("problems").and_then(Value::as_array).into_iter().flatten();
        for field in fields {
            let said = |key| field.get(key).and_then(Value::as_str).unwrap_or_default();
            write!(out, " [{}: {}]", said("field"), said("detail"))?;
        }
        Ok(())
    }
}

impl Client {
    /// A client of what `router` serves.
    pub fn new(router: Router) -> Self {
        Self { router, sent: AtomicU64::new(0) }
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&self, caller: &Caller, ask: &Ask) -> Result<Answer> {
        let response = self.response(caller, ask).await?;
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await?.to_bytes();
        // Signed notes are texts.
        let text = || Value::from(String::from_utf8_lossy(&bytes).into_owned());
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| text());
        if status >= 500 {
            bail!("{ask} failed: {}", Answer { status, body });
        }
        Ok(Answer { status, body })
    }

    /// Sends a request that must be done.
    pub async fn done(&self, caller: &Caller, ask: &Ask) -> Result<Value> {
        let answer = self.send(caller, ask).await?;
        if !answer.is_done() {
            bail!("{ask} was refused: {answer}");
        }
        Ok(answer.body)
    }

    /// Sends a request; the body of its answer is still to come.
    pub async fn response(&self, caller: &Caller, ask: &Ask) -> Result<Response<Body>> {
        let n = self.sent.fetch_add(1, Ordering::SeqCst);
        // Stories are told in the pack's own words, failures to whoever develops.
        let language = if ask.method == Method::GET { "zh" } else { "en" };
        let mut request = Request::builder()
            .method(&ask.method)
            .uri(format!("{BASE}{}", ask.path))
            .header(HOST, "jinlin.test")
            .header(ACCEPT_LANGUAGE, language);
        if ask.method == Method::POST {
            request = request.header("idempotency-key", format!("story-{n}"));
        }
        if let Some(revision) = ask.revision {
            request = request.header(IF_MATCH, format!("\"{revision}\""));
        }
        request = match caller {
            Caller::Nobody => request,
            Caller::Claim(code) => request.header("jinlin-claim", code),
            Caller::Session { token, post } => {
                let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
                post.iter().fold(request, |request, post| request.header("jinlin-post", post))
            }
        };
        let body = match &ask.body {
            Some(body) => {
                request = request.header(CONTENT_TYPE, body.media());
                Body::from(body.bytes()?)
            }
            None => Body::empty(),
        };
        Ok(self.router.clone().oneshot(request.body(body)?).await?)
    }
}

impl Client {
    /// What the stream of what happened holds for somebody, from its beginning to now.
    pub async fn feed(&self, caller: &Caller) -> Result<String> {
        let response = self.response(caller, &Ask::get("/feed", &[])).await?;
        let mut body = response.into_body();
        let mut text = Vec::new();
        // The stream never ends: it is read until nothing more comes at once.
        while let Ok(Some(Ok(frame))) = tokio::time::timeout(SILENCE, body.frame()).await {
            text.extend(frame.into_data().unwrap_or_default());
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

/// A value as it stands in a query.
fn encode(value: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let sign = |byte: u8| match plain(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    value.bytes().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_encoded() {
        let ask = Ask::get("/cases", &[("q", "路灯 a&b"), ("limit", "5")]);
        assert_eq!(ask.to_string(), "GET /cases?q=%E8%B7%AF%E7%81%AF%20a%26b&limit=5");
        assert_eq!(Ask::get("/me", &[]).to_string(), "GET /me");
    }

    #[test]
    fn a_refusal_has_the_codes_of_the_problem_and_of_its_fields() {
        let body = serde_json::json!({
            "code": "invalid", "problems": [{ "field": "note", "code": "missing" }],
        });
        let answer = Answer { status: 422, body };
        assert_eq!(answer.codes(), ["invalid", "missing"]);
        assert!(!answer.is_done());
    }
}
