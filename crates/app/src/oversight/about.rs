//! Which county this is: told to everybody, before any log-in.

use crate::{Result, Work};
use model::access::Operation;
use rowdb::Tx;
use serde::{Deserialize, Serialize};

/// A county as it presents itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Name and code of the place that holds all others; none before the founding.
    pub root: Option<(String, String)>,
    /// The pack new cases begin with.
    pub pack: Option<AboutPack>,
    /// Whether this is a demo county.
    pub demo: bool,
}

/// A pack by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutPack {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
}

/// Which county this is.
pub async fn about(_: &mut Tx, work: &Work) -> Result<About> {
    work.may(Operation::ShowCounty)?;
    let pack = work.shelf.current.as_ref().map(|it| AboutPack {
        id: it.id.clone(),
        title: it.title.clone(),
        version: it.version.clone(),
    });
    let root = work.shelf.network.root().map(|it| (it.name.clone(), it.code.clone()));
    Ok(About { root, pack, demo: work.demo })
}
