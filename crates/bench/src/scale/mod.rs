//! A county with a million cases: lists, counts and rates, the start, the memory.

pub mod console;
pub mod counts;
pub mod history;
pub mod lists;

use crate::Bench;
use crate::client::Client;
use crate::create;
use crate::disk;
use crate::figure::{Figure, Report, count, millis};
use crate::rim::Dice;
use crate::server::{Server, this_program};
use crate::stopwatch::{Samples, median, now};
use anyhow::Result;
use std::time::Instant;
use tokio::task::JoinSet;

/// Clients that read lists at once while memory is measured.
const READERS: usize = 16;

/// `start`: from starting the process to its first ready answer.
pub async fn start(bench: &Bench, report: &mut Report) -> Result<()> {
    let database = history::county(bench, bench.cases, report).await?;
    let mut times = Vec::new();
    for _ in 0..bench.rounds.unwrap_or(5) {
        let server = Server::start(&this_program()?, &database.display().to_string()).await?;
        times.push(millis(server.ready_after));
        server.stop().await?;
    }
    let (name, ready) = (format!("start: ready with {} cases", bench.cases), median(times));
    report.add(Figure::new(name, ready, "ms").note("median").target("≤ 1 s", ready <= 1_000.0));
    Ok(())
}

/// `memory`: what the server holds resident after lists and counts were read by sixteen clients and
/// requests opened by sixty-four, on a million cases.
pub async fn memory(bench: &Bench, report: &mut Report) -> Result<()> {
    let database = history::county(bench, bench.cases, report).await?;
    let server = Server::start(&this_program()?, &database.display().to_string()).await?;
    let (begun, mut reading) = (now(), JoinSet::new());
    let desk = Client::desk(server.address).await?;
    for n in 0..READERS {
        let client = desk.again(server.address).await?;
        reading.spawn(read_until(client, n, begun + bench.time()));
    }
    let mut samples = Samples::default();
    while let Some(done) = reading.join_next().await {
        samples.extend(done??);
    }
    let rate = Figure::rate("memory: lists by 16 clients at once", samples.len(), begun.elapsed());
    report.add(rate.with_times(&samples));
    let round = create::load(server.address, bench.clients, bench.time()).await?;
    report.add(disk::beside("memory", &bench.folder)?);
    report.add(round.figure(&format!("memory: requests opened beside {} cases", bench.cases)));
    let (resident, most) = server.memory()?;
    let mib = |bytes: u64| count(usize::try_from(bytes).unwrap_or(usize::MAX)) / 1_048_576.0;
    let figure = Figure::new("memory: most resident under that load", mib(most), "MiB");
    report.add(figure.target("≤ 300 MB", most <= 300_000_000));
    report.add(Figure::new("memory: resident after it", mib(resident), "MiB"));
    server.stop().await
}

async fn read_until(mut client: Client, n: usize, end: Instant) -> Result<Samples> {
    let levels: Vec<Vec<String>> = lists::by_level()?.into_values().collect();
    let (mut dice, mut samples) = (Dice::new(n as u64), Samples::default());
    while now() < end {
        let codes = dice.pick(&levels).map_or(&[][..], Vec::as_slice);
        let code = dice.pick(codes).cloned().unwrap_or_default();
        let filter = ["", "&state=solved", "&matter=pothole", "&state=received"];
        let filter = dice.pick(&filter).copied().unwrap_or_default();
        let path = format!("/cases?limit=50&place={code}{filter}");
        lists::page(&mut client, &path, &mut samples).await?;
    }
    Ok(samples)
}
