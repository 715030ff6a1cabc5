//! Changing the tree: places added and closed, outlines drawn, households registered.

use crate::auth::Caller;
use crate::extract::{Body, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::territory as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(add_places))
        .routes(routes!(close_place))
        .routes(routes!(draw_place))
        .routes(routes!(register_households))
}

/// Places to be added, all or none.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlaces {
    /// The places, each after the one that contains it; at most 1000.
    places: Vec<NewPlace>,
}

/// A place to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlace {
    /// Code of the place directly above; none for the root.
    #[schema(example = "990100001001")]
    parent: Option<String>,
    /// Its level in the pack.
    #[schema(example = "grid")]
    level: String,
    /// Its code; composed by the rule when unsaid.
    code: Option<String>,
    /// Its name.
    #[schema(example = "桥头社区第一网格")]
    name: String,
    /// First day on which it exists; today when unsaid.
    from: Option<Date>,
    /// Other codes that lead to it.
    #[serde(default)]
    aliases: Vec<String>,
}

/// A place just added.
#[derive(Serialize, ToSchema)]
struct AddedPlace {
    /// Its id.
    id: Uuid,
    /// Its code, given or composed.
    #[schema(example = "990100001001001")]
    code: String,
}

/// Add places.
#[utoipa::path(post, path = "/places", tag = "territory", operation_id = "add_place",
    request_body = NewPlaces, responses((status = CREATED, body = [AddedPlace])))]
async fn add_places(
    State(api): State<Api>,
    caller: Caller,
    body: Body<NewPlaces>,
) -> Result<(StatusCode, Json<Vec<AddedPlace>>), Problem> {
    let places = body.value.places.into_iter().map(|it| act::NewPlace {
        parent: it.parent,
        level: it.level,
        code: it.code,
        name: it.name,
        from: it.from,
        aliases: it.aliases,
    });
    let request = act::AddPlaces { places: places.collect(), rule: None };
    let added = api
        .reshape((&caller, Operation::AddPlace), (body.hash, request), |tx, work, request| {
            Box::pin(act::add_places(tx, work, request))
        })
        .await?;
    let added = added.into_iter().map(|it| AddedPlace { id: it.id.0, code: it.code });
    Ok((StatusCode::CREATED, Json(added.collect())))
}

/// From when on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Until {
    /// First day on which it no longer exists.
    until: Date,
}

/// Close a place from a day on; what lies in it must have been closed or moved before.
#[utoipa::path(post, path = "/places/{code}/close", tag = "territory", request_body = Until,
    params(("code" = String, Path, description = "Code, alias or id", example = "990100001001001")),
    responses((status = NO_CONTENT, description = "Closed")))]
async fn close_place(
    State(api): State<Api>,
    caller: Caller,
    Segments(place): Segments<String>,
    body: Body<Until>,
) -> Result<StatusCode, Problem> {
    let request = act::ClosePlace { place, until: body.value.until };
    api.reshape((&caller, Operation::ClosePlace), (body.hash, request), |tx, work, request| {
        Box::pin(act::close_place(tx, work, request))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An outline.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Drawing {
    /// GeoJSON Polygon or MultiPolygon in CGCS2000.
    #[schema(example = json!({ "type": "Polygon", "coordinates": [
        [[117.8, 26.4], [117.9, 26.4], [117.9, 26.5], [117.8, 26.4]]
    ] }))]
    outline: Value,
}

/// Set a place's outline; it may not overlap its neighbours.
#[utoipa::path(put, path = "/places/{code}/outline", tag = "territory", request_body = Drawing,
    params(("code" = String, Path, description = "Code, alias or id", example = "990100001001001")),
    responses((status = NO_CONTENT, description = "Drawn")))]
async fn draw_place(
    State(api): State<Api>,
    caller: Caller,
    Segments(place): Segments<String>,
    body: Body<Drawing>,
) -> Result<StatusCode, Problem> {
    let drawing = json!({ "place": place, "shape": body.value.outline });
    let drawing: act::DrawnPlace = serde_json::from_value(drawing).map_err(|error| {
        let english = error.to_string();
        Problem::field("outline", "wrong_form", ("不是可用的 GeoJSON 边界", &*english))
    })?;
    api.command((&caller, Operation::DrawPlace), (body.hash, [drawing]), |tx, work, drawings| {
        Box::pin(act::draw_places(tx, work, drawings))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Households to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHouseholds {
    /// The households; at most 1000.
    households: Vec<NewHousehold>,
}

/// One door.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHousehold {
    /// Its address line.
    #[schema(example = "府前路12号3幢2单元501室")]
    address: String,
    /// How its people wish to be reached, if they said so.
    #[schema(example = "晚上七点后")]
    wish: Option<String>,
}

/// Households just registered.
#[derive(Serialize, ToSchema)]
struct Registered {
    /// Their ids, in the order of the request.
    households: Vec<Uuid>,
}

/// Add households to a place; nothing but address and wish is kept.
#[utoipa::path(post, path = "/places/{code}/households", tag = "territory",
    request_body = NewHouseholds,
    params(("code" = String, Path, description = "Code, alias or id", example = "990100001001001001")),
    responses((status = CREATED, body = Registered)))]
async fn register_households(
    State(api): State<Api>,
    caller: Caller,
    Segments(place): Segments<String>,
    body: Body<NewHouseholds>,
) -> Result<(StatusCode, Json<Registered>), Problem> {
    let households = body.value.households.into_iter();
    let households =
        households.map(|it| act::NewHousehold { address: it.address, wish: it.wish }).collect();
    let request = act::RegisterHouseholds { place, households };
    let input = (body.hash, request);
    let registered = api
        .command((&caller, Operation::RegisterHouseholds), input, |tx, work, request| {
            Box::pin(act::register_households(tx, work, request))
        })
        .await?;
    let households = registered.households.into_iter().map(|it| it.0).collect();
    Ok((StatusCode::CREATED, Json(Registered { households })))
}
