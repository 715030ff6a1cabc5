//! A service that listens here, answers what it is told to and keeps what it was asked.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use channels::Address;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub query: HashMap<String, String>,
    pub headers: HeaderMap,
    pub body: Bytes,
}

type Answers = dyn Fn(&Asked) -> Response<Body> + Send + Sync;

/// The service; it ends with its value.
pub struct Fake {
    pub address: Address,
    asked: Arc<Mutex<Vec<Asked>>>,
    serving: JoinHandle<()>,
}

impl Fake {
    /// A service that answers so.
    pub async fn new(answers: impl Fn(&Asked) -> Response<Body> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let asked = Arc::default();
        let answers: Arc<Answers> = Arc::new(answers);
        let router = Router::new().fallback(answer).with_state((Arc::clone(&asked), answers));
        #[expect(clippy::disallowed_methods, reason = "the service stands for another process")]
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, asked, serving }
    }

    /// Everything it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

type Shared = (Arc<Mutex<Vec<Asked>>>, Arc<Answers>);

async fn answer(
    State((kept, answers)): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let pairs = uri.query().unwrap_or_default().split('&').filter_map(|it| it.split_once('='));
    let query = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let (method, path) = (method.to_string(), uri.path().to_owned());
    let asked = Asked { method, path, query, headers, body };
    kept.lock().unwrap().push(asked.clone());
    answers(&asked)
}

/// An answer.
pub fn says(status: u16, media: &str, body: impl Into<Body>) -> Response<Body> {
    Response::builder().status(status).header("content-type", media).body(body.into()).unwrap()
}

/// A body that begins and never ends.
pub fn endless() -> Body {
    Body::new(Begun(true))
}

struct Begun(bool);

impl axum::body::HttpBody for Begun {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
        match std::mem::take(&mut self.0) {
            true => std::task::Poll::Ready(Some(Ok(hyper::body::Frame::data("x".into())))),
            false => std::task::Poll::Pending,
        }
    }
}
