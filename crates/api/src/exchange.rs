//! Answers in another office's own template. Photos and files in and out stand in
//! `exchange/uploads.rs`, lists and figures as workbooks in `exchange/exports.rs`.

mod exports;
mod uploads;

pub(crate) use uploads::keep_photo;

use crate::auth::Caller;
use crate::extract::too_large;
use crate::problem::Problem;
use crate::state::Api;
use app::exchange as act;
use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use jiff::civil::Date;
use model::access::Operation;
use std::collections::BTreeMap;
use std::str::FromStr;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes(limit: usize) -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(export_answers))
        .layer(DefaultBodyLimit::max(limit))
        .merge(uploads::routes(limit))
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

    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What a part says, if it is there.
    fn read<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let wrong = |_| Problem::field(name, "wrong_form", ("类型或取值不对", "of another kind"));
        let said = self.has(name).then(|| self.text(name)).transpose()?;
        said.map(|said| said.trim().parse().map_err(wrong)).transpose()
    }

    fn day(&self, name: &str) -> Result<Date, Problem> {
        let wrong = |_| Problem::field(name, "wrong_form", ("应为日期", "not a date"));
        self.text(name)?.trim().parse().map_err(wrong)
    }
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
