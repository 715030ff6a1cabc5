//! Whether the program lives, whether it can serve, and its figures.

use crate::problem::Problem;
use crate::state::Api;
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Actor;
use serde::Serialize;
use std::net::SocketAddr;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(check_health))
        .routes(routes!(check_readiness))
        .routes(routes!(show_metrics))
}

/// The state of the program.
#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// The program's version.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

const HEALTHY: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

/// The program lives.
#[utoipa::path(get, path = "/healthz", tag = "health", responses((status = OK, body = Health)))]
async fn check_health() -> Json<Health> {
    Json(HEALTHY)
}

/// The program can serve: the database answers, and what decisions need is loaded.
#[utoipa::path(get, path = "/readyz", tag = "health", responses(
    (status = OK, body = Health), (status = SERVICE_UNAVAILABLE, description = "Not yet"),
))]
async fn check_readiness(State(api): State<Api>) -> Result<Json<Health>, Problem> {
    let read = api
        .county()
        .look(Actor::Visitor, |_, work| Box::pin(async move { work.shelf.pack().map(|_| ()) }));
    match read.await {
        Ok(()) => Ok(Json(HEALTHY)),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            Err(Problem::wait(StatusCode::SERVICE_UNAVAILABLE, "not_ready", 1))
        }
    }
}

/// Figures of this process in Prometheus' text format, for callers on the same machine only.
#[utoipa::path(get, path = "/metrics", tag = "health", responses(
    (status = OK, body = String, content_type = "text/plain"),
    (status = NOT_FOUND, description = "Not for you"),
))]
async fn show_metrics(
    State(api): State<Api>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let local = peer.is_some_and(|it| it.0.0.ip().to_canonical().is_loopback());
    // Behind a proxy of this machine everybody seems to be here.
    let proxied = ["x-forwarded-for", "forwarded"].iter().any(|it| headers.contains_key(*it));
    if !local || proxied {
        return Err(Problem::not_found());
    }
    let text = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, text)], api.figures.render()).into_response())
}
