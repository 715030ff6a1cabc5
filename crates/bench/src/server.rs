//! The server under load: this program again, as a process of its own on a free port, with the real
//! router and the jobs that go with it. It ends when its input closes.

use crate::client::Client;
use crate::county;
use crate::rim::SystemClock;
use crate::stopwatch::now;
use anyhow::{Context, Result, bail};
use api::{Api, Channels, Limits};
use app::exchange::DraftError;
use app::{BoxFuture, County, Engine};
use model::Clock;
use rowdb::Options;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use uuid::Uuid;

/// The first word of the line by which a server says where it listens.
const LISTENING: &str = "listening";

/// Uploads have no part here.
struct NoFiles;

impl app::exchange::Files for NoFiles {
    fn put<'a>(&'a self, _: &'a str, _: &'a [u8]) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async { Err(io::Error::other("this program keeps no files")) })
    }

    fn get<'a>(&'a self, _: &'a str) -> BoxFuture<'a, io::Result<Option<Vec<u8>>>> {
        Box::pin(async { Ok(None) })
    }

    fn remove<'a>(&'a self, _: &'a str) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn stale(&self, _: u8, _: jiff::Timestamp) -> BoxFuture<'_, io::Result<Vec<String>>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn remove_stale<'a>(
        &'a self,
        _: &'a str,
        _: jiff::Timestamp,
    ) -> BoxFuture<'a, io::Result<bool>> {
        Box::pin(async { Ok(false) })
    }
}

impl app::exchange::Drafts for NoFiles {
    fn received(&self, _: Uuid) -> BoxFuture<'_, io::Result<u64>> {
        Box::pin(async { Ok(0) })
    }

    fn append<'a>(
        &'a self,
        _: Uuid,
        _: u64,
        _: &'a [u8],
    ) -> BoxFuture<'a, Result<u64, DraftError>> {
        Box::pin(async { Err(DraftError::Full) })
    }

    fn whole(&self, _: Uuid) -> BoxFuture<'_, io::Result<Option<Vec<u8>>>> {
        Box::pin(async { Ok(None) })
    }

    fn discard(&self, _: Uuid) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(async { Ok(()) })
    }
}

/// Serves a county until the input of this process closes.
pub async fn serve(database: &str) -> Result<()> {
    let county = county::open(database, Options::default()).await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{LISTENING} {}", listener.local_addr()?);
    let jobs = jobs(&county);
    tokio::select! {
        served = answer(listener, county.clone()) => served?,
        () = told_to_stop() => {}
    }
    drop(jobs);
    county::close(county).await;
    Ok(())
}

/// Waits until whoever started this process closes its input, or has gone.
async fn told_to_stop() {
    let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
}

/// Answers requests to a county, without its jobs, for good.
pub async fn answer(listener: TcpListener, county: Arc<County>) -> Result<()> {
    let api = Api::new(api::Setup {
        county,
        files: Arc::new(NoFiles),
        channels: Channels::default(),
        keeper: None,
        limits: Limits::demo(),
        trusted_proxies: Vec::new(),
        tls: false,
    });
    Ok(api::serve(listener, api, std::future::pending()).await?)
}

/// The jobs of a served county, at the pace of the real program.
fn jobs(county: &Arc<County>) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    let (timed, indexed, sealed) = (county.clone(), county.clone(), county.clone());
    jobs.spawn(every(Duration::from_secs(1), move || {
        let county = timed.clone();
        async move { app::cases::run_due(&county).await.map(|_| ()) }
    }));
    jobs.spawn(every(Duration::from_millis(500), move || {
        let county = indexed.clone();
        async move { app::cases::index_new(&county).await.map(|_| ()) }
    }));
    if county.db().engine() == Engine::Postgres {
        jobs.spawn(every(Duration::from_millis(100), move || {
            let county = sealed.clone();
            async move { county.seal("bench").await.map(|_| ()) }
        }));
    }
    jobs
}

#[expect(clippy::disallowed_methods, reason = "this is the loop that jobs are run by")]
async fn every<F, R>(pause: Duration, run: F)
where
    F: Fn() -> R,
    R: Future<Output = app::Result<()>>,
{
    loop {
        if let Err(error) = run().await {
            eprintln!("a job failed at {} and will be tried again: {error}", SystemClock.now());
        }
        tokio::time::sleep(pause).await;
    }
}

/// A server in a process of its own.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to its first ready answer.
    pub ready_after: Duration,
}

impl Server {
    /// Starts `program` (this one) on a database and waits until it is ready.
    pub async fn start(program: &Path, database: &str) -> Result<Self> {
        let begun = now();
        let mut child = Command::new(program)
            .args(["serve", "--database", database])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| program.display().to_string())?;
        let output = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).await?;
        let address = line.trim().strip_prefix(LISTENING).context("the server did not start")?;
        let address: SocketAddr = address.trim().parse()?;
        let mut client = Client::connect(address).await?;
        let answer = client.get_outside("/readyz").await?;
        if !answer.status.is_success() {
            bail!("not ready: {}", String::from_utf8_lossy(&answer.body));
        }
        Ok(Self { child, address, ready_after: begun.elapsed() })
    }

    /// Kills it as a loss of power would.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Ends it in good order.
    pub async fn stop(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        let status = self.child.wait().await?;
        anyhow::ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }

    /// Its resident memory now and at most so far, in bytes.
    pub fn memory(&self) -> Result<(u64, u64)> {
        let id = self.child.id().context("the server has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let kib = |name: &str| -> Option<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix("kB")?.trim().parse().ok()
        };
        let (now, most) = kib("VmRSS:").zip(kib("VmHWM:")).context("no memory in /proc")?;
        Ok((now * 1024, most * 1024))
    }
}

/// This program's own file.
pub fn this_program() -> Result<PathBuf> {
    std::env::current_exe().context("this program does not know its own file")
}
