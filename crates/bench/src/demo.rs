//! `demo`: how long the demo counties take to make, stage by stage, and how large they are.

use crate::county::{close, open};
use crate::figure::{Figure, Report, millis};
use crate::scale::history::size;
use crate::stopwatch::now;
use crate::{Bench, remove};
use anyhow::Result;
use rowdb::{Options, Synchronous};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use stories::demo::{Order, Progress, Scale, Stage, load};
use stories::shipped::demo_places;

/// Measures it for every place with a demo.
pub async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    for place in demo_places() {
        make(bench, report, &place.id).await?;
    }
    Ok(())
}

async fn make(bench: &Bench, report: &mut Report, place: &str) -> Result<()> {
    let database = bench.folder.join("demo.db");
    remove(&database)?;
    // As `jinlin demo` makes it: a file that is thrown away when its making is broken off.
    let options = Options { synchronous: Synchronous::Off, ..Options::default() };
    let county = open(&database.display().to_string(), options).await?;
    let stages = Stages::default();
    let progress = |at: Progress| stages.note(at);
    let (scale, begun) = (Scale::TRUE, now());
    load(&county, &Order { place, password: "Bench-2026-demo", scale, progress: &progress })
        .await?;
    let took = begun.elapsed();
    close(county).await;
    for (stage, seconds) in stages.took(begun + took) {
        report.add(Figure::new(format!("demo: {place}, {stage:?}"), seconds, "s"));
    }
    let seconds = millis(took) / 1_000.0;
    let figure = Figure::new(format!("demo: {place} made"), seconds, "s");
    report.add(figure.target("≤ 20 s", seconds <= 20.0));
    report.add(Figure::new(format!("demo: {place}, size"), size(&database)?, "MiB"));
    Ok(())
}

/// When each stage was first told of, and what was done last.
#[derive(Default)]
struct Stages(Mutex<Vec<(Stage, Instant)>>);

impl Stages {
    fn note(&self, at: Progress) {
        let mut stages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if stages.last().is_none_or(|(stage, _)| *stage != at.stage) {
            stages.push((at.stage, now()));
        }
    }

    /// Seconds of each stage, to the beginning of the next or the end.
    fn took(self, end: Instant) -> Vec<(Stage, f64)> {
        let stages = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let ends = stages.iter().skip(1).map(|(_, at)| *at).chain([end]);
        let seconds =
            |(&(stage, from), to): (&(Stage, Instant), Instant)| (stage, (to - from).as_secs_f64());
        stages.iter().zip(ends).map(seconds).collect()
    }
}
