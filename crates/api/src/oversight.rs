//! Figures of a place: rates, durations, counts side by side. Each says what it is counted of, and
//! small cells are withheld from the public. The screen of a hall stands in `oversight/screen.rs`,
//! the cases behind a rate in `oversight/behind.rs`, what a pack counts for itself in
//! `oversight/indicators.rs`.

mod behind;
mod indicators;
mod screen;

use crate::auth::Caller;
use crate::extract::Params;
use crate::problem::Problem;
use crate::state::Api;
use app::{Period, oversight as act};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(show_rates))
        .routes(routes!(show_durations))
        .routes(routes!(show_tallies))
        .merge(behind::routes())
        .merge(indicators::routes())
        .merge(screen::routes())
}

/// A place and a period.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Scope {
    /// Code or id of the place; the root when unsaid.
    #[param(example = "990100")]
    place: Option<String>,
    /// First local day; since the beginning when unsaid.
    from: Option<Date>,
    /// Last local day; until today when unsaid.
    to: Option<Date>,
}

pub(crate) fn period(from: Option<Date>, to: Option<Date>) -> Result<Period, Problem> {
    let until = to.map(|to| day_after(to, "to")).transpose()?;
    let period = Period::between(from, until);
    if period.from < period.until {
        return Ok(period);
    }
    let words = ("截止日不能早于起始日", "`to` lies before `from`");
    Err(Problem::field("to", "out_of_range", words))
}

/// The day after a last day.
pub(crate) fn day_after(day: Date, field: &str) -> Result<Date, Problem> {
    day.tomorrow()
        .map_err(|_| Problem::field(field, "out_of_range", ("日期过大", "too late a day")))
}

/// A rate with what it is made of; counts too small for the public are null.
#[derive(Serialize, ToSchema)]
struct Rate {
    /// What is counted.
    #[schema(example = 13880)]
    numerator: Option<i64>,
    /// Out of what.
    #[schema(example = 13900)]
    denominator: Option<i64>,
    /// What left the denominator.
    #[schema(example = 12)]
    excluded: Option<i64>,
    /// The share with four decimals; null for an empty denominator.
    #[schema(example = 0.9986)]
    value: Option<f64>,
    /// The moment it holds for.
    as_of: Timestamp,
}

/// Rates of a place over a period: `closed`, `on_time`, `response`, `solved`, `satisfied`,
/// `redispatched`, each by its own basis date.
#[utoipa::path(get, path = "/rates", tag = "oversight", params(Scope),
    responses((status = OK, body = BTreeMap<String, Rate>)))]
async fn show_rates(
    State(api): State<Api>,
    caller: Caller,
    Params(scope): Params<Scope>,
) -> Result<Json<BTreeMap<String, Rate>>, Problem> {
    let input = (scope.place, period(scope.from, scope.to)?);
    let found = api
        .look((&caller, Operation::ShowRates), input, |tx, work, (place, period)| {
            Box::pin(async move {
                let place = act::place_of(work, place.as_deref())?;
                act::rates(tx, work, (place, *period)).await
            })
        })
        .await?;
    let as_of = found.as_of;
    Ok(Json(found.rates.into_iter().map(|(name, it)| (name, rate(it, as_of))).collect()))
}

fn rate(it: act::RateCells, as_of: Timestamp) -> Rate {
    Rate {
        numerator: it.numerator,
        denominator: it.denominator,
        excluded: it.excluded,
        value: it.basis_points.map(|points| parts(points, 10_000.0)),
        as_of,
    }
}

/// A hundredth of a whole number.
fn hundredths(n: i64) -> f64 {
    parts(n, 100.0)
}

/// A whole number of parts; divided once, so that it is the nearest there is and is written short.
#[expect(clippy::cast_precision_loss, reason = "counts and days stay far below 2⁵³")]
fn parts(n: i64, of: f64) -> f64 {
    n as f64 / of
}

/// How long cases took from opening to end, in days.
#[derive(Serialize, ToSchema)]
struct Durations {
    /// How many ended of those opened in the months of the period; null when too few for the public.
    #[schema(example = 1188)]
    count: Option<i64>,
    /// Half of them took no longer.
    #[schema(example = 4.0)]
    p50: Option<f64>,
    /// Three quarters.
    #[schema(example = 7.0)]
    p75: Option<f64>,
    /// Nine tenths.
    #[schema(example = 13.0)]
    p90: Option<f64>,
    /// Nineteen twentieths.
    #[schema(example = 18.0)]
    p95: Option<f64>,
    /// The longest.
    max: Option<f64>,
    /// The moment they hold for.
    as_of: Timestamp,
}

