//! From a pack's files to a `Pack`: parse with recovery, inherit, flatten, type. Judging what the
//! pack says is `check`; finding the files is the caller's work.

mod act;
mod areas;
mod effects;
mod flat;
mod guards;
mod keys;
mod layers;
mod merge;
mod pack;
mod phrase;
mod procedure;
mod rounds;
mod source;
pub(crate) mod tree;
mod words;

pub use layers::{Files, Find};
pub(crate) use pack::fits;

use crate::check::{self, Found, Problem, Severity};
use crate::definition::Pack;
use thiserror::Error;

/// What came of reading a pack.
#[derive(Debug)]
pub struct Loaded {
    /// The pack, unless a problem is an error.
    pub pack: Option<Pack>,
    /// The flattened pack as canonical text; its hash is the version's.
    pub flat: String,
    /// Every problem, sorted by file, line and column.
    pub problems: Vec<Problem>,
}

/// Why a stored version cannot be loaded.
#[derive(Debug, Error)]
pub enum FlatError {
    /// Restore the text from a backup: it is not what was stored.
    #[error("the flattened pack is not JSON")]
    Json(#[from] serde_json::Error),
    /// Read the JSON instead: it has something TOML cannot say.
    #[error("the flattened pack cannot be written as TOML")]
    Toml(#[from] toml::ser::Error),
    /// Load the version with the program that checked it, or load the pack's files again.
    #[error("the flattened pack has {} problems, the first: {}", .0.len(), .0.first().map_or("", |it| it.check))]
    Problems(Vec<Problem>),
}

/// Reads the pack `id` and those it inherits from, and checks the whole.
pub fn load(id: &str, find: Find<'_>) -> Loaded {
    let mut found = Found::default();
    let layers = layers::layers(id, find, &mut found);
    let root = merge::resolve(&layers, &found);
    let flat = flat::text(&root);
    let pack = pack::pack(&root, flat::hash(&flat), &found);
    check::all(&pack, &root, &found);
    let problems = found.sorted();
    let sound = problems.iter().all(|it| it.severity != Severity::Error);
    Loaded { pack: sound.then_some(pack), flat, problems }
}

impl Pack {
    /// Rebuilds a pack from its flattened text: how a pinned version is loaded.
    pub fn from_flat(text: &str) -> Result<Self, FlatError> {
        let found = Found::default();
        let root: tree::Node = serde_json::from_str(text)?;
        let pack = pack::pack(&root, flat::hash(text), &found);
        let mut problems = found.sorted();
        problems.retain(|it| it.severity == Severity::Error);
        if problems.is_empty() { Ok(pack) } else { Err(FlatError::Problems(problems)) }
    }
}

/// A flattened text as TOML.
pub(crate) fn to_toml(flat: &str) -> Result<String, FlatError> {
    let root: tree::Node = serde_json::from_str(flat)?;
    Ok(toml::to_string(&root)?)
}

/// The keys that the reader takes in one kind of table; a procedure's with those by which it inherits.
#[cfg(test)]
pub(crate) fn keys_of(table: &str) -> Vec<&'static str> {
    match table {
        "procedure" => [&procedure::HEAD[..], &["extends", "drop"]].concat(),
        "state" => procedure::STATE.to_vec(),
        "action" => act::ACTION.to_vec(),
        "role" => pack::ROLE.to_vec(),
        "field" => pack::FIELD.to_vec(),
        "register" => areas::REGISTER.to_vec(),
        "ledger" => areas::LEDGER.to_vec(),
        "gathering" => areas::GATHERING.to_vec(),
        "cycle" => rounds::CYCLE.to_vec(),
        "board" => areas::BOARD.to_vec(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
