//! What is exchanged with clients and other offices: answers given again for a repeated request,
//! uploads, imports of another system's cases, answers in another office's template,
//! lists and figures as workbooks.

mod answers;
mod bytes;
mod exports;
mod import;
mod reading;
mod sweep;
mod uploads;
mod vault;

pub use answers::{Answers, export_answers};
pub use bytes::{DraftError, Drafts, Files, Uploads};
pub use exports::{
    ExportBurden, ExportCases, ExportFigures, MOST, Sheet, Stretch, export_burden, export_cases,
    export_figures, export_stretch,
};
pub use import::{ImportFile, ImportReport, import_cases};
pub use reading::{FIELDS, MappingProblem};
pub use sweep::{Swept, sweep_uploads};
pub use uploads::{
    LARGEST, NewFile, Original, Prepared, Uploaded, Wishes, extension, hash, list_uploads,
    media_of, open_original, prepare, show_upload, upload,
};
pub use vault::Vault;

use crate::{Error, Once, Result};
use jiff::{SignedDuration, Timestamp};
use rowdb::Tx;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::exchange::Kept;

/// How long an answer can be asked for again.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The answer this request got already; `KeyReused` when its key belongs to another request.
pub async fn answered<T: DeserializeOwned>(tx: &mut Tx, once: &Once) -> Result<Option<T>> {
    let Some(kept) = store::exchange::kept(tx, &once.scope, &once.key).await? else {
        return Ok(None);
    };
    if kept.body != once.body {
        return Err(Error::KeyReused);
    }
    serde_json::from_str(&kept.answer).map(Some).map_err(Error::internal)
}

/// Keeps an answer to be given again, in the transaction of the command that made it.
pub async fn keep<T: Serialize>(
    tx: &mut Tx,
    once: &Once,
    answer: &T,
    now: Timestamp,
) -> Result<()> {
    let answer = serde_json::to_string(answer).map_err(Error::internal)?;
    // Refusals are not kept: they did nothing, and asking again is harmless.
    let kept = Kept { body: once.body.clone(), status: 200, answer };
    Ok(store::exchange::keep(tx, &once.scope, &once.key, &kept, now).await?)
}

/// Forgets answers older than thirty days; says how many.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    let before = now.checked_sub(KEPT_FOR).map_err(Error::internal)?;
    Ok(store::exchange::sweep(tx, before).await?)
}
