//! Cases that help with a case or a call: similar ones, and those of whoever calls.

use super::view::Line;
use crate::auth::Caller;
use crate::extract::{Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::cases as act;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::CaseId;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_alike)).routes(routes!(list_by_contact))
}

/// A case like another.
#[derive(Serialize, ToSchema)]
struct Alike {
    /// The case.
    id: Uuid,
    /// Its number.
    #[schema(example = "2026092100017")]
    number: String,
    /// Its title, unless erased.
    #[schema(example = "桥头路路灯不亮")]
    title: Option<String>,
    /// Title of its matter.
    #[schema(example = "路灯不亮")]
    matter_title: Option<String>,
    /// Its state.
    #[schema(example = "solved")]
    state: String,
    /// Title of the state.
    state_title: String,
    /// Its place.
    place: Option<PlaceRef>,
    /// When it was opened.
    opened_at: Timestamp,
    /// When it ended.
    ended_at: Option<Timestamp>,
    /// Whether the same person asks, as far as the acting post sees who does.
    same_asker: bool,
}

/// Cases like a case: the same asker's first, then open ones nearby with a text like it, then those of
/// the same matter in its community; at most 20, of the last year or open, never sensitive ones, and
/// only those the acting post may see.
#[utoipa::path(get, path = "/cases/{id}/similar", tag = "cases",
    params(("id" = Uuid, Path, description = "The case")),
    responses((status = OK, body = [Alike])))]
async fn list_alike(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
) -> Result<Json<Vec<Alike>>, Problem> {
    let found = api
        .look((&caller, Operation::ListAlike), CaseId(id), |tx, work, id| {
            Box::pin(act::alike(tx, work, *id))
        })
        .await?;
    let alike = found.into_iter().map(|it| Alike {
        id: it.id.0,
        number: it.number,
        title: it.title,
        matter_title: it.matter,
        state: it.state.0,
        state_title: it.state.1,
        place: it.place.map(Into::into),
        opened_at: it.opened_at,
        ended_at: it.ended_at,
        same_asker: it.same_asker,
    });
    Ok(Json(alike.collect()))
}

/// Who calls.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Calling {
    /// A mobile number of mainland China, however it is typed.
    #[param(example = "13800001234")]
    phone: String,
}

/// Cases of whoever calls from a number, the newest first, at most 20; for the duty desk.
///
/// All cases of a resident who registered the number, and open ones in which it was given. Nothing is
/// unmasked by it, so no entry is made; what was asked anonymously is not found.
#[utoipa::path(get, path = "/cases/by-contact", tag = "cases", params(Calling),
    responses((status = OK, body = [Line])))]
async fn list_by_contact(
    State(api): State<Api>,
    caller: Caller,
    Params(calling): Params<Calling>,
) -> Result<Json<Vec<Line>>, Problem> {
    let found = api
        .look((&caller, Operation::ListByContact), calling.phone, |tx, work, phone| {
            Box::pin(act::by_contact(tx, work, phone))
        })
        .await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}
