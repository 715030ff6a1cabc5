//! Walls that show the screen without anybody logged in at them.

use super::{Session, answer};
use crate::auth::Caller;
use crate::extract::{Body, Segments};
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::access as act;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use model::DisplayId;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_displays, open_display))
        .routes(routes!(end_display))
        .routes(routes!(renew_display))
        .routes(routes!(enter_display))
}

/// A wall that shall show the screen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenDisplay {
    /// What it is called, up to 40 characters.
    #[schema(example = "指挥大厅大屏")]
    name: String,
    /// Code or id of the place it shows; the root when unsaid.
    #[schema(example = "990100")]
    place: Option<String>,
}

/// A display that waits for its code.
#[derive(Serialize, ToSchema)]
struct OpenedDisplay {
    /// Its id.
    id: Uuid,
    /// To be typed at the wall, once; told this once.
    #[schema(example = "7K2QWMXR4P")]
    code: String,
    /// Until when the code may be typed.
    code_until: Timestamp,
    /// Until when the wall may then show the screen, unless renewed.
    until: Timestamp,
}

/// Open a display: the answer holds the code that makes a wall show the screen.
#[utoipa::path(post, path = "/displays", tag = "access", request_body = OpenDisplay,
    responses((status = CREATED, body = OpenedDisplay)))]
async fn open_display(
    State(api): State<Api>,
    caller: Caller,
    body: Body<OpenDisplay>,
) -> Result<(StatusCode, Json<OpenedDisplay>), Problem> {
    let OpenDisplay { name, place } = body.value;
    // The code is never kept to be answered again.
    let caller = Caller { key: None, ..caller };
    let wanted = act::OpenDisplay { name, place };
    let it = api
        .command((&caller, Operation::OpenDisplay), (body.hash, wanted), |tx, work, wanted| {
            Box::pin(act::open_display(tx, work, wanted))
        })
        .await?;
    let act::OpenedDisplay { id, code, code_until, until } = it;
    Ok((StatusCode::CREATED, Json(OpenedDisplay { id: id.0, code, code_until, until })))
}

/// A display.
#[derive(Serialize, ToSchema)]
struct DisplayLine {
    /// Its id.
    id: Uuid,
    /// What the wall is called.
    #[schema(example = "指挥大厅大屏")]
    name: String,
    /// The place it shows; none when that was closed.
    place: Option<PlaceRef>,
    /// Whether its code was typed.
    entered: bool,
    /// When it was opened.
    opened_at: Timestamp,
    /// When it was last used, to the hour.
    seen_at: Timestamp,
    /// When it ends, unless renewed.
    until: Timestamp,
}

impl From<act::DisplayView> for DisplayLine {
    fn from(it: act::DisplayView) -> Self {
        let act::DisplayView { id, name, place, entered, opened_at, seen_at, until } = it;
        let (id, place) = (id.0, place.map(Into::into));
        Self { id, name, place, entered, opened_at, seen_at, until }
    }
}

/// The displays of the acting post, the newest first.
#[utoipa::path(get, path = "/displays", tag = "access",
    responses((status = OK, body = [DisplayLine])))]
async fn list_displays(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Vec<DisplayLine>>, Problem> {
    let found = api
        .look((&caller, Operation::ListDisplays), (), |tx, work, ()| {
            Box::pin(act::list_displays(tx, work))
        })
        .await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// Let a display of the acting post go on for another ninety days.
#[utoipa::path(post, path = "/displays/{display}/renewals", tag = "access",
    params(("display" = Uuid, Path, description = "The display")),
    responses((status = OK, body = DisplayLine)))]
async fn renew_display(
    State(api): State<Api>,
    caller: Caller,
    Segments(display): Segments<Uuid>,
    body: Body<Nothing>,
) -> Result<Json<DisplayLine>, Problem> {
    let (Nothing {}, input) = (body.value, (body.hash, DisplayId(display)));
    let renewed = api
        .command((&caller, Operation::RenewDisplay), input, |tx, work, id| {
            Box::pin(act::renew_display(tx, work, id))
        })
        .await?;
    Ok(Json(renewed.into()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// End a display of the acting post; the security administrator ends any as a session.
#[utoipa::path(delete, path = "/displays/{display}", tag = "access",
    params(("display" = Uuid, Path, description = "The display")),
    responses((status = NO_CONTENT, description = "Ended")))]
async fn end_display(
    State(api): State<Api>,
    caller: Caller,
    Segments(display): Segments<Uuid>,
) -> Result<StatusCode, Problem> {
    let (caller, input) = (Caller { key: None, ..caller }, ([0; 32], DisplayId(display)));
    api.command((&caller, Operation::EndDisplay), input, |tx, work, id| {
        Box::pin(act::end_display(tx, work, id))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The code of a display, as typed at the wall.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EnterDisplay {
    /// The ten letters and digits, however spelt.
    #[schema(example = "7K2QW-MXR4P")]
    code: String,
    /// For browsers: keep the token in an HttpOnly cookie instead of answering it.
    #[serde(default)]
    cookie: bool,
}

/// Make this browser a display by the code of `POST /displays`: it may then look at the screen, and
/// at nothing else, until it ends.
#[utoipa::path(post, path = "/display-sessions", tag = "access", request_body = EnterDisplay,
    responses((status = CREATED, body = Session)))]
async fn enter_display(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    body: Body<EnterDisplay>,
) -> Result<Response, Problem> {
    let EnterDisplay { code, cookie } = body.value;
    api.gates.log_in(caller.address, &code)?;
    let entered = api.county().enter_display(code, caller.address).await?;
    answer(&api, &headers, entered, cookie)
}
