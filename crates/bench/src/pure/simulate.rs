//! `simulate`: how long a million requests of a county take to be played, on one core.

use crate::figure::{Figure, Report, count, per_second};
use crate::stopwatch::now;
use anyhow::{Context, Result, ensure};
use method::simulate::{Change, Extent, Run, simulate};
use stories::shipped::{demo_places, packs};

/// So many come a day, and as many work at each post of these roles, that none drowns.
const PER_DAY: f64 = 10_000.0;
const STAFF: [(&str, u32); 4] = [("desk", 400), ("clerk", 60), ("head", 30), ("grid_worker", 4)];
/// The longest it may take.
const MOST_SECONDS: f64 = 60.0;

/// Measures it.
pub fn run(cases: usize, report: &mut Report) -> Result<()> {
    let place = demo_places().into_iter().next().context("no demo county")?.id;
    let pack = method::read::load(&place, &packs).pack.context("an unsound pack")?;
    let mut setting = stories::county::setting(&pack)?;
    setting.streams.iter_mut().for_each(|stream| stream.per_day = PER_DAY);
    for (role, holders) in STAFF {
        setting = setting.with(&Change::Staff { role: role.to_owned(), holders })?;
    }
    let from = "2026-03-02T00:00:00+08:00".parse()?;
    let run = Run { seed: 1, from, extent: Extent::Cases(u64::try_from(cases)?), grace: 30 };
    let begun = now();
    let outcome = simulate(&setting, &run);
    let took = begun.elapsed();
    let requests = outcome.procedures.get("appeal").context("no requests")?;
    let ended = usize::try_from(requests.ended)?;
    ensure!(ended > cases * 9 / 10, "only {ended} have ended: the county drowned");
    let (seconds, decisions) = (took.as_secs_f64(), usize::try_from(outcome.decisions)?);
    let figure = Figure::new(format!("simulate: {cases} requests"), seconds, "s");
    let asked = format!("≤ {MOST_SECONDS:.0} s a million");
    let met = seconds / count(cases) * 1e6 <= MOST_SECONDS;
    report.add(figure.target(asked, met).note(format!("{ended} ended, one core")));
    let rate = per_second(decisions, took);
    report.add(Figure::new("simulate: decisions", rate, "/s").note(format!("{decisions} in all")));
    Ok(())
}
