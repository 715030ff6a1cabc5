//! What comes round by itself (月调度、季通报、夜研判).

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::Api;
use app::effects as act;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::access::Operation;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_cycles))
}

/// What comes round by itself.
#[derive(Serialize, ToSchema)]
struct Cycle {
    /// Its id.
    #[schema(example = "monthly")]
    id: String,
    /// Its title.
    #[schema(example = "月调度")]
    title: String,
    /// Its period: `day`, `week`, `month`, `quarter`, `half` or `year`.
    #[schema(example = "month")]
    every: String,
    /// When within the period: `19:30`, `fri`, `wd 1` (first working day), `day 25`, `12-01`.
    #[schema(example = "wd 1")]
    on: String,
    /// What it opens and calls.
    does: Vec<Round>,
    /// The period it ran for last.
    #[schema(example = "2026-11")]
    last_period: Option<String>,
    /// When that was.
    last_at: Option<Timestamp>,
    /// When it comes next.
    next_at: Option<Timestamp>,
}

/// Something that a cycle does.
#[derive(Serialize, ToSchema)]
struct Round {
    /// `open` (a case) or `hold` (a gathering).
    #[schema(example = "open")]
    does: String,
    /// Title of the procedure or the gathering.
    #[schema(example = "月调度")]
    title: String,
}

impl From<act::CycleView> for Cycle {
    fn from(it: act::CycleView) -> Self {
        let act::CycleView { id, title, every, on, does, last, next } = it;
        let (last_period, last_at) = last.unzip();
        let does = does.into_iter().map(|(does, title)| Round { does, title }).collect();
        Self { id, title, every, on, does, last_period, last_at, next_at: next }
    }
}

/// What comes round by itself, with the last period and the next moment of each.
#[utoipa::path(get, path = "/cycles", tag = "cycles", responses((status = OK, body = [Cycle])))]
async fn list_cycles(State(api): State<Api>, caller: Caller) -> Result<Json<Vec<Cycle>>, Problem> {
    let found = api
        .look((&caller, Operation::ListCycles), (), |tx, work, ()| {
            Box::pin(act::list_cycles(tx, work))
        })
        .await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}
