//! `jinlin pack simulate`: a county that works by a pack, played before anybody lives by it.

mod table;

use crate::cli::{Database, Simulate};
use crate::opened::{How, by_key_file};
use anyhow::{Context, Result, bail, ensure};
use app::oversight::past;
use calendar::Span;
use method::definition::Pack;
use method::simulate::{
    Change, Extent, Habits, Order, Outcome, Run, Setting, Spot, learn, read_came, simulate, streams,
};
use model::access::Actor;
use std::process::ExitCode;
use std::str::FromStr;

/// Days after the last case in which what is open may still end.
const GRACE: u32 = 30;
/// Days for which cases come where nobody says for how many.
const DAYS: u32 = 30;
/// Past cases that are learned from at most.
const PAST: usize = 5_000;

pub async fn run(wanted: &Simulate) -> Result<ExitCode> {
    let changes = changes(wanted)?;
    let mut setting = setting(wanted).await?;
    narrow(&mut setting, wanted)?;
    weigh(&mut setting.habits, &setting.pack, &wanted.weight)?;
    if wanted.due_first {
        setting.habits.order = Order::Due;
    }
    let mut changed = setting.clone();
    for change in &changes {
        changed = changed.with(change)?;
    }
    let runs = runs(wanted);
    let play = |setting: &Setting| -> Vec<Outcome> {
        runs.iter().map(|run| simulate(setting, run)).collect()
    };
    let now = play(&setting);
    let then = (!changes.is_empty()).then(|| play(&changed));
    if wanted.json {
        let told = serde_json::json!({ "now": now, "changes": changes, "changed": then });
        println!("{}", serde_json::to_string_pretty(&told)?);
    } else {
        print!("{}", table::told(&setting, &now, then.as_deref()));
    }
    Ok(ExitCode::SUCCESS)
}

fn runs(wanted: &Simulate) -> Vec<Run> {
    let seeds = if wanted.seed.is_empty() { &[1, 2, 3][..] } else { &wanted.seed };
    let from = calendar::start_of_day(wanted.from);
    let days = Extent::Days(wanted.days.unwrap_or(DAYS));
    let extent = wanted.cases.map_or(days, Extent::Cases);
    seeds.iter().map(|seed| Run { seed: *seed, from, extent, grace: GRACE }).collect()
}

/// The county: that of the database, else one in which every post of the pack is held.
async fn setting(wanted: &Simulate) -> Result<Setting> {
    let pack = super::pack::sound(&wanted.dir)?.pack.context("the pack has problems")?;
    if let Some(database) = &wanted.database {
        return of_database(wanted, database, pack).await;
    }
    let mut setting = stories::county::setting(&pack)?;
    if let Some(file) = &wanted.arrivals {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        let came = read_came(&text, &pack).map_err(|bad| {
            let lines: Vec<String> = bad.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("{}:\n{}", file.display(), lines.join("\n"))
        })?;
        ensure!(!came.is_empty(), "{} holds no cases", file.display());
        setting.streams = streams(&came);
    }
    Ok(setting)
}

/// A county as it stands, in which what came comes again and people do what they did.
async fn of_database(wanted: &Simulate, database: &str, pack: Pack) -> Result<Setting> {
    let seal_key = wanted.seal_key.clone();
    let database = Database { database: database.to_owned(), seal_key };
    let county = by_key_file(&database, How { read_only: true, ..How::default() }).await?;
    let shelf = county.shelf().await?;
    let past = county
        .look(Actor::system("pack"), |tx, mut work| {
            Box::pin(async move { past(tx, &mut work, PAST).await })
        })
        .await?;
    let mut setting = Setting::new(pack, (*shelf.network).clone(), (*shelf.calendar).clone());
    setting.streams = streams(&past.came);
    setting.streams.retain(|it| setting.pack.procedures.contains_key(&it.procedure));
    ensure!(!setting.streams.is_empty(), "the county has no past cases of this pack yet");
    learn(&mut setting.habits, &past.did, &setting.pack, &setting.calendar);
    Ok(setting)
}

/// Only the procedure that is wanted comes, and as often.
fn narrow(setting: &mut Setting, wanted: &Simulate) -> Result<()> {
    if let Some(procedure) = &wanted.procedure {
        setting.streams.retain(|stream| stream.procedure == *procedure);
        if setting.streams.is_empty() {
            let stream = stories::county::usual(&setting.pack, Some(procedure));
            setting.streams.extend(stream);
        }
    }
    let known: Vec<&str> = setting.pack.procedures.keys().map(String::as_str).collect();
    if setting.streams.is_empty() {
        bail!("name a --procedure that cases come by; the pack has {}", known.join(", "));
    }
    if let Some(per_day) = wanted.per_day {
        ensure!(per_day.is_finite() && per_day > 0.0, "--per-day must be above 0");
        let all: f64 = setting.streams.iter().map(|stream| stream.per_day).sum();
        setting.streams.iter_mut().for_each(|stream| stream.per_day *= per_day / all);
    }
    Ok(())
}

fn changes(wanted: &Simulate) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    for text in &wanted.staff {
        let (role, holders) = pair::<u32>(text, "desk=2")?;
        changes.push(Change::Staff { role: role.to_owned(), holders });
    }
    for text in &wanted.limit {
        let (at, limit) = pair::<Span>(text, r#"appeal.received="2 wh""#)?;
        let (procedure, state) =
            at.split_once('.').with_context(|| format!("`{at}`: PROCEDURE.STATE"))?;
        let (procedure, state) = (procedure.to_owned(), state.to_owned());
        changes.push(Change::Limit { procedure, state, limit });
    }
    changes.extend(wanted.grids.map(|count| Change::Cells { place: None, count }));
    changes.extend(wanted.factor.map(|factor| Change::Arrivals { factor }));
    Ok(changes)
}

/// `NAME=VALUE`.
fn pair<'a, T: FromStr>(text: &'a str, example: &str) -> Result<(&'a str, T)> {
    let read = text.split_once('=').and_then(|(name, value)| {
        Some((name.trim(), value.trim().trim_matches('"').parse().ok()?))
    });
    read.with_context(|| format!("`{text}` should read like {example}"))
}

fn weigh(habits: &mut Habits, pack: &Pack, weights: &[String]) -> Result<()> {
    for text in weights {
        let (at, weight) = pair::<f64>(text, "appeal.handling.return=0.06")?;
        ensure!(weight.is_finite() && weight >= 0.0, "`{text}`: a weight is 0 or above");
        let parts: Vec<&str> = at.split('.').collect();
        let [procedure, state, action] = parts[..] else {
            bail!("`{text}` should read like appeal.handling.return=0.06");
        };
        let known = pack.procedures.get(procedure).and_then(|it| it.actions.get(action));
        let known = known.is_some_and(|it| it.from.iter().any(|from| from == state));
        ensure!(known, "`{at}`: the pack has no such action in that state");
        let [procedure, state, action] = [procedure, state, action].map(str::to_owned);
        habits.weights.insert(Spot { procedure, state, action }, weight);
    }
    Ok(())
}
