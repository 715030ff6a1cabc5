//! Cases: opening, reading, listing, acting. Joining, looking behind masks and receipts stand in
//! `cases/more.rs`.

mod beside;
mod counts;
mod form;
mod messages;
mod more;
mod near;
mod openings;
mod suggest;
mod timeline;
mod view;
mod why;

use crate::auth::Caller;
use crate::extract::{Body, IfMatch, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::cases as act;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use form::{Filter, NewCase};
pub(crate) use form::{Me, page, write_cursor};
use model::CaseId;
use model::access::Operation;
use timeline::{Action, Moment};
pub(crate) use timeline::{Ask, ask};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;
use view::{Case, Cases};
pub(crate) use view::{Fact, Line, fact};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(open_case, list_cases))
        .routes(routes!(show_case))
        .routes(routes!(show_claimed))
        .routes(routes!(show_history))
        .routes(routes!(list_actions))
        .routes(routes!(act_on_case))
        .merge(counts::routes())
        .merge(messages::routes())
        .merge(more::routes())
        .merge(openings::routes())
        .merge(near::routes())
        .merge(suggest::routes())
        .merge(beside::routes())
        .merge(why::routes())
}

/// A case with its revision as `ETag`.
impl IntoResponse for Case {
    fn into_response(self) -> Response {
        let revision = format!("\"{}\"", self.revision);
        ([(header::ETAG, revision)], Json(self)).into_response()
    }
}

/// Open a case.
///
/// Without a log-in the answer holds a claim code, the only way back; whoever asks anonymously is
/// given one too.
#[utoipa::path(post, path = "/cases", tag = "cases", request_body = NewCase,
    responses((status = CREATED, body = Case)))]
async fn open_case(
    State(api): State<Api>,
    caller: Caller,
    body: Body<NewCase>,
) -> Result<(StatusCode, Case), Problem> {
    let input = (body.hash, body.value.read()?);
    let opened = api
        .command((&caller, Operation::OpenCase), input, |tx, work, request| {
            Box::pin(act::open(tx, work, request))
        })
        .await?;
    let id = opened.case.id;
    let mut case = Case::from(opened.case);
    if opened.claimable {
        case.claim_code = Some(api.claim_code(id).await?);
    }
    Ok((StatusCode::CREATED, case))
}

/// Cases by filter, as one post or one resident sees them.
#[utoipa::path(get, path = "/cases", tag = "cases", params(Filter),
    responses((status = OK, body = Cases)))]
async fn list_cases(
    State(api): State<Api>,
    caller: Caller,
    Params(filter): Params<Filter>,
) -> Result<Json<Cases>, Problem> {
    let page = api
        .look((&caller, Operation::ListCases), filter.read()?, |tx, work, wanted| {
            Box::pin(act::list(tx, work, wanted))
        })
        .await?;
    Ok(Json(page.into()))
}

/// One case.
#[utoipa::path(get, path = "/cases/{id}", tag = "cases",
    params(("id" = Uuid, Path, description = "The case")),
    responses((status = OK, body = Case)))]
async fn show_case(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
) -> Result<Case, Problem> {
    let case = api
        .look((&caller, Operation::ShowCase), CaseId(id), |tx, work, id| {
            Box::pin(act::get(tx, work, *id))
        })
        .await?;
    Ok(case.into())
}

/// The case that the claim code in `Jinlin-Claim` leads back to.
#[utoipa::path(get, path = "/cases/claimed", tag = "cases", operation_id = "show_case.claimed",
    responses((status = OK, body = Case)))]
async fn show_claimed(State(api): State<Api>, caller: Caller) -> Result<Case, Problem> {
    let case = api
        .look((&caller, Operation::ShowCase), (), |tx, work, ()| Box::pin(act::claimed(tx, work)))
        .await?;
    Ok(case.into())
}

/// The timeline of a case.
#[utoipa::path(get, path = "/cases/{id}/history", tag = "cases",
    params(("id" = Uuid, Path, description = "The case")),
    responses((status = OK, body = [Moment])))]
async fn show_history(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
) -> Result<Json<Vec<Moment>>, Problem> {
    let moments = api
        .look((&caller, Operation::ShowHistory), CaseId(id), |tx, work, id| {
            Box::pin(act::history(tx, work, *id))
        })
        .await?;
    Ok(Json(moments.into_iter().map(Into::into).collect()))
}

/// What the caller may do with a case now, and what is refused and why.
#[utoipa::path(get, path = "/cases/{id}/actions", tag = "cases",
    params(("id" = Uuid, Path, description = "The case")),
    responses((status = OK, body = [Action])))]
async fn list_actions(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
) -> Result<Json<Vec<Action>>, Problem> {
    let actions = api
        .look((&caller, Operation::ListActions), CaseId(id), |tx, work, id| {
            Box::pin(act::actions(tx, work, *id))
        })
        .await?;
    Ok(Json(actions.into_iter().map(Into::into).collect()))
}

/// Do an action of the procedure.
///
/// The body is the action's form: `GET /cases/{id}/actions` tells what it asks.
#[utoipa::path(post, path = "/cases/{id}/actions/{action}", tag = "cases",
    params(
        ("id" = Uuid, Path, description = "The case"),
        ("action" = String, Path, description = "Id of the action", example = "sign"),
        ("If-Match" = String, Header, description = "The revision you have read", example = "3"),
    ),
    request_body(content = BTreeMap<String, Value>, example = json!({ "note": "已更换灯泡" })),
    responses((status = OK, body = Case)))]
async fn act_on_case(
    State(api): State<Api>,
    caller: Caller,
    Segments((id, action)): Segments<(Uuid, String)>,
    revision: IfMatch,
    body: Body<app::Form>,
) -> Result<Case, Problem> {
    let input = (CaseId(id), revision.0, action, body.value);
    let acted = api
        .command((&caller, Operation::ActOnCase), (body.hash, input), |tx, work, input| {
            let (id, revision, action, form) = input;
            Box::pin(act::act(tx, work, (*id, Some(*revision)), (action, form)))
        })
        .await?;
    Ok(acted.case.into())
}
