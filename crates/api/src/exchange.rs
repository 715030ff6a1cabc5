//! Uploads in and out, and answers in another office's own template. Lists and figures as
//! workbooks stand in `exchange/exports.rs`.

mod exports;

use crate::auth::Caller;
use crate::extract::{Segments, hash_of, too_large};
use crate::problem::Problem;
use crate::state::Api;
use app::exchange as act;
use axum::Json;
use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use jiff::civil::Date;
use model::access::Operation;
use model::{CaseId, FileId};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn routes(limit: usize) -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(upload))
        .routes(routes!(export_answers))
        .layer(DefaultBodyLimit::max(limit))
        .routes(routes!(show_upload))
        .merge(exports::routes())
}

/// The parts of a form with files, by name; each once.
pub(crate) struct Parts(BTreeMap<String, Bytes>);

impl<S: Send + Sync> FromRequest<S> for Parts {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let form = Multipart::from_request(request, state).await;
        let mut form = form.map_err(|_| {
            let words = ("请以 multipart/form-data 提交", "send multipart/form-data");
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", words)
        })?;
        let mut parts = BTreeMap::new();
        while let Some(part) = form.next_field().await.map_err(|it| broken(&it))? {
            let name = part.name().unwrap_or_default().to_owned();
            parts.insert(name, part.bytes().await.map_err(|it| broken(&it))?);
        }
        Ok(Self(parts))
    }
}

fn broken(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    let words = ("没有收到完整的表单", "the form did not come whole");
    Problem::unreadable("multipart", words)
}

impl Parts {
    /// A file that was chosen; a form sends an empty one when none was.
    pub(crate) fn given(&self, name: &str) -> Option<&Bytes> {
        self.0.get(name).filter(|it| !it.is_empty())
    }

    fn bytes(&self, name: &str) -> Result<&Bytes, Problem> {
        let missing = || Problem::field(name, "missing", ("缺少必填项", "missing"));
        self.0.get(name).ok_or_else(missing)
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str, Problem> {
        let text = std::str::from_utf8(self.bytes(name)?).ok().filter(|it| !it.contains('\0'));
        let wrong = || Problem::field(name, "wrong_form", ("类型或取值不对", "not readable text"));
        text.ok_or_else(wrong)
    }

    fn day(&self, name: &str) -> Result<Date, Problem> {
        let wrong = |_| Problem::field(name, "wrong_form", ("应为日期", "not a date"));
        self.text(name)?.trim().parse().map_err(wrong)
    }
}

/// A file to be sent in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct NewFile {
    /// The file: JPEG, PNG, WebP up to 10 MiB, PDF up to 20 MiB; told by its bytes.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// A file that was taken in.
#[derive(Serialize, ToSchema)]
struct Uploaded {
    /// Its id, for `attachments` of a case.
    id: Uuid,
    /// SHA-256 of its bytes, hex.
    sha256: String,
    /// Its size.
    bytes: i64,
    /// Its media type, by its content.
    #[schema(example = "image/jpeg")]
    media: String,
    /// The entry that took it in.
    entry: Uuid,
}

/// Upload a photo or file, to be named in a case.
#[utoipa::path(post, path = "/uploads", tag = "exchange",
    request_body(content = NewFile, content_type = "multipart/form-data"),
    responses((status = CREATED, body = Uploaded)))]
async fn upload(
    State(api): State<Api>,
    caller: Caller,
    request: Request,
) -> Result<(StatusCode, Json<Uploaded>), Problem> {
    let by = (&caller, Operation::Upload);
    // Nothing is kept for somebody who may not send it.
    api.look(by, (), |_, work, ()| Box::pin(async { work.may(Operation::Upload) })).await?;
    let hash = hash_of(&request);
    let parts = Parts::from_request(request, &api).await?;
    let it = take_in(&api, &caller, (hash, parts.bytes("file")?)).await?;
    let act::Uploaded { id, sha256, bytes, media, entry } = it;
    Ok((StatusCode::CREATED, Json(Uploaded { id: id.0, sha256, bytes, media, entry: entry.0 })))
}

/// A photo that came with a plain form.
pub(crate) async fn keep_photo(
    api: &Api,
    caller: &Caller,
    bytes: &Bytes,
) -> Result<FileId, Problem> {
    Ok(take_in(api, caller, (sha2::Digest::new(), bytes)).await?.id)
}

/// Puts the bytes on disk, then records that they are there.
async fn take_in(
    api: &Api,
    caller: &Caller,
    (hash, bytes): (sha2::Sha256, &Bytes),
) -> Result<act::Uploaded, Problem> {
    let new = act::inspect(bytes)?;
    api.setup.files.put(&new.sha256, bytes).await.map_err(|error| {
        tracing::error!(%error, "an upload could not be kept");
        Problem::internal()
    })?;
    // A repeated form has another boundary; the file is what makes it the same.
    let hash = sha2::Digest::chain_update(hash, &new.sha256);
    let input = (sha2::Digest::finalize(hash).into(), new);
    let by = (caller, Operation::Upload);
    api.command(by, input, |tx, work, new| Box::pin(act::upload(tx, work, new))).await
}

/// Fetch an upload of a case, for whoever sees the case.
#[utoipa::path(get, path = "/cases/{id}/uploads/{upload}", tag = "exchange",
    params(
        ("id" = Uuid, Path, description = "The case"),
        ("upload" = Uuid, Path, description = "The upload"),
    ),
    responses((status = OK, content_type = "application/octet-stream", description = "The bytes")))]
async fn show_upload(
    State(api): State<Api>,
    caller: Caller,
    Segments((case, file)): Segments<(Uuid, Uuid)>,
) -> Result<impl IntoResponse, Problem> {
    let input = (CaseId(case), FileId(file));
    let file = api
        .look((&caller, Operation::ShowUpload), input, |tx, work, which| {
            Box::pin(act::show_upload(tx, work, *which))
        })
        .await?;
    let bytes = api.setup.files.get(&file.sha256).await.map_err(|error| {
        tracing::error!(%error, "an upload could not be read");
        Problem::internal()
    })?;
    let bytes = bytes.ok_or_else(Problem::not_found)?;
    // What a stranger sent must not act as a page of ours.
    let headers = [
        (header::CONTENT_TYPE, file.media),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::CACHE_CONTROL, "private, max-age=3600".to_owned()),
    ];
    Ok((headers, bytes))
}

/// An office's template and which answers to fill in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Export {
    /// The office's system, as in a case's `source`.
    #[schema(example = "12345")]
    system: String,
    /// First local day of the answers.
    from: Date,
    /// Last local day.
    to: Date,
    /// The office's own workbook with marks.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    template: String,
}

/// Answers to another office's orders, filled into that office's own template.
#[utoipa::path(post, path = "/exports/answers", tag = "exchange",
    request_body(content = Export, content_type = "multipart/form-data"),
    responses((status = OK, content_type = "application/octet-stream", description = "The workbook")))]
async fn export_answers(
    State(api): State<Api>,
    caller: Caller,
    parts: Parts,
) -> Result<impl IntoResponse, Problem> {
    let until = crate::oversight::day_after(parts.day("to")?, "to")?;
    let period = app::Period { from: parts.day("from")?, until };
    let input = (parts.text("system")?.trim().to_owned(), period);
    let answers = api
        .look((&caller, Operation::ExportAnswers), input, |tx, work, (system, period)| {
            Box::pin(act::export_answers(tx, work, (system, *period)))
        })
        .await?;
    let book = answers.fill(parts.bytes("template")?)?;
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = "attachment; filename=\"answers.xlsx\"";
    Ok(([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, name)], book))
}
