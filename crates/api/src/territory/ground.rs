//! The ground: which places hold a point, and whether the cells of a layer are one network.

use super::PlaceRef;
use crate::auth::Caller;
use crate::extract::{Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::territory as act;
use axum::Json;
use axum::extract::State;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(locate_point)).routes(routes!(check_layer))
}

/// A point with the datum it was measured in.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct At {
    /// Longitude in degrees.
    #[param(example = 117.789_012)]
    lng: f64,
    /// Latitude in degrees.
    #[param(example = 26.397_541)]
    lat: f64,
    /// `cgcs2000` (unsaid), `wgs84`, `gcj02` or `bd09`.
    datum: Option<String>,
}

/// The places that hold a point.
#[derive(Serialize, ToSchema)]
struct Located {
    /// Longitude in degrees, CGCS2000.
    lng: f64,
    /// Latitude in degrees, CGCS2000.
    lat: f64,
    /// The places, the widest first.
    places: Vec<PlaceRef>,
}

/// Which places hold a point.
#[utoipa::path(get, path = "/places/locate", tag = "territory", params(At),
    responses((status = OK, body = Located)))]
async fn locate_point(
    State(api): State<Api>,
    caller: Caller,
    Params(at): Params<At>,
) -> Result<Json<Located>, Problem> {
    let point = act::point(at.lng, at.lat, at.datum.as_deref().unwrap_or("cgcs2000"))?;
    let found = api
        .look((&caller, Operation::LocatePoint), point, |tx, work, point| {
            Box::pin(act::locate(tx, work, point.clone()))
        })
        .await?;
    let degrees = |e7: i32| f64::from(e7) / 1e7;
    Ok(Json(Located {
        lng: degrees(found.point.lng_e7),
        lat: degrees(found.point.lat_e7),
        places: found.places.into_iter().map(Into::into).collect(),
    }))
}

/// What is wrong with the cells of a level within a place today.
#[derive(Serialize, ToSchema)]
struct LayerCheck {
    /// Cells compared.
    cells: usize,
    /// Places of the level without an outline.
    undrawn: Vec<PlaceRef>,
    /// Ground that two cells cover.
    overlaps: Vec<Flaw>,
    /// Ground of the place that no cell covers.
    gaps: Vec<Flaw>,
    /// Ground of cells outside the place.
    outside: Vec<Flaw>,
}

/// A piece of ground with something wrong.
#[derive(Serialize, ToSchema)]
struct Flaw {
    /// The cells concerned.
    cells: Vec<PlaceRef>,
    /// Its area in square metres.
    square_metres: i64,
    /// Longitude of a point within it, CGCS2000.
    lng: f64,
    /// Latitude of that point.
    lat: f64,
}

/// Overlaps and gaps of the cells of a level within a place, with their areas.
#[utoipa::path(get, path = "/places/{code}/layers/{level}/check", tag = "territory",
    params(
        ("code" = String, Path, description = "Code, alias or id", example = "990100001001"),
        ("level" = String, Path, description = "Id of the level", example = "micro_grid"),
    ),
    responses((status = OK, body = LayerCheck)))]
async fn check_layer(
    State(api): State<Api>,
    caller: Caller,
    Segments(input): Segments<(String, String)>,
) -> Result<Json<LayerCheck>, Problem> {
    let it = api
        .look((&caller, Operation::CheckLayer), input, |tx, work, (code, level)| {
            Box::pin(act::check_layer(tx, work, code, level))
        })
        .await?;
    let flaws = |flaws: Vec<act::Flaw>| flaws.into_iter().map(flaw).collect();
    Ok(Json(LayerCheck {
        cells: it.cells,
        undrawn: it.undrawn.into_iter().map(Into::into).collect(),
        overlaps: flaws(it.overlaps),
        gaps: flaws(it.gaps),
        outside: flaws(it.outside),
    }))
}

fn flaw(it: act::Flaw) -> Flaw {
    Flaw {
        cells: it.cells.into_iter().map(Into::into).collect(),
        square_metres: it.square_metres,
        lng: it.at.lng,
        lat: it.at.lat,
    }
}
