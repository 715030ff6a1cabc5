//! The command line of the experiments: `cargo run --release -p bench -- NAME`.

use anyhow::Result;
use bench::figure::{Figure, Report};
use bench::{Bench, crash, create, demo, disk, ground, import, pure, rows, scale, server};
use clap::{Parser, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// The allocator of the shipped program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Jinlin on this machine; exit code 1 when a target is missed.
#[derive(Parser)]
struct Cli {
    /// What to measure.
    #[arg(value_enum)]
    name: Name,
    /// Print JSON at the end instead of lines.
    #[arg(long)]
    json: bool,
    /// Rounds: 3 of `rows` and `create`, 30 of `crash` unless said otherwise.
    #[arg(long)]
    rounds: Option<usize>,
    /// How long a load lasts.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Clients at once.
    #[arg(long, default_value_t = 64)]
    clients: usize,
    /// Cases in the large county.
    #[arg(long, default_value_t = 1_000_000)]
    cases: usize,
    /// Run `create` on PostgreSQL: on the server of `--database`, else on a throw-away one.
    #[arg(long)]
    postgres: bool,
    /// Address of a PostgreSQL server; for `serve`, of the database.
    #[arg(long)]
    database: Option<String>,
    /// The file to `import`.
    #[arg(long)]
    file: Option<PathBuf>,
    /// The divisions of the city into which it is imported.
    #[arg(long)]
    divisions: Option<PathBuf>,
    /// Where databases lie while they are measured on.
    #[arg(long)]
    folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Everything, one after the other.
    All,
    /// One fdatasync of this disk.
    Fsync,
    /// Point to cell.
    Locate,
    /// Planning micro-grids from buildings.
    Plan,
    /// Checking a map of ten thousand outlines.
    Shapes,
    /// Decisions of a procedure.
    Decide,
    /// Decisions a second, and reading a large pack.
    Method,
    /// A million requests played.
    Simulate,
    /// Deadlines.
    Calendar,
    /// Texts.
    Text,
    /// The limit of our own rows.
    Rows,
    /// Requests through HTTP.
    Create,
    /// 50 of a million by filter.
    Lists,
    /// Counts of a million.
    Tallies,
    /// Rates of a million.
    Rates,
    /// The console in a browser with a million.
    Console,
    /// Ready after the start with a million.
    Start,
    /// Memory under load with a million.
    Memory,
    /// Killed at random moments.
    Crash,
    /// A real office's file.
    Import,
    /// Making the demo county.
    Demo,
    /// The server that the others start.
    #[value(hide = true)]
    Serve,
}

const ALL: [Name; 20] = [
    Name::Fsync,
    Name::Locate,
    Name::Plan,
    Name::Shapes,
    Name::Decide,
    Name::Method,
    Name::Simulate,
    Name::Calendar,
    Name::Text,
    Name::Rows,
    Name::Create,
    Name::Lists,
    Name::Tallies,
    Name::Rates,
    Name::Console,
    Name::Start,
    Name::Memory,
    Name::Crash,
    Name::Import,
    Name::Demo,
];

fn main() -> Result<ExitCode> {
    let cli = Cli::parse();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(cli))
}

async fn run(cli: Cli) -> Result<ExitCode> {
    if cli.name == Name::Serve {
        server::serve(cli.database.as_deref().unwrap_or_default()).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut report = Report::new(cli.json);
    let name = cli.name;
    let bench = bench(cli);
    std::fs::create_dir_all(&bench.folder)?;
    let names = if name == Name::All { &ALL[..] } else { &[name] };
    for name in names {
        measure(*name, &bench, &mut report).await?;
    }
    Ok(if report.finish()? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn bench(cli: Cli) -> Bench {
    let repository = ground::repository();
    let file = "../shared/data/messages/fuzhou_12345_river_requests.csv";
    Bench {
        folder: cli.folder.unwrap_or_else(|| repository.join("target/bench")),
        rounds: cli.rounds,
        seconds: cli.seconds,
        clients: cli.clients,
        cases: cli.cases,
        postgres: cli.postgres,
        database: cli.database,
        file: cli.file.unwrap_or_else(|| repository.join(file)),
        divisions: cli.divisions.unwrap_or_else(|| repository.join("data/divisions/3501.csv")),
    }
}

async fn measure(name: Name, bench: &Bench, report: &mut Report) -> Result<()> {
    match name {
        Name::Fsync => fsync(bench, report),
        Name::Locate => pure::locate::run(report),
        Name::Plan => pure::plan::run(report),
        Name::Shapes => pure::shapes::run(report),
        Name::Decide => pure::decide::run(report).await,
        Name::Method => pure::method::run(report),
        Name::Simulate => pure::simulate::run(bench.cases, report),
        Name::Calendar => pure::calendar::run(report),
        Name::Text => pure::text::run(report),
        Name::Rows => rows::run(bench, report).await,
        Name::Create => create::run(bench, report).await,
        Name::Lists => scale::lists::run(bench, report).await,
        Name::Tallies => scale::counts::tallies(bench, report).await,
        Name::Rates => scale::counts::rates(bench, report).await,
        Name::Console => scale::console::run(bench, report).await,
        Name::Start => scale::start(bench, report).await,
        Name::Memory => scale::memory(bench, report).await,
        Name::Crash => crash::run(bench, report).await,
        Name::Import => import::run(bench, report).await,
        Name::Demo => demo::run(bench, report).await,
        Name::All | Name::Serve => Ok(()),
    }
}

fn fsync(bench: &Bench, report: &mut Report) -> Result<()> {
    for size in [4_096, 65_536] {
        let samples = disk::syncs(&bench.folder, size, Duration::from_secs(2))?;
        report.add(Figure::times(format!("fsync: fdatasync of {} KiB", size / 1_024), &samples));
    }
    Ok(())
}
