//! Services outside as the command line names them, made into the channels of the interface.

use crate::cli::Services;
use crate::keys::secret;
use crate::rim::SystemClock;
use anyhow::{Context, Result};
use api::Channels;
use app::access::WeChat;
use app::messages::{Gateway, Sender, Tongue};
use app::people::Switchboard;
use app::territory::Tiles;
use channels::{HttpGateway, HttpSwitchboard, Tianditu, WeChatServer};
use std::sync::Arc;

/// The channels that are configured.
pub fn channels(services: &Services) -> Result<Channels> {
    Ok(Channels {
        gateway: gateway(services)?,
        switchboard: switchboard(services)?,
        tiles: tiles(services)?,
        wechat: wechat(services)?,
    })
}

fn gateway(services: &Services) -> Result<Option<Arc<dyn Gateway>>> {
    let Some(address) = services.sms_url.clone() else { return Ok(None) };
    let file = services.sms_secret_file.as_ref().context("--sms-url needs --sms-secret-file")?;
    let gateway = HttpGateway::new(address, &secret(file)?, Arc::new(SystemClock));
    Ok(Some(Arc::new(gateway.context("short messages cannot be sent")?)))
}

/// Who sends the queued messages; none without a gateway.
pub fn sender(services: &Services, gateway: Option<Arc<dyn Gateway>>) -> Option<Sender> {
    let public = services.public_url.as_ref().map(ToString::to_string);
    let tongue = match services.sms_english {
        true => Tongue::English,
        false => Tongue::Chinese,
    };
    gateway.map(|gateway| Sender { gateway, public, tongue })
}

fn switchboard(services: &Services) -> Result<Option<Arc<dyn Switchboard>>> {
    let Some(address) = services.calls_url.clone() else { return Ok(None) };
    let file = services.calls_secret_file.as_ref();
    let file = file.context("--calls-url needs --calls-secret-file")?;
    let switchboard = HttpSwitchboard::new(address, &secret(file)?, Arc::new(SystemClock));
    Ok(Some(Arc::new(switchboard.context("nobody can be called")?)))
}

fn tiles(services: &Services) -> Result<Option<Arc<dyn Tiles>>> {
    let Some(file) = &services.tianditu_key_file else { return Ok(None) };
    let (address, key) = (services.tianditu_url.clone(), secret(file)?);
    let tiles = Tianditu::new(address, &key, Arc::new(SystemClock));
    Ok(Some(Arc::new(tiles.context("the map service cannot be used")?)))
}

fn wechat(services: &Services) -> Result<Option<Arc<dyn WeChat>>> {
    let Some(appid) = &services.wechat_appid else { return Ok(None) };
    let file = services.wechat_secret_file.as_ref();
    let secret = secret(file.context("--wechat-appid needs --wechat-secret-file")?)?;
    let of = (&**appid, &*secret);
    let server = WeChatServer::new(services.wechat_url.clone(), of, Arc::new(SystemClock));
    Ok(Some(Arc::new(server.context("nobody can log in by WeChat")?)))
}
