//! Uploads: whole or in pieces, made fit to be kept, fetched by whoever sees the case, and sealed
//! originals opened for a purpose.

use super::Parts;
use crate::auth::Caller;
use crate::extract::{Body, Params, Segments, hash_of};
use crate::problem::Problem;
use crate::state::Api;
use app::exchange::{self as act, DraftError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use model::access::Operation;
use model::{CaseId, FileId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Display;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes(limit: usize) -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(upload))
        .layer(DefaultBodyLimit::max(limit))
        .routes(routes!(add_to_draft, ask_draft))
        .routes(routes!(list_uploads))
        .routes(routes!(show_upload))
        .routes(routes!(open_original))
}

/// A file to be sent in: whole, or by the draft to which it was sent in pieces.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct NewFile {
    /// The file: JPEG, PNG, WebP up to 10 MiB; PDF, docx, xlsx, pptx, mp3, m4a, aac, amr, wav, ogg up
    /// to 20 MiB; told by its bytes.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: Option<String>,
    /// The draft, instead of `file`.
    draft: Option<Uuid>,
    /// SHA-256 of the whole file, hex; with `draft`.
    sha256: Option<String>,
    /// The sender agrees that place and time are read from the photo before they are removed.
    read_place: Option<bool>,
    /// Regions of the upright photo to hide, as JSON: left, top, width, height in thousandths.
    #[schema(example = "[[100,200,150,80]]")]
    hide: Option<String>,
    /// A sealed original is kept, which opens for a purpose only: a number plate, a meter.
    evidence: Option<bool>,
}

/// A file that was taken in.
#[derive(Serialize, ToSchema)]
struct Uploaded {
    /// Its id, for `attachments` of a case.
    id: Uuid,
    /// SHA-256 of its bytes, hex; of a photo, as it is kept.
    sha256: String,
    /// Its size.
    bytes: i64,
    /// Its media type, by its content; a photo is kept as JPEG.
    #[schema(example = "image/jpeg")]
    media: String,
    /// Where the photo says it was taken, if it may be read; kept nowhere.
    point: Option<Taken>,
    /// When it says so, likewise.
    taken_at: Option<Timestamp>,
    /// How many regions were hidden: faces that were found and regions that were named.
    hidden: i64,
    /// Whether a sealed original is kept.
    sealed: bool,
    /// The entry that took it in.
    entry: Uuid,
}

/// A place of WGS 84.
#[derive(Serialize, ToSchema)]
struct Taken {
    /// Longitude in degrees.
    #[schema(example = 117.789_012)]
    lng: f64,
    /// Latitude in degrees.
    #[schema(example = 26.397_541)]
    lat: f64,
}

/// What a form with a file says.
struct Sent {
    whole: Whole,
    wishes: act::Wishes,
}

enum Whole {
    File(Bytes),
    Draft { draft: Uuid, sha256: String },
}

impl Sent {
    fn read(parts: &Parts) -> Result<Self, Problem> {
        let whole = match parts.read("draft")? {
            Some(draft) => Whole::Draft { draft, sha256: parts.text("sha256")?.to_lowercase() },
            None => Whole::File(parts.bytes("file")?.clone()),
        };
        let hide = match parts.has("hide") {
            true => serde_json::from_str(parts.text("hide")?).map_err(|error| {
                Problem::field("hide", "wrong_form", ("类型或取值不对", &*error.to_string()))
            })?,
            false => Vec::new(),
        };
        let flag = |name| Ok::<_, Problem>(parts.read(name)?.unwrap_or_default());
        let (read_place, evidence) = (flag("read_place")?, flag("evidence")?);
        Ok(Self { whole, wishes: act::Wishes { hide, read_place, evidence } })
    }

