//! Residents: logging in by a code to the telephone or by WeChat, and changing the number.

use super::{Session, answer};
use crate::auth::Caller;
use crate::extract::Body;
use crate::problem::{Problem, Ticket};
use crate::state::Api;
use app::access as act;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(request_code))
        .routes(routes!(log_in_resident))
        .routes(routes!(log_in_by_wechat))
        .routes(routes!(lend_phone))
        .routes(routes!(change_phone))
        .routes(routes!(unbind_wechat))
}

/// A wish for a code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeRequest {
    /// A mobile number of mainland China.
    #[schema(example = "13800001234")]
    phone: String,
    /// What for; a code is good for nothing else.
    #[serde(default)]
    to: CodeUse,
}

/// What a code is good for.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CodeUse {
    /// Logging in by the number.
    #[default]
    LogIn,
    /// Changing one's number to it.
    NewPhone,
}

impl From<CodeUse> for act::CodeUse {
    fn from(it: CodeUse) -> Self {
        match it {
            CodeUse::LogIn => Self::LogIn,
            CodeUse::NewPhone => Self::NewPhone,
        }
    }
}

/// A code is on its way.
#[derive(Serialize, ToSchema)]
struct CodeSent {
    /// Seconds until another may be asked for.
    #[schema(example = 60)]
    resend_after: i64,
    /// Seconds for which this one is good.
    #[schema(example = 300)]
    expires_in: i64,
}

/// Ask for a code by short message, which proves a number.
#[utoipa::path(post, path = "/residents/codes", tag = "access", request_body = CodeRequest,
    responses((status = ACCEPTED, body = CodeSent)))]
async fn request_code(
    State(api): State<Api>,
    caller: Caller,
    body: Body<CodeRequest>,
) -> Result<(StatusCode, Json<CodeSent>), Problem> {
    let CodeRequest { phone, to } = body.value;
    api.gates.log_in(caller.address, &phone)?;
    let request = act::CodeRequest { phone, to: to.into(), address: caller.address };
    let gateway = api.setup.channels.gateway.as_deref();
    let act::CodeSent { resend_after, expires_in } =
        api.county().request_code(gateway, request).await?;
    Ok((StatusCode::ACCEPTED, Json(CodeSent { resend_after, expires_in })))
}

/// A log-in of a resident.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResidentLogIn {
    /// The mobile number the code was sent to.
    #[schema(example = "13800001234")]
    phone: String,
    /// The six digits.
    #[schema(example = "000000")]
    code: String,
    /// For browsers: keep the token in an HttpOnly cookie instead of answering it.
    #[serde(default)]
    cookie: bool,
}

/// Log in as a resident, registering the number at first.
#[utoipa::path(post, path = "/resident-sessions", tag = "access", request_body = ResidentLogIn,
    responses((status = CREATED, body = Session)))]
async fn log_in_resident(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    body: Body<ResidentLogIn>,
) -> Result<Response, Problem> {
    let ResidentLogIn { phone, code, cookie } = body.value;
    api.gates.log_in(caller.address, &phone)?;
    let request = act::CodeLogIn { phone, code, address: caller.address };
    let logged_in = api.county().log_in_resident(request).await?;
    answer(&api, &headers, logged_in, cookie)
}

/// A log-in from WeChat's mini program.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WeChatLogIn {
    /// What `wx.login` gave; good once, for five minutes.
    #[schema(example = "0716AVll20uHk94SLDml27etM946AVlq")]
    code: String,
}

/// Log in as a resident by WeChat.
///
/// Somebody it does not know yet, or whose number was proven more than a year ago, is answered
/// `wechat_phone_needed` with a `ticket`, by which the number is lent once within ten minutes.
#[utoipa::path(post, path = "/resident-sessions/wechat", tag = "access",
    operation_id = "log_in_resident.wechat", request_body = WeChatLogIn,
    responses((status = CREATED, body = Session)))]
async fn log_in_by_wechat(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    body: Body<WeChatLogIn>,
) -> Result<Response, Problem> {
    let code = body.value.code;
    api.gates.log_in(caller.address, &code)?;
    let request = act::WeChatLogIn { code, address: caller.address };
    let wechat = api.setup.channels.wechat.as_deref();
    match api.county().log_in_by_wechat(wechat, request).await? {
        act::ByWeChat::In(logged_in) => answer(&api, &headers, logged_in, false),
        act::ByWeChat::PhoneNeeded(ticket) => Ok(phone_needed(ticket.0)),
    }
}

fn phone_needed(ticket: String) -> Response {
    let words = (
        "第一次用微信登录,请再授权一次手机号",
        "lend the phone number once, by WeChat's button, with this ticket",
    );
    let problem = Problem::new(StatusCode::CONFLICT, "wechat_phone_needed", words);
    let mut response = problem.into_response();
    response.extensions_mut().insert(Ticket(ticket));
    response
}

/// A number lent by WeChat's button.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LentPhone {
    /// The ticket of `wechat_phone_needed`.
    ticket: String,
    /// What the button (`open-type="getPhoneNumber"`) gave; good once, for five minutes.
    #[schema(example = "e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144")]
    code: String,
}

/// Lend the number to a log-in by WeChat: logs into its account, registering it at first, and by
/// WeChat alone from then on.
#[utoipa::path(post, path = "/resident-sessions/wechat/phone", tag = "access",
    operation_id = "log_in_resident.lend", request_body = LentPhone,
    responses((status = CREATED, body = Session)))]
async fn lend_phone(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    body: Body<LentPhone>,
) -> Result<Response, Problem> {
    let LentPhone { ticket, code } = body.value;
    api.gates.log_in(caller.address, &ticket)?;
    let request = act::LentPhone { ticket, code, address: caller.address };
    let wechat = api.setup.channels.wechat.as_deref();
    let logged_in = api.county().lend_phone(wechat, request).await?;
    answer(&api, &headers, logged_in, false)
}

/// Log in by WeChat no more, until the number is lent again; that it was never so is no error.
#[utoipa::path(delete, path = "/me/wechat", tag = "access",
    responses((status = NO_CONTENT, description = "Unbound")))]
async fn unbind_wechat(State(api): State<Api>, caller: Caller) -> Result<StatusCode, Problem> {
    let caller = Caller { key: None, ..caller };
    api.command((&caller, Operation::UnbindWeChat), ([0; 32], ()), |tx, work, ()| {
        Box::pin(act::unbind_wechat(tx, work))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A change of one's number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePhone {
    /// The new one.
    #[schema(example = "13900005678")]
    phone: String,
    /// The six digits that were sent to it, asked for with `to`: `new_phone`.
    #[schema(example = "000000")]
    code: String,
}

/// Change the number by which one logs in; the account and its cases stay, all other sessions end.
#[utoipa::path(post, path = "/me/phone", tag = "access", request_body = ChangePhone,
    responses((status = NO_CONTENT, description = "Changed")))]
async fn change_phone(
    State(api): State<Api>,
    caller: Caller,
    body: Body<ChangePhone>,
) -> Result<StatusCode, Problem> {
    let ticket = caller.ticket.ok_or(app::Error::Unauthenticated)?;
    let ChangePhone { phone, code } = body.value;
    api.gates.log_in(caller.address, &phone)?;
    let request = act::ChangePhone { ticket, phone, code, address: caller.address };
    api.county().change_phone(request).await?;
    Ok(StatusCode::NO_CONTENT)
}
