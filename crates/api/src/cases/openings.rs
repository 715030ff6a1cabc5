//! What can be opened: procedures with their forms, the doors a visit can be noted at, and what a post
//! may do afterwards.

use super::timeline::{Action, Ask, ask};
use super::view::{Fact, fact};
use crate::auth::Caller;
use crate::extract::Params;
use crate::problem::Problem;
use crate::state::Api;
use crate::territory::PlaceRef;
use app::cases as act;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    let routes = OpenApiRouter::new().routes(routes!(list_openings)).routes(routes!(list_doors));
    routes.routes(routes!(list_steps))
}

/// A procedure the caller may open, with its form.
#[derive(Serialize, ToSchema)]
struct Opening {
    /// Its id, for `POST /cases`.
    #[schema(example = "appeal")]
    procedure: String,
    /// Its title.
    #[schema(example = "群众诉求")]
    title: String,
    /// What opening it is called.
    #[schema(example = "提交")]
    action: String,
    /// What it rests on, and why its form asks.
    why: String,
    /// Its public stages in order.
    stages: Vec<String>,
    /// Whether it has a catalogue of matters.
    matters: bool,
    /// What a resident may choose besides being named: `confidential`, `anonymous`.
    hides: Vec<String>,
    /// Its form: `title`, `body`, `contact`, `place` and `photos` have fields of their own in
    /// `POST /cases`, all others go into `fields`.
    asks: Vec<Ask>,
}

/// The procedures the caller may open, in the order of the pack.
#[utoipa::path(get, path = "/openings", tag = "cases",
    responses((status = OK, body = [Opening])))]
async fn list_openings(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Vec<Opening>>, Problem> {
    let by = (&caller, Operation::ListOpenings);
    let found = api.look(by, (), |tx, work, ()| Box::pin(act::openings(tx, work))).await?;
    let openings = found.into_iter().map(|it| Opening {
        procedure: it.procedure,
        title: it.title,
        action: it.action,
        why: it.why,
        stages: it.stages,
        matters: it.matters,
        hides: it.hides,
        asks: it.asks.into_iter().map(ask).collect(),
    });
    Ok(Json(openings.collect()))
}

/// What the acting post may do in some states of a procedure, with its form.
#[derive(Serialize, ToSchema)]
struct Step {
    /// The procedure.
    #[schema(example = "finding")]
    procedure: String,
    /// Ids of the states it begins in; none where it opens a case.
    #[schema(example = json!(["found"]))]
    from: Vec<String>,
    /// The action; nothing is filled in, and nothing refused.
    action: Action,
}

/// What the acting post may do state by state, so that a device without a signal can note one act after
/// another; whether a case allows it is decided when it is sent.
#[utoipa::path(get, path = "/steps", operation_id = "list_actions.steps", tag = "cases",
    responses((status = OK, body = [Step])))]
async fn list_steps(State(api): State<Api>, caller: Caller) -> Result<Json<Vec<Step>>, Problem> {
    let by = (&caller, Operation::ListActions);
    let found = api.look(by, (), |tx, work, ()| Box::pin(act::steps(tx, work))).await?;
    let step = |it: act::StepView| Step {
        procedure: it.procedure,
        from: it.from,
        action: it.action.into(),
    };
    Ok(Json(found.into_iter().map(step).collect()))
}

/// Which doors.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DoorsOf {
    /// Code or id of a grid or micro-grid that the acting post stands over.
    #[param(example = "350405001001001")]
    place: String,
    /// A procedure whose form asks for a `door`.
    #[param(example = "visit")]
    procedure: String,
}

/// A household that may be visited.
#[derive(Serialize, ToSchema)]
struct Door {
    /// What the form of a visit names as `door`.
    household: Uuid,
    /// Where it lies.
    place: Option<PlaceRef>,
    /// Its address, unless erased.
    #[schema(example = "府前路8号3单元502室")]
    address: Option<String>,
    /// How its people wish to be reached.
    #[schema(example = "晚上七点以后")]
    wish: Option<String>,
    /// The last visit; none when there was none.
    last: Option<LastVisit>,
}

/// The last visit of a household.
#[derive(Serialize, ToSchema)]
struct LastVisit {
    /// The case.
    case: Uuid,
    /// When.
    at: Timestamp,
    /// Where it stands.
    #[schema(example = "已走访")]
    state: String,
    /// Whether something is still to be done.
    open: bool,
    /// What was noted, in words.
    facts: Vec<Fact>,
}

/// The households of a grid or micro-grid with the last visit of each, at most 2,000.
#[utoipa::path(get, path = "/doors", tag = "cases", params(DoorsOf),
    responses((status = OK, body = [Door])))]
async fn list_doors(
    State(api): State<Api>,
    caller: Caller,
    Params(wanted): Params<DoorsOf>,
) -> Result<Json<Vec<Door>>, Problem> {
    let found = api
        .look((&caller, Operation::ListDoors), wanted, |tx, work, it| {
            Box::pin(act::doors(tx, work, (&it.place, &it.procedure)))
        })
        .await?;
    let doors = found.into_iter().map(|it| Door {
        household: it.household.0,
        place: it.place.map(Into::into),
        address: it.address,
        wish: it.wish,
        last: it.last.map(last),
    });
    Ok(Json(doors.collect()))
}

fn last(it: act::LastVisit) -> LastVisit {
    LastVisit {
        case: it.case.0,
        at: it.at,
        state: it.state,
        open: it.open,
        facts: it.facts.into_iter().map(fact).collect(),
    }
}
