//! `rows`: the limit our own rows set. One writer, 64 requests a group, `synchronous=FULL`, exactly
//! the rows that a request makes, put in by the store's own functions and sealed: no HTTP, no
//! log-in, no look-up, no decision. What `create` reaches is held against it.

use crate::county;
use crate::disk;
use crate::figure::{Figure, Report, per_second};
use crate::pure::decide::opening;
use crate::requests::Requests;
use crate::stopwatch::{Samples, median, now};
use crate::{Bench, ground::Scale};
use anyhow::{Context, Result};
use app::{County, Shelf};
use method::decide::open;
use model::cases::Hiding;
use model::journal::{Event, Private};
use model::territory::Point;
use model::{Actor, CaseId, Draw, PlaceId};
use rowdb::{Options, Tx};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::exchange::Kept;
use store::journal::{Draft, record};

/// Requests that share a commit.
const GROUP: usize = 64;

/// Characters of the answer that is kept for a repeated request.
const ANSWER: usize = 1_255;

/// Measures it.
pub async fn run(bench: &Bench, report: &mut Report) -> Result<()> {
    let template = bench.template(Scale::TRUE).await?;
    let mut rates = Vec::new();
    for _ in 0..bench.rounds.unwrap_or(3) {
        let (rate, samples) = limit(&bench.copy(&template, "rows")?, bench.time()).await?;
        report.add(disk::beside("rows", &bench.folder)?);
        report.add(Figure::new("rows: one round", rate, "/s").with_times(&samples));
        rates.push(rate);
    }
    let note = "median of the rounds; times are of one group of 64";
    report.add(Figure::new("rows: requests by our own rows", median(rates), "/s").note(note));
    Ok(())
}

/// How many requests a second the rows allow, on a founded county; and the times of the groups.
pub async fn limit(database: &Path, long: Duration) -> Result<(f64, Samples)> {
    let county = county::open(&database.display().to_string(), Options::default()).await?;
    let mut writer = Writer::new(&county).await?;
    let (mut samples, mut within) = (Samples::default(), Duration::ZERO);
    while within < long {
        let group: Arc<[Row]> = (0..GROUP).map(|_| writer.row()).collect::<Result<_>>()?;
        let begun = now();
        county
            .db()
            .command(move |tx| {
                let group = group.clone();
                Box::pin(async move { insert(tx, &group).await })
            })
            .await?;
        samples.add(begun.elapsed());
        within += begun.elapsed();
    }
    county::close(county).await;
    Ok((per_second(samples.len() * GROUP, within), samples))
}

/// What one request puts in.
#[derive(Clone)]
pub struct Row {
    draft: Draft,
    answer: String,
}

async fn insert(tx: &mut Tx, group: &[Row]) -> store::Result<()> {
    for Row { draft, answer } in group {
        let day = model::rates::local_day(draft.at);
        store::access::secrets::reserve_numbers(tx, day, 1).await?;
        record(tx, draft.clone()).await?;
        let kept = Kept { body: vec![7; 32], status: 200, answer: answer.clone() };
        store::exchange::keep(tx, "bench/case.open", &draft.id.to_string(), &kept, draft.at)
            .await?;
    }
    Ok(())
}

/// Makes rows as opening a request would.
pub struct Writer {
    shelf: Arc<Shelf>,
    places: Vec<PlaceId>,
    requests: Requests,
    draw: Draw,
    made: usize,
}

impl Writer {
    /// A writer for a founded county.
    pub async fn new(county: &Arc<County>) -> Result<Self> {
        let (shelf, requests) = (county.shelf().await?, Requests::new(7)?);
        let places = county::places_of(county, requests.points()).await?;
        let draw = Draw::new(county.now(), county.seed());
        Ok(Self { places, shelf, requests, draw, made: 0 })
    }

    fn row(&mut self) -> Result<Row> {
        self.made += 1;
        let place = *self.places.get(self.made % self.places.len()).context("no places")?;
        let opening = opening(&mut self.requests, place, &mut self.draw);
        let entry = opening.entry;
        let decision = open(&self.shelf.world(self.shelf.pack()?, self.draw.now), &opening)?;
        let case: CaseId = self.draw.id();
        let state = serde_json::to_value(&decision.state)?;
        let event = Event::CaseOpened {
            opening: model::journal::Opening {
                case,
                number: format!("B{}", case.0.simple()),
                path: self.shelf.network.path(place),
                point: Some(Point { lng_e7: 1, lat_e7: 1, datum: "cgcs2000".to_owned() }),
                hiding: Hiding::Named,
                sensitive: false,
                channel: "app".to_owned(),
                source: None,
                link: None,
                simhash: Some(1),
                facts: Default::default(),
                choice: None,
                state: state.clone(),
            },
        };
        let texts = decision.private.into_iter();
        let private = texts
            .map(|(field, value)| (field, Private { salt: self.draw.salt(), value }))
            .collect();
        let draft = Draft {
            id: entry,
            at: self.draw.now,
            actor: Actor::system("bench"),
            subject: Some(case.0),
            revision: Some(1),
            event,
            private,
        };
        Ok(Row { draft, answer: format!("{:<ANSWER$}", state.to_string()) })
    }
}
