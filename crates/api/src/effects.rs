//! What acts leave beside their cases: registers, ledgers, gatherings, boards; and what comes round by
//! itself.

mod boards;
mod cycles;
mod gatherings;
mod ledgers;
mod registers;

use crate::state::Api;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(registers::routes())
        .merge(ledgers::routes())
        .merge(gatherings::routes())
        .merge(boards::routes())
        .merge(cycles::routes())
}

/// A case that something came of.
#[derive(Serialize, ToSchema)]
struct CaseRef {
    /// The case.
    id: Uuid,
    /// Its number; empty for whoever may not know of it.
    #[schema(example = "2026092100017")]
    number: String,
}

impl From<(model::CaseId, String)> for CaseRef {
    fn from((id, number): (model::CaseId, String)) -> Self {
        Self { id: id.0, number }
    }
}
