//! The SQL of one request through HTTP, statement by statement, as the database was given it.

use crate::client::Client;
use crate::county;
use crate::figure::{Figure, Report, count};
use crate::ground::Scale;
use crate::requests::Requests;
use crate::server;
use anyhow::{Context, Result};
use rowdb::Options;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tracing::field::{Field, Visit};
use tracing::subscriber::set_global_default;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context as LayerContext, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// The target under which `rowdb` tells of statements.
const TARGET: &str = "rowdb::sql";
/// The first word of the statement with which sealing begins.
const SEALING: &str = "SELECT u.n,";

/// Keeps the statements that `rowdb` tells of.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Recorder {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: LayerContext<'_, S>) -> bool {
        metadata.target() == TARGET
    }

    fn on_event(&self, event: &Event<'_>, _: LayerContext<'_, S>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text.0);
    }
}

/// The text of a statement, its white space folded.
struct Text(String);

impl Visit for Text {
    fn record_str(&mut self, _: &Field, value: &str) {
        self.0 = value.split_whitespace().collect::<Vec<_>>().join(" ");
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// Opens requests in this process and lists the statements of the last.
pub async fn list(report: &mut Report) -> Result<()> {
    let recorder = Recorder::default();
    set_global_default(tracing_subscriber::registry().with(recorder.clone()))?;
    let statements = opened(&recorder).await?;
    let sealing = statements.iter().position(|it| it.starts_with(SEALING));
    let (own, shared) = statements.split_at(sealing.context("nothing was sealed")?);
    told(report, "create: statements of one request", own);
    told(report, "create: statements of sealing its group", shared);
    Ok(())
}

fn told(report: &mut Report, name: &str, statements: &[String]) {
    report.add(Figure::new(name, count(statements.len()), ""));
    for same in statements.chunk_by(|one, next| one == next) {
        let short: String = same.iter().take(1).flat_map(|it| it.chars()).take(110).collect();
        report.say(&format!("  {:>2} × {short}", same.len()));
    }
}

#[expect(clippy::disallowed_methods, reason = "the server runs beside its client, in one process")]
async fn opened(recorder: &Recorder) -> Result<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let url = folder.path().join("county.db").display().to_string();
    let county = county::open(&url, Options::default()).await?;
    county::found(&county, Scale::SMALL).await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(server::answer(listener, county.clone()));
    let (mut client, mut requests) = (Client::resident(address, 1).await?, Requests::new(1)?);
    for _ in 0..3 {
        recorder.take();
        client.post("/cases", &requests.next_json(), None).await?.done()?;
    }
    serving.abort();
    let statements = recorder.take();
    county::close(county).await;
    Ok(statements)
}
