//! The short messages that told the asker of a case.

use crate::auth::Caller;
use crate::extract::Segments;
use crate::problem::Problem;
use crate::state::Api;
use app::messages as act;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::CaseId;
use model::access::Operation;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_messages))
}

/// A short message.
#[derive(Serialize, ToSchema)]
struct MessageLine {
    /// What was told: `accepted`, `paused`, `answered` or `reopened`.
    #[schema(example = "answered")]
    kind: &'static str,
    /// How far it has come: `waiting`, `sent`, `failed`, `overtaken` by something newer, or `void`
    /// where there was no number any more.
    #[schema(example = "failed")]
    state: &'static str,
    /// When the act was done that it tells of.
    made_at: Timestamp,
    /// Since when it is so far.
    changed_at: Timestamp,
    /// How often it was tried.
    tries: i64,
}

/// The short messages that told the asker of a case, and how far they came; kept for ninety days.
#[utoipa::path(get, path = "/cases/{id}/messages", tag = "cases",
    params(("id" = Uuid, Path, description = "The case")),
    responses((status = OK, body = [MessageLine])))]
async fn list_messages(
    State(api): State<Api>,
    caller: Caller,
    Segments(case): Segments<Uuid>,
) -> Result<Json<Vec<MessageLine>>, Problem> {
    let found = api
        .look((&caller, Operation::ListMessages), CaseId(case), |tx, work, case| {
            Box::pin(act::list_messages(tx, work, case))
        })
        .await?;
    Ok(Json(found.iter().map(line).collect()))
}

fn line(it: &act::MessageView) -> MessageLine {
    MessageLine {
        kind: it.kind.as_str(),
        state: it.state.as_str(),
        made_at: it.made_at,
        changed_at: it.changed_at,
        tries: it.tries,
    }
}
