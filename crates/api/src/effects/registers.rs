//! Registers (台账): rows that acts write and offices fill by hand.

use super::CaseRef;
use crate::auth::Caller;
use crate::cases::{Ask, Fact, ask, fact};
use crate::extract::{Body, IfMatch, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::effects as act;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use model::RecordId;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_registers))
        .routes(routes!(list_records, fill_record))
        .routes(routes!(show_record, change_record))
}

/// A register.
#[derive(Serialize, ToSchema)]
struct Register {
    /// Its id.
    #[schema(example = "duties")]
    id: String,
    /// Its title.
    #[schema(example = "网格事项清单")]
    title: String,
    /// What it rests on.
    #[schema(example = "准入制度")]
    why: String,
    /// Who owns the truth, in words.
    source: Option<String>,
    /// The column that tells one row from another.
    #[schema(example = "task")]
    key: String,
    /// How many rows it has.
    rows: i64,
    /// Whether the acting post fills it by hand.
    may_fill: bool,
    /// The form of a row.
    asks: Vec<Ask>,
}

impl From<act::RegisterView> for Register {
    fn from(it: act::RegisterView) -> Self {
        let act::RegisterView { id, title, why, source, key, rows, may_fill, asks } = it;
        let asks = asks.into_iter().map(ask).collect();
        Self { id, title, why, source, key, rows, may_fill, asks }
    }
}

/// A row of a register.
#[derive(Serialize, ToSchema)]
struct Record {
    /// Its id.
    id: Uuid,
    /// Its register.
    #[schema(example = "duties")]
    register: String,
    /// The columns that the caller sees, in the order of the register.
    columns: Vec<Fact>,
    /// The case that wrote it first; none where an office filled it by hand.
    case: Option<CaseRef>,
    /// For `If-Match`; also the `ETag`.
    #[schema(example = 3)]
    revision: i64,
    /// When it was written last.
    written_at: Timestamp,
    /// Whether the acting post may change it by hand.
    may_fill: bool,
    /// Every writing of it, the oldest first; only where one row is shown.
    history: Vec<RecordChange>,
}

/// One writing of a row.
#[derive(Serialize, ToSchema)]
struct RecordChange {
    /// Its entry of the journal.
    entry: Uuid,
    /// When.
    at: Timestamp,
    /// Title of the post that did it; none where the program did.
    #[schema(example = "近邻区督办")]
    office: Option<String>,
    /// The columns that it changed.
    changed: Vec<String>,
}

impl From<act::RecordView> for Record {
    fn from(it: act::RecordView) -> Self {
        let change = |it: act::RecordChange| RecordChange {
            entry: it.entry.0,
            at: it.at,
            office: it.post,
            changed: it.changed,
        };
        Self {
            id: it.id.0,
            register: it.register,
            columns: it.columns.into_iter().map(fact).collect(),
            case: it.case.map(Into::into),
            revision: it.revision,
            written_at: it.at,
            may_fill: it.may_fill,
            history: it.history.into_iter().map(change).collect(),
        }
    }
}

/// A row with its revision as `ETag`.
impl IntoResponse for Record {
    fn into_response(self) -> Response {
        let revision = format!("\"{}\"", self.revision);
        ([(header::ETAG, revision)], Json(self)).into_response()
    }
}

/// A page of rows, in the order of their keys.
#[derive(Serialize, ToSchema)]
struct Records {
    /// The rows.
    items: Vec<Record>,
    /// `after` of the next page; none on the last.
    next: Option<String>,
}

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RecordsOf {
    /// Only rows whose key holds these words.
    #[param(example = "扫雪")]
    search: Option<String>,
    /// Only those behind this one: `next` of the page before.
    after: Option<String>,
    /// At most so many, 20 when unsaid, up to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// The registers of the pack, each with the form of its rows.
#[utoipa::path(get, path = "/registers", tag = "registers",
    responses((status = OK, body = [Register])))]
async fn list_registers(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Vec<Register>>, Problem> {
    let found = api
        .look((&caller, Operation::ListRegisters), (), |tx, work, ()| {
            Box::pin(act::list_registers(tx, work))
        })
        .await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}

/// Rows of a register, in the order of their keys.
#[utoipa::path(get, path = "/registers/{register}/records", tag = "registers",
    operation_id = "list_registers.records",
    params(("register" = String, Path, description = "The register", example = "duties"), RecordsOf),
    responses((status = OK, body = Records)))]
async fn list_records(
    State(api): State<Api>,
    caller: Caller,
    Segments(register): Segments<String>,
    Params(RecordsOf { search, after, limit }): Params<RecordsOf>,
) -> Result<Json<Records>, Problem> {
    let query = act::RecordQuery { register, search, after, limit };
    let found = api
        .look((&caller, Operation::ListRegisters), query, |tx, work, query| {
            Box::pin(act::list_records(tx, work, query))
        })
        .await?;
    let items = found.items.into_iter().map(Into::into).collect();
    Ok(Json(Records { items, next: found.next }))
}

/// Add a row to a register that the acting post fills; the body is its form.
#[utoipa::path(post, path = "/registers/{register}/records", tag = "registers",
    operation_id = "fill_register",
    params(("register" = String, Path, description = "The register", example = "duties")),
    request_body(content = BTreeMap<String, Value>, example = json!({ "task": "扫雪除冰" })),
    responses((status = CREATED, body = Record)))]
async fn fill_record(
    State(api): State<Api>,
    caller: Caller,
    Segments(register): Segments<String>,
    body: Body<app::Form>,
) -> Result<(StatusCode, Record), Problem> {
    let input = (body.hash, (register, body.value));
    let filled = api
        .command((&caller, Operation::FillRegister), input, |tx, work, (register, form)| {
            Box::pin(act::fill_record(tx, work, (register, form)))
        })
        .await?;
    Ok((StatusCode::CREATED, filled.into()))
}

/// One row, with every writing of it.
#[utoipa::path(get, path = "/records/{id}", tag = "registers",
    operation_id = "list_registers.record",
    params(("id" = Uuid, Path, description = "The row")),
    responses((status = OK, body = Record)))]
async fn show_record(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
) -> Result<Record, Problem> {
    let found = api
        .look((&caller, Operation::ListRegisters), RecordId(id), |tx, work, id| {
            Box::pin(act::show_record(tx, work, *id))
        })
        .await?;
    Ok(found.into())
}

/// Write a row anew: what the form leaves out is empty afterwards.
#[utoipa::path(put, path = "/records/{id}", tag = "registers",
    operation_id = "fill_register.change",
    params(
        ("id" = Uuid, Path, description = "The row"),
        ("If-Match" = String, Header, description = "The revision you have read", example = "3"),
    ),
    request_body(content = BTreeMap<String, Value>, example = json!({ "task": "扫雪除冰" })),
    responses((status = OK, body = Record)))]
async fn change_record(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
    revision: IfMatch,
    body: Body<app::Form>,
) -> Result<Record, Problem> {
    // A row is changed on the revision that was read, once: no key is needed.
    let caller = Caller { key: None, ..caller };
    let input = (body.hash, (RecordId(id), revision.0, body.value));
    let changed = api
        .command((&caller, Operation::FillRegister), input, |tx, work, (id, revision, form)| {
            Box::pin(act::change_record(tx, work, (*id, Some(*revision)), form))
        })
        .await?;
    Ok(changed.into())
}
