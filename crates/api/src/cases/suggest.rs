//! What is suggested for a case.

use crate::auth::Caller;
use crate::extract::Segments;
use crate::language::{Language, Words};
use crate::problem::Problem;
use crate::state::Api;
use app::cases as act;
use axum::Json;
use axum::extract::State;
use model::CaseId;
use model::access::Operation;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_suggestions))
}

/// What may be done with a case; a person decides.
#[derive(Serialize, ToSchema)]
struct Suggestions {
    /// Units it may go to, the best first; whoever returned it comes last.
    units: Vec<SuggestedUnit>,
    /// Matters that its words speak of more than of its own, the best first.
    matters: Vec<SuggestedMatter>,
}

/// A unit that a case may go to.
#[derive(Serialize, ToSchema)]
struct SuggestedUnit {
    /// The unit.
    id: Uuid,
    /// Its code.
    #[schema(example = "urban_management")]
    code: String,
    /// Its name.
    #[schema(example = "城市管理局")]
    name: String,
    /// What speaks for it, or against: the rule that names it, what it handled, why it returned it.
    #[schema(example = json!(["事项“路灯不亮”派单规则第1条", "近12个月在桥头社区办理同一事项5件"]))]
    reasons: Vec<String>,
    /// How often it returned this case.
    returned: usize,
}

/// A matter that a case may be of.
#[derive(Serialize, ToSchema)]
struct SuggestedMatter {
    /// The matter.
    #[schema(example = "street_lights")]
    matter: String,
    /// Its title.
    #[schema(example = "路灯不亮")]
    title: String,
    /// What speaks for it.
    #[schema(example = "诉求中提到“路灯”")]
    reason: String,
}

/// Units and matters suggested for a case, each with its reasons in the caller's language; at most
/// five of each.
#[utoipa::path(get, path = "/cases/{id}/suggestions", tag = "cases",
    params(("id" = Uuid, Path, description = "The case")),
    responses((status = OK, body = Suggestions)))]
async fn list_suggestions(
    State(api): State<Api>,
    caller: Caller,
    language: Language,
    Segments(id): Segments<Uuid>,
) -> Result<Json<Suggestions>, Problem> {
    let found = api
        .look((&caller, Operation::ListSuggestions), CaseId(id), |tx, work, id| {
            Box::pin(act::suggestions(tx, work, *id))
        })
        .await?;
    let read = |it: app::InWords| Words::from(it).read(language);
    let units = found.units.into_iter().map(|it| SuggestedUnit {
        id: it.id.0,
        code: it.code,
        name: it.name,
        reasons: it.reasons.into_iter().map(read).collect(),
        returned: it.returned,
    });
    let matters = found.matters.into_iter().map(|it| SuggestedMatter {
        matter: it.matter,
        title: read(it.title),
        reason: read(it.reason),
    });
    Ok(Json(Suggestions { units: units.collect(), matters: matters.collect() }))
}
