//! Accounts of staff: opened, reset and closed by the security administrator.

use crate::auth::Caller;
use crate::extract::{Body, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::access as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::access::Operation;
use model::{AccountId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(open_account))
        .routes(routes!(close_account))
        .routes(routes!(reset_account))
}

/// An account to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    /// Whose it is.
    person: Uuid,
    /// The name to log in by: 3 to 32 small letters, digits or `.-_`.
    #[schema(example = "zhang.san")]
    name: String,
    /// The first password; it must be changed at the first log-in.
    password: String,
}

/// An account just opened.
#[derive(Serialize, ToSchema)]
struct Account {
    /// Its id.
    account: Uuid,
}

/// Open an account for a member of staff.
#[utoipa::path(post, path = "/accounts", tag = "access", request_body = NewAccount,
    responses((status = CREATED, body = Account)))]
async fn open_account(
    State(api): State<Api>,
    caller: Caller,
    body: Body<NewAccount>,
) -> Result<(StatusCode, Json<Account>), Problem> {
    let operation = Operation::OpenAccount;
    let actor = api.actor((&caller, operation)).await?;
    let once = api.once((&caller, operation), &actor, &body.hash).await?;
    let NewAccount { person, name, password } = body.value;
    let request = act::NewAccount { person: PersonId(person), name, password, must_change: true };
    let opened = api.county().open_account(actor, once, request).await?;
    Ok((StatusCode::CREATED, Json(Account { account: opened.account.0 })))
}

/// Close an account for good and end its sessions.
#[utoipa::path(delete, path = "/accounts/{account}", tag = "access",
    params(("account" = Uuid, Path, description = "The account")),
    responses((status = NO_CONTENT, description = "Closed")))]
async fn close_account(
    State(api): State<Api>,
    caller: Caller,
    Segments(account): Segments<Uuid>,
) -> Result<StatusCode, Problem> {
    // A closed account cannot be closed again: no key is needed.
    let caller = Caller { key: None, ..caller };
    let input = ([0; 32], AccountId(account));
    api.command((&caller, Operation::CloseAccount), input, |tx, work, account| {
        Box::pin(act::close_account(tx, work, *account))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a member of staff has lost.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reset {
    /// A new password, to be changed at the next log-in.
    password: Option<String>,
    /// Take the second factor away: the next log-in sets up another.
    #[serde(default)]
    totp: bool,
}

/// Give a lost password anew, or take away a lost second factor; the account's sessions end.
#[utoipa::path(post, path = "/accounts/{account}/reset", tag = "access",
    operation_id = "open_account.reset", request_body = Reset,
    params(("account" = Uuid, Path, description = "The account")),
    responses((status = NO_CONTENT, description = "Reset")))]
async fn reset_account(
    State(api): State<Api>,
    caller: Caller,
    Segments(account): Segments<Uuid>,
    body: Body<Reset>,
) -> Result<StatusCode, Problem> {
    let (operation, account) = (Operation::OpenAccount, AccountId(account));
    if let Some(new) = body.value.password {
        let actor = api.actor((&caller, operation)).await?;
        api.county().reset_password(actor, account, new).await?;
    }
    if body.value.totp {
        api.command((&caller, operation), (body.hash, account), |tx, work, account| {
            Box::pin(act::reset_totp(tx, work, *account))
        })
        .await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
