//! Loading a pack: refused with all its problems, or used for every case opened from now on.

use crate::{Error, Result, Work};
use jiff::Timestamp;
use method::check::{Problem, Severity};
use method::decide::FieldProblem;
use method::definition::Pack;
use method::read::{self, Files, Loaded};
use model::access::Operation;
use model::journal::Event;
use rowdb::Tx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A pack and those it inherits from: folder name → files.
pub type PackFiles = BTreeMap<String, Files>;

/// A pack just loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadedPack {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its flattened text: what cases are pinned to.
    pub hash: String,
}

/// A pack that was loaded some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackView {
    /// Id, version and hash.
    #[serde(flatten)]
    pub pack: LoadedPack,
    /// When it was first loaded.
    pub loaded_at: Timestamp,
    /// Whether new cases begin with it.
    pub current: bool,
}

/// Reads and checks a pack; takes tens of milliseconds, so it is done before the command. All
/// problems are told at once, each at its file and line.
pub fn check_pack(id: &str, files: &PackFiles) -> Result<Loaded> {
    let loaded = read::load(id, &|name| files.get(name).cloned());
    if loaded.pack.is_some() {
        return Ok(loaded);
    }
    let errors = loaded.problems.iter().filter(|it| it.severity == Severity::Error);
    Err(Error::Invalid(errors.map(told).collect()))
}

fn told(problem: &Problem) -> FieldProblem {
    let [chinese, english] = &problem.message;
    let [advice_chinese, advice_english] = problem.advice;
    FieldProblem {
        field: format!("{}:{}:{}", problem.file, problem.line, problem.column),
        code: problem.check,
        chinese: format!("{chinese}。{advice_chinese}"),
        english: format!("{english}: {advice_english}"),
    }
}

/// Refuses whoever may not load packs, before one is read.
pub async fn may_load(_: &mut Tx, work: &Work) -> Result<()> {
    work.may(Operation::LoadPack)
}

/// What a pack that loads says besides: warnings and reports, each with its place.
pub fn remarks(loaded: &Loaded) -> Vec<FieldProblem> {
    let mild = loaded.problems.iter().filter(|it| it.severity != Severity::Error);
    mild.map(told).collect()
}

/// Makes a checked pack the one that new cases begin with; running cases keep theirs.
pub async fn load_pack(tx: &mut Tx, work: &mut Work, loaded: &Loaded) -> Result<LoadedPack> {
    work.may(Operation::LoadPack)?;
    let pack = loaded.pack.as_ref().ok_or_else(|| Error::internal("an unchecked pack"))?;
    check_levels(work, pack)?;
    let answer =
        LoadedPack { id: pack.id.clone(), version: pack.version.clone(), hash: pack.hash.clone() };
    let LoadedPack { id, version, hash } = answer.clone();
    let event = Event::PackLoaded { id, version, hash, flat: loaded.flat.clone() };
    work.record(tx, Uuid::nil(), event).await?;
    Ok(answer)
}

/// Places keep their level by its position: a level in use may not change its meaning.
fn check_levels(work: &Work, pack: &Pack) -> Result<()> {
    let network = &work.shelf.network;
    let Some(deepest) = network.places().map(|place| place.level).max() else { return Ok(()) };
    let ids = |levels: &[model::territory::Level]| -> Vec<String> {
        levels.iter().take(deepest + 1).map(|level| level.id.clone()).collect()
    };
    if ids(network.levels()) == ids(&pack.levels) {
        return Ok(());
    }
    Err(Error::rule(
        "levels_changed",
        "办法包的地域层级与已有地点不符",
        "the pack's levels are not those of the places that exist",
    ))
}

/// The packs that were ever loaded.
pub async fn list_packs(tx: &mut Tx, work: &Work) -> Result<Vec<PackView>> {
    work.may(Operation::ListPacks)?;
    let current = work.shelf.current.as_ref().map(|pack| pack.hash.as_str());
    let view = |it: store::settings::Pack| PackView {
        current: current == Some(it.hash.as_str()),
        loaded_at: it.loaded_at,
        pack: LoadedPack { id: it.id, version: it.version, hash: it.hash },
    };
    Ok(store::packs(tx).await?.into_iter().map(view).collect())
}
