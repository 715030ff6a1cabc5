//! A case behind its claim code: where it stands, what may be said to it, and the verdict.

use super::Guest;
use super::page::{Asked, CasePage, Past, Possible, Say, Told, Track, moment, told, wrong};
use super::report::seed;
use crate::auth::Caller;
use crate::state::Api;
use app::cases::{ActionView, CaseView, Moment, actions, get, history};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use model::CaseId;
use model::access::{Actor, Operation};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Types of fields that a plain form can ask.
const PLAIN: [&str; 7] = ["text", "stars", "yes_no", "choice", "date", "int", "money"];
/// What the name of a form's own field begins with.
const OWN: &str = "f.";

pub(super) async fn ask(say: Say) -> Response {
    told(say, Ok(Track { say, wrong: Vec::new() }))
}

pub(super) async fn track(State(api): State<Api>, guest: Guest, say: Say, body: Bytes) -> Response {
    let code = fields(&body).remove("code").unwrap_or_default();
    shown(&api, (guest, Way::Claim(code)), say, Back::default()).await
}

/// How somebody came to a case.
pub(super) enum Way {
    /// By the claim code given at the opening.
    Claim(String),
    /// By the link of a message.
    Link(String),
}

impl Way {
    /// What a form calls the code.
    fn field(&self) -> &'static str {
        match self {
            Self::Claim(_) => "code",
            Self::Link(_) => "link",
        }
    }

    fn into_code(self) -> String {
        match self {
            Self::Claim(code) | Self::Link(code) => code,
        }
    }

    /// The guest who came this way.
    fn by(&self, guest: &Guest) -> Caller {
        match self {
            Self::Claim(code) => Caller { claim: Some(normal(code)), ..guest.0.clone() },
            Self::Link(code) => Caller { link: Some(normal(code)), ..guest.0.clone() },
        }
    }
}

/// The link of a message: the same page, reached by its code.
pub(super) async fn verdict(
    State(api): State<Api>,
    guest: Guest,
    say: Say,
    Path(code): Path<String>,
) -> Response {
    shown(&api, (guest, Way::Link(code)), say, Back::default()).await
}

pub(super) async fn act(State(api): State<Api>, guest: Guest, say: Say, body: Bytes) -> Response {
    let mut said = fields(&body);
    let mut take = |name| said.remove(name).unwrap_or_default();
    let (code, link) = (take("code"), take("link"));
    let way = if link.is_empty() { Way::Claim(code) } else { Way::Link(link) };
    let (action, key) = (take("action"), take("key"));
    let revision = take("revision").parse().ok();
    said.retain(|name, _| name.starts_with(OWN));
    let mut by = way.by(&guest);
    by.key = Some(key).filter(|it| !it.is_empty() && it.len() <= 100);
    let input = (Sha256::digest(&body).into(), (action.clone(), revision, said.clone()));
    let done = api
        .command((&by, Operation::ActOnCase), input, |tx, work, (action, revision, said)| {
            Box::pin(async move {
                let case = claimed(&work.actor)?;
                let form = form(&actions(tx, work, case).await?, action, said);
                app::cases::act(tx, work, (case, *revision), (action, &form)).await
            })
        })
        .await;
    let back = match done {
        Ok(_) => Back::default(),
        Err(problem) => Back { wrong: wrong(say, &problem), action, said },
    };
    shown(&api, (guest, way), say, back).await
}

/// A form that comes back because something in it is wrong.
#[derive(Default)]
struct Back {
    wrong: Vec<String>,
    action: String,
    said: BTreeMap<String, String>,
}

/// The fields of a form that was sent, the last of each name; none that holds a NUL.
fn fields(body: &[u8]) -> BTreeMap<String, String> {
    let pairs = form_urlencoded::parse(body).into_owned();
    pairs.filter(|(_, value)| !value.contains('\0')).collect()
}

/// Codes are read from paper and typed as one can.
fn normal(code: &str) -> String {
    let signs = code.chars().filter(|it| !it.is_whitespace() && *it != '-');
    signs.flat_map(char::to_uppercase).collect()
}

fn claimed(actor: &Actor) -> app::Result<CaseId> {
    match actor {
        Actor::Claimant { case } => Ok(*case),
        _ => Err(app::Error::Unauthenticated),
    }
}

