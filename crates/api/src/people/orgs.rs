//! Organisations: added, and dissolved in favour of others.

use super::Made;
use crate::auth::Caller;
use crate::extract::{Body, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::people as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use model::access::Operation;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(add_orgs)).routes(routes!(dissolve_org))
}

/// An organisation to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOrg {
    /// Short code that packs and staff use: small letters, digits, `_`.
    #[schema(example = "urban_management")]
    code: String,
    /// Name as printed.
    #[schema(example = "城市管理局")]
    name: String,
    /// Kind a pack may name.
    #[schema(example = "department")]
    kind: String,
    /// Code of the place whose organisation it is.
    #[schema(example = "990100")]
    place: String,
    /// First day; today when unsaid.
    from: Option<Date>,
}

/// Add organisations, all or none.
#[utoipa::path(post, path = "/orgs", tag = "people", operation_id = "add_org",
    request_body = Vec<NewOrg>, responses((status = CREATED, body = Made)))]
async fn add_orgs(
    State(api): State<Api>,
    caller: Caller,
    body: Body<Vec<NewOrg>>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let orgs = body.value.into_iter().map(|it| act::NewOrg {
        code: it.code,
        name: it.name,
        kind: it.kind,
        place: it.place,
        from: it.from,
    });
    let input = (body.hash, orgs.collect::<Vec<_>>());
    let made = api
        .command((&caller, Operation::AddOrg), input, |tx, work, orgs| {
            Box::pin(act::add_orgs(tx, work, orgs))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(Made { ids: made.into_iter().map(|id| id.0).collect() })))
}

/// An organisation ends in favour of another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Dissolution {
    /// First day on which it no longer exists.
    until: Date,
    /// Code of the one that carries its duties on.
    #[schema(example = "housing")]
    successor: String,
}

/// Dissolve an organisation in favour of a successor; its posts end.
#[utoipa::path(post, path = "/orgs/{code}/dissolve", tag = "people", request_body = Dissolution,
    params(("code" = String, Path, description = "Its code", example = "urban_management")),
    responses((status = NO_CONTENT, description = "Dissolved")))]
async fn dissolve_org(
    State(api): State<Api>,
    caller: Caller,
    Segments(org): Segments<String>,
    body: Body<Dissolution>,
) -> Result<StatusCode, Problem> {
    let Dissolution { until, successor } = body.value;
    let input = (body.hash, act::DissolveOrg { org, until, successor });
    api.reshape((&caller, Operation::DissolveOrg), input, |tx, work, request| {
        Box::pin(act::dissolve_org(tx, work, request))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
