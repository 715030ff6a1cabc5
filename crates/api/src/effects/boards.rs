//! Boards (公示栏), and what stands on them.

use super::CaseRef;
use crate::auth::Caller;
use crate::cases::{Fact, fact};
use crate::extract::{Body, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::effects as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::PublicationId;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_boards))
        .routes(routes!(list_publications))
        .routes(routes!(withdraw_publication))
}

/// A board.
#[derive(Serialize, ToSchema)]
struct Board {
    /// Its id.
    #[schema(example = "affairs")]
    id: String,
    /// Its title.
    #[schema(example = "居务公示栏")]
    title: String,
    /// Whether anybody may read it; else staff do.
    public: bool,
}

/// The boards that the caller may read.
#[utoipa::path(get, path = "/boards", tag = "boards", responses((status = OK, body = [Board])))]
async fn list_boards(State(api): State<Api>, caller: Caller) -> Result<Json<Vec<Board>>, Problem> {
    let found = api
        .look((&caller, Operation::ListBoards), (), |tx, work, ()| {
            Box::pin(act::list_boards(tx, work))
        })
        .await?;
    let board = |it: act::BoardView| Board { id: it.id, title: it.title, public: it.public };
    Ok(Json(found.into_iter().map(board).collect()))
}

/// Words on a board.
#[derive(Serialize, ToSchema)]
struct Publication {
    /// Its id.
    id: Uuid,
    /// Its board.
    #[schema(example = "affairs")]
    board: String,
    /// Title of the procedure it comes from.
    #[schema(example = "五事工作法")]
    procedure: String,
    /// Whose.
    place: Option<PlaceRef>,
    /// Title of the post that published it; none where the clock did.
    #[schema(example = "桥头社区书记")]
    office: Option<String>,
    /// The case it is about, for whoever may know of it.
    case: Option<CaseRef>,
    /// What is shown, with titles and in words.
    facts: Vec<Fact>,
    /// When it was published.
    published_at: Timestamp,
    /// Until when it is shown.
    until: Option<Timestamp>,
    /// Whether the caller may take it off.
    may_withdraw: bool,
}

impl From<act::PublicationView> for Publication {
    fn from(it: act::PublicationView) -> Self {
        Self {
            id: it.id.0,
            board: it.board,
            procedure: it.procedure,
            place: it.place.map(Into::into),
            office: it.office,
            case: it.case.map(Into::into),
            facts: it.facts.into_iter().map(fact).collect(),
            published_at: it.at,
            until: it.until,
            may_withdraw: it.may_withdraw,
        }
    }
}

/// A page of publications, the newest first.
#[derive(Serialize, ToSchema)]
struct Publications {
    /// The publications.
    items: Vec<Publication>,
    /// `after` of the next page; none on the last.
    next: Option<Uuid>,
}

/// Which publications.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PublicationsOf {
    /// Code or id of a place: what stands there, in all places below it and in those above it.
    #[param(example = "350405001001001")]
    place: String,
    /// Only those before this one: `next` of the page before.
    after: Option<Uuid>,
    /// At most so many, 20 when unsaid, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// What stands on a board for a place, the newest first.
#[utoipa::path(get, path = "/boards/{board}/publications", tag = "boards",
    operation_id = "list_boards.publications",
    params(("board" = String, Path, description = "The board", example = "affairs"), PublicationsOf),
    responses((status = OK, body = Publications)))]
async fn list_publications(
    State(api): State<Api>,
    caller: Caller,
    Segments(board): Segments<String>,
    Params(PublicationsOf { place, after, limit }): Params<PublicationsOf>,
) -> Result<Json<Publications>, Problem> {
    let query = act::PublicationQuery { board, place, after: after.map(PublicationId), limit };
    let found = api
        .look((&caller, Operation::ListBoards), query, |tx, work, query| {
            Box::pin(act::list_publications(tx, work, query))
        })
        .await?;
    let items = found.items.into_iter().map(Into::into).collect();
    Ok(Json(Publications { items, next: found.next.map(|it| it.0) }))
}

/// Why words are taken off a board.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublicationWithdrawal {
    /// Why; it stays in the journal.
    #[schema(example = "方案有变")]
    reason: String,
}

/// Take words off their board, by any post that stands over their place.
#[utoipa::path(post, path = "/publications/{id}/withdraw", tag = "boards",
    request_body = PublicationWithdrawal,
    params(("id" = Uuid, Path, description = "The publication")),
    responses((status = NO_CONTENT)))]
async fn withdraw_publication(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    body: Body<PublicationWithdrawal>,
) -> Result<StatusCode, Problem> {
    let input = (body.hash, (PublicationId(id), body.value.reason));
    api.command((&caller, Operation::WithdrawPublication), input, |tx, work, (id, reason)| {
        Box::pin(act::withdraw_publication(tx, work, (*id, reason)))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
