//! Logging in and out, one's own person, password and second factor. Residents stand in
//! `access/residents.rs`, accounts of others in `access/accounts.rs` and `access/roster.rs`, walls in
//! `access/displays.rs`.

mod accounts;
mod displays;
mod residents;
mod roster;

use crate::auth::{COOKIE_NAME, Caller, is_same_origin};
use crate::extract::Body;
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::access as act;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(log_in))
        .routes(routes!(log_out))
        .routes(routes!(show_me))
        .routes(routes!(change_password))
        .routes(routes!(set_totp))
        .merge(accounts::routes())
        .merge(displays::routes())
        .merge(residents::routes())
        .merge(roster::routes())
}

/// A log-in of staff.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LogIn {
    /// The account's name.
    #[schema(example = "duty-desk")]
    account: String,
    /// Its password.
    #[schema(example = "correct horse battery")]
    password: String,
    /// Six digits of the second factor, where one is set up.
    #[schema(example = "492039")]
    totp: Option<String>,
    /// For browsers: keep the token in an HttpOnly cookie instead of answering it.
    #[serde(default)]
    cookie: bool,
}

/// A session.
#[derive(Serialize, ToSchema)]
struct Session {
    /// The token, for `Authorization: Bearer`; none when it went into the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "9f2c…")]
    token: Option<String>,
    /// When the session ends if it is not used.
    expires_at: Timestamp,
    /// What must be done before anything else: `change_password`, `set_totp`.
    #[schema(example = json!([]))]
    must: Vec<&'static str>,
}

/// Log in with account and password.
///
/// Wrong names, passwords and codes get one answer. The answer is never kept for a repeated
/// request: each log-in is a session of its own.
#[utoipa::path(post, path = "/sessions", tag = "access", request_body = LogIn,
    responses((status = CREATED, body = Session)))]
async fn log_in(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    body: Body<LogIn>,
) -> Result<Response, Problem> {
    let LogIn { account, password, totp, cookie } = body.value;
    api.gates.log_in(caller.address, &account)?;
    let address = caller.address;
    let request = act::LogIn { account, password, totp, address };
    let logged_in = api.county().log_in(request).await?;
    answer(&api, &headers, logged_in, cookie)
}

fn answer(
    api: &Api,
    headers: &HeaderMap,
    logged_in: act::LoggedIn,
    cookie: bool,
) -> Result<Response, Problem> {
    let token = logged_in.token.0;
    let must = logged_in.must.into_iter().map(must);
    let (expires_at, must) = (logged_in.expires_at, must.collect());
    if !cookie {
        let session = Session { token: Some(token), expires_at, must };
        return Ok((StatusCode::CREATED, Json(session)).into_response());
    }
    if !is_same_origin(headers) {
        return Err(crate::auth::other_origin());
    }
    let session = Session { token: None, expires_at, must };
    let mut response = (StatusCode::CREATED, Json(session)).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie_of(api, &token, "")?);
    Ok(response)
}

fn must(it: act::Must) -> &'static str {
    match it {
        act::Must::ChangePassword => "change_password",
        act::Must::SetTotp => "set_totp",
    }
}

fn cookie_of(api: &Api, token: &str, more: &str) -> Result<HeaderValue, Problem> {
    let secure = if api.setup.tls { "; Secure" } else { "" };
    let cookie = format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Strict{secure}{more}");
    HeaderValue::from_str(&cookie).map_err(|_| Problem::internal())
}

/// End the session.
#[utoipa::path(delete, path = "/sessions/current", tag = "access",
    responses((status = NO_CONTENT, description = "Ended")))]
async fn log_out(State(api): State<Api>, caller: Caller) -> Result<Response, Problem> {
    let ticket = caller.ticket.ok_or(app::Error::Unauthenticated)?;
    api.county().log_out(ticket).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie_of(&api, "", "; Max-Age=0")?);
    Ok(response)
}

