//! Paths, queries and bodies as typed values; whatever cannot be read is told as a problem, naming
//! the field.

use crate::language::Words;
use crate::problem::{FieldProblem, Problem};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::{CONTENT_TYPE, IF_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// Names every route takes in its query besides its own.
const COMMON: [&str; 2] = ["as", "seen"];

/// The parameters of a path. One that cannot be an id names nothing.
pub(crate) struct Segments<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Segments<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.uri.path().contains("%00") {
            return Err(Problem::not_found());
        }
        let found = Path::<T>::from_request_parts(parts, state).await;
        found.map(|Path(it)| Self(it)).map_err(|_| Problem::not_found())
    }
}

/// The query of a request; parameters that are not known are refused, so that a filter that is
/// mistyped does not list everything.
pub(crate) struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read_query(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let own = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, value)| !COMMON.contains(&&**name) && !value.is_empty());
    let own = form_urlencoded::Serializer::new(String::new()).extend_pairs(own).finish();
    if own.contains("%00") {
        return Err(nul());
    }
    let pairs = form_urlencoded::parse(own.as_bytes());
    serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs)).map_err(|error| {
        let (path, said) = (error.path().to_string(), error.inner().to_string());
        Problem { status: StatusCode::BAD_REQUEST, code: "query".into(), ..wrong(&path, &said) }
    })
}

/// A JSON body with the hash by which a repeated request is known.
pub(crate) struct Body<T> {
    /// The body.
    pub value: T,
    /// SHA-256 of method, path, query and body.
    pub hash: [u8; 32],
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (json, hash) = (is_json(request.headers()), hash_of(&request));
        let bytes = Bytes::from_request(request, state).await.map_err(|it| not_received(&it))?;
        if !json && !bytes.is_empty() {
            let words = ("请以 application/json 提交", "send application/json");
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", words));
        }
        let value = read_json(&bytes)?;
        Ok(Self { value, hash: hash.chain_update(&bytes).finalize().into() })
    }
}

/// The hash of a request's method, path and query, to be continued with its body.
pub(crate) fn hash_of(request: &Request) -> Sha256 {
    let method = request.method().as_str();
    let path = request.uri().path_and_query().map_or("", |it| it.as_str());
    Sha256::new().chain_update(method).chain_update([0]).chain_update(path).chain_update([0])
}

fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let essence = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// A body that did not come whole.
pub(crate) fn not_received(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    let words = ("没有收到完整的请求内容", "the body did not come whole in time");
    Problem::new(StatusCode::REQUEST_TIMEOUT, "body_incomplete", words)
}

pub(crate) fn too_large() -> Problem {
    let words = ("内容过大", "the body is too large");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", words)
}

fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // `{}` may be left out.
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let said = error.inner().to_string();
        match error.inner().classify() {
            serde_json::error::Category::Data => wrong(&error.path().to_string(), &said),
            _ => not_json(&said),
        }
    })?;
    json.end().map_err(|error| not_json(&error.to_string()))?;
    if holds_nul(bytes) { Err(nul()) } else { Ok(value) }
}

/// Whether any string holds U+0000, which no database of ours keeps.
fn holds_nul(bytes: &[u8]) -> bool {
    // Most bodies hold no such escape; only of the others are the strings looked at.
    if !bytes.windows(6).any(|it| it == b"\\u0000") {
        return false;
    }
    serde_json::from_slice(bytes).is_ok_and(|value: serde_json::Value| strings_hold_nul(&value))
}

