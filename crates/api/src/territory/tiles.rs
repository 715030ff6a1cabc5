//! Tiles of the map service, passed on: browsers ask nobody but us, and the county's key stays here.

use crate::auth::Caller;
use crate::extract::Segments;
use crate::problem::Problem;
use crate::state::Api;
use app::territory as act;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use model::access::Operation;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(show_tile))
}

/// What a tile shows: streets (`vec`) with names (`cva`), pictures from above (`img`) with names
/// (`cia`).
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Layer {
    Vec,
    Cva,
    Img,
    Cia,
}

impl From<Layer> for act::TileLayer {
    fn from(it: Layer) -> Self {
        match it {
            Layer::Vec => Self::Vec,
            Layer::Cva => Self::Cva,
            Layer::Img => Self::Img,
            Layer::Cia => Self::Cia,
        }
    }
}

/// A tile of the map service that this server passes on; browsers keep it for a week.
#[utoipa::path(get, path = "/tiles/{layer}/{z}/{x}/{y}", tag = "territory",
    params(
        ("layer" = inline(Layer), Path, description = "One of the county's `tiles`"),
        ("z" = u8, Path, description = "Zoom, 1 to 18"),
        ("x" = u32, Path, description = "Column from the west"),
        ("y" = u32, Path, description = "Row from the north"),
    ),
    responses((status = OK, content_type = "image/png", description = "PNG, JPEG or WebP")))]
async fn show_tile(
    State(api): State<Api>,
    caller: Caller,
    Segments((layer, z, x, y)): Segments<(Layer, u8, u32, u32)>,
) -> Result<impl IntoResponse, Problem> {
    if caller.ticket.is_none() {
        api.gates.tile(caller.address)?;
    }
    let may = (&caller, Operation::ShowTile);
    api.look(may, (), |_, work, ()| Box::pin(async { act::may_see_tiles(work) })).await?;
    let source = api.setup.channels.tiles.as_ref().ok_or_else(no_tiles)?;
    let name = act::TileName::new(layer.into(), (z, x, y)).ok_or_else(Problem::not_found)?;
    if !source.layers().contains(&name.layer()) {
        return Err(Problem::not_found());
    }
    let tile = source.fetch(name).await.map_err(|reason| {
        tracing::warn!(reason, "a tile could not be fetched");
        failed()
    })?;
    let tile = tile.ok_or_else(Problem::not_found)?;
    let headers =
        [(header::CONTENT_TYPE, tile.media), (header::CACHE_CONTROL, "public, max-age=604800")];
    Ok((headers, tile.bytes))
}

fn no_tiles() -> Problem {
    let words = (
        "本区县没有配置天地图,地图只有本县的网格",
        "no map service is configured here; maps show the county's own outlines",
    );
    Problem::new(StatusCode::NOT_FOUND, "no_tiles", words)
}

fn failed() -> Problem {
    let words = (
        "天地图暂时取不到,请稍后再试;网格照常可用",
        "the map service cannot be reached at present; outlines are shown all the same",
    );
    Problem::new(StatusCode::BAD_GATEWAY, "tiles_failed", words)
}
