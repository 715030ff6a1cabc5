//! What desks keep for those who sit at them: words that are ready, and the records of shifts.

mod phrases;
mod shifts;

use crate::state::Api;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    phrases::routes().merge(shifts::routes())
}
