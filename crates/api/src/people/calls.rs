//! Masked calls.

use crate::auth::Caller;
use crate::extract::Body;
use crate::problem::Problem;
use crate::state::Api;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::PostId;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(call_post))
}

/// Whom to call.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCall {
    /// The post: `call` of the service people.
    post: Uuid,
}

/// A line that is held ready.
#[derive(Serialize, ToSchema)]
struct CallLine {
    /// To be called from one's own telephone; it connects with the post and is nobody's number.
    #[schema(example = "17000001234")]
    number: String,
    /// Until when.
    expires_at: Timestamp,
}

/// Be connected with whoever holds a post, without either seeing the other's number. That it was
/// asked for stands in the journal, and whoever is called can read it.
#[utoipa::path(post, path = "/calls", tag = "people", request_body = NewCall,
    responses((status = CREATED, body = CallLine)))]
async fn call_post(
    State(api): State<Api>,
    caller: Caller,
    body: Body<NewCall>,
) -> Result<(StatusCode, Json<CallLine>), Problem> {
    let actor = api.actor((&caller, Operation::CallPost)).await?;
    let switchboard = api.setup.channels.switchboard.as_deref();
    let line = api.county().call(switchboard, (actor, PostId(body.value.post))).await?;
    let app::people::Line { number, expires_at } = line;
    Ok((StatusCode::CREATED, Json(CallLine { number, expires_at })))
}
