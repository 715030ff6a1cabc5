//! `decide`: how many decisions of the general pack's `appeal` are taken a second: whole lives of
//! requests from the opening to the asker's verdict, without a database.

use crate::county;
use crate::figure::{Figure, Report, per_second};
use crate::ground::Scale;
use crate::requests::Requests;
use crate::stopwatch::{Samples, now, timed};
use anyhow::{Context, Result, anyhow};
use app::Shelf;
use jiff::{SignedDuration, Timestamp};
use method::decide::{Command, Doer, Form, Opening, World, decide, open};
use model::cases::{Asker, CaseState, Hiding};
use model::{Draw, PersonId, PlaceId};
use rowdb::Options;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

const LIVES: usize = 10_000;
/// The acts of a life after its opening: action, whether the asker does it, form.
const LIFE: [(&str, bool, &str); 5] = [
    ("dispatch", false, r#"{"unit":"urban_management"}"#),
    ("sign", false, "{}"),
    ("answer", false, r#"{"words":"已派人处理完毕,感谢您的反映。"}"#),
    ("approve", false, "{}"),
    ("satisfied", true, r#"{"stars":5,"contacted":true}"#),
];

/// Measures it.
pub async fn run(report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let url = folder.path().join("county.db").display().to_string();
    let county = county::open(&url, Options::default()).await?;
    county::found(&county, Scale::SMALL).await?;
    let (shelf, at) = (county.shelf().await?, county.now());
    county::close(county).await;
    let (decisions, samples, took) = lives(&shelf, at)?;
    let rate = per_second(decisions, took);
    report.add(Figure::new("decide: decisions", rate, "/s").note(format!("{decisions} decisions")));
    report.add(Figure::times("decide: one opening", &samples));
    Ok(())
}

fn lives(shelf: &Arc<Shelf>, at: Timestamp) -> Result<(usize, Samples, std::time::Duration)> {
    let places: Vec<PlaceId> = leaves(shelf);
    let (mut requests, mut draw) = (Requests::new(1)?, Draw::new(at, [1; 32]));
    let (mut samples, begun) = (Samples::default(), now());
    for n in 0..LIVES {
        let place = places.get(n % places.len()).context("no places")?;
        let opening = opening(&mut requests, *place, &mut draw);
        let world = shelf.world(shelf.pack()?, at);
        let (opened, took) = timed(|| open(&world, &opening));
        samples.add(took);
        let opened = opened.map_err(|refusal| anyhow!("open: {refusal:?}"))?;
        live(shelf, opened.state, at, &mut draw)?;
    }
    Ok((LIVES * (LIFE.len() + 1), samples, begun.elapsed()))
}

/// The narrowest places.
pub fn leaves(shelf: &Shelf) -> Vec<PlaceId> {
    let places = shelf.network.places();
    places.filter(|it| shelf.network.children(it.id).is_empty()).map(|it| it.id).collect()
}

/// An opening by a resident.
pub fn opening(requests: &mut Requests, place: PlaceId, draw: &mut Draw) -> Opening {
    let request = requests.take();
    let form = json!({
        "title": request.title, "body": request.body, "contact": "13800001234", "place": place,
    });
    let person: PersonId = draw.id::<Uuid>().into();
    Opening {
        procedure: "appeal".to_owned(),
        matter: Some(request.matter.to_owned()),
        place,
        asker: Asker::Resident { person: Some(person), hiding: Hiding::Named },
        by: Doer::Asker,
        about: BTreeSet::new(),
        parent: None,
        limits: BTreeMap::new(),
        source_due: None,
        form: form_of(form),
        entry: draw.entry(),
    }
}

fn form_of(value: Value) -> Form {
    match value {
        Value::Object(form) => form,
        _ => Form::new(),
    }
}

fn live(shelf: &Shelf, mut case: CaseState, at: Timestamp, draw: &mut Draw) -> Result<()> {
    for ((action, asker, form), minutes) in LIFE.into_iter().zip(1..) {
        let at = at + SignedDuration::from_mins(minutes);
        let world: World<'_> = shelf.world(shelf.pack()?, at);
        let owner = case.owner.context("nobody answers for it")?;
        let by = if asker { Doer::Asker } else { Doer::Post(owner) };
        let form = form_of(serde_json::from_str(form)?);
        let command = Command { action: action.to_owned(), by, form, entry: draw.entry() };
        let decided = decide(&world, &case, &command);
        case = decided.map_err(|refusal| anyhow!("{action}: {refusal:?}"))?.state;
    }
    anyhow::ensure!(case.end.is_some(), "a life has not ended");
    Ok(())
}