    /// The bytes with their SHA-256; none of a draft that is not there (any more).
    async fn bytes(&self, api: &Api) -> Result<(String, Option<Bytes>), Problem> {
        let (bytes, said) = match &self.whole {
            Whole::File(bytes) => (Some(bytes.clone()), None),
            Whole::Draft { draft, sha256 } => {
                let whole = api.setup.files.whole(*draft).await;
                (whole.map_err(|it| lost(&it))?.map(Bytes::from), Some(sha256))
            }
        };
        let Some(bytes) = bytes else { return Ok((said.cloned().unwrap_or_default(), None)) };
        let sum = {
            let bytes = bytes.clone();
            tokio::task::spawn_blocking(move || act::hash(&bytes)).await.map_err(|it| lost(&it))?
        };
        if said.is_some_and(|said| *said != sum) {
            self.discard(api).await;
            let words = ("与原文件不一致,请重新上传", "not the bytes of that hash: send it anew");
            return Err(Problem::field("sha256", "mismatch", words));
        }
        Ok((sum, Some(bytes)))
    }

    /// Drops the draft that it was sent by.
    async fn discard(&self, api: &Api) {
        if let Whole::Draft { draft, .. } = self.whole
            && let Err(error) = api.setup.files.discard(draft).await
        {
            tracing::error!(%error, "a draft could not be dropped");
        }
    }
}

/// Upload a photo or file, to be named in a case. A photo is written anew without what nobody meant
/// to send, its faces hidden.
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
    let _room = api.uploads.try_acquire().map_err(|_| busy())?;
    let hash = hash_of(&request);
    let sent = Sent::read(&Parts::from_request(request, &api).await?)?;
    let (sum, bytes) = sent.bytes(&api).await?;
    let hash = same(hash, &sum, &sent.wishes);
    let Some(bytes) = bytes else { return again(&api, by, hash).await };
    let prepared = match prepare(&api, bytes, &sent.wishes).await {
        Ok(prepared) => prepared,
        Err(problem) => {
            sent.discard(&api).await;
            return Err(problem);
        }
    };
    let (point, taken_at) = (prepared.point, prepared.taken_at);
    let it = take_in(&api, by, (hash, prepared)).await?;
    sent.discard(&api).await;
    Ok((StatusCode::CREATED, Json(told(it, point, taken_at))))
}

/// A photo that came with a plain form.
pub(crate) async fn keep_photo(
    api: &Api,
    caller: &Caller,
    bytes: &Bytes,
) -> Result<FileId, Problem> {
    let _room = api.uploads.try_acquire().map_err(|_| busy())?;
    let wishes = act::Wishes::default();
    let hash = same(Sha256::new(), &act::hash(bytes), &wishes);
    let prepared = prepare(api, bytes.clone(), &wishes).await?;
    Ok(take_in(api, (caller, Operation::Upload), (hash, prepared)).await?.id)
}

/// Keeps the bytes, then records that they are there.
async fn take_in(
    api: &Api,
    by: (&Caller, Operation),
    (hash, prepared): ([u8; 32], act::Prepared),
) -> Result<act::Uploaded, Problem> {
    keep(api, &prepared).await?;
    let input = (hash, prepared.new);
    api.command(by, input, |tx, work, new| Box::pin(act::upload(tx, work, new))).await
}

/// What makes a repeated form the same: its boundary differs, the file and the wishes do not.
fn same(hash: Sha256, sum: &str, wishes: &act::Wishes) -> [u8; 32] {
    hash.chain_update(sum).chain_update(format!("{wishes:?}")).finalize().into()
}

/// The answer to a draft that was taken in before; there is none without its key.
async fn again(
    api: &Api,
    by: (&Caller, Operation),
    hash: [u8; 32],
) -> Result<(StatusCode, Json<Uploaded>), Problem> {
    let it = api.command(by, (hash, ()), |_, _, ()| {
        Box::pin(async { Err(app::Error::not_found("draft", "")) })
    });
    Ok((StatusCode::CREATED, Json(told(it.await?, None, None))))
}

/// Makes a file fit to be kept, away from the threads that answer requests, a few at once.
async fn prepare(api: &Api, bytes: Bytes, wishes: &act::Wishes) -> Result<act::Prepared, Problem> {
    let turn = api.redacting.clone().acquire_owned().await.map_err(|it| lost(&it))?;
    let (wishes, vault) = (wishes.clone(), api.county().vault()?);
    let done = tokio::task::spawn_blocking(move || {
        // Held until the work is done, even if the client has gone.
        let _turn = turn;
        act::prepare(&bytes, &wishes, &vault)
    });
    Ok(done.await.map_err(|it| lost(&it))??)
}

