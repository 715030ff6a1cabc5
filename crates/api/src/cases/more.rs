//! Similar cases, joining and taking out again, looks behind masks, receipts.

use super::view::Case;
use crate::auth::Caller;
use crate::extract::{Body, Nothing, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::cases as act;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use model::access::Operation;
use model::{CaseId, EntryId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_similar))
        .routes(routes!(list_around))
        .routes(routes!(join_case))
        .routes(routes!(unjoin_case))
        .routes(routes!(reveal_value))
        .routes(routes!(show_receipt))
}

/// Words to compare with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Words {
    /// Code or id of the place.
    #[param(example = "990100001001")]
    place: String,
    /// What somebody is about to report.
    #[param(example = "路灯不亮")]
    text: String,
}

/// An open case like the text: matter and place only, never another person's words.
#[derive(Serialize, ToSchema)]
struct Similar {
    /// The case, for joining.
    id: Uuid,
    /// Its number.
    #[schema(example = "2026092100017")]
    number: String,
    /// Title of its matter.
    #[schema(example = "路灯不亮")]
    matter: String,
    /// Its place, no narrower than a grid.
    place: Option<PlaceRef>,
    /// When it was opened.
    opened_at: Timestamp,
    /// What the house wrote of it for everybody.
    summary: Option<String>,
    /// How many of 64 bits of the texts' fingerprints differ.
    distance: u32,
}

/// Open requests nearby that are similar, to be joined instead of reported again.
#[utoipa::path(get, path = "/cases/similar", tag = "cases", params(Words),
    responses((status = OK, body = [Similar])))]
async fn list_similar(
    State(api): State<Api>,
    caller: Caller,
    Params(words): Params<Words>,
) -> Result<Json<Vec<Similar>>, Problem> {
    let found = api
        .look((&caller, Operation::ListSimilar), words, |tx, work, words| {
            Box::pin(act::similar(tx, work, (&words.place, &words.text)))
        })
        .await?;
    let similar = found.into_iter().map(|it| Similar {
        id: it.id.0,
        number: it.number,
        matter: it.matter,
        place: it.place.map(Into::into),
        opened_at: it.opened_at,
        summary: it.summary,
        distance: it.distance,
    });
    Ok(Json(similar.collect()))
}

/// Where to look.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Vicinity {
    /// Code or id of a place; one narrower than a grid stands for its grid.
    #[param(example = "350405001001001")]
    place: String,
}

/// An open request as neighbours read it.
#[derive(Serialize, ToSchema)]
struct PublicCase {
    /// Title of its matter.
    #[schema(example = "路灯不亮")]
    matter: String,
    /// What the house wrote of it for everybody.
    #[schema(example = "桥头路3盏路灯不亮")]
    summary: String,
    /// Its place, no narrower than a grid.
    place: Option<PlaceRef>,
    /// Where it stands, in the words askers read.
    #[schema(example = "承办单位正在办理")]
    shown: String,
    /// When it was opened.
    opened_at: Timestamp,
}

/// What is open around a place.
#[derive(Serialize, ToSchema)]
struct Around {
    /// The requests, the newest first, at most 50.
    items: Vec<PublicCase>,
    /// Whether there are some, but fewer than five: too few to be shown.
    few: bool,
}

/// Open requests around a place, in the words the house wrote for everybody; never the asker's.
#[utoipa::path(get, path = "/cases/around", tag = "cases", params(Vicinity),
    responses((status = OK, body = Around)))]
async fn list_around(
    State(api): State<Api>,
    caller: Caller,
    Params(wanted): Params<Vicinity>,
) -> Result<Json<Around>, Problem> {
    let found = api
        .look((&caller, Operation::ListAround), wanted.place, |tx, work, place| {
            Box::pin(act::around(tx, work, place))
        })
        .await?;
    let items = found.items.into_iter().map(|it| PublicCase {
        matter: it.matter,
        summary: it.summary,
        place: it.place.map(Into::into),
        shown: it.shown,
        opened_at: it.opened_at,
    });
    Ok(Json(Around { items: items.collect(), few: found.few }))
}

