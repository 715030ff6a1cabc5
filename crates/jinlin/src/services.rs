//! Services outside as the command line names them, made into the channels of the interface.

use crate::cli::Services;
use crate::keys::secret;
use crate::rim::SystemClock;
use anyhow::{Context, Result};
use api::Channels;
use app::territory::Tiles;
use channels::Tianditu;
use std::sync::Arc;

/// The channels that are configured.
pub fn channels(services: &Services) -> Result<Channels> {
    Ok(Channels { messenger: None, tiles: tiles(services)? })
}

fn tiles(services: &Services) -> Result<Option<Arc<dyn Tiles>>> {
    let Some(file) = &services.tianditu_key_file else { return Ok(None) };
    let (address, key) = (services.tianditu_url.clone(), secret(file)?);
    let tiles = Tianditu::new(address, &key, Arc::new(SystemClock));
    Ok(Some(Arc::new(tiles.context("the map service cannot be used")?)))
}
