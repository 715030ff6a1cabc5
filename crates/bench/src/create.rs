//! `create`: 64 clients opening requests through HTTP on real connections, each logged in: located by
//! point, decided, routed, journalled, sealed, on the disk before the answer. Held against `rows`,
//! measured in turns with it. Also counts and lists the SQL of one such request.

mod statements;

use crate::client::Client;
use crate::disk;
use crate::figure::{Figure, Report, per_second};
use crate::ground::Scale;
use crate::requests::Requests;
use crate::rows;
use crate::server::{Server, this_program};
use crate::stopwatch::{Samples, median, now};
use crate::{Bench, postgres::Cluster};
use anyhow::Result;
use hyper::StatusCode;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Measures it on SQLite, held against the rows; on PostgreSQL when one is named.
pub async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    statements::list(report).await?;
    if bench.postgres {
        return on_postgres(bench, report).await;
    }
    let template = bench.template(Scale::TRUE).await?;
    let (mut limits, mut rates) = (Vec::new(), Vec::new());
    for _ in 0..bench.rounds.unwrap_or(3) {
        limits.push(rows::limit(&bench.copy(&template, "rows")?, bench.time()).await?.0);
        let database = bench.copy(&template, "create")?;
        let server = Server::start(&this_program()?, &database.display().to_string()).await?;
        let round = load(server.address, bench.clients, bench.time()).await?;
        server.stop().await?;
        report.add(disk::beside("create", &bench.folder)?);
        report.add(round.figure("create: one round through HTTP"));
        rates.push(round.rate());
    }
    let (limit, rate) = (median(limits), median(rates));
    report.add(Figure::new("create: limit by our own rows", limit, "/s").note("median"));
    let figure = Figure::new("create: requests through HTTP", rate, "/s").note("median");
    let share = rate / limit;
    report.add(figure.target(format!("≥ half of the limit; it is {share:.2}"), share >= 0.5));
    Ok(())
}

/// The same on PostgreSQL, where there is no limit to hold it against.
async fn on_postgres(bench: &Bench, report: &mut Report) -> Result<()> {
    let cluster = Cluster::named_or_own(bench.database.as_deref())?;
    let url = cluster.fresh();
    bench.found(&url, Scale::TRUE).await?;
    let server = Server::start(&this_program()?, &url).await?;
    let round = load(server.address, bench.clients, bench.time()).await?;
    server.stop().await?;
    report.say(cluster.note());
    report.add(round.figure("create: through HTTP on PostgreSQL"));
    Ok(())
}

/// What clients did together.
pub struct Round {
    samples: Samples,
    /// Answers that the server is busy: nothing was done.
    busy: usize,
    within: Duration,
}

impl Round {
    /// How many a second.
    pub fn rate(&self) -> f64 {
        per_second(self.samples.len(), self.within)
    }

    /// The rate with the times of single requests.
    pub fn figure(&self, name: &str) -> Figure {
        let figure = Figure::new(name, self.rate(), "/s").with_times(&self.samples);
        match self.busy {
            0 => figure,
            busy => figure.note(format!("{busy} more were told that the server is busy")),
        }
    }
}

/// So many clients open requests for so long.
pub async fn load(server: SocketAddr, clients: usize, long: Duration) -> Result<Round> {
    let mut opened = Vec::new();
    for n in 0..clients {
        opened.push((Client::resident(server, n).await?, Requests::new(n as u64)?));
    }
    let (begun, mut running) = (now(), JoinSet::new());
    for (client, requests) in opened {
        running.spawn(open_until(client, requests, begun + long));
    }
    let (mut samples, mut busy) = (Samples::default(), 0);
    while let Some(done) = running.join_next().await {
        let (opened, refused) = done??;
        samples.extend(opened);
        busy += refused;
    }
    Ok(Round { samples, busy, within: begun.elapsed() })
}

/// Opens requests one after the other; gives their times, and how often the server was busy.
async fn open_until(
    mut client: Client,
    mut requests: Requests,
    end: Instant,
) -> Result<(Samples, usize)> {
    let (mut samples, mut busy) = (Samples::default(), 0);
    while now() < end {
        let body = requests.next_json();
        let begun = now();
        let answer = client.post("/cases", &body, None).await?;
        if answer.status == StatusCode::SERVICE_UNAVAILABLE {
            busy += 1;
            continue;
        }
        answer.done()?;
        samples.add(begun.elapsed());
    }
    Ok((samples, busy))
}