/// Join a similar open case with words of one's own; the joined request keeps its own number and
/// verdict.
#[utoipa::path(post, path = "/cases/{id}/join", tag = "cases",
    params(("id" = Uuid, Path, description = "The case to join")),
    request_body(content = BTreeMap<String, Value>, description = "`title`, `body`, `contact`",
        example = json!({ "body": "我家门口也是" })),
    responses((status = CREATED, body = Case)))]
async fn join_case(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    body: Body<app::Form>,
) -> Result<(StatusCode, Case), Problem> {
    let input = (body.hash, (CaseId(id), body.value));
    let joined = api
        .command((&caller, Operation::JoinCase), input, |tx, work, (id, words)| {
            Box::pin(act::join(tx, work, *id, words))
        })
        .await?;
    Ok((StatusCode::CREATED, joined.into()))
}

/// Take a joined request out again; it stands alone where it is.
#[utoipa::path(post, path = "/cases/{id}/unjoin", tag = "cases",
    params(("id" = Uuid, Path, description = "The joined request")), request_body = Nothing,
    responses((status = OK, body = Case)))]
async fn unjoin_case(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    body: Body<Nothing>,
) -> Result<Case, Problem> {
    let input = (body.hash, CaseId(id));
    let case = api
        .command((&caller, Operation::UnjoinCase), input, |tx, work, id| {
            Box::pin(act::unjoin(tx, work, *id))
        })
        .await?;
    Ok(case.into())
}

/// A look behind a mask.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Look {
    /// Which values.
    #[schema(example = json!(["contact"]))]
    fields: Vec<String>,
    /// What for, in 2 to 200 characters; the person can read it.
    #[schema(example = "回访核实处理结果")]
    purpose: String,
}

/// Show masked values for a purpose; the look is an entry of the journal that the person can see.
#[utoipa::path(post, path = "/cases/{id}/reveal", tag = "cases",
    params(("id" = Uuid, Path, description = "The case")), request_body = Look,
    responses((status = OK, body = BTreeMap<String, String>, example = json!({ "contact": "13800001234" }))))]
async fn reveal_value(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    body: Body<Look>,
) -> Result<Json<BTreeMap<String, String>>, Problem> {
    // Each look is an entry of its own: an answer kept for repetition would keep what was masked.
    let caller = Caller { key: None, ..caller };
    let input = (body.hash, (CaseId(id), body.value));
    let shown = api
        .command((&caller, Operation::RevealValue), input, |tx, work, (id, look)| {
            Box::pin(act::reveal(tx, work, *id, (&look.fields, &look.purpose)))
        })
        .await?;
    Ok(Json(shown))
}

/// Which entry of the case.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The entry; the last one when unsaid.
    entry: Option<Uuid>,
}

/// A case's receipt: entry, proof and signed checkpoint, to be checked offline by
/// `jinlin verify-receipt`. Only the exact bytes are a receipt.
#[utoipa::path(get, path = "/cases/{id}/receipt", tag = "cases",
    params(("id" = Uuid, Path, description = "The case"), Which),
    responses((status = OK, body = Value, description = "The receipt", content_type = "application/json")))]
async fn show_receipt(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    Params(which): Params<Which>,
) -> Result<Response, Problem> {
    let Some(sealer) = api.county().sealer().cloned() else { return Err(Problem::not_found()) };
    let input = (CaseId(id), which.entry.map(EntryId), sealer);
    let text = api
        .look((&caller, Operation::ShowReceipt), input, |tx, work, (id, entry, sealer)| {
            Box::pin(async move {
                let case = act::get(tx, work, *id).await?;
                let entry = entry.unwrap_or(case.entry);
                app::journal::receipt(tx, work, (entry, sealer.verifier())).await?.text()
            })
        })
        .await?;
    let name = format!("attachment; filename=\"receipt-{id}.json\"");
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}
