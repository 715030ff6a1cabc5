//! Organisations: found by words, added, and dissolved in favour of others.

use super::Made;
use crate::auth::Caller;
use crate::extract::{Body, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::people as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_orgs, add_orgs)).routes(routes!(dissolve_org))
}

/// Which organisations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Words of name or code.
    #[param(example = "城市管理")]
    q: Option<String>,
    /// Of this kind.
    #[param(example = "department")]
    kind: Option<String>,
    /// Code or id of a place they lie in.
    #[param(example = "990100")]
    place: Option<String>,
    /// At most so many: 50, or up to 500.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// An organisation today.
#[derive(Serialize, ToSchema)]
struct Org {
    /// Its id.
    id: Uuid,
    /// Its code.
    #[schema(example = "urban_management")]
    code: String,
    /// Its name.
    #[schema(example = "城市管理局")]
    name: String,
    /// Its kind in the pack.
    #[schema(example = "department")]
    kind: String,
    /// The place whose organisation it is.
    place: Option<PlaceRef>,
}

/// Organisations that exist today, by code.
#[utoipa::path(get, path = "/orgs", tag = "people", params(Which),
    responses((status = OK, body = [Org])))]
async fn list_orgs(
    State(api): State<Api>,
    caller: Caller,
    Params(Which { q, kind, place, limit }): Params<Which>,
) -> Result<Json<Vec<Org>>, Problem> {
    let query = act::OrgQuery { words: q, kind, place, limit };
    let orgs = api
        .look((&caller, Operation::ListOrgs), query, |tx, work, query| {
            Box::pin(act::list_orgs(tx, work, query))
        })
        .await?;
    let orgs = orgs.into_iter().map(|it| Org {
        id: it.id.0,
        code: it.code,
        name: it.name,
        kind: it.kind,
        place: it.place.map(Into::into),
    });
    Ok(Json(orgs.collect()))
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
