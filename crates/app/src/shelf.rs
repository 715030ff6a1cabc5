//! What every decision reads and nothing but an entry changes: the network, the calendar, the packs.
//! Held in memory, checked against the database at the start of every transaction.

use crate::{Error, Result};
use calendar::Calendar;
use method::decide::{NO_FACTS, World};
use method::definition::Pack;
use model::network::Network;
use rowdb::Tx;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// A consistent copy of what decisions read.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// Places, organisations, posts, holders.
    pub network: Arc<Network>,
    /// Holidays and office hours.
    pub calendar: Arc<Calendar>,
    /// All packs that running cases may be pinned to, by hash.
    pub packs: BTreeMap<String, Arc<Pack>>,
    /// The pack new cases begin with.
    pub current: Option<Arc<Pack>>,
    /// Whether the packs are told in English: for reading only.
    pub in_english: bool,
    english: OnceLock<Arc<Shelf>>,
    settings: BTreeMap<String, String>,
}

impl Shelf {
    /// Loads everything.
    pub async fn load(tx: &mut Tx) -> Result<Self> {
        let settings = store::settings(tx).await?;
        let mut packs = BTreeMap::new();
        for it in store::packs(tx).await? {
            let flat = store::pack_flat(tx, &it.hash).await?.unwrap_or_default();
            let pack = Pack::from_flat(&flat).map_err(Error::internal)?;
            packs.insert(it.hash, Arc::new(pack));
        }
        let current = settings.get(store::settings::PACK).and_then(|hash| packs.get(hash)).cloned();
        let calendar = match settings.get(store::settings::CALENDAR) {
            Some(text) => serde_json::from_str(text).map_err(Error::internal)?,
            None => Calendar::shipped(),
        };
        let levels = current.as_ref().map(|pack| pack.levels.clone()).unwrap_or_default();
        let fallback = current.as_ref().map(|pack| pack.fallback.to_string()).unwrap_or_default();
        let network = store::territory::network(tx, levels, &fallback).await?;
        Ok(Self {
            network: Arc::new(network),
            calendar: Arc::new(calendar),
            packs,
            current,
            in_english: false,
            english: OnceLock::new(),
            settings,
        })
    }

    /// The same with its packs told in English; made when somebody first reads it.
    pub fn told_in_english(&self) -> Arc<Self> {
        let told = |pack: &Arc<Pack>| Arc::new(pack.in_english());
        let make = || Self {
            packs: self.packs.iter().map(|(hash, pack)| (hash.clone(), told(pack))).collect(),
            current: self.current.as_ref().map(told),
            in_english: true,
            ..self.clone()
        };
        self.english.get_or_init(|| Arc::new(make())).clone()
    }

    /// Refuses when the database has moved on.
    pub async fn check(&self, tx: &mut Tx) -> Result<()> {
        if store::settings(tx).await? == self.settings { Ok(()) } else { Err(Error::Stale) }
    }

    /// Counts the changes of the network.
    pub fn network_version(&self) -> &str {
        self.settings.get(store::settings::NETWORK).map_or("0", String::as_str)
    }

    /// Counts the drawings of outlines.
    pub fn outlines_version(&self) -> &str {
        self.settings.get(store::settings::OUTLINES).map_or("0", String::as_str)
    }

    /// The pack new cases begin with.
    pub fn pack(&self) -> Result<&Arc<Pack>> {
        let none = || Error::rule("no_pack", "尚未装载办法包", "no pack is loaded yet");
        self.current.as_ref().ok_or_else(none)
    }

    /// The pack a case is pinned to.
    pub fn pinned(&self, hash: &str) -> Result<&Arc<Pack>> {
        self.packs.get(hash).ok_or_else(|| Error::internal(format!("pack {hash} is gone")))
    }

    /// The world in which a case pinned to `pack` is decided.
    pub fn world<'a>(&'a self, pack: &'a Pack, now: jiff::Timestamp) -> World<'a> {
        World {
            pack,
            network: &self.network,
            calendar: &self.calendar,
            now,
            parent_due: None,
            facts: &NO_FACTS,
        }
    }
}
