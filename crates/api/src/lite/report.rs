//! Reporting without a log-in: the place first, then one form.

use super::page::{Report, Say, Sent, Spot, moment, told, wrong};
use super::{Guest, Where, choose, spot};
use crate::exchange::{Parts, keep_photo};
use crate::extract::Params;
use crate::problem::Problem;
use crate::state::Api;
use app::cases::{OpenCase, Opened, open};
use axum::extract::State;
use axum::response::Response;
use model::access::Operation;
use model::cases::Hiding;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// What residents report by when nothing else is chosen.
const PROCEDURE: &str = "appeal";
/// Characters of the text that become the title.
const TITLE: usize = 30;

pub(super) async fn ask(
    State(api): State<Api>,
    guest: Guest,
    say: Say,
    Params(wanted): Params<Where>,
) -> Response {
    match spot(&api, &guest, &wanted).await {
        Ok(Some(place)) => told(say, Ok(blank(&api, say, place))),
        Ok(None) => {
            let title = say.of("说一件事", "Report something");
            choose((&api, &guest), say, (title, "/lite/report", wanted)).await
        }
        Err(problem) => told::<Report>(say, Err(problem)),
    }
}

/// The form as it is first seen. Its key makes a request that is sent twice one request.
fn blank(api: &Api, say: Say, place: Spot) -> Report {
    let key = uuid::Builder::from_random_bytes(seed(api)).into_uuid().to_string();
    let asker = "named".to_owned();
    Report {
        say,
        place,
        wrong: Vec::new(),
        key,
        body: String::new(),
        contact: String::new(),
        asker,
    }
}

/// Sixteen fresh random bytes.
pub(super) fn seed(api: &Api) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&api.county().seed()[..16]);
    half
}

pub(super) async fn send(
    State(api): State<Api>,
    mut guest: Guest,
    say: Say,
    Params(wanted): Params<Where>,
    parts: Parts,
) -> Response {
    let place = match spot(&api, &guest, &wanted).await {
        Ok(Some(place)) => place,
        Ok(None) => return told::<Report>(say, Err(Problem::not_found())),
        Err(problem) => return told::<Report>(say, Err(problem)),
    };
    let text = |name| parts.text(name).map(str::trim).unwrap_or_default().to_owned();
    let said = Said { body: text("body"), contact: text("contact"), asker: text("asker") };
    guest.0.key = Some(text("key")).filter(|it| !it.is_empty() && it.len() <= 100);
    match deliver(&api, &guest, (&place, &said, &parts)).await {
        Ok(opened) => sent(&api, say, opened).await,
        Err(problem) if problem.status.is_client_error() => {
            let wrong = wrong(say, &problem);
            let Said { body, contact, asker } = said;
            told(say, Ok(Report { wrong, body, contact, asker, ..blank(&api, say, place) }))
        }
        Err(problem) => told::<Report>(say, Err(problem)),
    }
}

/// What was typed.
struct Said {
    body: String,
    contact: String,
    asker: String,
}

async fn deliver(
    api: &Api,
    guest: &Guest,
    (place, said, parts): (&Spot, &Said, &Parts),
) -> Result<Opened, Problem> {
    let mut form = Map::new();
    let title: String = said.body.chars().take(TITLE).collect();
    for (field, text) in [("title", &title), ("body", &said.body), ("contact", &said.contact)] {
        form.insert(field.to_owned(), Value::from(text.as_str()));
    }
    if let Some(photo) = parts.given("photo") {
        let id = keep_photo(api, &guest.0, photo).await?;
        form.insert("photos".to_owned(), Value::from(vec![id.to_string()]));
    }
    let hiding = match said.asker.as_str() {
        "anonymous" => Hiding::Anonymous,
        "confidential" => Hiding::Confidential,
        _ => Hiding::Named,
    };
    let request = OpenCase {
        procedure: PROCEDURE.to_owned(),
        form,
        place: Some(place.code.clone()),
        hiding,
        channel: "lite".to_owned(),
        ..OpenCase::default()
    };
    let hash =
        Sha256::digest(format!("{}\0{}\0{}\0{}", place.code, said.body, said.contact, said.asker));
    api.command((&guest.0, Operation::OpenCase), (hash.into(), request), |tx, work, request| {
        Box::pin(open(tx, work, request))
    })
    .await
}

async fn sent(api: &Api, say: Say, opened: Opened) -> Response {
    let code = api.claim_code(opened.case.id).await;
    told(
        say,
        code.map(|code| Sent {
            say,
            number: opened.case.number,
            code,
            promise: opened.case.clock.promise_at.map(|at| moment(say, at)),
        }),
    )
}
