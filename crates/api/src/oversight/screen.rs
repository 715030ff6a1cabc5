//! What a screen in a hall shows of a place.

use super::{Rate, rate};
use crate::auth::Caller;
use crate::extract::Params;
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::oversight as act;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use model::access::Operation;
use model::rates::{Counters, Measure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(show_screen))
}

/// Which place, with cells of which level.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Code or id of the place; the root when unsaid.
    #[param(example = "990100")]
    place: Option<String>,
    /// Index of a level of the pack, 0 the widest; when unsaid, the first below the place with a
    /// dozen cells.
    #[param(example = 3)]
    level: Option<usize>,
}

/// What a screen shows: no names, no words of anybody, nothing sensitive but in sums.
#[derive(Serialize, ToSchema)]
struct Screen {
    /// The moment it holds for.
    as_of: Timestamp,
    /// The place.
    place: PlaceRef,
    /// Index of the cells' level among those of the pack.
    level: usize,
    /// Today.
    today: Today,
    /// This month until today.
    month: Counted,
    /// The month's rates by name.
    rates: BTreeMap<String, Rate>,
    /// The last thirty days, the oldest first.
    trend: Vec<Day>,
    /// Requests of this month by matter in the order of the pack; matters without any, and sensitive
    /// ones, are left out.
    matters: Vec<MatterCount>,
    /// All cells of the level, by code.
    cells: Vec<Cell>,
    /// The newest steps, at most twenty of those among the newest thousand entries of the log.
    steps: Vec<Step>,
}

/// What was counted today, and what is open now.
#[derive(Serialize, ToSchema)]
#[schema(as = ScreenToday)]
struct Today {
    /// Requests and joins.
    asked: i64,
    /// Requests.
    opened: i64,
    /// Requests that ended.
    ended: i64,
    /// Open cases whose stage is overdue.
    late: i64,
    /// Open cases, work below others among them.
    open: i64,
}

/// What was counted.
#[derive(Serialize, ToSchema)]
#[schema(as = ScreenMonth)]
struct Counted {
    /// Requests and joins.
    asked: i64,
    /// Requests.
    opened: i64,
    /// Requests that ended.
    ended: i64,
}

/// A day of the trend.
#[derive(Serialize, ToSchema)]
#[schema(as = ScreenDay)]
struct Day {
    /// The local day.
    day: Date,
    /// Requests.
    opened: i64,
    /// Requests that ended.
    ended: i64,
}

/// Requests of a matter.
#[derive(Serialize, ToSchema)]
#[schema(as = ScreenMatter)]
struct MatterCount {
    /// Its id.
    #[schema(example = "street_lights")]
    matter: String,
    /// Its title.
    #[schema(example = "路灯不亮")]
    title: String,
    /// How many.
    opened: i64,
}

/// A cell.
#[derive(Serialize, ToSchema)]
#[schema(as = ScreenCell)]
struct Cell {
    /// Its code.
    #[schema(example = "990100001001")]
    code: String,
    /// Its name.
    #[schema(example = "桥头社区")]
    name: String,
    /// Open cases.
    open: i64,
    /// Of these, overdue.
    late: i64,
    /// Requests opened this month.
    month: i64,
}

/// A step that some case took.
#[derive(Serialize, ToSchema)]
#[schema(as = ScreenStep)]
struct Step {
    /// Its position in the log.
    position: u64,
    /// When.
    at: Timestamp,
    /// Title of the matter, or else of the procedure.
    #[schema(example = "路灯不亮")]
    matter_title: String,
    /// What was done.
    #[schema(example = "派单")]
    action_title: String,
    /// Where it led; null where it left an earlier state as it was.
    #[schema(example = "待签收")]
    state_title: Option<String>,
    /// The narrowest place.
    #[schema(example = "第一网格")]
    place_name: String,
}

/// What a screen in a hall shows of a place: today, this month, its cells, its newest steps.
#[utoipa::path(get, path = "/screen", tag = "oversight", params(Which),
    responses((status = OK, body = Screen)))]
async fn show_screen(
    State(api): State<Api>,
    caller: Caller,
    Params(Which { place, level }): Params<Which>,
) -> Result<Json<Screen>, Problem> {
    let wanted = act::ShowScreen { place, level };
    let it = api
        .look((&caller, Operation::ShowScreen), wanted, |tx, work, wanted| {
            Box::pin(act::screen(tx, work, wanted))
        })
        .await?;
    Ok(Json(it.into()))
}

impl From<act::Screen> for Screen {
    fn from(it: act::Screen) -> Self {
        let as_of = it.as_of;
        let Counted { asked, opened, ended } = counted(&it.today);
        Self {
            as_of,
            place: it.place.into(),
            level: it.level,
            today: Today { asked, opened, ended, late: it.late, open: it.open },
            month: counted(&it.month),
            rates: it.rates.into_iter().map(|(name, it)| (name, rate(it, as_of))).collect(),
            trend: it.trend.iter().map(day).collect(),
            matters: it.matters.into_iter().map(matter).collect(),
            cells: it.cells.into_iter().map(cell).collect(),
            steps: it.steps.into_iter().map(step).collect(),
        }
    }
}

fn counted(it: &Counters) -> Counted {
    let of = |measure| it.get(measure);
    Counted { asked: of(Measure::Asked), opened: of(Measure::Opened), ended: of(Measure::Ended) }
}

fn day((day, counters): &(Date, Counters)) -> Day {
    let Counted { opened, ended, .. } = counted(counters);
    Day { day: *day, opened, ended }
}

fn matter((matter, title, opened): (String, String, i64)) -> MatterCount {
    MatterCount { matter, title, opened }
}

fn cell(it: act::ScreenCell) -> Cell {
    Cell { code: it.code, name: it.name, open: it.open, late: it.late, month: it.month }
}

fn step(it: act::ScreenStep) -> Step {
    Step {
        position: it.position,
        at: it.at,
        matter_title: it.matter,
        action_title: it.action,
        state_title: it.state,
        place_name: it.place,
    }
}
