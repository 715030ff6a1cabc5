//! What the county's forms ask and cost.

use crate::auth::Caller;
use crate::extract::Params;
use crate::problem::Problem;
use crate::state::Api;
use app::method_packs as act;
use axum::Json;
use axum::extract::State;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(show_burden))
}

/// Which uses are counted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BurdenParams {
    /// So many days back (30), at most 366.
    days: Option<u16>,
}

/// The forms of the current pack with their use: nothing is typed in, all is computed.
#[derive(Serialize, ToSchema)]
struct Burden {
    /// Since when uses are counted: as far back as was asked, or as the newest 50,000 entries reach.
    since: String,
    /// Until when.
    until: String,
    /// The forms, the costliest first.
    forms: Vec<BurdenForm>,
    /// Figures of the pack: none counts log-ins, photos, likes or time on line, or it would not load.
    figures: Vec<BurdenFigure>,
}

/// A form with its use.
#[derive(Serialize, ToSchema)]
struct BurdenForm {
    /// The procedure.
    procedure: String,
    /// Its title.
    #[schema(example = "群众诉求")]
    procedure_title: String,
    /// The action.
    action: String,
    /// Its title.
    #[schema(example = "派单")]
    action_title: String,
    /// What it rests on.
    why: String,
    /// What it asks.
    asked: Vec<BurdenAsk>,
    /// Whether the house fills it in; else only whoever asks.
    staff: bool,
    /// What filling it in once takes, in seconds: an assumption, the same for every county.
    seconds: u32,
    /// How often it was filled in.
    uses: u64,
}

/// A field of a form.
#[derive(Serialize, ToSchema)]
struct BurdenAsk {
    /// The field.
    field: String,
    /// Its title.
    title: String,
    /// Whether it may stay empty.
    optional: bool,
    /// Whether the case holds it already and it is not prefilled.
    again: bool,
}

/// A figure.
#[derive(Serialize, ToSchema)]
struct BurdenFigure {
    /// Its id.
    id: String,
    /// Its title.
    title: String,
}

/// What the county's forms ask, how often they were filled in, and what that took.
#[utoipa::path(get, path = "/burden", tag = "method", params(BurdenParams),
    responses((status = OK, body = Burden)))]
async fn show_burden(
    State(api): State<Api>,
    caller: Caller,
    Params(params): Params<BurdenParams>,
) -> Result<Json<Burden>, Problem> {
    let days = params.days.unwrap_or(30);
    let found = api
        .look((&caller, Operation::ShowBurden), days, |tx, work, days| {
            Box::pin(act::burden(tx, work, *days))
        })
        .await?;
    let figure = |(id, title)| BurdenFigure { id, title };
    Ok(Json(Burden {
        since: found.since.to_string(),
        until: found.until.to_string(),
        forms: found.forms.into_iter().map(form).collect(),
        figures: found.figures.into_iter().map(figure).collect(),
    }))
}

fn form(it: act::FormView) -> BurdenForm {
    let ask = |(ask, title): (act::AskCost, String)| BurdenAsk {
        field: ask.field,
        title,
        optional: ask.optional,
        again: ask.again,
    };
    BurdenForm {
        procedure: it.procedure.0,
        procedure_title: it.procedure.1,
        action: it.action.0,
        action_title: it.action.1,
        why: it.why,
        asked: it.asked.into_iter().map(ask).collect(),
        staff: it.staff,
        seconds: it.seconds,
        uses: it.uses,
    }
}
