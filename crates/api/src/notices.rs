//! Notices for everybody of a place.

use crate::auth::Caller;
use crate::extract::{Body, Nothing, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::notices as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use model::NoticeId;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_notices, publish_notice))
        .routes(routes!(show_notice))
        .routes(routes!(withdraw_notice))
        .routes(routes!(read_notice))
}

/// Which notices.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct NoticesOf {
    /// Code or id of a place; notices of the places above it are its notices too.
    #[param(example = "350405001001001")]
    place: String,
    /// Only those before this one: `next` of the page before.
    after: Option<Uuid>,
    /// At most so many, 20 when unsaid, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// A notice.
#[derive(Serialize, ToSchema)]
struct Notice {
    /// Its id.
    id: Uuid,
    /// For everybody of this place.
    place: Option<PlaceRef>,
    /// Who published it.
    #[schema(example = "府前社区网格长")]
    office: String,
    /// Its title; empty when it was erased.
    #[schema(example = "周三停水通知")]
    title: String,
    /// Its words; empty when they were erased.
    #[schema(example = "因管网检修,周三8时至18时停水,请提前储水。")]
    body: String,
    /// When it was published.
    published_at: Timestamp,
    /// The last day on which it is shown; none = until it is withdrawn.
    until: Option<Date>,
    /// Whether the resident who asks has read it.
    read: bool,
    /// How many residents have; for whoever may withdraw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    readers: Option<i64>,
}

impl From<act::NoticeView> for Notice {
    fn from(it: act::NoticeView) -> Self {
        Self {
            id: it.id.0,
            place: it.place.map(Into::into),
            office: it.office,
            title: it.title,
            body: it.body,
            published_at: it.at,
            until: it.until,
            read: it.read,
            readers: it.readers,
        }
    }
}

/// A page of notices, the newest first.
#[derive(Serialize, ToSchema)]
struct Notices {
    /// The notices.
    items: Vec<Notice>,
    /// `after` of the next page; none on the last.
    next: Option<Uuid>,
}

/// Notices that stand for a place today: its own and those of all places above it.
#[utoipa::path(get, path = "/notices", tag = "notices", params(NoticesOf),
    responses((status = OK, body = Notices)))]
async fn list_notices(
    State(api): State<Api>,
    caller: Caller,
    Params(wanted): Params<NoticesOf>,
) -> Result<Json<Notices>, Problem> {
    let NoticesOf { place, after, limit } = wanted;
    let query = act::NoticeQuery { place, after: after.map(NoticeId), limit };
    let found = api
        .look((&caller, Operation::ListNotices), query, |tx, work, query| {
            Box::pin(act::list_notices(tx, work, query))
        })
        .await?;
    let items = found.items.into_iter().map(Into::into).collect();
    Ok(Json(Notices { items, next: found.next.map(|it| it.0) }))
}

/// One notice; also one whose days are over, but none that was withdrawn.
#[utoipa::path(get, path = "/notices/{id}", tag = "notices", operation_id = "list_notices.one",
    params(("id" = Uuid, Path, description = "The notice")),
    responses((status = OK, body = Notice)))]
async fn show_notice(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
) -> Result<Json<Notice>, Problem> {
    let found = api
        .look((&caller, Operation::ListNotices), NoticeId(id), |tx, work, id| {
            Box::pin(act::show_notice(tx, work, *id))
        })
        .await?;
    Ok(Json(found.into()))
}

/// A notice to be published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNotice {
    /// Code or id of a place that the acting post stands over.
    #[schema(example = "350405001001001")]
    place: String,
    /// Title, up to 60 characters.
    #[schema(example = "周三停水通知")]
    title: String,
    /// The words, up to 4000 characters.
    #[schema(example = "因管网检修,周三8时至18时停水,请提前储水。")]
    body: String,
    /// The last day on which it is shown, at most a year from now.
    until: Option<Date>,
    /// Whether a person has made sure that everybody may read the numbers in it.
    #[serde(default)]
    confirmed: bool,
}

/// Publish a notice for everybody of a place.
#[utoipa::path(post, path = "/notices", tag = "notices", request_body = NewNotice,
    responses((status = CREATED, body = Notice)))]
async fn publish_notice(
    State(api): State<Api>,
    caller: Caller,
    body: Body<NewNotice>,
) -> Result<(StatusCode, Json<Notice>), Problem> {
    let NewNotice { place, title, body: words, until, confirmed } = body.value;
    let input = (body.hash, act::NewNotice { place, title, body: words, until, confirmed });
    let published = api
        .command((&caller, Operation::PublishNotice), input, |tx, work, new| {
            Box::pin(act::publish_notice(tx, work, new))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(published.into())))
}

/// Why a notice is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    /// Why; it stays in the journal.
    #[schema(example = "时间有变")]
    reason: String,
}

/// Take a notice back, by any post that stands over its place.
#[utoipa::path(post, path = "/notices/{id}/withdraw", tag = "notices", request_body = Withdrawal,
    params(("id" = Uuid, Path, description = "The notice")),
    responses((status = NO_CONTENT)))]
async fn withdraw_notice(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    body: Body<Withdrawal>,
) -> Result<StatusCode, Problem> {
    let input = (body.hash, (NoticeId(id), body.value.reason));
    api.command((&caller, Operation::WithdrawNotice), input, |tx, work, (id, reason)| {
        Box::pin(act::withdraw_notice(tx, work, (*id, reason)))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say that one has read a notice; once counts.
#[utoipa::path(post, path = "/notices/{id}/read", tag = "notices",
    request_body = Nothing, params(("id" = Uuid, Path, description = "The notice")),
    responses((status = NO_CONTENT)))]
async fn read_notice(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    body: Body<Nothing>,
) -> Result<StatusCode, Problem> {
    let input = (body.hash, NoticeId(id));
    api.command((&caller, Operation::ReadNotice), input, |tx, work, id| {
        Box::pin(act::read_notice(tx, work, *id))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
