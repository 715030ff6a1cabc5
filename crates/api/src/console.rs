//! The staff console: the files built from `ui/console`, carried in the binary and served at `/`.

use crate::problem::Problem;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "../../ui/dist/console"]
struct Built;

/// What a page may load: nothing from anywhere else.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; \
                      object-src 'none'; frame-ancestors 'none'";

/// A file of the console. Any other address for which a browser wants a page is one of its views.
pub(crate) async fn page(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let reads = method == Method::GET || method == Method::HEAD;
    let file =
        Built::get(path).or_else(|| Built::get("index.html").filter(|_| is_view(path, &headers)));
    match file.filter(|_| reads) {
        Some(file) => answer(file, path.starts_with("assets/"), &headers),
        None => Problem::not_found().into_response(),
    }
}

fn is_view(path: &str, headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    accepted.contains("text/html") && !path.starts_with("api/") && !path.starts_with("assets/")
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
