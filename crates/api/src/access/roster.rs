//! Who has an account and who is logged in, for the security administrator.

use crate::auth::Caller;
use crate::extract::{Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::access as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts))
        .routes(routes!(list_sessions))
        .routes(routes!(end_session))
}

/// Which accounts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Words of the account's or the person's name.
    #[param(example = "林")]
    q: Option<String>,
    /// Only names after this one: the `next` of the page before.
    after: Option<String>,
    /// At most so many: 50, or up to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A page of accounts by name.
#[derive(Serialize, ToSchema)]
struct Accounts {
    /// The accounts.
    items: Vec<AccountLine>,
    /// For `after`; none on the last page.
    next: Option<String>,
}

/// An account with whose it is.
#[derive(Serialize, ToSchema)]
struct AccountLine {
    /// Its id.
    id: Uuid,
    /// The name one logs in by.
    #[schema(example = "zhang.san")]
    name: String,
    /// Whose it is.
    person: PersonRef,
    /// Whether it was closed.
    closed: bool,
    /// Whether a second factor is set up.
    second_factor: bool,
    /// Whether the password was given by somebody else and must be changed at the next log-in.
    must_change: bool,
    /// Titles of the posts held today.
    #[schema(example = json!(["城市管理局承办员"]))]
    posts: Vec<String>,
    /// When the newest session was last used, of those that have not ended.
    seen_at: Option<Timestamp>,
}

/// A person by name.
#[derive(Serialize, ToSchema)]
struct PersonRef {
    /// The person.
    id: Uuid,
    /// The name.
    #[schema(example = "张三")]
    name: String,
}

/// Accounts of staff, with the posts of whoever they belong to.
#[utoipa::path(get, path = "/accounts", tag = "access", params(Which),
    responses((status = OK, body = Accounts)))]
async fn list_accounts(
    State(api): State<Api>,
    caller: Caller,
    Params(Which { q, after, limit }): Params<Which>,
) -> Result<Json<Accounts>, Problem> {
    let query = act::AccountQuery { words: q, after, limit };
    let (found, next) = api
        .look((&caller, Operation::ListAccounts), query, |tx, work, query| {
            Box::pin(act::list_accounts(tx, work, query))
        })
        .await?;
    Ok(Json(Accounts { items: found.into_iter().map(line).collect(), next }))
}

fn line(it: act::AccountView) -> AccountLine {
    AccountLine {
        id: it.id.0,
        name: it.name,
        person: PersonRef { id: it.person.0, name: it.person_name },
        closed: it.closed,
        second_factor: it.second_factor,
        must_change: it.must_change,
        posts: it.posts,
        seen_at: it.seen_at,
    }
}

/// Somebody of the staff who is logged in.
#[derive(Serialize, ToSchema)]
struct SessionLine {
    /// What names the session here.
    id: Uuid,
    /// What the wall is called, for one that shows the screen by itself.
    #[schema(example = "指挥大厅大屏")]
    display: Option<String>,
    /// Name of the account; of a wall, the one that opened it.
    #[schema(example = "zhang.san")]
    account: String,
    /// The person's name.
    #[schema(example = "张三")]
    person: String,
    /// When it began.
    created_at: Timestamp,
    /// When it was last used, to the minute.
    seen_at: Timestamp,
    /// Whether it is the reader's own.
    mine: bool,
}

/// Who of the staff is logged in, the last used session first; then walls that show the screen.
#[utoipa::path(get, path = "/sessions", tag = "access",
    responses((status = OK, body = [SessionLine])))]
async fn list_sessions(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Vec<SessionLine>>, Problem> {
    let found = api
        .look((&caller, Operation::ListSessions), (), |tx, work, ()| {
            Box::pin(act::list_sessions(tx, work))
        })
        .await?;
    let line = |it: act::SessionView| SessionLine {
        id: it.id,
        display: it.display,
        account: it.account,
        person: it.person,
        created_at: it.created_at,
        seen_at: it.seen_at,
        mine: it.mine,
    };
    Ok(Json(found.into_iter().map(line).collect()))
}

/// End somebody's session; the journal keeps that it was ended.
#[utoipa::path(delete, path = "/sessions/{session}", tag = "access",
    params(("session" = Uuid, Path, description = "The session")),
    responses((status = NO_CONTENT, description = "Ended")))]
async fn end_session(
    State(api): State<Api>,
    caller: Caller,
    Segments(session): Segments<Uuid>,
) -> Result<StatusCode, Problem> {
    // A session that has ended cannot be ended again: no key is needed.
    let caller = Caller { key: None, ..caller };
    api.command((&caller, Operation::EndSession), ([0; 32], session), |tx, work, session| {
        Box::pin(act::end_session(tx, work, session))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
