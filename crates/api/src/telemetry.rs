//! One line and a few figures for each finished request. The log is not the journal: it may be lost,
//! and holds neither names nor texts.

use crate::state::Api;
use app::Work;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// What one request cost and who asked, filled in while it runs; found in the extensions of its
/// response.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Reading>);

#[derive(Debug, Default)]
struct Reading {
    statements: AtomicU64,
    actor: OnceLock<String>,
}

impl Meter {
    /// SQL statements run so far.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    pub(crate) fn note(&self, statements: u64, work: &Work) {
        self.0.statements.fetch_add(statements, Ordering::Relaxed);
        self.0.actor.get_or_init(|| format!("{:?}", work.standing()));
    }

    fn actor(&self) -> &str {
        self.0.actor.get().map_or("-", String::as_str)
    }
}

/// The figures of this process.
pub(crate) struct Figures(PrometheusRecorder);

impl Figures {
    pub(crate) fn new() -> Self {
        const SECONDS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
        let builder = PrometheusBuilder::new();
        // Refused only when no bounds are given.
        let builder = builder.set_buckets(&SECONDS).unwrap_or_else(|_| PrometheusBuilder::new());
        Self(builder.build_recorder())
    }

    pub(crate) fn render(&self) -> String {
        let handle = self.0.handle();
        handle.run_upkeep();
        handle.render()
    }

    fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = [("method", method.to_owned()), ("route", route.to_owned())];
        with_local_recorder(&self.0, || {
            let status = [("status", status.to_string())];
            let all: Vec<_> = labels.iter().cloned().chain(status).collect();
            counter!("jinlin_http_requests_total", &all).increment(1);
            histogram!("jinlin_http_request_seconds", &labels).record(took);
        });
    }
}

/// Notes a request when its answer begins.
pub(crate) async fn observe(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a request took is no fact of the county"
    )]
    let began = std::time::Instant::now();
    let meter = Meter::default();
    request.extensions_mut().insert(meter.clone());
    let route = request.extensions().get::<MatchedPath>().map(|it| it.as_str().to_owned());
    let route = route.unwrap_or_else(|| "-".to_owned());
    let method = request.method().clone();
    let mut response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    api.figures.count(method.as_str(), &route, status, took);
    tracing::info!(
        status,
        method = method.as_str(),
        route,
        actor = meter.actor(),
        took_us = took.as_micros(),
        statements = meter.statements(),
        "request"
    );
    response.extensions_mut().insert(meter);
    response
}
