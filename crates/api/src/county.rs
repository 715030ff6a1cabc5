//! Which county this is: what a page shows before any log-in.

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::Api;
use app::oversight as act;
use axum::Json;
use axum::extract::State;
use model::access::Operation;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(show_county))
}

/// The county.
#[derive(Serialize, ToSchema)]
struct County {
    /// Its name; none before it is founded.
    #[schema(example = "近邻县")]
    name: Option<String>,
    /// Its code.
    #[schema(example = "990100")]
    code: Option<String>,
    /// The pack new cases begin with.
    pack: Option<CountyPack>,
    /// Whether this is a demo, where all is invented and `000000` logs residents in.
    demo: bool,
    /// Name of its log, as checkpoints and receipts have it.
    #[schema(example = "jinlin.example/990100")]
    log: Option<String>,
    /// Layers of the map service offered beneath outlines (`GET /tiles/{layer}/{z}/{x}/{y}`); none
    /// where no service is configured.
    #[schema(example = json!(["vec", "cva"]))]
    tiles: Vec<&'static str>,
    /// Whether residents log in by WeChat in the county's mini program.
    wechat: bool,
    /// The program's version.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// A pack by name.
#[derive(Serialize, ToSchema)]
#[schema(as = CountyPack)]
struct CountyPack {
    /// Its id.
    #[schema(example = "base")]
    id: String,
    /// Its title.
    title: String,
    /// Its version.
    version: String,
}

/// Which county this is; no log-in is needed.
#[utoipa::path(get, path = "/county", tag = "access", responses((status = OK, body = County)))]
async fn show_county(State(api): State<Api>, caller: Caller) -> Result<Json<County>, Problem> {
    let about = api
        .look((&caller, Operation::ShowCounty), (), |tx, work, ()| Box::pin(act::about(tx, work)))
        .await?;
    let (name, code) = about.root.unzip();
    let pack = about.pack.map(|it| CountyPack { id: it.id, title: it.title, version: it.version });
    let log = api.county().sealer().map(|it| it.verifier().name().to_owned());
    let tiles = api.setup.channels.tiles.iter().flat_map(|it| it.layers().iter());
    let tiles = tiles.map(|it| it.as_str()).collect();
    let wechat = api.setup.channels.wechat.is_some();
    let version = env!("CARGO_PKG_VERSION");
    Ok(Json(County { name, code, pack, demo: about.demo, log, tiles, wechat, version }))
}