/// Keeps the bytes for good, before an entry names them.
async fn keep(api: &Api, prepared: &act::Prepared) -> Result<(), Problem> {
    let act::Prepared { new, bytes, sealed, .. } = prepared;
    let files = &api.setup.files;
    if let Some((hash, sealed)) = new.sealed.as_ref().zip(sealed.as_ref()) {
        files.put(hash, sealed).await.map_err(|it| lost(&it))?;
    }
    files.put(&new.sha256, bytes).await.map_err(|it| lost(&it))
}

fn told(it: act::Uploaded, point: Option<[f64; 2]>, taken_at: Option<Timestamp>) -> Uploaded {
    let act::Uploaded { id, sha256, bytes, media, hidden, sealed, entry } = it;
    let point = point.map(|[lng, lat]| Taken { lng, lat });
    let (id, entry) = (id.0, entry.0);
    Uploaded { id, sha256, bytes, media, point, taken_at, hidden, sealed, entry }
}

fn busy() -> Problem {
    Problem::wait(StatusCode::SERVICE_UNAVAILABLE, "busy", 5)
}

fn lost(error: &impl Display) -> Problem {
    tracing::error!(%error, "an upload could not be kept or read");
    Problem::internal()
}

/// Where bytes belong.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct At {
    /// How many bytes come before.
    offset: u64,
}

/// What is there of a draft.
#[derive(Serialize, ToSchema)]
struct Draft {
    /// How many bytes: where to go on.
    received: u64,
}

/// Add up to 1 MiB to a draft, by an id that the client drew; it is dropped after two days.
#[utoipa::path(put, path = "/uploads/drafts/{draft}", tag = "exchange", operation_id = "upload.add",
    params(("draft" = Uuid, Path, description = "The draft"), At),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = OK, body = Draft)))]
async fn add_to_draft(
    State(api): State<Api>,
    caller: Caller,
    Segments(draft): Segments<Uuid>,
    Params(at): Params<At>,
    request: Request,
) -> Result<Json<Draft>, Problem> {
    let by = (&caller, Operation::Upload);
    api.look(by, (), |_, work, ()| Box::pin(async { work.may(Operation::Upload) })).await?;
    let bytes = Bytes::from_request(request, &api).await;
    let bytes = bytes.map_err(|it| crate::extract::not_received(&it))?;
    if at.offset == 0 {
        api.gates.draft(caller.address)?;
    }
    let received = api.setup.files.append(draft, at.offset, &bytes).await;
    Ok(Json(Draft { received: received.map_err(|it| not_added(&it))? }))
}

fn not_added(error: &DraftError) -> Problem {
    match error {
        DraftError::Elsewhere { received } => {
            let words = ("请从已收到的位置继续上传", "go on from where `received` says");
            let problem = Problem::new(StatusCode::CONFLICT, "draft_elsewhere", words);
            Problem { received: u32::try_from(*received).unwrap_or(u32::MAX), ..problem }
        }
        DraftError::TooLarge { .. } => crate::extract::too_large(),
        DraftError::Full => Problem::wait(StatusCode::SERVICE_UNAVAILABLE, "busy", 600),
        DraftError::Io(error) => lost(error),
    }
}

/// How much of a draft is there: where to go on after a lost signal.
#[utoipa::path(get, path = "/uploads/drafts/{draft}", tag = "exchange", operation_id = "upload.ask",
    params(("draft" = Uuid, Path, description = "The draft")),
    responses((status = OK, body = Draft)))]
async fn ask_draft(
    State(api): State<Api>,
    caller: Caller,
    Segments(draft): Segments<Uuid>,
) -> Result<Json<Draft>, Problem> {
    let by = (&caller, Operation::Upload);
    api.look(by, (), |_, work, ()| Box::pin(async { work.may(Operation::Upload) })).await?;
    let received = api.setup.files.received(draft).await.map_err(|it| lost(&it))?;
    Ok(Json(Draft { received }))
}

