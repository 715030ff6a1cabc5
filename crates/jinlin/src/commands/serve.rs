//! `jinlin serve`: the HTTP interface with the jobs behind it, until told to stop.

use crate::cli::Serve;
use crate::jobs;
use crate::keeper::House;
use crate::opened::{How, backups as beside, by_key_file, folder, shown};
use crate::services;
use anyhow::{Context, Result};
use api::{Api, Channels, Limits};
use app::County;
use app::messages::Sender;
use ipnet::IpNet;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

pub async fn run(serve: Serve) -> Result<()> {
    let county = by_key_file(&serve.database, How::default()).await?;
    if county.shelf().await?.current.is_none() {
        anyhow::bail!("{} holds no county yet: run `jinlin init`", shown(&serve.database.database));
    }
    let files = folder(&serve.database.database, serve.files.as_deref());
    let channels = services::channels(&serve.services)?;
    let listener = bind(serve.listen).await?;
    println!("serving {} at http://{}", shown(&serve.database.database), listener.local_addr()?);
    let backups = beside(&serve.database.database, serve.backups.as_deref());
    let sender = services::sender(&serve.services, channels.gateway.clone());
    let outside = Outside { channels, sender, trusted_proxies: serve.trusted_proxy };
    until_stopped(county, House { files, backups }, listener, outside).await
}

/// Takes the address before anything slow is done.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))
}

/// What lies between us and the world.
pub struct Outside {
    /// Services we ask.
    pub channels: Channels,
    /// Who sends short messages.
    pub sender: Option<Sender>,
    /// Proxies we are asked through.
    pub trusted_proxies: Vec<IpNet>,
}

/// Serves until SIGINT or SIGTERM, then finishes what is under way.
pub async fn until_stopped(
    county: Arc<County>,
    house: House,
    listener: TcpListener,
    outside: Outside,
) -> Result<()> {
    let Outside { channels, sender, trusted_proxies } = outside;
    let tls = !trusted_proxies.is_empty();
    let files = house.files.clone();
    let limits = if county.is_demo() { Limits::demo() } else { Limits::default() };
    let setup = api::Setup {
        county: county.clone(),
        files: Arc::new(files.clone()),
        channels,
        keeper: Some(Arc::new(house)),
        limits,
        trusted_proxies,
        tls,
    };
    let api = Api::new(setup);
    let running = jobs::start(&county, files, sender);
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stopped = async {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        tracing::info!("stopping");
    };
    api::serve(listener, api, stopped).await?;
    drop(running);
    county.db().clone().close().await;
    Ok(())
}
