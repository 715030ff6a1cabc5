//! Single values of a county and the packs it has loaded: which pack is current, the calendar, and
//! the counters by which copies in memory notice that they are old.

use crate::Result;
use crate::columns::{instant, rows};
use crate::statements::sql;
use jiff::Timestamp;
use model::Entry;
use rowdb::{Tx, params};
use std::collections::BTreeMap;

sql! {
    ALL = "SELECT name, value FROM setting ORDER BY name";
    SET = "INSERT INTO setting (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    COUNT_UP = "INSERT INTO setting (name, value) VALUES ($1, '1')
        ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)";
    ADD_PACK = "INSERT INTO pack (id, version, hash, flat, loaded_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (hash) DO NOTHING";
    PACK_FLAT = "SELECT flat FROM pack WHERE hash = $1";
    PACKS = "SELECT hash, id, version, loaded_at FROM pack ORDER BY loaded_at, hash";
}

/// The name of the current pack's hash among the settings.
pub const PACK: &str = "pack";
/// The name of the calendar's canonical JSON among the settings.
pub const CALENDAR: &str = "calendar";
/// The name of the network's version among the settings: it grows with every change.
pub const NETWORK: &str = "network";
/// The name of the outlines' version among the settings: it grows with every drawing.
pub const OUTLINES: &str = "outlines";

/// A pack as it was loaded, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// SHA-256 of the flattened pack, hex.
    pub hash: String,
    /// The pack's id.
    pub id: String,
    /// The version it names.
    pub version: String,
    /// When it was first loaded.
    pub loaded_at: Timestamp,
}

/// All single values by name, in one statement: [`PACK`], [`CALENDAR`], [`NETWORK`], [`OUTLINES`].
pub async fn settings(tx: &mut Tx) -> Result<BTreeMap<String, String>> {
    rows(&tx.query(ALL, &[]).await?, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The canonical text of a flattened pack by its hash.
pub async fn pack_flat(tx: &mut Tx, hash: &str) -> Result<Option<String>> {
    let row = tx.query_opt(PACK_FLAT, &params![hash]).await?;
    Ok(row.map(|row| row.get(0)).transpose()?)
}

/// The packs ever loaded, the oldest first.
pub async fn packs(tx: &mut Tx) -> Result<Vec<Pack>> {
    rows(&tx.query(PACKS, &[]).await?, |row| {
        Ok(Pack {
            hash: row.get(0)?,
            id: row.get(1)?,
            version: row.get(2)?,
            loaded_at: instant(row.get(3)?)?,
        })
    })
}

/// Keeps a pack (id, version, hash, flat text) and makes it the current one.
pub(crate) async fn load_pack(tx: &mut Tx, entry: &Entry, pack: [&String; 4]) -> Result<()> {
    let [id, version, hash, flat] = pack.map(String::as_str);
    let at = entry.at.as_microsecond();
    tx.execute(ADD_PACK, &params![id, version, hash, flat, at]).await?;
    set(tx, PACK, hash).await
}

/// Sets a single value.
pub(crate) async fn set(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    tx.execute(SET, &params![name, value]).await?;
    Ok(())
}

/// Counts a change up, so that copies in memory are loaded again.
pub(crate) async fn changed(tx: &mut Tx, name: &str) -> Result<()> {
    tx.execute(COUNT_UP, &params![name]).await?;
    Ok(())
}
