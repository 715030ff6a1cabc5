//! The procedures of the current pack in words.

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::Api;
use app::method_packs as act;
use axum::Json;
use axum::extract::State;
use model::access::Operation;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_procedures))
}

/// A procedure in words.
#[derive(Serialize, ToSchema)]
#[schema(as = Procedure)]
struct ProcedureInWords {
    /// Its id.
    #[schema(example = "appeal")]
    id: String,
    /// Its title.
    #[schema(example = "群众诉求")]
    title: String,
    /// What it rests on.
    why: String,
    /// What the asker sees of it, in order.
    #[schema(example = json!(["受理", "办理", "回访", "办结"]))]
    stages: Vec<String>,
    /// Its states in the order of the pack.
    states: Vec<StateInWords>,
    /// Its actions in the order of the pack; `open` opens.
    actions: Vec<ActionInWords>,
}

/// A state in words.
#[derive(Serialize, ToSchema)]
#[schema(as = ProcedureState)]
struct StateInWords {
    /// Its id.
    #[schema(example = "dispatched")]
    id: String,
    /// Its title for staff.
    #[schema(example = "待签收")]
    title: String,
    /// Its public stage.
    #[schema(example = "办理")]
    stage: Option<String>,
    /// Who is accountable; none at an end.
    #[schema(example = "承办单位的承办")]
    owner: Option<String>,
    /// Its budget; none at an end.
    #[schema(example = "1 个工作日")]
    limit: Option<String>,
    /// Whether it waits for somebody or something.
    waits: bool,
    /// The end it is.
    end: Option<String>,
}

/// An action in words.
#[derive(Serialize, ToSchema)]
#[schema(as = ProcedureAction)]
struct ActionInWords {
    /// Its id.
    #[schema(example = "return")]
    id: String,
    /// Its title.
    #[schema(example = "退单")]
    title: String,
    /// Ids of the states in which it is possible.
    from: Vec<String>,
    /// Id of the state it leads to; none where the case stays.
    to: Option<String>,
    /// Who may.
    by: Vec<String>,
    /// Who approves, and within what time.
    approval: Option<String>,
    /// Titles of what its form asks.
    asks: Vec<String>,
    /// How often, after what, within what time.
    #[schema(example = json!(["最多 2 次", "进入“待签收”后 2 个工作日内"]))]
    bounds: Vec<String>,
}

impl From<act::ProcedureView> for ProcedureInWords {
    fn from(it: act::ProcedureView) -> Self {
        Self {
            id: it.id,
            title: it.title,
            why: it.why,
            stages: it.stages,
            states: it.states.into_iter().map(state).collect(),
            actions: it.actions.into_iter().map(action).collect(),
        }
    }
}

fn state(it: act::StateView) -> StateInWords {
    StateInWords {
        id: it.id,
        title: it.title,
        stage: it.stage,
        owner: it.owner,
        limit: it.limit,
        waits: it.waits,
        end: it.end,
    }
}

fn action(it: act::ActionInWords) -> ActionInWords {
    ActionInWords {
        id: it.id,
        title: it.title,
        from: it.from,
        to: it.to,
        by: it.by,
        approval: it.approval,
        asks: it.asks,
        bounds: it.bounds,
    }
}

/// The procedures of the current pack in its order and its titles.
#[utoipa::path(get, path = "/procedures", tag = "method",
    responses((status = OK, body = [ProcedureInWords])))]
async fn list_procedures(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Vec<ProcedureInWords>>, Problem> {
    let found = api
        .look((&caller, Operation::ListProcedures), (), |tx, work, ()| {
            Box::pin(act::list_procedures(tx, work))
        })
        .await?;
    Ok(Json(found.into_iter().map(Into::into).collect()))
}
