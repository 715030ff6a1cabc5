//! `/lite/`: the floor. A few pages made on the server that need no JavaScript and no log-in, for old
//! phones, screen readers and bad days. Sessions are not looked at: a claim code leads back.

mod case;
mod page;
mod report;

use crate::auth::Caller;
use crate::extract::Params;
use crate::problem::Problem;
use crate::state::Api;
use app::notices::{NoticeQuery, Notices, list_notices};
use app::territory::{ServicePerson, find_places, list_places, service_people, show_place};
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use model::NoticeId;
use model::access::Operation;
use page::{Say, Spot, moment, paragraphs, told};
use serde::Deserialize;
use uuid::Uuid;

const STYLE: &str = include_str!("../templates/lite/style.css");
/// The most places that a search lists.
const PLACES: usize = 20;

pub(crate) fn routes(upload: usize) -> Router<Api> {
    Router::new()
        .route("/lite", get(async || Redirect::permanent("/lite/")))
        .route("/lite/", get(home))
        .route("/lite/style.css", get(style))
        .route("/lite/report", get(report::ask).post(report::send))
        .layer(DefaultBodyLimit::max(upload))
        .route("/lite/track", get(case::ask).post(case::track))
        .route("/lite/v/{code}", get(case::verdict))
        .route("/lite/act", post(case::act))
        .route("/lite/notices", get(notices))
        .route("/lite/people", get(people))
}

/// Whoever asks, without any session.
struct Guest(Caller);

impl FromRequestParts<Api> for Guest {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let mut bare = parts.clone();
        bare.headers.remove(COOKIE);
        bare.headers.remove(AUTHORIZATION);
        let Ok(Say(language)) = Say::from_request_parts(parts, api).await;
        let caller = Caller::from_request_parts(&mut bare, api).await?;
        Ok(Self(Caller { language, ..caller }))
    }
}

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css"), (CACHE_CONTROL, "public, max-age=86400")], STYLE)
}

#[derive(Deserialize)]
struct Tongue {
    lang: Option<String>,
}

async fn home(
    State(api): State<Api>,
    guest: Guest,
    say: Say,
    Params(it): Params<Tongue>,
) -> Response {
    if let Some(lang) = it.lang.filter(|it| it == "en" || it == "zh") {
        let kept = format!("lang={lang}; Path=/lite; Max-Age=31536000; SameSite=Lax");
        return ([(SET_COOKIE, kept)], Redirect::to("/lite/")).into_response();
    }
    let name = api
        .look((&guest.0, Operation::ShowCounty), (), |tx, work, ()| {
            Box::pin(async move { Ok(app::oversight::about(tx, work).await?.root) })
        })
        .await;
    told(say, name.map(|it| page::Home { say, county: it.map(|it| it.0).unwrap_or_default() }))
}

/// Which place a page is about, or the words by which to find one.
#[derive(Deserialize)]
struct Where {
    place: Option<String>,
    q: Option<String>,
    after: Option<Uuid>,
}

/// The place a page is about; none when it must be chosen first.
async fn spot(api: &Api, guest: &Guest, wanted: &Where) -> Result<Option<Spot>, Problem> {
    let Some(code) = wanted.place.clone() else { return Ok(None) };
    let by = (&guest.0, Operation::ShowPlace);
    let place = api
        .look(by, code, |tx, work, code| Box::pin(async move { show_place(tx, work, code).await }))
        .await?;
    Ok(Some(place.into()))
}

/// The page on which a place is chosen: by words, or, before any are said, from the widest down.
async fn choose(
    (api, guest): (&Api, &Guest),
    say: Say,
    (title, here, wanted): (&'static str, &'static str, Where),
) -> Response {
    let words = wanted.q.unwrap_or_default();
    let asked = wanted.place.is_some() || !words.trim().is_empty();
    let input = (words.clone(), wanted.place);
    let found = api
        .look((&guest.0, Operation::ListPlaces), input, move |tx, work, (words, within)| {
            Box::pin(async move {
                if words.trim().is_empty() {
                    return list_places(tx, work, within.as_deref()).await;
                }
                find_places(tx, work, (words, None), PLACES).await
            })
        })
        .await;
    told(
        say,
        found.map(|found| {
            let places = found.into_iter().map(Spot::from).collect();
            page::Places { say, title, here, words, asked, places }
        }),
    )
}

async fn notices(
    State(api): State<Api>,
    guest: Guest,
    say: Say,
    Params(wanted): Params<Where>,
) -> Response {
    let place = match spot(&api, &guest, &wanted).await {
        Ok(Some(place)) => place,
        Ok(None) => {
            let title = say.of("看哪里的通知", "Notices of which place");
            return choose((&api, &guest), say, (title, "/lite/notices", wanted)).await;
        }
        Err(problem) => return told::<page::Notices>(say, Err(problem)),
    };
    let after = wanted.after.map(NoticeId);
    let query = NoticeQuery { place: place.code.clone(), after, limit: Some(10) };
    let found = api
        .look((&guest.0, Operation::ListNotices), query, |tx, work, query| {
            Box::pin(list_notices(tx, work, query))
        })
        .await;
    told(say, found.map(|found| noticed(say, place, found)))
}

fn noticed(say: Say, place: Spot, found: Notices) -> page::Notices {
    let notices = found.items.into_iter().map(|it| page::Notice {
        title: it.title,
        by: it.office,
        at: moment(say, it.at),
        lines: paragraphs(&it.body),
    });
    page::Notices { say, place, notices: notices.collect(), next: found.next.map(|it| it.0) }
}

async fn people(
    State(api): State<Api>,
    guest: Guest,
    say: Say,
    Params(wanted): Params<Where>,
) -> Response {
    let place = match spot(&api, &guest, &wanted).await {
        Ok(Some(place)) if place.narrowest => place,
        // Service people serve the narrowest places; a wider one is divided further.
        Ok(_) => {
            let title = say.of("您住在哪里", "Where do you live");
            return choose((&api, &guest), say, (title, "/lite/people", wanted)).await;
        }
        Err(problem) => return told::<page::People>(say, Err(problem)),
    };
    let found = api
        .look((&guest.0, Operation::ListServicePeople), place.code.clone(), |tx, work, code| {
            Box::pin(async move { service_people(tx, work, code).await })
        })
        .await;
    let people = found.map(|found| found.into_iter().map(|it| served(say, it)).collect());
    told(say, people.map(|people| page::People { say, place, people }))
}

fn served(say: Say, it: ServicePerson) -> page::Served {
    let vacant = || say.of("暂缺,请找值班", "vacant; ask the duty desk").to_owned();
    page::Served {
        title: it.title,
        name: it.name.unwrap_or_else(vacant),
        from: it.unit.or_else(|| it.place.map(|place| place.name)),
    }
}
