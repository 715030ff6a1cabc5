//! `crash`: the server is killed at random moments while clients open requests and act on them. After
//! each kill a new server must know every write that was acknowledged, and `verify` must be clean.

use crate::client::{Answer, Client};
use crate::county;
use crate::figure::{Figure, Report, count};
use crate::ground::Scale;
use crate::requests::Requests;
use crate::rim::{Dice, SystemClock};
use crate::server::{Server, this_program};
use crate::stopwatch::Samples;
use crate::{Bench, remove};
use anyhow::{Context, Result};
use model::Clock;
use rowdb::Options;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use tokio::task::JoinSet;

/// Clients, each a resident with a seat at the desk.
const CLIENTS: usize = 16;

/// What became of some rounds.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Rounds.
    pub rounds: usize,
    /// Writes that were acknowledged before the kills.
    pub acknowledged: usize,
    /// Of these, those that the next server did not know.
    pub lost: usize,
    /// Rounds after which `verify` found anything.
    pub unclean: usize,
    /// Entries verified.
    pub verified: u64,
    /// From a start after a kill to the first ready answer.
    pub recovery: Samples,
}

/// Measures it.
pub async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let n = bench.rounds.unwrap_or(30);
    let template = bench.template(Scale::SMALL).await?;
    let outcome = rounds(&this_program()?, &template, &bench.folder, n).await?;
    let lost = Figure::new("crash: acknowledged writes lost", count(outcome.lost), "");
    let note = format!("of {} in {} rounds", outcome.acknowledged, outcome.rounds);
    report.add(lost.note(note).target("none", outcome.lost == 0));
    let unclean = Figure::new("crash: rounds not clean to verify", count(outcome.unclean), "");
    let note = format!("{} entries verified", outcome.verified);
    report.add(unclean.note(note).target("none", outcome.unclean == 0));
    report.add(Figure::times("crash: ready again after a kill", &outcome.recovery));
    Ok(())
}

/// Kills `program`, serving copies of `template`, so many times.
pub async fn rounds(
    program: &Path,
    template: &Path,
    folder: &Path,
    rounds: usize,
) -> Result<Outcome> {
    let mut dice = Dice::new(SystemClock.now().as_microsecond().unsigned_abs());
    let mut outcome = Outcome { rounds, ..Outcome::default() };
    for _ in 0..rounds {
        let database = folder.join("crash.db");
        remove(&database)?;
        std::fs::copy(template, &database)?;
        let life = Duration::from_millis(300 + u64::try_from(dice.below(1_700))?);
        let written = write_until_killed(program, &database, life).await?;
        check(program, &database, &written, &mut outcome).await?;
        verify(&database, folder, &mut outcome).await?;
    }
    Ok(outcome)
}

/// Cases by id with the highest revision that was acknowledged.
type Written = BTreeMap<String, i64>;

async fn write_until_killed(program: &Path, database: &Path, life: Duration) -> Result<Written> {
    let server = Server::start(program, &database.display().to_string()).await?;
    let desk = Client::desk(server.address).await?;
    let mut running = JoinSet::new();
    for n in 0..CLIENTS {
        let resident = Client::resident(server.address, n).await?;
        let desk = desk.again(server.address).await?;
        running.spawn(write(resident, desk, Requests::new(n as u64)?));
    }
    pause(life).await;
    server.kill().await?;
    let mut written = Written::new();
    while let Some(done) = running.join_next().await {
        written.extend(done??);
    }
    Ok(written)
}

#[expect(clippy::disallowed_methods, reason = "how long the server lives is what is tried")]
async fn pause(life: Duration) {
    tokio::time::sleep(life).await;
}

/// Opens requests and acts on them until nobody answers any more; a refusal is a failure.
async fn write(mut resident: Client, mut desk: Client, mut requests: Requests) -> Result<Written> {
    let mut written = Written::new();
    loop {
        let Ok(answer) = resident.post("/cases", &requests.next_json(), None).await else { break };
        let (id, revision) = acknowledged(&answer, &mut written)?;
        let path = format!("/cases/{id}/actions/answer_now");
        let words = json!({ "words": "您反映的情况已转告,谢谢。" });
        let Ok(answer) = desk.post(&path, &words, Some(revision)).await else { break };
        let (_, revision) = acknowledged(&answer, &mut written)?;
        let path = format!("/cases/{id}/actions/satisfied");
        let verdict = json!({ "stars": 5 });
        let Ok(answer) = resident.post(&path, &verdict, Some(revision)).await else { break };
        acknowledged(&answer, &mut written)?;
    }
    Ok(written)
}

fn acknowledged(answer: &Answer, written: &mut Written) -> Result<(String, i64)> {
    let case = answer.done()?;
    let (id, revision) = id_and_revision(&case)?;
    written.insert(id.clone(), revision);
    Ok((id, revision))
}

fn id_and_revision(case: &Value) -> Result<(String, i64)> {
    let id = case.get("id").and_then(Value::as_str).context("a case without id")?;
    let revision = case.get("revision").and_then(Value::as_i64).context("without revision")?;
    Ok((id.to_owned(), revision))
}

/// Asks a new server for everything that was acknowledged.
async fn check(
    program: &Path,
    database: &Path,
    written: &Written,
    outcome: &mut Outcome,
) -> Result<()> {
    let server = Server::start(program, &database.display().to_string()).await?;
    outcome.recovery.add(server.ready_after);
    let mut desk = Client::desk(server.address).await?;
    for (id, revision) in written {
        outcome.acknowledged += usize::try_from(*revision)?;
        let answer = desk.get(&format!("/cases/{id}")).await?;
        let kept = match answer.done() {
            Ok(case) => id_and_revision(&case)?.1,
            Err(_) => 0,
        };
        outcome.lost += usize::try_from((revision - kept).max(0))?;
    }
    server.stop().await
}

async fn verify(database: &Path, folder: &Path, outcome: &mut Outcome) -> Result<()> {
    let scratch = folder.join("verify.db");
    remove(&scratch)?;
    let county = county::open(&database.display().to_string(), Options::default()).await?;
    let found = app::journal::verify(&county, &scratch.display().to_string(), &mut |_| {}).await?;
    county::close(county).await;
    remove(&scratch)?;
    outcome.verified += found.entries;
    outcome.unclean += usize::from(!found.is_clean());
    for difference in &found.differences {
        eprintln!("{difference:?}");
    }
    Ok(())
}