/// What was typed as the values that the action's fields take.
fn form(
    possible: &[ActionView],
    action: &str,
    said: &BTreeMap<String, String>,
) -> Map<String, Value> {
    let asks = possible.iter().find(|it| it.id == action).map(|it| it.asks.as_slice());
    let given = asks.unwrap_or_default().iter().filter_map(|ask| {
        let typed = said.get(&format!("{OWN}{}", ask.field)).filter(|it| !it.trim().is_empty())?;
        let value = match ask.kind.as_str() {
            "yes_no" => Value::from(typed == "true"),
            _ => Value::from(typed.as_str()),
        };
        Some((ask.field.clone(), value))
    });
    given.collect()
}

async fn shown(api: &Api, (guest, way): (Guest, Way), say: Say, back: Back) -> Response {
    let by = way.by(&guest);
    let found = api
        .look((&by, Operation::ShowCase), (), |tx, work, ()| {
            Box::pin(async move {
                let id = claimed(&work.actor)?;
                let case = get(tx, work, id).await?;
                Ok((case, history(tx, work, id).await?, actions(tx, work, id).await?))
            })
        })
        .await;
    match found {
        Ok(found) => told(say, Ok(page(api, (say, way), found, &back))),
        Err(problem) if problem.code == "wrong_claim_code" => {
            told(say, Ok(Track { say, wrong: wrong(say, &problem) }))
        }
        Err(problem) => told::<Track>(say, Err(problem)),
    }
}

fn page(
    api: &Api,
    (say, way): (Say, Way),
    (case, history, possible): (CaseView, Vec<Moment>, Vec<ActionView>),
    back: &Back,
) -> CasePage {
    let plain = |it: &ActionView| {
        it.refused.is_none()
            && it.asks.iter().all(|ask| ask.optional || PLAIN.contains(&ask.kind.as_str()))
    };
    let key = uuid::Builder::from_random_bytes(seed(api)).into_uuid();
    // What moves the request stands before what is only said to it: the verdict comes first.
    let (moving, saying): (Vec<_>, Vec<_>) =
        possible.iter().filter(|it| plain(it)).partition(|it| it.to.is_some());
    let actions = moving.into_iter().chain(saying);
    let actions = actions.map(|it| offered(it, format!("{key}"), back)).collect();
    let history = history.into_iter().rev().map(|it| past(say, it)).collect();
    let by = way.field();
    let code = way.into_code();
    CasePage {
        say,
        by,
        code,
        wrong: back.wrong.clone(),
        case: case_told(say, case),
        actions,
        history,
    }
}

fn offered(it: &ActionView, key: String, back: &Back) -> Possible {
    let known = |field: &str| {
        let typed = back.said.get(&format!("{OWN}{field}")).filter(|_| back.action == it.id);
        typed.cloned().unwrap_or_default()
    };
    let plain = it.asks.iter().filter(|ask| PLAIN.contains(&ask.kind.as_str()));
    let asks = plain.map(|ask| Asked {
        field: ask.field.clone(),
        title: ask.title.clone(),
        kind: ask.kind.clone(),
        optional: ask.optional,
        choices: ask.choices.clone(),
        value: known(&ask.field),
    });
    Possible { asks: asks.collect(), id: it.id.clone(), title: it.title.clone(), key }
}

fn case_told(say: Say, case: CaseView) -> Told {
    let path: Vec<&str> = case.path.iter().skip(1).map(|it| it.name.as_str()).collect();
    Told {
        place: path.join(" "),
        state: case.state.1,
        title: case.texts.get("title").cloned(),
        owner: case.owner.map(|it| it.title),
        promise: case.clock.promise_at.filter(|_| case.end.is_none()).map(|at| moment(say, at)),
        paused: case.clock.paused_until.map(|at| moment(say, at)),
        number: case.number,
        revision: case.revision,
    }
}

fn past(say: Say, it: Moment) -> Past {
    let by = match it.by.as_str() {
        "asker" => Some(say.of("您", "you").to_owned()),
        "system" => None,
        _ => Some(it.by),
    };
    let words = it.texts.into_iter().filter(|(field, _)| field != "contact");
    Past {
        at: moment(say, it.at),
        title: it.action.1,
        by,
        words: words.map(|(_, text)| text).collect(),
    }
}
