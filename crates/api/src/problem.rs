//! The one place where what went wrong becomes `application/problem+json` (RFC 9457), in the
//! reader's language. Which status and code an error of the use cases has stands in `verdict`.

use crate::language::{Language, Words};
use axum::Json;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// What a client is told when it does not get what it asked for, in both languages.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// A stable code, listed in `docs/errors.md`.
    pub code: Cow<'static, str>,
    /// What is wrong and what to do about it.
    pub detail: Words,
    /// One for each wrong field.
    pub fields: Vec<FieldProblem>,
    /// Seconds to wait before asking again.
    pub retry_after: Option<i64>,
    /// Bytes of a draft that are there; told with `draft_elsewhere` only, and 20 MiB at most.
    pub received: u32,
}

/// What a log-in by WeChat goes on with, told beside the problem `wechat_phone_needed`.
#[derive(Clone)]
pub(crate) struct Ticket(pub String);

/// What is wrong with one field, in both languages.
#[derive(Clone, Debug)]
pub struct FieldProblem {
    /// Path of the field (`location.lng`).
    pub field: String,
    /// A stable code.
    pub code: Cow<'static, str>,
    /// What is wrong with it.
    pub detail: Words,
}

impl Problem {
    /// A problem without fields.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Words>) -> Self {
        let (code, detail) = (code.into(), detail.into());
        Self { status, code, detail, fields: Vec::new(), retry_after: None, received: 0 }
    }

    /// Something is wrong with one field of the request.
    pub fn field(field: &str, code: &'static str, detail: impl Into<Words>) -> Self {
        Self::fields(vec![FieldProblem {
            field: field.into(),
            code: code.into(),
            detail: detail.into(),
        }])
    }

    /// Something is wrong with fields of the request.
    pub fn fields(fields: Vec<FieldProblem>) -> Self {
        let words = ("填写有误,请按提示修改", "some fields are wrong; see problems");
        Self { fields, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", words) }
    }

    /// The body, the query or a header cannot be read.
    pub fn unreadable(code: &'static str, detail: impl Into<Words>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// There is nothing there, or nothing the client may know of.
    pub fn not_found() -> Self {
        let words = ("没有找到,或您无权知晓", "not found, or not yours to know");
        Self::new(StatusCode::NOT_FOUND, "not_found", words)
    }

    /// Too much is asked; wait.
    pub fn wait(status: StatusCode, code: &'static str, seconds: i64) -> Self {
        let words = Words {
            chinese: format!("请求过于频繁或系统繁忙,请 {seconds} 秒后再试"),
            english: format!("too much at once; try again in {seconds} s"),
        };
        Self { retry_after: Some(seconds), ..Self::new(status, code, words) }
    }

    /// The program is wrong; what happened is in the log.
    pub fn internal() -> Self {
        let words = ("系统内部错误,已经记录", "internal error; it has been logged");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", words)
    }
}

/// The body of a problem (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:jinlin:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:jinlin:problem:wrong_state")]
    kind: String,
    /// What the status means.
    #[schema(example = "与现状冲突")]
    title: &'static str,
    /// The HTTP status again.
    #[schema(example = 409)]
    status: u16,
    /// A stable code for programs; the list is in `docs/errors.md`.
    #[schema(example = "wrong_state")]
    code: Cow<'static, str>,
    /// What is wrong and what to do, for people, in the language of `Accept-Language`.
    #[schema(example = "当前环节不能这样办,请刷新后再看可用的动作")]
    detail: String,
    /// One for each wrong field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    problems: Vec<FieldProblemBody>,
    /// Seconds to wait before asking again.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<i64>,
    /// Bytes of a draft that are there: where to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<u64>,
    /// With it a log-in by WeChat goes on: `wechat_phone_needed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
}

/// What is wrong with one field.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldProblem)]
struct FieldProblemBody {
    /// Path of the field.
    #[schema(example = "location.lng")]
    field: String,
    /// A stable code.
    #[schema(example = "missing")]
    code: Cow<'static, str>,
    /// For people.
    #[schema(example = "请填写")]
    detail: String,
}

impl IntoResponse for Problem {
    /// The language is not known here: [`speak`] writes the body.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the body of a problem in the language the client reads.
pub(crate) async fn speak(request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let ticket = response.extensions_mut().remove::<Ticket>();
    let (parts, _) = response.into_parts();
    let mut spoken = write(problem, ticket, language);
    for (name, value) in &parts.headers {
        if !spoken.headers().contains_key(name) {
            spoken.headers_mut().append(name.clone(), value.clone());
        }
    }
    *spoken.extensions_mut() = parts.extensions;
    spoken
}

fn write(problem: Problem, ticket: Option<Ticket>, language: Language) -> Response<Body> {
    let status = problem.status;
    let body = ProblemBody {
        kind: format!("urn:jinlin:problem:{}", problem.code),
        title: title(status, language),
        status: status.as_u16(),
        detail: problem.detail.read(language),
        problems: problem.fields.into_iter().map(|it| field_body(it, language)).collect(),
        received: (problem.code == "draft_elsewhere").then_some(problem.received.into()),
        code: problem.code,
        ticket: ticket.map(|it| it.0),
        retry_after: problem.retry_after,
    };
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = problem.retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn field_body(problem: FieldProblem, language: Language) -> FieldProblemBody {
    let FieldProblem { field, code, detail } = problem;
    FieldProblemBody { field, code, detail: detail.read(language) }
}

fn title(status: StatusCode, language: Language) -> &'static str {
    let (chinese, english) = match status.as_u16() {
        400 => ("请求无法读取", "Bad Request"),
        401 => ("请先登录", "Unauthorized"),
        403 => ("无权办理", "Forbidden"),
        404 => ("没有找到", "Not Found"),
        405 => ("不支持这种方法", "Method Not Allowed"),
        408 => ("请求超时", "Request Timeout"),
        409 => ("与现状冲突", "Conflict"),
        412 => ("内容已有变化", "Precondition Failed"),
        413 => ("内容过大", "Content Too Large"),
        415 => ("不支持这种格式", "Unsupported Media Type"),
        422 => ("填写有误", "Unprocessable Content"),
        428 => ("缺少版本号", "Precondition Required"),
        429 => ("过于频繁", "Too Many Requests"),
        502 => ("外部服务不可用", "Bad Gateway"),
        503 => ("暂时不可用", "Service Unavailable"),
        _ => ("系统内部错误", "Internal Server Error"),
    };
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}
