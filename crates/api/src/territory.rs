//! Places: the tree, censuses, who serves. Points and layers stand in `territory/ground.rs`, changes
//! in `territory/change.rs`, the map service's tiles in `territory/tiles.rs`.

mod change;
mod ground;
mod tiles;

use crate::auth::Caller;
use crate::extract::{Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::territory as act;
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_places))
        .routes(routes!(show_place))
        .routes(routes!(list_outlines))
        .routes(routes!(show_census))
        .routes(routes!(list_service_people))
        .merge(ground::routes())
        .merge(tiles::routes())
        .merge(change::routes())
}

/// A place by code and name.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlaceRef {
    /// Stable id; codes change, ids do not.
    id: Uuid,
    /// Code.
    #[schema(example = "990100001001")]
    code: String,
    /// Name.
    #[schema(example = "桥头社区")]
    name: String,
    /// Id of its level in the pack.
    #[schema(example = "community")]
    level: String,
}

impl From<act::PlaceName> for PlaceRef {
    fn from(it: act::PlaceName) -> Self {
        Self { id: it.id.0, code: it.code, name: it.name, level: it.level }
    }
}

impl From<app::cases::PlaceName> for PlaceRef {
    fn from(it: app::cases::PlaceName) -> Self {
        Self { id: it.id.0, code: it.code, name: it.name, level: it.level }
    }
}

/// A place with what surrounds it.
#[derive(Serialize, ToSchema)]
struct Place {
    /// Stable id.
    id: Uuid,
    /// Code.
    #[schema(example = "990100001001")]
    code: String,
    /// Name.
    #[schema(example = "桥头社区")]
    name: String,
    /// Id of its level in the pack.
    #[schema(example = "community")]
    level: String,
    /// Chinese name of its level.
    #[schema(example = "社区(村)")]
    level_title: String,
    /// First day on which it exists.
    from: Date,
    /// First day on which it no longer exists.
    until: Option<Date>,
    /// What contains it, the widest first.
    ancestors: Vec<PlaceRef>,
    /// How many places lie directly in it today.
    children: usize,
}

impl From<act::PlaceView> for Place {
    fn from(it: act::PlaceView) -> Self {
        Self {
            id: it.name.id.0,
            code: it.name.code,
            name: it.name.name,
            level: it.name.level,
            level_title: it.level_title,
            from: it.from,
            until: it.until,
            ancestors: it.ancestors.into_iter().map(Into::into).collect(),
            children: it.children,
        }
    }
}

/// Which places.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Code, alias or id of the place above; without it, the root. With `q`, whatever lies in it.
    #[param(example = "990100001")]
    parent: Option<String>,
    /// Words of name, code or alias: finds places of all levels, the widest first.
    #[param(example = "桥头")]
    q: Option<String>,
    /// At most so many of those found by words: 50, or up to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// The places directly below a place, or those that words find.
#[utoipa::path(get, path = "/places", tag = "territory", params(Which),
    responses((status = OK, body = [Place])))]
async fn list_places(
    State(api): State<Api>,
    caller: Caller,
    Params(query): Params<Which>,
) -> Result<Json<Vec<Place>>, Problem> {
    let places = api
        .look((&caller, Operation::ListPlaces), query, |tx, work, Which { parent, q, limit }| {
            let parent = parent.as_deref();
            Box::pin(async move {
                match q {
                    Some(words) => {
                        act::find_places(tx, work, (words, parent), limit.unwrap_or(50)).await
                    }
                    None => act::list_places(tx, work, parent).await,
                }
            })
        })
        .await?;
    Ok(Json(places.into_iter().map(Into::into).collect()))
}

/// A place with its ancestors, by code, alias or id; places of the past too.
#[utoipa::path(get, path = "/places/{code}", tag = "territory",
    params(("code" = String, Path, description = "Code, alias or id", example = "990100")),
    responses((status = OK, body = Place)))]
async fn show_place(
    State(api): State<Api>,
    caller: Caller,
    Segments(code): Segments<String>,
) -> Result<Json<Place>, Problem> {
    let place = api
        .look((&caller, Operation::ShowPlace), code, |tx, work, code| {
            Box::pin(act::show_place(tx, work, code))
        })
        .await?;
    Ok(Json(place.into()))
}

/// A place and its outline.
#[derive(Serialize, ToSchema)]
struct Outlined {
    /// The place.
    place: PlaceRef,
    /// GeoJSON Polygon or MultiPolygon in CGCS2000.
    outline: Value,
}

/// Outlines of the places directly below a place.
#[utoipa::path(get, path = "/places/{code}/outlines", tag = "territory",
    operation_id = "list_places.outlines",
    params(("code" = String, Path, description = "Code, alias or id", example = "990100")),
    responses((status = OK, body = [Outlined])))]
