//! HTTP: the JSON API with its OpenAPI document, the event stream, and the built pages. Requests
//! become use cases here and answers become clients' types; nothing is decided and nothing is kept.

mod access;
mod auth;
mod cases;
mod county;
mod desk;
mod effects;
mod exchange;
mod extract;
mod feed;
mod health;
mod journal;
mod language;
mod limits;
mod lite;
mod method;
mod notices;
mod once;
mod openapi;
mod oversight;
mod pages;
mod people;
mod problem;
mod serve;
mod state;
mod telemetry;
mod territory;
mod verdict;

pub use limits::Limits;
pub use openapi::operation_of;
pub use pages::mini_program;
pub use serve::serve;
pub use state::{Api, Channels, Setup};
pub use telemetry::Meter;

use axum::extract::DefaultBodyLimit;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Router, response::IntoResponse};
use problem::Problem;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The router with everything a request passes, and the document of what it answers.
pub fn router(api: Api) -> (Router, OpenApi) {
    let limits = api.setup.limits.clone();
    let (routes, document) = documented(limits.upload);
    let text = document.to_json().unwrap_or_default();
    let json = [(CONTENT_TYPE, "application/json")];
    let router = routes
        .merge(lite::routes(limits.upload))
        .route("/openapi.json", get(async move || (json, text)))
        .fallback(pages::page)
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(limits.body))
        .layer(RequestBodyTimeoutLayer::new(limits.silence))
        .layer(from_fn_with_state(api.clone(), limits::hurry))
        .layer(from_fn_with_state(api.clone(), limits::admit))
        .layer(from_fn(problem::speak))
        .layer(CompressionLayer::new())
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, fixed("no-store")))
        .layer(SetResponseHeaderLayer::overriding(X_CONTENT_TYPE_OPTIONS, fixed("nosniff")))
        .layer(from_fn_with_state(api.clone(), telemetry::observe))
        .with_state(api);
    (router, document)
}

/// The document alone, for `jinlin openapi`.
pub fn openapi() -> OpenApi {
    documented(Limits::default().upload).1
}

fn documented(upload: usize) -> (Router<Api>, OpenApi) {
    let areas = OpenApiRouter::new()
        .merge(county::routes())
        .merge(access::routes())
        .merge(territory::routes())
        .merge(people::routes())
        .merge(cases::routes())
        .merge(desk::routes())
        .merge(notices::routes())
        .merge(effects::routes())
        .merge(exchange::routes(upload))
        .merge(method::routes())
        .merge(oversight::routes())
        .merge(feed::routes())
        .merge(journal::routes());
    let (routes, mut document) = OpenApiRouter::with_openapi(openapi::head())
        .merge(health::routes())
        .nest("/api/v1", areas)
        .split_for_parts();
    openapi::complete(&mut document);
    (routes, document)
}

async fn no_such_method() -> impl IntoResponse {
    let words = ("这个地址不支持这种方法", "no such method at this address");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", words)
}

fn fixed(value: &'static str) -> HeaderValue {
    HeaderValue::from_static(value)
}
