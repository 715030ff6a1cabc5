//! The cases behind a rate.

use super::period;
use crate::auth::Caller;
use crate::cases::{Line, page, write_cursor};
use crate::extract::{Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::oversight as act;
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_rate_cases))
}

/// Which of the cases behind a rate.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Code or id of the place; the root when unsaid.
    #[param(example = "990100")]
    place: Option<String>,
    /// First local day; since the beginning when unsaid.
    from: Option<Date>,
    /// Last local day; until today when unsaid.
    to: Option<Date>,
    /// What is counted, the rest of the denominator, or what left it; what is counted when unsaid.
    #[param(inline, example = "rest")]
    part: Option<Part>,
    /// `next` of the page before.
    after: Option<String>,
    /// Cases a page: 50, or up to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// A part of a rate.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// What is counted.
    Numerator,
    /// The rest of the denominator.
    Rest,
    /// What left the denominator.
    Excluded,
}

impl From<Part> for model::rates::Part {
    fn from(it: Part) -> Self {
        match it {
            Part::Numerator => Self::Numerator,
            Part::Rest => Self::Rest,
            Part::Excluded => Self::Excluded,
        }
    }
}

/// Some of the cases behind a rate.
#[derive(Serialize, ToSchema)]
struct RateCases {
    /// Those that the acting post may see.
    items: Vec<Line>,
    /// How many of this stretch it may not see.
    #[schema(example = 0)]
    hidden: usize,
    /// `after` of the next page; null after the last. A page may be short and yet have a next one.
    next: Option<String>,
}

/// The cases behind a rate, each by the day on which the rate counts it, the newest first.
///
/// With the same place and days they are exactly those that `GET /rates` counted; where the acting
/// post may not see one, it is in `hidden`. One page looks at no more than 2,000 cases.
#[utoipa::path(get, path = "/rates/{rate}/cases", tag = "oversight",
    params(("rate" = String, Path, description = "Name of the rate", example = "on_time"), Which),
    responses((status = OK, body = RateCases)))]
async fn list_rate_cases(
    State(api): State<Api>,
    caller: Caller,
    Segments(rate): Segments<String>,
    Params(which): Params<Which>,
) -> Result<Json<RateCases>, Problem> {
    let page = page(which.after.as_deref(), which.limit)?;
    let part = which.part.map_or(model::rates::Part::Numerator, Into::into);
    let period = period(which.from, which.to)?;
    let input = (which.place, (rate, part, period), page);
    let found = api
        .look((&caller, Operation::ListRateCases), input, |tx, work, input| {
            Box::pin(async move {
                let (place, (rate, part, period), (after, limit)) = input.clone();
                let place = act::place_of(work, place.as_deref())?;
                let wanted = act::ListRateCases { rate, place, period, part, after, limit };
                act::rate_cases(tx, work, &wanted).await
            })
        })
        .await?;
    Ok(Json(RateCases {
        items: found.items.into_iter().map(Into::into).collect(),
        hidden: found.hidden,
        next: found.next.map(write_cursor),
    }))
}
