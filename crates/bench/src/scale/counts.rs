//! `tallies` and `rates`: figures of the whole county with a million cases, held against the same
//! with ten thousand.

use super::history;
use crate::Bench;
use crate::client::Client;
use crate::figure::{Figure, Report, millis};
use crate::ground::ROOT;
use crate::server::{Server, this_program};
use crate::stopwatch::{Samples, now};
use anyhow::{Context, Result};

const FEW: usize = 10_000;
const TURNS: usize = 300;

/// Counts by place, matter and unit.
pub async fn tallies(bench: &Bench, report: &mut Report) -> Result<()> {
    let of = |by: &str| (format!("tallies: by {by}"), format!("/tallies?place={ROOT}&by={by}"));
    side_by_side(bench, report, &["place", "matter", "unit"].map(of)).await
}

/// Rates and durations.
pub async fn rates(bench: &Bench, report: &mut Report) -> Result<()> {
    let asked = [
        ("rates: all time", String::new()),
        ("rates: a year", "&from=2025-12-01&to=2026-11-15".to_owned()),
    ];
    let mut asked: Vec<(String, String)> = asked
        .into_iter()
        .map(|(name, period)| (name.to_owned(), format!("/rates?place={ROOT}{period}")))
        .collect();
    asked.push(("rates: durations".to_owned(), format!("/durations?place={ROOT}")));
    side_by_side(bench, report, &asked).await
}

/// Asks the large and the small county in turns.
async fn side_by_side(
    bench: &Bench,
    report: &mut Report,
    asked: &[(String, String)],
) -> Result<()> {
    let many = served(bench, bench.cases, report).await?;
    let few = served(bench, FEW, report).await?;
    let mut clients = [Client::desk(many.address).await?, Client::desk(few.address).await?];
    for (name, path) in asked {
        let mut samples = [Samples::default(), Samples::default()];
        for _ in 0..TURNS {
            for (client, samples) in clients.iter_mut().zip(&mut samples) {
                let begun = now();
                client.get(path).await?.done().with_context(|| path.clone())?;
                samples.add(begun.elapsed());
            }
        }
        let [many, few] = &samples;
        report.add(held(&format!("{name}, {} cases", bench.cases), many, few));
        report.add(Figure::times(format!("{name}, {FEW} cases"), few));
    }
    many.stop().await?;
    few.stop().await
}

async fn served(bench: &Bench, cases: usize, report: &Report) -> Result<Server> {
    let database = history::county(bench, cases, report).await?;
    Server::start(&this_program()?, &database.display().to_string()).await
}

/// No slower: within a tenth and a tenth of a millisecond, which is less than two runs differ by.
fn held(name: &str, many: &Samples, few: &Samples) -> Figure {
    let (many_ms, few_ms) = (millis(many.hundredth(50)), millis(few.hundredth(50)));
    let met = many_ms <= 5.0 && many_ms <= few_ms * 1.1 + 0.1;
    Figure::times(name, many).target("≤ 5 ms and no slower than with 10,000", met)
}
