//! `method`: decisions a second on one core, and how long a large pack takes to be read.

use crate::figure::{Figure, Report, millis, per_second};
use crate::stopwatch::{Samples, now, timed};
use anyhow::{Context, Result, anyhow, ensure};
use method::decide::{Command, Doer, Form, NO_FACTS, Opening, World, decide, open};
use method::read::Files;
use method::simulate::Setting;
use model::cases::{Asker, CaseState, Hiding};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use uuid::Uuid;

/// Requests that stand in each state at once, and how often each act is decided on them.
const CASES: usize = 2_000;
const ROUNDS: usize = 50;
/// The acts, by the owner; each is decided on what the one before it left.
const ACTS: [(&str, &str); 3] = [
    ("dispatch", r#"{"unit":"urban_management"}"#),
    ("sign", "{}"),
    ("answer", r#"{"words":"已派人处理完毕,感谢您的反映。"}"#),
];
const LEAST_DECISIONS: f64 = 500_000.0;
/// Procedures of the large pack, how often it is read, and how long that may take.
const PROCEDURES: usize = 200;
const READINGS: usize = 20;
const MOST_READING: Duration = Duration::from_millis(200);

/// Measures both.
pub fn run(report: &mut Report) -> Result<()> {
    decisions(report)?;
    reading(report)
}

fn decisions(report: &mut Report) -> Result<()> {
    let pack =
        method::read::load("base", &stories::shipped::packs).pack.context("an unsound pack")?;
    let setting = stories::county::setting(&pack)?;
    let mut cases = opened(&setting)?;
    let (mut taken, mut took) = (0, Duration::ZERO);
    for (action, form) in ACTS {
        let form: Form = serde_json::from_str(form)?;
        let commands: Vec<Command> = cases.iter().map(|it| command(it, action, &form)).collect();
        let world = world(&setting);
        let begun = now();
        for _ in 0..ROUNDS {
            for (case, command) in cases.iter().zip(&commands) {
                std::hint::black_box(decide(&world, case, command))
                    .map_err(|it| anyhow!("{it}"))?;
            }
        }
        let spent = begun.elapsed();
        let n = CASES * ROUNDS;
        report.add(Figure::new(format!("method: decide {action}"), per_second(n, spent), "/s"));
        (taken, took) = (taken + n, took + spent);
        cases = after(&world, &cases, &commands)?;
    }
    let rate = per_second(taken, took);
    let asked = format!("≥ {LEAST_DECISIONS:.0}/s a core");
    let figure = Figure::new("method: decide, all three", rate, "/s");
    report.add(figure.target(asked, rate >= LEAST_DECISIONS));
    Ok(())
}

fn world(setting: &Setting) -> World<'_> {
    World {
        pack: &setting.pack,
        network: &setting.network,
        calendar: &setting.calendar,
        now: "2026-03-02T02:00:00Z".parse().unwrap_or_default(),
        parent_due: None,
        facts: &NO_FACTS,
    }
}

fn opened(setting: &Setting) -> Result<Vec<CaseState>> {
    let places = setting.places.iter().cycle().take(CASES);
    let world = world(setting);
    let open = |(n, (place, _)): (usize, &(model::PlaceId, f64))| {
        let form = json!({ "title": "路灯不亮", "body": "门口的路灯坏了三天", "place": place });
        let person = Uuid::from_u128(n as u128).into();
        let opening = Opening {
            procedure: "appeal".to_owned(),
            matter: Some("street_lights".to_owned()),
            place: *place,
            asker: Asker::Resident { person: Some(person), hiding: Hiding::Named },
            by: Doer::Asker,
            about: BTreeSet::new(),
            parent: None,
            limits: BTreeMap::new(),
            source_due: None,
            form: serde_json::from_value(form)?,
            entry: Uuid::nil().into(),
        };
        Ok(open(&world, &opening).map_err(|it| anyhow!("open: {it}"))?.state)
    };
    places.enumerate().map(open).collect()
}

fn command(case: &CaseState, action: &str, form: &Form) -> Command {
    let by = case.owner.map_or(Doer::Clock, Doer::Post);
    Command { action: action.to_owned(), by, form: form.clone(), entry: Uuid::nil().into() }
}

fn after(world: &World<'_>, cases: &[CaseState], commands: &[Command]) -> Result<Vec<CaseState>> {
    let decided = cases.iter().zip(commands).map(|(case, command)| decide(world, case, command));
    decided.map(|it| Ok(it.map_err(|refusal| anyhow!("{refusal}"))?.state)).collect()
}

fn reading(report: &mut Report) -> Result<()> {
    let files = large()?;
    let mut samples = Samples::default();
    for _ in 0..READINGS {
        let find = |id: &str| (id == "base").then(|| files.clone());
        let (loaded, took) = timed(|| method::read::load("base", &find));
        samples.add(took);
        let pack = loaded.pack.ok_or_else(|| anyhow!("{:#?}", loaded.problems.first()))?;
        ensure!(pack.procedures.len() >= PROCEDURES, "{} procedures only", pack.procedures.len());
    }
    let median = samples.hundredth(50);
    let figure = Figure::times(format!("method: read {PROCEDURES} procedures"), &samples);
    let asked = format!("≤ {:.0} ms", millis(MOST_READING));
    report.add(figure.target(asked, median <= MOST_READING).note("read, merge, check"));
    Ok(())
}

/// `base`, with its procedures again and again under other ids.
fn large() -> Result<Files> {
    let mut files = stories::shipped::packs("base").context("no base")?;
    let own = |path: &str| {
        let id = path.strip_prefix("procedures/")?.strip_suffix(".toml")?;
        (id != "every").then(|| id.to_owned())
    };
    let procedures: Vec<(String, String)> =
        files.iter().filter_map(|(path, text)| Some((own(path)?, text.clone()))).collect();
    let more = PROCEDURES.saturating_sub(procedures.len());
    for (n, (id, text)) in procedures.iter().cycle().take(more).enumerate() {
        files.push((format!("procedures/{id}_{n}.toml"), text.clone()));
    }
    files.sort();
    Ok(files)
}