/// What is known of a case's file.
#[derive(Serialize, ToSchema)]
struct CaseUpload {
    /// Its id.
    id: Uuid,
    /// Its media type.
    #[schema(example = "image/jpeg")]
    media: String,
    /// Its size.
    bytes: i64,
    /// How many regions were hidden.
    hidden: i64,
    /// Whether a sealed original is kept.
    sealed: bool,
}

/// What is known of a case's photos and files, for whoever sees the case; erased ones are left out.
#[utoipa::path(get, path = "/cases/{id}/uploads", tag = "exchange",
    operation_id = "show_upload.list", params(("id" = Uuid, Path, description = "The case")),
    responses((status = OK, body = [CaseUpload])))]
async fn list_uploads(
    State(api): State<Api>,
    caller: Caller,
    Segments(case): Segments<Uuid>,
) -> Result<Json<Vec<CaseUpload>>, Problem> {
    let files = api
        .look((&caller, Operation::ShowUpload), CaseId(case), |tx, work, case| {
            Box::pin(act::list_uploads(tx, work, *case))
        })
        .await?;
    let known = files.into_iter().map(|it| CaseUpload {
        id: it.id.0,
        media: it.media,
        bytes: it.bytes,
        hidden: it.hidden,
        sealed: it.sealed.is_some(),
    });
    Ok(Json(known.collect()))
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
    let bytes = api.setup.files.get(&file.sha256).await.map_err(|it| lost(&it))?;
    let bytes = bytes.ok_or_else(Problem::not_found)?;
    let kept = (header::CACHE_CONTROL, "private, max-age=3600".to_owned());
    Ok(([kept], served(file.id, &file.media, bytes)))
}

/// Bytes that a stranger sent must not act as a page of ours: no script, no frame, no guessing of
/// types. A photo that we wrote ourselves may be shown; everything else is saved.
fn served(id: FileId, media: &str, bytes: Vec<u8>) -> impl IntoResponse + use<> {
    let shown = if media == "image/jpeg" { "inline" } else { "attachment" };
    let name = format!("{shown}; filename=\"{id}.{}\"", act::extension(media));
    let headers: [(HeaderName, String); 3] = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, bytes)
}

/// What an original is opened for.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// What for, in 2 to 200 characters; the person can read it.
    #[schema(example = "核对车牌号")]
    purpose: String,
}

/// Open the sealed original of a case's photo for a purpose; the look is an entry of the journal that
/// the person can see.
#[utoipa::path(post, path = "/cases/{id}/uploads/{upload}/original", tag = "exchange",
    params(
        ("id" = Uuid, Path, description = "The case"),
        ("upload" = Uuid, Path, description = "The upload"),
    ), request_body = Opening,
    responses((status = OK, content_type = "application/octet-stream", description = "The bytes")))]
async fn open_original(
    State(api): State<Api>,
    caller: Caller,
    Segments((case, file)): Segments<(Uuid, Uuid)>,
    body: Body<Opening>,
) -> Result<impl IntoResponse, Problem> {
    // Each look is an entry of its own.
    let caller = Caller { key: None, ..caller };
    let input = (body.hash, (CaseId(case), FileId(file), body.value.purpose));
    let which = api
        .command((&caller, Operation::OpenOriginal), input, |tx, work, (case, file, purpose)| {
            Box::pin(act::open_original(tx, work, (*case, *file), purpose))
        })
        .await?;
    let sealed = api.setup.files.get(&which.sealed).await.map_err(|it| lost(&it))?;
    let (sealed, vault) = (sealed.ok_or_else(Problem::not_found)?, api.county().vault()?);
    let opened = tokio::task::spawn_blocking(move || vault.open(&sealed, &which.sha256));
    let original = opened.await.map_err(|it| lost(&it))??;
    let media = act::media_of(&original)?;
    let name = format!("attachment; filename=\"{file}.{}\"", act::extension(media));
    Ok(([(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, name)], original))
}
