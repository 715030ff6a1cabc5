//! What every request is given: the county, its ports, the limits, the figures.

use crate::journal::runs::Runs;
use crate::limits::{Gates, Limits};
use crate::telemetry::Figures;
use app::County;
use app::access::WeChat;
use app::exchange::Uploads;
use app::journal::Keeper;
use app::messages::Gateway;
use app::people::Switchboard;
use app::territory::Tiles;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};

/// Services outside, each as far as it is configured.
#[derive(Clone, Default)]
pub struct Channels {
    /// What sends codes to residents.
    pub gateway: Option<Arc<dyn Gateway>>,
    /// What connects telephones.
    pub switchboard: Option<Arc<dyn Switchboard>>,
    /// Where tiles of the map come from.
    pub tiles: Option<Arc<dyn Tiles>>,
    /// What tells who uses the county's mini program.
    pub wechat: Option<Arc<dyn WeChat>>,
}

/// What the HTTP interface is made of.
pub struct Setup {
    /// The county.
    pub county: Arc<County>,
    /// Where uploads lie, and those that are still arriving.
    pub files: Arc<dyn Uploads>,
    /// Services outside.
    pub channels: Channels,
    /// What has room for backups and comparisons; none where nothing is kept.
    pub keeper: Option<Arc<dyn Keeper>>,
    /// Sizes, times and rates.
    pub limits: Limits,
    /// Networks of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Whether clients reach us by TLS, ours or a proxy's: the cookie is `Secure` then.
    pub tls: bool,
}

/// The state of the HTTP interface; clones share it.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

/// What clones share.
pub struct Inner {
    pub(crate) setup: Setup,
    pub(crate) gates: Gates,
    pub(crate) figures: Figures,
    pub(crate) runs: Runs,
    pub(crate) feeds: Arc<Semaphore>,
    /// Uploads that may be held in memory.
    pub(crate) uploads: Semaphore,
    /// Photos that may be worked on.
    pub(crate) redacting: Arc<Semaphore>,
    pub(crate) closing: watch::Sender<bool>,
}

impl Api {
    /// The interface to a county.
    pub fn new(setup: Setup) -> Self {
        let gates = Gates::new(&setup.limits);
        let feeds = Arc::new(Semaphore::new(setup.limits.feeds));
        let uploads = Semaphore::new(setup.limits.uploads);
        let redacting = Arc::new(Semaphore::new(setup.limits.redacting));
        let (closing, _) = watch::channel(false);
        Self(Arc::new(Inner {
            setup,
            gates,
            figures: Figures::new(),
            runs: Runs::default(),
            feeds,
            uploads,
            redacting,
            closing,
        }))
    }

    /// Ends all feeds, so that a server that shuts down need not wait for them.
    pub fn close_feeds(&self) {
        self.closing.send_replace(true);
    }

    pub(crate) fn county(&self) -> &Arc<County> {
        &self.setup.county
    }
}

impl Deref for Api {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
