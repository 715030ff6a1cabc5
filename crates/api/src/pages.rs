//! What was built from `ui/` and is carried in the binary: the staff console served at `/`, the phone
//! web at `/m/`, and the mini program, which a county takes out to upload it.

use crate::problem::Problem;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use rust_embed::{Embed, EmbeddedFile};
use std::borrow::Cow;

#[derive(Embed)]
#[folder = "../../ui/dist"]
struct Built;

/// What a page may load: nothing from anywhere else.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; \
                      object-src 'none'; frame-ancestors 'none'";

/// A built file. Any other address for which a browser wants a page is a view of its application.
pub(crate) async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if path == "/m" {
        return Redirect::permanent("/m/").into_response();
    }
    let (folder, name) = match path.strip_prefix("/m/") {
        Some(name) => ("m", name),
        None => ("console", path.trim_start_matches('/')),
    };
    let name = if name.is_empty() { "index.html" } else { name };
    let built = |name: &str| Built::get(&format!("{folder}/{name}"));
    let reads = method == Method::GET || method == Method::HEAD;
    let file = built(name).or_else(|| built("index.html").filter(|_| is_view(name, &headers)));
    match file.filter(|_| reads) {
        Some(file) => answer(file, name.starts_with("assets/"), &headers),
        None => Problem::not_found().into_response(),
    }
}

/// The files of the mini program: path below its folder, content.
pub fn mini_program() -> impl Iterator<Item = (String, Cow<'static, [u8]>)> {
    Built::iter().filter_map(|path| {
        let name = path.strip_prefix("mp-weixin/")?.to_owned();
        Some((name, Built::get(&path)?.data))
    })
}

fn is_view(name: &str, headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    accepted.contains("text/html") && !name.starts_with("api/") && !name.starts_with("assets/")
}

/// Hashed names never change their content; everything else is asked for again each time.
fn answer(file: EmbeddedFile, hashed: bool, headers: &HeaderMap) -> Response {
    let hash: String =
        file.metadata.sha256_hash().iter().take(12).map(|it| format!("{it:02x}")).collect();
    let tag = format!("\"{hash}\"");
    let kept = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(IF_NONE_MATCH).is_some_and(|it| it.as_bytes() == tag.as_bytes());
    let about = [
        (CONTENT_TYPE, file.metadata.mimetype().to_owned()),
        (CACHE_CONTROL, kept.to_owned()),
        (ETAG, tag),
        (CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    match known {
        true => (StatusCode::NOT_MODIFIED, about).into_response(),
        false => (about, file.data).into_response(),
    }
}