async fn list_outlines(
    State(api): State<Api>,
    caller: Caller,
    Segments(code): Segments<String>,
) -> Result<Json<Vec<Outlined>>, Problem> {
    let outlines = api
        .look((&caller, Operation::ListPlaces), code, |tx, work, code| {
            Box::pin(act::list_outlines(tx, work, code))
        })
        .await?;
    let outlined =
        |(place, outline): (act::PlaceName, _)| Outlined { place: place.into(), outline };
    Ok(Json(outlines.into_iter().map(outlined).collect()))
}

/// What there is in a place and all below it today.
#[derive(Serialize, ToSchema)]
struct Census {
    /// The place.
    place: PlaceRef,
    /// The day it holds for.
    on: Date,
    /// Places by level, the place itself among them.
    #[schema(example = json!({ "community": 1, "grid": 7, "micro_grid": 61 }))]
    places: BTreeMap<String, i64>,
    /// Households.
    #[schema(example = 3150)]
    households: i64,
    /// The narrowest level that is drawn up here, by which coverage is measured.
    #[schema(example = "micro_grid")]
    innermost: String,
    /// Posts by role.
    roles: Vec<RoleCensus>,
}

/// Posts of one role.
#[derive(Serialize, ToSchema)]
struct RoleCensus {
    /// The role.
    #[schema(example = "micro_grid_leader")]
    role: String,
    /// Its title.
    #[schema(example = "微网格长")]
    title: String,
    /// Posts.
    posts: i64,
    /// Posts that somebody holds.
    filled: i64,
    /// Posts that nobody holds: the next one up the tree answers.
    vacant: i64,
    /// Filled posts by the way in which the principal was found.
    by_selection: BTreeMap<String, i64>,
    /// Innermost places with a filled post of their own.
    covered: i64,
    /// Units whose posts these are.
    units: i64,
}

/// Counts of places, posts, vacancies and households of a place.
#[utoipa::path(get, path = "/places/{code}/census", tag = "territory",
    params(("code" = String, Path, description = "Code, alias or id", example = "990100001001")),
    responses((status = OK, body = Census)))]
async fn show_census(
    State(api): State<Api>,
    caller: Caller,
    Segments(code): Segments<String>,
) -> Result<Json<Census>, Problem> {
    let it = api
        .look((&caller, Operation::ShowCensus), code, |tx, work, code| {
            Box::pin(act::census(tx, work, code))
        })
        .await?;
    let roles = it.roles.into_iter().map(|it| RoleCensus {
        role: it.role,
        title: it.title,
        posts: it.posts,
        filled: it.filled,
        vacant: it.vacant,
        by_selection: it.by_selection,
        covered: it.covered,
        units: it.units,
    });
    Ok(Json(Census {
        place: it.place.into(),
        on: it.on,
        places: it.places,
        households: it.households,
        innermost: it.innermost,
        roles: roles.collect(),
    }))
}

/// One of those who serve an address.
#[derive(Serialize, ToSchema)]
struct ServicePerson {
    /// The role.
    #[schema(example = "family_doctor")]
    role: String,
    /// What residents call it.
    #[schema(example = "家庭医生")]
    title: String,
    /// The post that answers: of the place itself, or the nearest above.
    post: Option<Uuid>,
    /// The place of that post.
    place: Option<PlaceRef>,
    /// Name of its unit.
    unit: Option<String>,
    /// Masked name.
    #[schema(example = "张**")]
    name: Option<String>,
    /// Masked number.
    #[schema(example = "138****1234")]
    phone: Option<String>,
    /// What a one-tap call is asked by; never the number.
    call: Option<Uuid>,
}

/// Who serves an address: grid leader, family doctor, police officer, …
#[utoipa::path(get, path = "/places/{code}/service-people", tag = "territory",
    params(("code" = String, Path, description = "Code, alias or id", example = "990100001001")),
    responses((status = OK, body = [ServicePerson])))]
async fn list_service_people(
    State(api): State<Api>,
    caller: Caller,
    Segments(code): Segments<String>,
) -> Result<Json<Vec<ServicePerson>>, Problem> {
    let people = api
        .look((&caller, Operation::ListServicePeople), code, |tx, work, code| {
            Box::pin(act::service_people(tx, work, code))
        })
        .await?;
    let calls = api.setup.channels.switchboard.is_some();
    let people = people.into_iter().map(|it| ServicePerson {
        role: it.role,
        title: it.title,
        post: it.post.map(|post| post.0),
        place: it.place.map(Into::into),
        unit: it.unit,
        name: it.name,
        phone: it.phone,
        call: it.call.filter(|_| calls).map(|post| post.0),
    });
    Ok(Json(people.collect()))
}