/// The person behind the session.
#[derive(Serialize, ToSchema)]
struct Me {
    /// The person.
    person: Option<Uuid>,
    /// The name, for staff.
    #[schema(example = "林岚")]
    name: Option<String>,
    /// The masked number, for residents.
    #[schema(example = "138****1234")]
    phone: Option<String>,
    /// Whether WeChat logs them in, for residents.
    wechat: bool,
    /// The post in which this request acts; choose another by `Jinlin-Post`.
    acting: Option<Uuid>,
    /// The place, for a wall that shows the screen and may look at nothing else.
    display: Option<PlaceRef>,
    /// All posts held today.
    posts: Vec<MyPost>,
    /// What must be done before anything else: `change_password`, `set_totp`.
    #[schema(example = json!([]))]
    must: Vec<&'static str>,
    /// Ids of the operations that may be asked for in this post now; what they then do is narrower.
    #[schema(example = json!(["list_cases", "open_case"]))]
    may: Vec<String>,
    /// The server's clock.
    now: Timestamp,
}

/// A post held today.
#[derive(Serialize, ToSchema)]
struct MyPost {
    /// The post.
    post: Uuid,
    /// Its role in the pack.
    #[schema(example = "dispatcher")]
    role: String,
    /// Title of the role.
    #[schema(example = "街道派单员")]
    title: String,
    /// Its place.
    place: Option<PlaceRef>,
    /// Name of its organisation.
    org: Option<String>,
}

/// Who am I, and which posts do I hold.
#[utoipa::path(get, path = "/me", tag = "access", responses((status = OK, body = Me)))]
async fn show_me(State(api): State<Api>, caller: Caller) -> Result<Json<Me>, Problem> {
    let me = api
        .look((&caller, Operation::ShowMe), (), |tx, work, ()| Box::pin(act::show_me(tx, work)))
        .await?;
    let posts = me.posts.into_iter().map(|it| MyPost {
        post: it.post.0,
        role: it.role,
        title: it.title,
        place: it.place.map(Into::into),
        org: it.org,
    });
    Ok(Json(Me {
        person: me.person.map(|it| it.0),
        name: me.name,
        phone: me.phone,
        wechat: me.wechat,
        acting: me.acting.map(|it| it.0),
        display: me.display.map(Into::into),
        posts: posts.collect(),
        must: me.must.into_iter().map(must).collect(),
        may: me.may,
        now: api.county().now(),
    }))
}

/// A change of one's own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    /// The present one.
    present: String,
    /// The new one.
    new: String,
}

/// Change one's own password; all other sessions of the account end.
#[utoipa::path(post, path = "/me/password", tag = "access", request_body = ChangePassword,
    responses((status = NO_CONTENT, description = "Changed")))]
async fn change_password(
    State(api): State<Api>,
    caller: Caller,
    body: Body<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let ticket = caller.ticket.ok_or(app::Error::Unauthenticated)?;
    let ChangePassword { present, new } = body.value;
    api.county().change_password(act::ChangePassword { ticket, present, new }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A step of setting up one's second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetTotp {
    /// First step: a code of the factor in use, if there is one.
    present: Option<String>,
    /// Second step: the first code of the new factor, which puts it into use.
    #[schema(example = "492039")]
    confirm: Option<String>,
}

/// What an authenticator app is given.
#[derive(Serialize, ToSchema)]
struct TotpSetup {
    /// To be shown as a QR code.
    #[schema(example = "otpauth://totp/Jinlin:audit-admin?secret=…&issuer=Jinlin")]
    url: String,
    /// To be typed where no camera is at hand (Base32).
    secret: String,
}

/// Set up or replace one's own second factor: ask for a new one, then confirm it by its first code.
#[utoipa::path(post, path = "/me/totp", tag = "access", request_body = SetTotp, responses(
    (status = OK, body = TotpSetup, description = "Prepared; the factor in use stays until the new one is confirmed"),
    (status = NO_CONTENT, description = "Confirmed"),
))]
async fn set_totp(
    State(api): State<Api>,
    caller: Caller,
    body: Body<SetTotp>,
) -> Result<Response, Problem> {
    let operation = Operation::SetTotp;
    let SetTotp { present, confirm } = body.value;
    if let Some(code) = confirm {
        api.command((&caller, operation), (body.hash, code), |tx, work, code| {
            Box::pin(act::confirm_totp(tx, work, code))
        })
        .await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let actor = api.actor((&caller, operation)).await?;
    let act::Setup { url, secret } = api.county().prepare_totp(actor, present).await?;
    Ok(Json(TotpSetup { url, secret }).into_response())
}