fn strings_hold_nul(value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(strings_hold_nul),
        Value::Object(map) => {
            map.iter().any(|(key, value)| key.contains('\0') || strings_hold_nul(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn nul() -> Problem {
    Problem::unreadable("nul", ("文字中不能含有空字符", "text must not hold U+0000"))
}

fn not_json(said: &str) -> Problem {
    let english = format!("the body is not JSON: {said}");
    Problem::unreadable("json", ("请求内容不是正确的 JSON", &*english))
}

fn wrong(path: &str, said: &str) -> Problem {
    let field = if path == "." { String::new() } else { path.to_owned() };
    let code = match said {
        it if it.starts_with("missing field") => "missing",
        it if it.starts_with("unknown field") => "unknown",
        it if it.starts_with("duplicate field") => "duplicate",
        _ => "wrong_form",
    };
    let chinese = match code {
        "missing" => "缺少必填项",
        "unknown" => "没有这一项",
        "duplicate" => "重复填写",
        _ => "类型或取值不对",
    };
    let detail = Words { chinese: chinese.to_owned(), english: said.to_owned() };
    // The name of a field that is missing or unknown stands in the words only.
    let named = said.split('`').nth(1).filter(|_| matches!(code, "missing" | "unknown"));
    let field = match (field.is_empty(), named) {
        (true, Some(name)) => name.to_owned(),
        (false, Some(name)) if !field.ends_with(name) => format!("{field}.{name}"),
        _ => field,
    };
    Problem::fields(vec![FieldProblem { field, code: code.into(), detail }])
}

/// The revision of `If-Match`, as `3` or `"3"`.
pub(crate) struct IfMatch(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(said) = parts.headers.get(IF_MATCH) else {
            let words = (
                "请用 If-Match 带上您看到的版本号(revision)",
                "send If-Match with the revision you have read",
            );
            return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "if_match", words));
        };
        let plain = said.to_str().ok().map(|it| it.trim().trim_start_matches("W/"));
        let revision = plain.and_then(|it| it.trim_matches('"').parse().ok());
        revision.map(Self).ok_or_else(|| {
            let words = ("If-Match 应为版本号", "If-Match must be a revision");
            Problem::unreadable("if_match", words)
        })
    }
}

/// A body that says nothing: an empty object.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read is asked")]
    struct Sample {
        n: i64,
        list: Option<Vec<Inner>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read is asked")]
    struct Inner {
        at: f64,
    }

    #[test]
    fn a_problem_names_the_field() {
        let of = |json: &str| {
            let problem = read_json::<Sample>(json.as_bytes()).unwrap_err();
            let field = problem.fields.first().map(|it| format!("{}:{}", it.field, it.code));
            (problem.status.as_u16(), field.unwrap_or_else(|| problem.code.to_string()))
        };
        let deep = "[".repeat(100_000);
        for (json, said) in [
            ("{\"n\":\"x\"}", (422, "n:wrong_form")),
            ("{\"n\":1e400}", (400, "json")),
            ("{\"n\":99999999999999999999}", (422, "n:wrong_form")),
            ("{\"n\":1,\"m\":2}", (422, "m:unknown")),
            ("{\"n\":1,\"list\":[{\"at\":1},{\"at\":null}]}", (422, "list[1].at:wrong_form")),
            ("{\"n\":1,\"list\":[{}]}", (422, "list[0].at:missing")),
            ("", (422, "n:missing")),
            ("{\"n\":1", (400, "json")),
            ("{\"n\":1} x", (400, "json")),
            (deep.as_str(), (422, "[0]:wrong_form")),
        ] {
            assert_eq!(of(json), (said.0, said.1.to_owned()), "{json:.40}");
        }
    }

    #[test]
    fn text_with_nul_is_refused_and_its_spelling_is_not() {
        assert!(holds_nul(br#"{"a":["x\u0000"]}"#));
        assert!(holds_nul(br#"{"\u0000":1}"#));
        assert!(!holds_nul(br#"{"a":"\\u0000"}"#));
    }

    #[test]
    fn a_query_is_strict_but_for_what_every_route_takes() {
        assert!(read_query::<Sample>("n=1&as=x&seen=y").is_ok());
        assert!(read_query::<Sample>("n=1&list=").is_ok());
        for wrong in ["n=x", "", "n=1&m=2", "n=1&n=2"] {
            assert_eq!(read_query::<Sample>(wrong).unwrap_err().status, 400, "{wrong}");
        }
    }
}
