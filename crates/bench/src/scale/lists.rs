//! `lists`: 50 of a million by filter, at every level of the tree, through HTTP as the duty desk.

use super::history;
use crate::Bench;
use crate::client::Client;
use crate::figure::{Figure, Report, millis};
use crate::ground::{Ground, Scale};
use crate::rim::Dice;
use crate::server::{Server, this_program};
use crate::stopwatch::{Samples, now};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;

/// Pages drawn for each level and filter.
const DRAWS: usize = 100;
/// What each place's list is narrowed by.
const FILTERS: [(&str, &str); 8] = [
    ("newest", ""),
    ("matter", "&matter=pothole"),
    ("open", "&state=received"),
    ("ended", "&state=unsolved"),
    ("rare end", "&state=excluded"),
    ("procedure", "&procedure=appeal"),
    ("overdue", "&due_before=2030-01-01T00:00:00Z"),
    ("matter and end", "&matter=garbage&state=solved"),
];
/// Words searched for: few texts hold the first, every eighth the second.
const WORDS: [(&str, &str); 2] = [("address", "&q=滨河路12号"), ("common word", "&q=路灯")];

/// Measures it.
pub async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let database = history::county(bench, bench.cases, report).await?;
    report.add(Figure::new("lists: size of the database", history::size(&database)?, "MiB"));
    let server = Server::start(&this_program()?, &database.display().to_string()).await?;
    let mut client = Client::desk(server.address).await?;
    let (mut all, mut searches) = (Samples::default(), Samples::default());
    for (level, codes) in by_level()? {
        for (name, filter) in FILTERS {
            let samples = pages(&mut client, &codes, filter).await?;
            report.add(figure(&format!("lists: {level}, {name}"), &samples));
            all.extend(samples);
        }
        for (name, filter) in WORDS {
            let samples = pages(&mut client, &codes, filter).await?;
            report.add(Figure::times(format!("lists: {level}, {name}"), &samples));
            searches.extend(samples);
        }
    }
    let mine = pages(&mut client, &[String::new()], "&owner=me").await?;
    report.add(figure("lists: my queue", &mine));
    all.extend(mine);
    report.add(Figure::times("lists: all searches for words", &searches));
    report.add(figure(&format!("lists: 50 of {} cases, all filters", bench.cases), &all));
    server.stop().await
}

/// Codes of all places by level.
pub fn by_level() -> Result<BTreeMap<String, Vec<String>>> {
    let mut levels: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for place in Ground::plan(Scale::TRUE)?.places {
        levels.entry(place.level).or_default().extend(place.code);
    }
    Ok(levels)
}

fn figure(name: &str, samples: &Samples) -> Figure {
    let met = millis(samples.hundredth(50)) <= 2.0 && millis(samples.hundredth(99)) <= 15.0;
    Figure::times(name, samples).target("p50 ≤ 2 ms, p99 ≤ 15 ms", met)
}

/// First pages of places drawn by dice, and the pages after them.
async fn pages(client: &mut Client, codes: &[String], filter: &str) -> Result<Samples> {
    let (mut dice, mut samples) = (Dice::new(99), Samples::default());
    for _ in 0..DRAWS {
        let code = codes.get(dice.skewed(codes.len())).context("no places")?;
        let path = format!("/cases?limit=50&place={code}{}", encode(filter));
        if let Some(next) = page(client, &path, &mut samples).await? {
            page(client, &format!("{path}&after={next}"), &mut samples).await?;
        }
    }
    Ok(samples)
}

/// Reads a page; gives where the next one begins.
pub async fn page(
    client: &mut Client,
    path: &str,
    samples: &mut Samples,
) -> Result<Option<String>> {
    let begun = now();
    let answer = client.get(path).await?;
    samples.add(begun.elapsed());
    let page = answer.done().with_context(|| path.to_owned())?;
    Ok(page.get("next").and_then(Value::as_str).map(str::to_owned))
}

/// Letters that are not ASCII as a query has them.
pub fn encode(query: &str) -> String {
    let sign = |byte: u8| match byte.is_ascii() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    query.bytes().map(sign).collect()
}
