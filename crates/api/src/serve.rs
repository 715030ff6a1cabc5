//! Listening: answers leave at once, and nobody keeps a connection by sending headers slowly.

use crate::state::Api;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use hyper_util::rt::TokioTimer;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpListener;

/// What is under way when told to stop has so long to end.
const GRACE: Duration = Duration::from_secs(10);

/// Serves the interface until `stopped`, then finishes what is under way.
pub async fn serve(
    listener: TcpListener,
    api: Api,
    stopped: impl Future<Output = ()>,
) -> io::Result<()> {
    let silence = api.setup.limits.silence;
    let service = crate::router(api.clone()).0.into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    let mut server = axum_server::from_tcp(listener.into_std()?)?
        .acceptor(NoDelayAcceptor::new())
        .handle(handle.clone())
        .http1_only();
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(silence);
    let mut serving = pin!(server.serve(service));
    tokio::select! {
        served = &mut serving => return served,
        () = stopped => {}
    }
    // Open feeds would hold the end up.
    api.close_feeds();
    handle.graceful_shutdown(Some(GRACE));
    serving.await
}
