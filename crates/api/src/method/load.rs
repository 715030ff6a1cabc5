//! Loading a pack over HTTP: checked first, with every problem told at its file and line.

use crate::auth::Caller;
use crate::extract::Body;
use crate::problem::Problem;
use crate::state::Api;
use app::method_packs as act;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use model::access::Operation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(load_pack))
}

/// A pack as files.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPack {
    /// Name of the pack's folder.
    #[schema(example = "base")]
    id: String,
    /// Its files and those of the packs it inherits from: path, beginning with the folder → text.
    #[schema(example = json!({ "base/pack.toml": "…", "base/procedures/appeal.toml": "…" }))]
    files: BTreeMap<String, String>,
    /// Only check it.
    #[serde(default)]
    dry_run: bool,
}

/// A pack just loaded or checked.
#[derive(Serialize, ToSchema)]
struct Loaded {
    /// Its id.
    #[schema(example = "base")]
    id: String,
    /// Its version.
    version: String,
    /// SHA-256 of its flattened text: what cases are pinned to.
    hash: String,
    /// Whether new cases begin with it now.
    current: bool,
    /// What somebody should look at, though the pack loads.
    remarks: Vec<Remark>,
}

/// Something to look at in a pack.
#[derive(Serialize, ToSchema)]
struct Remark {
    /// File, line and column.
    #[schema(example = "base/procedures/appeal.toml:12:1")]
    at: String,
    /// The check that says so.
    check: String,
    /// In Chinese, with advice.
    chinese: String,
    /// In English, with advice.
    english: String,
}

/// Load a pack: new cases begin with it, running ones keep theirs.
///
/// A pack with problems is refused with all of them, each at its file, line and column and with
/// advice.
#[utoipa::path(post, path = "/packs", tag = "method", request_body = NewPack,
    responses((status = OK, body = Loaded, description = "Checked only"),
        (status = CREATED, body = Loaded)))]
async fn load_pack(
    State(api): State<Api>,
    caller: Caller,
    body: Body<NewPack>,
) -> Result<(StatusCode, Json<Loaded>), Problem> {
    let by = (&caller, Operation::LoadPack);
    // Reading a pack is work: it is done for those only who may load it.
    api.look(by, (), |tx, work, ()| Box::pin(act::may_load(tx, work))).await?;
    let NewPack { id, files, dry_run } = body.value;
    let checked = act::check_pack(&id, &folders(files))?;
    let remarks = act::remarks(&checked).into_iter().map(remark).collect();
    if dry_run {
        let pack = checked.pack.ok_or_else(Problem::internal)?;
        let (id, version, hash) = (pack.id, pack.version, pack.hash);
        return Ok((StatusCode::OK, Json(Loaded { id, version, hash, current: false, remarks })));
    }
    let loaded = api
        .reshape(by, (body.hash, checked), |tx, work, pack| {
            Box::pin(act::load_pack(tx, work, pack))
        })
        .await?;
    let act::LoadedPack { id, version, hash } = loaded;
    Ok((StatusCode::CREATED, Json(Loaded { id, version, hash, current: true, remarks })))
}

/// Files by folder.
fn folders(files: BTreeMap<String, String>) -> act::PackFiles {
    let mut packs = act::PackFiles::new();
    for (path, text) in files {
        let (folder, file) = path.split_once('/').unwrap_or(("", &path));
        packs.entry(folder.to_owned()).or_default().push((file.to_owned(), text));
    }
    packs
}

fn remark(it: app::FieldProblem) -> Remark {
    Remark { at: it.field, check: it.code.to_owned(), chinese: it.chinese, english: it.english }
}
