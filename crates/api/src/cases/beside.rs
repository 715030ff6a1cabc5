//! What a case made beside itself.

use crate::auth::Caller;
use crate::extract::Segments;
use crate::problem::Problem;
use crate::state::Api;
use app::effects as act;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::CaseId;
use model::access::Operation;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(show_beside))
}

/// What a case made beside itself, as far as the caller may read it; at most 100 of each kind, the
/// newest first.
#[derive(Serialize, ToSchema)]
struct Beside {
    /// Words on boards; `GET /boards/{board}/publications` shows them.
    publications: Vec<BesidePart>,
    /// Bookings in ledgers.
    bookings: Vec<BesidePart>,
    /// Rows of registers: `GET /records/{id}` shows one.
    records: Vec<BesidePart>,
    /// Meetings and ballots: `GET /gatherings/{id}` shows one.
    gatherings: Vec<BesidePart>,
}

/// One thing beside a case.
#[derive(Serialize, ToSchema)]
struct BesidePart {
    /// The publication, the entry of the booking, the row, or the gathering.
    id: Uuid,
    /// The board, ledger, register or gathering of the pack.
    #[schema(example = "council")]
    of: String,
    /// Its title.
    #[schema(example = "议事会")]
    title: String,
    /// The key of a row in words; empty of the rest.
    text: String,
    /// What was booked, in the ledger's unit; only of bookings.
    #[schema(example = 3)]
    amount: Option<i64>,
    /// The ledger's unit: `half_hour`, `fen`, `point` or `piece`; only of bookings.
    #[schema(example = "half_hour")]
    unit: Option<&'static str>,
    /// When it was published, booked, written last, or is held.
    at: Timestamp,
    /// Until when it is shown, or votes are taken.
    until: Option<Timestamp>,
    /// How it stands. Of words on a board `shown`, `expired` or `withdrawn`; of a booking `booked`; of
    /// a row `written` or `changed`; of a meeting `called`, `held` or `minuted`; of a ballot `called`,
    /// `open` or `closed`.
    #[schema(example = "minuted")]
    state: &'static str,
}

impl From<act::Part> for BesidePart {
    fn from(it: act::Part) -> Self {
        let (amount, unit) = it.amount.unzip();
        Self {
            id: it.id,
            of: it.of,
            title: it.title,
            text: it.text,
            amount,
            unit,
            at: it.at,
            until: it.until,
            state: it.state.as_str(),
        }
    }
}

/// What a case made beside itself: words on boards, bookings, rows of registers, meetings and ballots.
///
/// Each part is told only to whoever may read it in its own area; of what the caller may not read the
/// list is empty.
#[utoipa::path(get, path = "/cases/{id}/beside", tag = "cases", operation_id = "show_case.beside",
    params(("id" = Uuid, Path, description = "The case")),
    responses((status = OK, body = Beside)))]
async fn show_beside(
    State(api): State<Api>,
    caller: Caller,
    Segments(id): Segments<Uuid>,
) -> Result<Json<Beside>, Problem> {
    let found = api
        .look((&caller, Operation::ShowCase), CaseId(id), |tx, work, id| {
            Box::pin(async move { act::beside(tx, work, *id).await })
        })
        .await?;
    let parts = |it: Vec<act::Part>| it.into_iter().map(Into::into).collect();
    Ok(Json(Beside {
        publications: parts(found.publications),
        bookings: parts(found.bookings),
        records: parts(found.records),
        gatherings: parts(found.gatherings),
    }))
}
