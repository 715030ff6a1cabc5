//! Absences, and service visits as counted records without tracks.

use crate::auth::Caller;
use crate::extract::{Body, Params};
use crate::problem::Problem;
use crate::state::Api;
use app::people as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use model::PersonId;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(set_absence)).routes(routes!(record_visit, count_visits))
}

/// Somebody will be away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Absence {
    /// Who.
    person: Uuid,
    /// First day away.
    from: Date,
    /// First day back.
    until: Date,
}

/// Say that somebody is away: oneself, or anybody by the system administrator.
#[utoipa::path(post, path = "/absences", tag = "people", request_body = Absence,
    responses((status = NO_CONTENT, description = "Noted")))]
async fn set_absence(
    State(api): State<Api>,
    caller: Caller,
    body: Body<Absence>,
) -> Result<StatusCode, Problem> {
    let Absence { person, from, until } = body.value;
    let input = (body.hash, act::SetAbsence { person: PersonId(person), from, until });
    api.reshape((&caller, Operation::SetAbsence), input, |tx, work, request| {
        Box::pin(act::set_absence(tx, work, request))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A service visit: place, kind, day and heads; no names, no tracks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Visit {
    /// Code of the micro-grid or community visited.
    #[schema(example = "990100001001001001")]
    place: String,
    /// Kind of service.
    #[schema(example = "home")]
    kind: String,
    /// The day; today when unsaid.
    day: Option<Date>,
    /// How many people took part (人次); one when unsaid.
    #[serde(default = "one")]
    people: u32,
}

fn one() -> u32 {
    1
}

/// Record a service visit in the area of the acting post.
#[utoipa::path(post, path = "/visits", tag = "people", request_body = Visit,
    responses((status = NO_CONTENT, description = "Recorded")))]
async fn record_visit(
    State(api): State<Api>,
    caller: Caller,
    body: Body<Visit>,
) -> Result<StatusCode, Problem> {
    let Visit { place, kind, day, people } = body.value;
    let input = (body.hash, act::NewVisit { place, kind, day, people });
    api.command((&caller, Operation::RecordVisit), input, |tx, work, request| {
        Box::pin(act::record_visit(tx, work, request))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which visits.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Code of the place; what lies in it is counted too.
    #[param(example = "990100001")]
    place: String,
    /// First day.
    from: Date,
    /// Last day.
    to: Date,
}

/// Visits of one kind.
#[derive(Serialize, ToSchema)]
struct Count {
    /// Kind of service.
    #[schema(example = "home")]
    kind: String,
    /// Visits.
    #[schema(example = 12)]
    visits: i64,
    /// 人次.
    #[schema(example = 31)]
    people: i64,
}

/// Count service visits by kind.
#[utoipa::path(get, path = "/visits", tag = "people", params(Which),
    responses((status = OK, body = [Count])))]
async fn count_visits(
    State(api): State<Api>,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<Json<Vec<Count>>, Problem> {
    let until = crate::oversight::day_after(which.to, "to")?;
    let query = act::VisitQuery { place: which.place, from: which.from, until };
    let counts = api
        .look((&caller, Operation::CountVisits), query, |tx, work, query| {
            Box::pin(act::count_visits(tx, work, query))
        })
        .await?;
    let counts = counts.into_iter();
    let counts = counts.map(|it| Count { kind: it.kind, visits: it.visits, people: it.people });
    Ok(Json(counts.collect()))
}
