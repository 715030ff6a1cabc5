//! The pack's own indicators.

use super::{Scope, parts, period};
use crate::auth::Caller;
use crate::extract::Params;
use crate::problem::Problem;
use crate::state::Api;
use app::oversight as act;
use axum::Json;
use axum::extract::State;
use model::access::Operation;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(show_indicators))
}

/// An indicator of the pack.
#[derive(Serialize, ToSchema)]
struct Indicator {
    /// Its id.
    #[schema(example = "appeals_solved")]
    id: String,
    /// Its title.
    #[schema(example = "诉求解决率")]
    title: String,
    /// Of the whole place.
    whole: IndicatorCount,
    /// By place of the level that the pack names, in the order of codes.
    rows: Vec<IndicatorRow>,
}

/// An indicator of one place.
#[derive(Serialize, ToSchema)]
struct IndicatorRow {
    /// Code of the place.
    #[schema(example = "990100001")]
    place: String,
    /// Its name.
    #[schema(example = "凤岗街道")]
    name: String,
    /// What is counted there.
    count: IndicatorCount,
}

/// What an indicator counts.
#[derive(Serialize, ToSchema)]
struct IndicatorCount {
    /// Cases that are what it asks for.
    #[schema(example = 302)]
    numerator: i64,
    /// Out of these.
    #[schema(example = 302)]
    denominator: i64,
    /// What the pack leaves out.
    #[schema(example = 0)]
    excluded: i64,
    /// The share with four decimals; none of nothing.
    #[schema(example = 1.0)]
    value: Option<f64>,
}

impl From<act::Count> for IndicatorCount {
    fn from(it: act::Count) -> Self {
        Self {
            numerator: it.is,
            denominator: it.of,
            excluded: it.excepted,
            value: (it.of > 0).then(|| parts((it.is * 10_000 + it.of / 2) / it.of, 10_000.0)),
        }
    }
}

/// The indicators of the current pack over the cases opened in a place and period.
///
/// They look at the cases themselves: a period with more than 50,000 of a procedure is refused.
#[utoipa::path(get, path = "/indicators", tag = "oversight", params(Scope),
    responses((status = OK, body = [Indicator])))]
async fn show_indicators(
    State(api): State<Api>,
    caller: Caller,
    Params(scope): Params<Scope>,
) -> Result<Json<Vec<Indicator>>, Problem> {
    let input = (scope.place, period(scope.from, scope.to)?);
    let found = api
        .look((&caller, Operation::ShowIndicators), input, |tx, work, (place, period)| {
            Box::pin(async move {
                let place = act::place_of(work, place.as_deref())?;
                act::indicators(tx, work, (place, *period)).await
            })
        })
        .await?;
    Ok(Json(found.into_iter().map(indicator).collect()))
}

fn indicator(it: act::IndicatorView) -> Indicator {
    let rows = it.rows.into_iter();
    let rows = rows.map(|(place, name, it)| IndicatorRow { place, name, count: it.into() });
    Indicator { id: it.id, title: it.title, whole: it.whole.into(), rows: rows.collect() }
}
