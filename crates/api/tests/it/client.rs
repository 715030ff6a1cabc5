//! Requests put together, and answers taken apart.

use crate::kit::Kit;
use api::Meter;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tower::ServiceExt;

const ERRORS: &str = include_str!("../../../../docs/errors.md");

/// A request being put together.
#[must_use]
pub struct Ask<'k> {
    kit: &'k Kit,
    request: axum::http::request::Builder,
    who: Option<String>,
    peer: SocketAddr,
    body: Body,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub statements: u64,
}

impl Kit {
    /// A request to a path below `/api/v1`, or to one that begins with `//`.
    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let uri = match path.strip_prefix("//") {
            Some(path) => format!("/{path}"),
            None => format!("/api/v1{path}"),
        };
        let method: Method = method.parse().unwrap();
        let request = Request::builder().method(method).uri(uri).header("host", "county.test");
        let peer = "192.0.2.7:40000".parse().unwrap();
        Ask { kit: self, request, who: None, peer, body: Body::empty() }
    }

    pub fn get(&self, path: &str) -> Ask<'_> {
        self.ask("GET", path)
    }

    pub fn post(&self, path: &str, body: Value) -> Ask<'_> {
        self.ask("POST", path).json(body)
    }
}

impl Ask<'_> {
    /// As somebody who is logged in; `""` is nobody.
    pub fn by(mut self, who: &str) -> Self {
        self.who = (!who.is_empty()).then(|| who.to_owned());
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub fn from(mut self, peer: &str) -> Self {
        self.peer = format!("{peer}:40000").parse().unwrap();
        self
    }

    pub fn json(self, body: Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    pub fn raw(mut self, media: &str, body: impl Into<Body>) -> Self {
        self.request = self.request.header("content-type", media);
        self.body = body.into();
        self
    }

    /// Files and texts of a form: name and content.
    pub fn form(self, parts: &[(&str, &[u8])]) -> Self {
        let mut body = Vec::new();
        for (name, content) in parts {
            let head = format!(
                "--limit\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"x\"\r\n\r\n"
            );
            body.extend(head.as_bytes());
            body.extend(*content);
            body.extend(b"\r\n");
        }
        body.extend(b"--limit--\r\n");
        self.raw("multipart/form-data; boundary=limit", body)
    }

    pub async fn response(mut self) -> axum::response::Response {
        if let Some(who) = &self.who {
            let token = self.kit.token(who).await;
            self.request = self.request.header("authorization", format!("Bearer {token}"));
        }
        let mut request = self.request.body(self.body).unwrap();
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.kit.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn send(self) -> Answer {
        let response = self.response().await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let meter = response.extensions().get::<Meter>().cloned().unwrap_or_default();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let text = || Value::from(String::from_utf8_lossy(&bytes).into_owned());
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| text());
        Answer { status, headers, body, statements: meter.statements() }
    }
}

impl Answer {
    /// Asserts the status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:#}", self.body);
        self
    }

    /// Asserts a whole problem: status, code, the media type, both titles.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, &self.body["code"]), (status, &json!(code)), "{:#}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["status"], status);
        assert_eq!(self.body["type"], format!("urn:jinlin:problem:{code}"));
        assert!(self.body["detail"].as_str().is_some_and(|it| !it.is_empty()));
        assert!(self.body["title"].as_str().is_some_and(|it| !it.is_empty()));
        let row = format!("| `{code}` | {status} |");
        assert!(ERRORS.contains(&row), "docs/errors.md lacks {row}");
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }

    /// `field:code` of each wrong field.
    pub fn fields(&self) -> Vec<String> {
        let said = |it: &Value, key: &str| it[key].as_str().unwrap().to_owned();
        let fields = self.body["problems"].as_array().into_iter().flatten();
        fields.map(|it| format!("{}:{}", said(it, "field"), said(it, "code"))).collect()
    }
}
