//! Lists and figures as workbooks.

use crate::auth::Caller;
use crate::cases::Me;
use crate::extract::Body;
use crate::oversight::{By, period};
use crate::problem::Problem;
use crate::state::Api;
use app::cases::ListCases;
use app::exchange as act;
use app::oversight::place_of;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use jiff::Timestamp;
use jiff::civil::Date;
use model::access::Operation;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(export_cases))
        .routes(routes!(export_figures))
        .routes(routes!(export_burden))
}

/// Which cases to export, and why; the filter is that of `GET /cases`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseExport {
    /// Why they leave the house; stands on the sheet and in the journal.
    #[schema(example = "月度例会")]
    reason: String,
    /// Code or id of a place.
    #[schema(example = "990100001")]
    place: Option<String>,
    /// Procedure.
    procedure: Option<String>,
    /// State.
    state: Option<String>,
    /// Matter.
    matter: Option<String>,
    /// `me`: only what the acting post owns; `mine`: what any post that the person holds owns.
    owner: Option<Me>,
    /// Open or ended only.
    open: Option<bool>,
    /// Overdue ones only.
    #[serde(default)]
    late: bool,
    /// Due before.
    due_before: Option<Timestamp>,
    /// Words of title and text.
    q: Option<String>,
    /// First local day of their opening.
    from: Option<Date>,
    /// Last local day.
    to: Option<Date>,
}

impl CaseExport {
    fn read(self) -> Result<act::ExportCases, Problem> {
        let bounded = self.from.is_some() || self.to.is_some();
        Ok(act::ExportCases {
            opened: bounded.then(|| period(self.from, self.to)).transpose()?,
            late: self.late,
            reason: self.reason,
            filter: ListCases {
                place: self.place,
                procedure: self.procedure,
                state: self.state,
                matter: self.matter,
                owner: self.owner.map(Into::into),
                open: self.open,
                due_before: self.due_before,
                words: self.q,
                ..ListCases::default()
            },
        })
    }
}

/// A list of cases as a workbook, as the acting post sees them in lists; at most 100,000 rows.
///
/// All cells are text. The head names county, filter, reader, reason, time and number of rows; the
/// journal keeps an entry `exported`.
#[utoipa::path(post, path = "/exports/cases", tag = "exchange", request_body = CaseExport,
    responses((status = OK, content_type = "application/octet-stream", description = "The workbook")))]
async fn export_cases(
    State(api): State<Api>,
    caller: Caller,
    body: Body<CaseExport>,
) -> Result<impl IntoResponse, Problem> {
    let (by, wanted) = ((&caller, Operation::ExportCases), body.value.read()?);
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let stretch = api
            .look(by, (wanted.clone(), after), |tx, work, (wanted, after)| {
                Box::pin(act::export_stretch(tx, work, (wanted, *after)))
            })
            .await?;
        rows.extend(stretch.rows);
        if rows.len() > act::MOST {
            return Err(too_many());
        }
        after = stretch.next;
        if after.is_none() {
            break;
        }
    }
    let input = (body.hash, (wanted, rows.len()));
    let sheet = api
        .command(by, input, |tx, work, (wanted, rows)| {
            Box::pin(act::export_cases(tx, work, (wanted, *rows)))
        })
        .await?;
    workbook("cases.xlsx", sheet.with(rows)).await
}

fn too_many() -> Problem {
    let words = (
        "超过 10 万行，请缩小地点或日期范围",
        "more than 100,000 rows: choose a smaller place or fewer days",
    );
    Problem::field("from", "too_many", words)
}

/// Which figures to export, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FigureExport {
    /// Why they leave the house; stands on the sheet and in the journal.
    #[schema(example = "月度例会")]
    reason: String,
    /// Code or id of the place; the root when unsaid.
    place: Option<String>,
    /// First local day; since the beginning when unsaid.
    from: Option<Date>,
    /// Last local day; until today when unsaid.
    to: Option<Date>,
    /// What the rows are; matters and units are counted by whole months.
    by: By,
}

/// Counts and rates with their parts as a workbook: the place, then what it is told apart by.
///
/// All cells are text; the journal keeps an entry `exported`.
#[utoipa::path(post, path = "/exports/figures", tag = "exchange", request_body = FigureExport,
    responses((status = OK, content_type = "application/octet-stream", description = "The workbook")))]
async fn export_figures(
    State(api): State<Api>,
    caller: Caller,
    body: Body<FigureExport>,
) -> Result<impl IntoResponse, Problem> {
    let FigureExport { reason, place, from, to, by } = body.value;
    let input = (body.hash, (place, period(from, to)?, by.into(), reason));
    let sheet = api
        .command((&caller, Operation::ExportFigures), input, |tx, work, input| {
            Box::pin(async move {
                let (place, period, by, reason) = input.clone();
                let place = place_of(work, place.as_deref())?;
                let wanted = act::ExportFigures { place, period, by, reason };
                act::export_figures(tx, work, &wanted).await
            })
        })
        .await?;
    workbook("figures.xlsx", sheet).await
}

/// Which uses of forms to count, and why they are exported.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BurdenExport {
    /// Why it leaves the house; stands on the sheet and in the journal.
    #[schema(example = "年度自查")]
    reason: String,
    /// So many days back (30), at most 366.
    days: Option<u16>,
}

/// What the county's forms ask, how often they were filled in and what that took, as a workbook.
///
/// All cells are text; the journal keeps an entry `exported`.
#[utoipa::path(post, path = "/exports/burden", tag = "exchange", request_body = BurdenExport,
    responses((status = OK, content_type = "application/octet-stream", description = "The workbook")))]
async fn export_burden(
    State(api): State<Api>,
    caller: Caller,
    body: Body<BurdenExport>,
) -> Result<impl IntoResponse, Problem> {
    let BurdenExport { reason, days } = body.value;
    let wanted = act::ExportBurden { days: days.unwrap_or(30), reason };
    let sheet = api
        .command((&caller, Operation::ExportBurden), (body.hash, wanted), |tx, work, wanted| {
            Box::pin(act::export_burden(tx, work, wanted))
        })
        .await?;
    workbook("burden.xlsx", sheet).await
}

/// The workbook; packing many rows takes a second, which other requests need not wait for.
async fn workbook(name: &str, sheet: act::Sheet) -> Result<impl IntoResponse + use<>, Problem> {
    let book = tokio::task::spawn_blocking(move || sheet.write()).await.map_err(|error| {
        tracing::error!(%error, "a workbook could not be written");
        Problem::internal()
    })??;
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
    let name = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, name)], book))
}
