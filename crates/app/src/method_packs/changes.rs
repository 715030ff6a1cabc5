//! What one loaded version of a pack changes against another.

use super::load::LoadedPack;
use crate::{Error, Result, Work};
use method::check::{self, Problem};
use method::definition::Pack;
use method::diff::{Change, diff};
use model::access::Operation;
use rowdb::Tx;
use std::sync::Arc;

/// What a version changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackChanges {
    /// The version compared with.
    pub from: LoadedPack,
    /// The version looked at.
    pub to: LoadedPack,
    /// Structure first, then limits, then words.
    pub changes: Vec<Change>,
    /// States that are gone without a successor.
    pub problems: Vec<Problem>,
}

/// What the version `to` changes against `from`; against the current one unless said otherwise.
pub async fn changes(
    tx: &mut Tx,
    work: &Work,
    (to, from): (&str, Option<&str>),
) -> Result<PackChanges> {
    work.may(Operation::ListPacks)?;
    let (to, from) = (loaded(work, to)?, compared(work, from)?);
    let old = flat(tx, &from.hash).await?;
    let new = flat(tx, &to.hash).await?;
    Ok(PackChanges {
        changes: diff(&old, &new).map_err(Error::internal)?,
        problems: check::since(&from, &to),
        from: named(&from),
        to: named(&to),
    })
}

/// A version that was loaded some time.
pub(crate) fn loaded(work: &Work, hash: &str) -> Result<Arc<Pack>> {
    let found = work.shelf.packs.get(hash).cloned();
    found.ok_or_else(|| Error::not_found("pack", hash))
}

fn compared(work: &Work, hash: Option<&str>) -> Result<Arc<Pack>> {
    match hash {
        Some(hash) => loaded(work, hash),
        None => Ok(work.shelf.pack()?.clone()),
    }
}

/// The flattened text of a version, if it was loaded; for the command line.
pub async fn flat_of(tx: &mut Tx, hash: &str) -> Result<Option<String>> {
    Ok(store::pack_flat(tx, hash).await?)
}

async fn flat(tx: &mut Tx, hash: &str) -> Result<String> {
    flat_of(tx, hash).await?.ok_or_else(|| Error::not_found("pack", hash))
}

fn named(pack: &Pack) -> LoadedPack {
    LoadedPack { id: pack.id.clone(), version: pack.version.clone(), hash: pack.hash.clone() }
}
