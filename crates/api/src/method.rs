//! The method in use: matters one can report, packs, the calendar. Loading a pack stands in
//! `method/load.rs`, what a version changes in `method/moves.rs`, the procedures in words in `method/procedures.rs`, what forms
//! cost in `method/burden.rs`.

mod burden;
mod load;
mod moves;
mod procedures;

use crate::auth::Caller;
use crate::extract::{Body, Params, Segments};
use crate::problem::Problem;
use crate::state::Api;
use app::method_packs as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_matters))
        .routes(routes!(list_packs))
        .merge(load::routes())
        .merge(procedures::routes())
        .merge(burden::routes())
        .merge(moves::routes())
        .routes(routes!(import_calendar))
        .routes(routes!(show_calendar))
}

/// Which matters.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Those of this procedure only.
    #[param(example = "appeal")]
    procedure: Option<String>,
    /// Only those a text speaks of, the likeliest first.
    #[param(example = "路灯不亮")]
    text: Option<String>,
}

/// A matter of a catalogue.
#[derive(Serialize, ToSchema)]
struct Matter {
    /// Its id.
    #[schema(example = "street_lights")]
    id: String,
    /// The catalogue it stands in.
    catalogue: String,
    /// Chinese title.
    #[schema(example = "路灯不亮")]
    title: String,
    /// Whether named posts only see its cases.
    sensitive: bool,
    /// Why a text was taken to speak of it; a person decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggested: Option<Suggested>,
}

/// Why a matter is suggested.
#[derive(Serialize, ToSchema)]
struct Suggested {
    /// Characters of the words found.
    score: usize,
    /// The words found.
    #[schema(example = json!(["路灯"]))]
    words: Vec<String>,
}

/// The matters one can report; with `text`, suggestions with their reasons.
#[utoipa::path(get, path = "/matters", tag = "method", params(Which),
    responses((status = OK, body = [Matter])))]
async fn list_matters(
    State(api): State<Api>,
    caller: Caller,
    Params(Which { procedure, text }): Params<Which>,
) -> Result<Json<Vec<Matter>>, Problem> {
    let query = act::MatterQuery { procedure, text };
    let matters = api
        .look((&caller, Operation::ListMatters), query, |tx, work, query| {
            Box::pin(act::list_matters(tx, work, query))
        })
        .await?;
    let matters = matters.into_iter().map(|it| Matter {
        id: it.id,
        catalogue: it.catalogue,
        title: it.title,
        sensitive: it.sensitive,
        suggested: it.suggested.map(|it| Suggested { score: it.score, words: it.words }),
    });
    Ok(Json(matters.collect()))
}

/// A pack that was loaded some time.
#[derive(Serialize, ToSchema)]
struct Pack {
    /// Its id.
    #[schema(example = "base")]
    id: String,
    /// Its version.
    #[schema(example = "1.0.0")]
    version: String,
    /// SHA-256 of its flattened text: what cases are pinned to.
    hash: String,
    /// When it was first loaded.
    loaded_at: Timestamp,
    /// Whether new cases begin with it.
    current: bool,
}

/// Packs loaded.
#[utoipa::path(get, path = "/packs", tag = "method", responses((status = OK, body = [Pack])))]
async fn list_packs(State(api): State<Api>, caller: Caller) -> Result<Json<Vec<Pack>>, Problem> {
    let packs = api
        .look((&caller, Operation::ListPacks), (), |tx, work, ()| {
            Box::pin(act::list_packs(tx, work))
        })
        .await?;
    let packs = packs.into_iter().map(|it| Pack {
        id: it.pack.id,
        version: it.pack.version,
        hash: it.pack.hash,
        loaded_at: it.loaded_at,
        current: it.current,
    });
    Ok(Json(packs.collect()))
}

/// A year's notice of holidays and adjusted workdays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct YearPlan {
    /// The year.
    #[schema(example = 2027)]
    year: i16,
    /// Days off that the week would make workdays; weekend days may stand here too.
    off: Vec<Date>,
    /// Days of the weekend that are worked.
    work: Vec<Date>,
}

/// A year as it is counted with.
#[derive(Serialize, ToSchema)]
struct Calendar {
    /// The year.
    #[schema(example = 2026)]
    year: i16,
    /// Whether its notice is known; otherwise what rests on it is estimated.
    published: bool,
    /// Workdays in it.
    #[schema(example = 248)]
    workdays: i64,
    /// Days off from Monday to Friday.
    off: Vec<Date>,
    /// Days worked on weekends.
    work: Vec<Date>,
}

impl From<act::CalendarView> for Calendar {
    fn from(it: act::CalendarView) -> Self {
        let days = |off: bool| {
            let days = it.exceptions.iter().filter(|day| is_off(day.day) != off);
            days.map(|day| day.day).collect()
        };
        Self {
            year: it.year,
            published: it.published,
            workdays: it.workdays,
            off: days(true),
            work: days(false),
        }
    }
}

/// Whether the week alone makes a day free: an exception is what the week does not say.
fn is_off(day: Date) -> bool {
    day.weekday().to_monday_one_offset() > 5
}

/// Import a year of holidays; open deadlines are computed anew.
#[utoipa::path(post, path = "/calendars", tag = "method", request_body = YearPlan,
    responses((status = OK, body = Calendar)))]
async fn import_calendar(
    State(api): State<Api>,
    caller: Caller,
    body: Body<YearPlan>,
) -> Result<(StatusCode, Json<Calendar>), Problem> {
    let YearPlan { year, off, work } = body.value;
    let plan = json!({ "year": year, "off": off, "work": work });
    // Whether the days make a plan is for the calendar to say: it reads its own form.
    let input = (body.hash, checked(plan)?);
    let imported = api
        .reshape((&caller, Operation::ImportCalendar), input, |tx, work, plan| {
            Box::pin(act::import_year(tx, work, plan))
        })
        .await?;
    Ok((StatusCode::OK, Json(imported.into())))
}

fn checked<T: serde::de::DeserializeOwned>(plan: Value) -> Result<T, Problem> {
    serde_json::from_value(plan).map_err(|error| {
        let english = error.to_string();
        Problem::field("off", "wrong_plan", ("这不是一份完整的放假安排", &*english))
    })
}

/// The calendar of a year.
#[utoipa::path(get, path = "/calendars/{year}", tag = "method",
    params(("year" = i16, Path, description = "The year", example = 2026)),
    responses((status = OK, body = Calendar)))]
async fn show_calendar(
    State(api): State<Api>,
    caller: Caller,
    Segments(year): Segments<i16>,
) -> Result<Json<Calendar>, Problem> {
    let calendar = api
        .look((&caller, Operation::ShowCalendar), year, |tx, work, year| {
            Box::pin(act::show_calendar(tx, work, *year))
        })
        .await?;
    Ok(Json(calendar.into()))
}
