//! How many cases a list holds.

use super::form::{Awaiting, Me};
use crate::auth::Caller;
use crate::extract::Params;
use crate::problem::Problem;
use crate::state::Api;
use app::cases as act;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::CaseId;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(count_cases))
}

/// Which open cases; the words of `GET /cases`.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Code or id of a place.
    #[param(example = "990100001")]
    place: Option<String>,
    /// Procedure.
    procedure: Option<String>,
    /// State; not one in which cases have ended.
    state: Option<String>,
    /// Matter.
    matter: Option<String>,
    /// `me`: only what the acting post owns; `mine`: what any post that the person holds today owns.
    #[param(inline, example = "mine")]
    owner: Option<Me>,
    /// Only what hangs on this case, as far as the caller sees it.
    parent: Option<Uuid>,
    /// Open cases only are counted: `false` is refused.
    open: Option<bool>,
    /// Only what is due before.
    due_before: Option<Timestamp>,
    /// `true`: only what is overdue by now.
    late: Option<bool>,
    /// Only that on which this action was done at least once.
    #[param(example = "urge")]
    done: Option<String>,
    /// Only what waits for a unit to be named, or for the asker's word that a post may record.
    #[param(inline, example = "verdict")]
    awaiting: Option<Awaiting>,
    /// Words of title and text.
    q: Option<String>,
}

impl Which {
    fn read(self) -> act::ListCases {
        act::ListCases {
            place: self.place,
            procedure: self.procedure,
            state: self.state,
            matter: self.matter,
            owner: self.owner.map(Into::into),
            parent: self.parent.map(CaseId),
            open: self.open,
            due_before: self.due_before,
            late: self.late.unwrap_or_default(),
            done: self.done,
            awaiting: self.awaiting.map(Into::into),
            words: self.q,
            after: None,
            limit: None,
        }
    }
}

/// How many open cases a list holds.
#[derive(Serialize, ToSchema)]
struct Counts {
    /// All of them.
    #[schema(example = 37)]
    total: i64,
    /// By procedure and state, in the order of the pack.
    states: Vec<InState>,
    /// By colour, as the lines have them.
    colours: Colours,
    /// Whose clock stands; they have a colour too.
    #[schema(example = 4)]
    waiting: i64,
}

/// How many cases are in a state.
#[derive(Serialize, ToSchema)]
struct InState {
    /// The procedure.
    #[schema(example = "appeal")]
    procedure: String,
    /// Its title.
    #[schema(example = "群众诉求")]
    procedure_title: String,
    /// The state; several procedures may have one of this name.
    #[schema(example = "dispatched")]
    state: String,
    /// Its title.
    #[schema(example = "待签收")]
    title: String,
    /// How many.
    #[schema(example = 12)]
    count: i64,
}

/// How many cases have a colour.
#[derive(Serialize, ToSchema)]
struct Colours {
    /// Time enough.
    green: i64,
    /// In the last working day or quarter.
    yellow: i64,
    /// Overdue.
    red: i64,
}

/// How many open cases a list holds: all, by state, by colour, and how many wait.
///
/// What is counted is what paging through `GET /cases?open=true` with the same filter would show.
/// Ended cases are counted by `GET /tallies`. Of words, as in the list, the newest thousand matches
/// are looked at; no more than 100,000 open cases are counted.
#[utoipa::path(get, path = "/cases/counts", tag = "cases", operation_id = "list_cases.counts",
    params(Which), responses((status = OK, body = Counts)))]
async fn count_cases(
    State(api): State<Api>,
    caller: Caller,
    Params(which): Params<Which>,
) -> Result<Json<Counts>, Problem> {
    let counts = api
        .look((&caller, Operation::ListCases), which.read(), |tx, work, wanted| {
            Box::pin(act::counts(tx, work, wanted))
        })
        .await?;
    let states = counts.states.into_iter().map(|it| InState {
        procedure: it.procedure.0,
        procedure_title: it.procedure.1,
        state: it.state.0,
        title: it.state.1,
        count: it.count,
    });
    let (green, yellow, red) = (counts.green, counts.yellow, counts.red);
    Ok(Json(Counts {
        total: counts.total,
        states: states.collect(),
        colours: Colours { green, yellow, red },
        waiting: counts.waiting,
    }))
}
