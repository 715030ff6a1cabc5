//! Handing a desk over from one shift to the next.

use crate::auth::Caller;
use crate::extract::{Body, Nothing, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::desk as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::access::Operation;
use model::{CaseId, ShiftId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_shifts, hand_over_shift)).routes(routes!(take_shift))
}

/// How many.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HowMany {
    /// At most so many: 20, or up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
}

/// A desk to be handed over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandOver {
    /// What the next shift should know, up to 2000 characters.
    #[schema(example = "夜间平稳;两件停水等供水公司回电")]
    note: String,
    /// Cases to mind, up to 50.
    #[serde(default)]
    cases: Vec<ToMind>,
}

/// A case to mind.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ToMind {
    /// The case.
    case: Uuid,
    /// What about it, up to 500 characters.
    #[serde(default)]
    #[schema(example = "九点后回电")]
    note: String,
}

/// The record of a shift.
#[derive(Serialize, ToSchema)]
struct Shift {
    /// Its id.
    id: Uuid,
    /// Title of the post that handed over.
    #[schema(example = "近邻县值班")]
    post_title: String,
    /// Who handed over.
    from: Option<String>,
    /// When.
    at: Timestamp,
    /// How many open cases the posts of the desk owned then.
    #[schema(example = 12)]
    open: i64,
    /// How many of them were late.
    #[schema(example = 1)]
    late: i64,
    /// What the next shift should know.
    note: String,
    /// Cases to mind, as far as the caller sees them.
    items: Vec<Minded>,
    /// Who took over; nobody yet, when null.
    taken: Option<Taken>,
    /// Whether the caller handed it over; somebody else has to take it.
    mine: bool,
}

/// A case that the next shift should mind.
#[derive(Serialize, ToSchema)]
struct Minded {
    /// The case.
    case: Uuid,
    /// Its number.
    #[schema(example = "2026092100017")]
    number: String,
    /// Its title, unless erased.
    title: Option<String>,
    /// What about it.
    note: String,
}

/// Who took over.
#[derive(Serialize, ToSchema)]
struct Taken {
    /// The name.
    by: Option<String>,
    /// When.
    at: Timestamp,
}

impl From<act::ShiftView> for Shift {
    fn from(it: act::ShiftView) -> Self {
        let minded = |it: act::Minded| Minded {
            case: it.case.0,
            number: it.number,
            title: it.title,
            note: it.note,
        };
        Self {
            id: it.id.0,
            post_title: it.post_title,
            from: it.from,
            at: it.at,
            open: it.open,
            late: it.late,
            note: it.note,
            items: it.items.into_iter().map(minded).collect(),
            taken: it.taken.map(|(by, at)| Taken { by, at }),
            mine: it.mine,
        }
    }
}

/// Records of the acting post's desk (all posts of its role, organisation and place), the newest first.
#[utoipa::path(get, path = "/shifts", tag = "desk", params(HowMany),
    responses((status = OK, body = [Shift])))]
async fn list_shifts(
    State(api): State<Api>,
    caller: Caller,
    Params(HowMany { limit }): Params<HowMany>,
) -> Result<Json<Vec<Shift>>, Problem> {
    let limit = limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(Problem::field("limit", "out_of_range", ("应为 1 至 100", "1 to 100")));
    }
    let found = api
        .look((&caller, Operation::ListShifts), limit, |tx, work, limit| {
            Box::pin(act::list_shifts(tx, work, *limit))
        })
        .await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// Hand the acting post's desk over to the next shift; what is open and late is counted then.
#[utoipa::path(post, path = "/shifts", tag = "desk", request_body = HandOver,
    responses((status = CREATED, body = Shift)))]
async fn hand_over_shift(
    State(api): State<Api>,
    caller: Caller,
    body: Body<HandOver>,
) -> Result<(StatusCode, Json<Shift>), Problem> {
    let HandOver { note, cases } = body.value;
    let cases = cases.into_iter().map(|it| (CaseId(it.case), it.note)).collect();
    let input = (body.hash, act::HandOver { note, cases });
    let shift = api
        .command((&caller, Operation::HandOverShift), input, |tx, work, request| {
            Box::pin(act::hand_over_shift(tx, work, request))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(shift.into())))
}

/// Take over what somebody else of the acting post's desk handed over.
#[utoipa::path(post, path = "/shifts/{id}/take", tag = "desk",
    operation_id = "hand_over_shift.take", request_body = Nothing,
    params(("id" = Uuid, Path, description = "The record")),
    responses((status = OK, body = Shift)))]
async fn take_shift(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    body: Body<Nothing>,
) -> Result<Json<Shift>, Problem> {
    let input = (body.hash, ShiftId(id));
    let shift = api
        .command((&caller, Operation::HandOverShift), input, |tx, work, id| {
            Box::pin(act::take_shift(tx, work, *id))
        })
        .await?;
    Ok(Json(shift.into()))
}
