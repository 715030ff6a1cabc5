//! `import`: a real office's file into a city made from its divisions. Counts and figures only: no
//! word of the file is ever printed.

use crate::county::{close, open, pack};
use crate::figure::{Figure, Report, count, per_second};
use crate::stopwatch::now;
use crate::{Bench, ground::repository, remove};
use anyhow::{Context, Result};
use app::County;
use app::exchange::{ImportFile, ImportReport, import_cases};
use app::foundation::Foundation;
use app::oversight::{By, Durations, Rates, durations, place_of, rates, tallies};
use app::territory::{Root, read_divisions};
use jiff::civil::date;
use model::access::Actor;
use rowdb::Options;
use sheet::{Format, Mapping};
use std::sync::Arc;
use store::tallies::Period;

/// What the file is known to hold.
const PLACED: usize = 1_188;
const UNPLACED: usize = 246;
const REDISPATCHED: i64 = 363;

/// Measures it; says so when the file is not there.
pub async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let Ok(bytes) = std::fs::read(&bench.file) else {
        report.say(&format!("import: no {} here; name a file by --file", bench.file.display()));
        return Ok(());
    };
    let county = city(bench).await?;
    let mapping = std::fs::read_to_string(repository().join("data/mappings/river-requests.toml"))?;
    let mapping = Mapping::parse(&mapping)?;
    let (name, format) = ("requests.csv", Format::Csv);
    let file = ImportFile { name, bytes: &bytes, format, mapping: &mapping, dry_run: true };
    let begun = now();
    let dry = import_cases(&county, actor(), file, &mut |_| {}).await?;
    let took = begun.elapsed();
    report.add(Figure::rate("import: rows checked in a dry run", dry.rows, took));
    let begun = now();
    let file = ImportFile { dry_run: false, ..file };
    let done = import_cases(&county, actor(), file, &mut |_| {}).await?;
    let rate = per_second(done.recorded, begun.elapsed());
    report.add(Figure::new("import: rows recorded", rate, "/s"));
    let again = import_cases(&county, actor(), file, &mut |_| {}).await?;
    tell(report, &dry, &done, &again);
    figures(&county, report).await?;
    close(county).await;
    Ok(())
}

fn actor() -> Actor {
    Actor::system("import")
}

/// A city with all its counties, founded from the divisions.
async fn city(bench: &Bench) -> Result<Arc<County>> {
    let database = bench.folder.join("city.db");
    remove(&database)?;
    let county = open(&database.display().to_string(), Options::default()).await?;
    let file =
        std::fs::read(&bench.divisions).with_context(|| bench.divisions.display().to_string())?;
    let code = bench.divisions.file_stem().and_then(|it| it.to_str()).context("no code")?;
    let root = Root { code: code.to_owned(), name: None, from: date(2000, 1, 1) };
    let places = read_divisions(&file, &root)?;
    county.found(Foundation { pack: pack()?, places }).await?;
    Ok(county)
}

fn tell(report: &mut Report, dry: &ImportReport, done: &ImportReport, again: &ImportReport) {
    let number = |name: &str, n: usize| Figure::new(format!("import: {name}"), count(n), "rows");
    report.add(number("rows", done.rows));
    report.add(number("problems", done.problems.len()));
    report.add(number("would be recorded by the dry run", dry.recorded));
    let placed = done.recorded - done.unplaced.len().min(done.recorded);
    let known = number("in their district", placed);
    report.add(known.target(format!("{PLACED}"), placed == PLACED));
    let root = number("at the root, flagged", done.unplaced.len());
    report.add(root.target(format!("{UNPLACED}"), done.unplaced.len() == UNPLACED));
    report.add(number("title and text of an earlier row", done.duplicates.len()));
    let twice = number("recorded by a second run", again.recorded);
    report.add(twice.target("none", again.recorded == 0));
}

async fn figures(county: &Arc<County>, report: &mut Report) -> Result<()> {
    let (durations, rates, districts) = county
        .look(actor(), |tx, mut work| {
            Box::pin(async move {
                let scope = (place_of(&work, None)?, Period::ALL);
                let durations = durations(tx, &mut work, scope).await?;
                let rates = rates(tx, &mut work, scope).await?;
                let by = (scope.0, By::Place, Period::ALL);
                Ok((durations, rates, tallies(tx, &mut work, by).await?.rows.len()))
            })
        })
        .await?;
    report.add(Figure::new("import: districts with requests", count(districts), ""));
    for (name, found, known) in known(&durations, &rates) {
        let value = count(usize::try_from(found.unwrap_or(-1)).unwrap_or(0));
        let met = found == Some(known);
        let figure = Figure::new(format!("import: {name}"), value, "");
        report.add(figure.target(format!("{known}"), met));
    }
    Ok(())
}

/// Name, value found, value known; days in hundredths.
fn known(durations: &Durations, rates: &Rates) -> [(&'static str, Option<i64>, i64); 4] {
    let again = rates.rates.get("redispatched");
    [
        ("median of hundredths of days to the reply", durations.p50, 400),
        ("p95 of hundredths of days to the reply", durations.p95, 1_800),
        ("dispatched again", again.and_then(|it| it.numerator), REDISPATCHED),
        ("of which it is known", again.and_then(|it| it.denominator), 1_188),
    ]
}
