//! `console`: the queue and its filters in a browser, with a million cases behind them.

use super::history;
use crate::Bench;
use crate::county::{DESK, PASSWORD};
use crate::figure::{Figure, Report, millis};
use crate::ground::repository;
use crate::server::{Server, this_program};
use crate::stopwatch::Samples;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::time::Duration;
use tokio::process::Command;

/// Milliseconds, as the page told them.
#[derive(Deserialize)]
struct Told {
    /// From the address to the list painted.
    queue: Vec<f64>,
    /// From the choice to the list painted.
    filter: Vec<f64>,
}

/// Measures it. Needs node and Chromium, which `make test` installs.
pub async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let database = history::county(bench, bench.cases, report).await?;
    let server = Server::start(&this_program()?, &database.display().to_string()).await?;
    let told = browse(&format!("http://{}", server.address)).await?;
    add(report, "console: the queue opens", &told.queue, 1_000.0);
    add(report, "console: a filter is shown", &told.filter, 300.0);
    server.stop().await
}

async fn browse(address: &str) -> Result<Told> {
    let script = repository().join("ui/e2e/speed.mjs");
    let ran = Command::new("node").arg(script).args([address, DESK, PASSWORD]).output().await;
    let ran = ran.context("node does not start; `make test` installs it under target/node")?;
    ensure!(ran.status.success(), "the browser: {}", String::from_utf8_lossy(&ran.stderr));
    Ok(serde_json::from_slice(&ran.stdout)?)
}

fn add(report: &mut Report, name: &str, told: &[f64], most: f64) {
    let mut samples = Samples::default();
    told.iter().for_each(|ms| samples.add(Duration::from_secs_f64(ms / 1_000.0)));
    let met = millis(samples.hundredth(50)) <= most;
    report.add(Figure::times(name, &samples).target(format!("≤ {most} ms"), met));
}
