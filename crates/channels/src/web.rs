//! HTTP to services outside, the same for all channels: bounded in time and size, redirects are not
//! followed, and no error names an address, which may hold a secret.

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::http::uri::{Scheme, Uri};
use hyper::{HeaderMap, Request, StatusCode};
use hyper_rustls::{ConfigBuilderExt, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::fmt;
use std::io;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Why a service outside did not answer.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// What is asked for cannot be put into a request.
    #[error("the request cannot be put together: {0}")]
    Request(String),
    /// There was no connection.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// There was no whole answer in time.
    #[error("no whole answer within {} s", .0.as_secs())]
    Slow(Duration),
    /// The answer is larger than a sound one can be.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The connection broke off amid the answer.
    #[error("the answer broke off: {0}")]
    Broken(String),
}

/// The address of a service: `http://` or `https://`, a host, perhaps a path before all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri: Uri = text.parse().map_err(|error| format!("no address: {error}"))?;
        let web = [Some(&Scheme::HTTP), Some(&Scheme::HTTPS)].contains(&uri.scheme());
        let host = uri.authority().is_some_and(|it| !it.as_str().contains('@'));
        let plain = host && uri.query().is_none();
        match web && plain {
            true => Ok(Self(text.trim_end_matches('/').to_owned())),
            false => Err("an address is http(s)://HOST[:PORT][/PATH], without a query".to_owned()),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Address {
    fn is_secure(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// The address with a path and query behind it.
    fn at(&self, rest: &str) -> String {
        format!("{}{rest}", self.0)
    }
}

/// What a service answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// Its media type in lower case, without parameters.
    pub fn media(&self) -> String {
        let said = self.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let essence = said.unwrap_or_default().split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }
}

/// A client of one service, with bounds.
pub(crate) struct Web {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    base: Address,
    /// For connecting, asking and the whole answer together.
    patience: Duration,
    /// Largest answer in bytes.
    most: usize,
}

impl Web {
    /// A client that waits so long and reads so many bytes. For an address by TLS it trusts whom the
    /// machine trusts: a county behind a gateway of its own adds that one's certificate to the
    /// machine's, as for every other program.
    pub fn new(base: Address, (patience, most): (Duration, usize)) -> io::Result<Self> {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(patience));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(trusting(&base)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { client, base, patience, most })
    }

    /// Asks for a path with its query.
    pub async fn get(&self, rest: &str) -> Result<Answer, WebError> {
        let request = Request::get(self.base.at(rest)).body(Full::default());
        self.send(request.map_err(|error| WebError::Request(error.to_string()))?).await
    }

    /// Sends JSON to a path with its query; to the service itself when that is empty.
    pub async fn post(
        &self,
        rest: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
    ) -> Result<Answer, WebError> {
        let mut request = Request::post(self.base.at(rest))
            .header(CONTENT_TYPE, "application/json; charset=utf-8");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(body.into()));
        self.send(request.map_err(|error| WebError::Request(error.to_string()))?).await
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, WebError> {
        let answered = tokio::time::timeout(self.patience, self.exchange(request));
        answered.await.unwrap_or(Err(WebError::Slow(self.patience)))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, WebError> {
        let answer = self.client.request(request).await;
        let answer = answer.map_err(|error| WebError::Unreachable(causes(&error)))?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, self.most).collect().await;
        let body = body.map_err(|error| match error.is::<LengthLimitError>() {
            true => WebError::TooLarge(self.most),
            false => WebError::Broken(causes(error.as_ref())),
        })?;
        Ok(Answer { status: head.status, headers: head.headers, body: body.to_bytes() })
    }
}

fn trusting(base: &Address) -> io::Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().map_err(io::Error::other)?;
    let builder = match base.is_secure() {
        true => builder.with_native_roots()?,
        false => builder.with_root_certificates(RootCertStore::empty()),
    };
    Ok(builder.with_no_client_auth())
}

/// An error with what caused it.
fn causes(error: &(dyn Error + 'static)) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_perhaps_a_path() {
        for (text, base) in [
            ("https://a.example", Some("https://a.example")),
            ("http://127.0.0.1:80/sms/", Some("http://127.0.0.1:80/sms")),
            ("a.example", None),
            ("ftp://a.example", None),
            ("https://user:word@a.example", None),
            ("https://a.example/?tk=1", None),
            ("", None),
        ] {
            let read = text.parse::<Address>().ok().map(|it| it.at(""));
            assert_eq!(read.as_deref(), base, "{text}");
        }
    }
}
