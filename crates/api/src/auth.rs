//! What a request says of who sends it: a session's token or cookie, a claim code, the post to act
//! as, the address. Whether it is true is asked of `app::access`, in the request's own transaction.

use crate::language::Language;
use crate::problem::Problem;
use crate::state::Api;
use crate::telemetry::Meter;
use app::access::Ticket;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, Method, StatusCode};
use model::{EntryId, PostId};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The cookie that holds a browser's session.
pub(crate) const COOKIE_NAME: &str = "jinlin";

/// Who sends a request, as far as the request says.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The session's token with the post to act as.
    pub ticket: Option<Ticket>,
    /// A claim code; it goes before the session, being said on purpose.
    pub claim: Option<String>,
    /// The code of a message's link; only the plain pages take one.
    pub link: Option<String>,
    /// Where the request comes from, proxies seen through.
    pub address: IpAddr,
    /// The client's `Idempotency-Key`.
    pub key: Option<String>,
    /// The entry a read waits for.
    pub seen: Option<EntryId>,
    /// What it is answered in.
    pub language: Language,
    /// What the request costs.
    pub meter: Meter,
    /// Whether it leaves the session's end where it is.
    pub passive: bool,
}

impl Caller {
    /// The header of a claim code.
    pub const CLAIM: HeaderName = HeaderName::from_static("jinlin-claim");
    /// The header of the post to act as.
    pub const POST: HeaderName = HeaderName::from_static("jinlin-post");
    /// The header by which a repeated POST is known.
    pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");

    /// Whether a request names a session.
    pub fn says_who(headers: &HeaderMap) -> bool {
        headers.contains_key(AUTHORIZATION) || cookie(headers).is_some()
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let headers = &parts.headers;
        let post = match parameter(parts, "as").or(text(headers, &Self::POST)?) {
            Some(post) => Some(PostId(parse("jinlin-post", &post)?)),
            None => None,
        };
        let token = match bearer(headers)? {
            Some(token) => Some(token),
            None => from_browser(&parts.method, headers)?,
        };
        let seen = match parameter(parts, "seen") {
            Some(entry) => Some(EntryId(parse("seen", &entry)?)),
            None => None,
        };
        Ok(Self {
            ticket: token.map(|token| Ticket { token, post }),
            claim: text(headers, &Self::CLAIM)?,
            link: None,
            address: address_of(api, headers, &parts.extensions),
            key: key(headers)?,
            seen,
            language: Language::of(headers),
            meter: parts.extensions.get::<Meter>().cloned().unwrap_or_default(),
            passive: false,
        })
    }
}

/// A parameter that every route takes besides its own.
fn parameter(parts: &Parts, name: &str) -> Option<String> {
    let query = parts.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

fn parse(field: &str, text: &str) -> Result<uuid::Uuid, Problem> {
    text.parse().map_err(|_| Problem::field(field, "wrong_form", ("应为 UUID", "not a UUID")))
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, Problem> {
    let unreadable = |_| {
        let english = format!("the header {name} is not readable text");
        Problem::unreadable("header", ("请求头不是可读的文字", &*english))
    };
    headers.get(name).map(|it| it.to_str().map(str::to_owned).map_err(unreadable)).transpose()
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let key = text(headers, &Caller::KEY)?;
    if key.as_ref().is_some_and(|it| it.is_empty() || it.len() > 200) {
        let words = ("应为 1 至 200 个字符", "give 1 to 200 characters");
        return Err(Problem::field("Idempotency-Key", "wrong_form", words));
    }
    Ok(key)
}

fn bearer(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(said) = text(headers, &AUTHORIZATION)? else { return Ok(None) };
    let (scheme, token) = said.split_once(' ').unwrap_or((&said, ""));
    if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() {
        return Ok(Some(token.trim().to_owned()));
    }
    let words = ("只支持 Authorization: Bearer", "only Authorization: Bearer is known here");
    Err(Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", words))
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = all.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, value)| value.to_owned())
}

/// The token of a browser's cookie; other sites' pages cannot act with it.
fn from_browser(method: &Method, headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(token) = cookie(headers) else { return Ok(None) };
    if method.is_safe() || is_same_origin(headers) {
        return Ok(Some(token));
    }
    Err(other_origin())
}

/// A page of another site asks, or a client that does not say.
pub(crate) fn other_origin() -> Problem {
    let words = ("请求来源与本站不符", "with a cookie, Origin must be this site");
    Problem::new(StatusCode::FORBIDDEN, "origin", words)
}

pub(crate) fn is_same_origin(headers: &HeaderMap) -> bool {
    let read = |name| headers.get(name).and_then(|it| it.to_str().ok());
    let origin = read(ORIGIN).and_then(|it| it.split_once("://")).map(|(_, host)| host);
    origin.is_some() && origin == read(HOST)
}

/// The client's address: the peer, or what proxies that are trusted say of it.
pub(crate) fn address_of(api: &Api, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |it| it.0.ip().to_canonical());
    let trusted = |it: &IpAddr| api.setup.trusted_proxies.iter().any(|net| net.contains(it));
    if !trusted(&peer) {
        return peer;
    }
    // The nearest proxy appends on the right; what stands left of the first stranger may be invented.
    let said = headers.get_all("x-forwarded-for").iter().filter_map(|it| it.to_str().ok());
    let hops: Vec<&str> = said.flat_map(|it| it.split(',')).map(str::trim).collect();
    let hops = hops.iter().rev().map_while(|it| it.parse::<IpAddr>().ok());
    let mut farthest = peer;
    for hop in hops.map(|it| it.to_canonical()) {
        farthest = hop;
        if !trusted(&hop) {
            break;
        }
    }
    farthest
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let value = |it| HeaderValue::from_static(it);
        pairs.iter().map(|(k, v)| (HeaderName::from_static(k), value(*v))).collect()
    }

    #[test]
    fn a_cookie_acts_only_from_this_site() {
        let cookie = ("cookie", "a=b; jinlin=T; c=d");
        let ours = headers(&[cookie, ("host", "x:1"), ("origin", "http://x:1")]);
        assert_eq!(from_browser(&Method::POST, &ours).unwrap().as_deref(), Some("T"));
        for foreign in [&[cookie, ("host", "x:1"), ("origin", "http://y:1")][..], &[cookie]] {
            let problem = from_browser(&Method::POST, &headers(foreign)).unwrap_err();
            assert_eq!((problem.status.as_u16(), &*problem.code), (403, "origin"));
            assert!(from_browser(&Method::GET, &headers(foreign)).is_ok());
        }
        assert_eq!(from_browser(&Method::POST, &HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn only_bearer_tokens_are_known() {
        let of = |value| bearer(&headers(&[("authorization", value)]));
        assert_eq!(of("Bearer abc").unwrap().as_deref(), Some("abc"));
        assert_eq!(of("bearer  abc ").unwrap().as_deref(), Some("abc"));
        for other in ["Basic abc", "Bearer", "Bearer ", "abc"] {
            assert_eq!(of(other).unwrap_err().status, 401, "{other}");
        }
    }

    #[test]
    fn an_idempotency_key_has_bounds() {
        assert!(key(&headers(&[("idempotency-key", "")])).is_err());
        assert_eq!(key(&headers(&[("idempotency-key", "k")])).unwrap().as_deref(), Some("k"));
    }
}
