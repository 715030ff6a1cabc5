//! A client of the HTTP interface: one connection kept alive, requests one after the other.

use crate::county::{DESK, PASSWORD};
use crate::rim::SystemClock;
use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use model::Clock;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// A connection, logged in or not.
pub struct Client {
    sender: SendRequest<Full<Bytes>>,
    token: Option<String>,
    /// Not that of another connection, so that no idempotency key is used twice.
    name: String,
    sent: u64,
}

/// An answer whose body has come whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("{} without JSON", self.status))
    }

    /// The body as JSON when the request was done.
    pub fn done(&self) -> Result<Value> {
        if !self.status.is_success() {
            bail!("{}: {}", self.status, String::from_utf8_lossy(&self.body));
        }
        self.json()
    }
}

impl Client {
    /// Connects.
    #[expect(clippy::disallowed_methods, reason = "the connection is driven beside the requests")]
    pub async fn connect(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let name = format!("{}-{}", SystemClock.now().as_nanosecond(), stream.local_addr()?.port());
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move { connection.await.unwrap_or_default() });
        Ok(Self { sender, token: None, name, sent: 0 })
    }

    /// Connects and logs in as the `n`-th resident, registering at the first time.
    pub async fn resident(server: SocketAddr, n: usize) -> Result<Self> {
        let mut client = Self::connect(server).await?;
        let log_in = json!({ "phone": format!("138{n:08}"), "code": "000000" });
        client.log_in("/resident-sessions", &log_in).await?;
        Ok(client)
    }

    /// Connects and logs in at the duty desk.
    pub async fn desk(server: SocketAddr) -> Result<Self> {
        let mut client = Self::connect(server).await?;
        client.log_in("/sessions", &json!({ "account": DESK, "password": PASSWORD })).await?;
        Ok(client)
    }

    /// Another connection in the same session; its requests are told apart by the connection.
    pub async fn again(&self, server: SocketAddr) -> Result<Self> {
        let mut client = Self::connect(server).await?;
        client.token.clone_from(&self.token);
        Ok(client)
    }

    async fn log_in(&mut self, path: &str, body: &Value) -> Result<()> {
        let answer = self.post(path, body, None).await?.done()?;
        let token = answer.get("token").and_then(Value::as_str).context("no token")?;
        self.token = Some(token.to_owned());
        Ok(())
    }

    /// GET of a path below the API's base.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(Method::GET, &format!("/api/v1{path}"), Bytes::new(), None).await
    }

    /// GET of a path outside the API's base.
    pub async fn get_outside(&mut self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, Bytes::new(), None).await
    }

    /// POST of JSON, with a fresh idempotency key, on a revision that was read.
    pub async fn post(
        &mut self,
        path: &str,
        body: &Value,
        revision: Option<i64>,
    ) -> Result<Answer> {
        let bytes = serde_json::to_vec(body)?.into();
        self.send(Method::POST, &format!("/api/v1{path}"), bytes, revision).await
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Bytes,
        revision: Option<i64>,
    ) -> Result<Answer> {
        self.sent += 1;
        let mut request =
            Request::builder().method(&method).uri(path).header("host", "jinlin.bench");
        if method == Method::POST {
            request = request.header("content-type", "application/json");
            request = request.header("idempotency-key", format!("{}-{}", self.name, self.sent));
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(revision) = revision {
            request = request.header("if-match", format!("\"{revision}\""));
        }
        self.sender.ready().await?;
        let response = self.sender.send_request(request.body(Full::new(body))?).await?;
        let status = response.status();
        Ok(Answer { status, body: response.into_body().collect().await?.to_bytes() })
    }
}