/// Quantiles of how long cases took, of those opened in the whole months the period touches.
#[utoipa::path(get, path = "/durations", tag = "oversight", params(Scope),
    responses((status = OK, body = Durations)))]
async fn show_durations(
    State(api): State<Api>,
    caller: Caller,
    Params(scope): Params<Scope>,
) -> Result<Json<Durations>, Problem> {
    let input = (scope.place, period(scope.from, scope.to)?);
    let it = api
        .look((&caller, Operation::ShowDurations), input, |tx, work, (place, period)| {
            Box::pin(async move {
                let place = act::place_of(work, place.as_deref())?;
                act::durations(tx, work, (place, *period)).await
            })
        })
        .await?;
    Ok(Json(Durations {
        count: it.count,
        p50: it.p50.map(hundredths),
        p75: it.p75.map(hundredths),
        p90: it.p90.map(hundredths),
        p95: it.p95.map(hundredths),
        max: it.max.map(hundredths),
        as_of: it.as_of,
    }))
}

/// A place, a period, and what counts are told apart by.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Sides {
    /// Code or id of the place; the root when unsaid.
    #[param(example = "990100")]
    place: Option<String>,
    /// What counts are told apart by; the places directly below when unsaid.
    #[param(inline)]
    by: Option<By>,
    /// First local day; since the beginning when unsaid.
    from: Option<Date>,
    /// Last local day; until today when unsaid.
    to: Option<Date>,
}

/// What counts are told apart by.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    /// The places directly below.
    Place,
    /// The matters of the pack.
    Matter,
    /// The handling units.
    Unit,
}

impl From<By> for act::By {
    fn from(it: By) -> Self {
        match it {
            By::Place => Self::Place,
            By::Matter => Self::Matter,
            By::Unit => Self::Unit,
        }
    }
}

/// Counts side by side, the busiest first.
#[derive(Serialize, ToSchema)]
struct Tallies {
    /// The rows.
    rows: Vec<Row>,
    /// The moment they hold for.
    as_of: Timestamp,
}

/// Counts of one place, matter or unit.
#[derive(Serialize, ToSchema)]
struct Row {
    /// Code of the place or unit, id of the matter.
    #[schema(example = "990100001")]
    key: String,
    /// Its name.
    #[schema(example = "桥头街道")]
    title: String,
    /// Counts by name; null when too small for the public.
    #[schema(example = json!({ "asked": 120, "opened": 118, "solved": 101 }))]
    counts: BTreeMap<String, Option<i64>>,
}

/// Counts of a place by child place, matter or unit.
#[utoipa::path(get, path = "/tallies", tag = "oversight", params(Sides),
    responses((status = OK, body = Tallies)))]
async fn show_tallies(
    State(api): State<Api>,
    caller: Caller,
    Params(sides): Params<Sides>,
) -> Result<Json<Tallies>, Problem> {
    let by = sides.by.unwrap_or(By::Place).into();
    let input = (sides.place, by, period(sides.from, sides.to)?);
    let found = api
        .look((&caller, Operation::ShowTallies), input, |tx, work, (place, by, period)| {
            Box::pin(async move {
                let place = act::place_of(work, place.as_deref())?;
                act::tallies(tx, work, (place, *by, *period)).await
            })
        })
        .await?;
    let rows = found.rows.into_iter();
    let rows = rows.map(|it| Row { key: it.key, title: it.title, counts: it.counts });
    Ok(Json(Tallies { rows: rows.collect(), as_of: found.as_of }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_a_period_belongs_to_it() {
        let day = |text: &str| Some(text.parse().unwrap());
        let one = period(day("2026-09-01"), day("2026-09-01")).unwrap();
        assert_eq!((one.from, Some(one.until)), ("2026-09-01".parse().unwrap(), day("2026-09-02")));
        assert!(period(day("2026-09-02"), day("2026-09-01")).is_err());
        assert!(period(None, day("9999-12-31")).is_err());
    }
}
