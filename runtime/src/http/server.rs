//! The server's own accept loop: limits on connections and heads, and an end that waits, but not for ever.

use super::timer::LazyTimer;
use crate::error::{Context, Result};
use crate::settings::Limits;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// What answers requests.
pub(crate) trait Handle: Clone + Send + Sync + 'static {
    /// The answer under way.
    type Answer: Future<Output = Response> + Send;

    /// The handler of one connection. What its requests count, no other processor counts.
    fn for_connection(&self) -> Self;

    /// Answers one request from this peer.
    fn handle(&self, request: Request, peer: SocketAddr) -> Self::Answer;
}

/// hyper refuses a longer head itself, before a request exists. Ours is lower, and answers with a page. So does it
/// refuse more than 100 headers, with 431: as long as that number is its own, it reads a head without clearing room
/// for so many first.
const HEAD_SLACK: usize = 4 * 1024;

/// Serves until `stop` is done, then lets open requests finish for the drain time.
///
/// # Errors
/// Nothing after the start: what fails on one connection is that connection's end.
pub(crate) async fn serve(
    listener: TcpListener,
    handler: impl Handle,
    limits: &Limits,
    stop: impl Future<Output = ()>,
) -> Result<()> {
    let places = Arc::new(Semaphore::new(limits.connections));
    // Every connection holds a receiver, so the sender knows when the last one is gone.
    let (stopping, stopped) = watch::channel(());
    let http = builder(limits);
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut stop => break,
        };
        let Some((stream, peer, place)) = accepted else { break };
        let mut http = http.clone();
        http.timer(LazyTimer::default());
        tokio::spawn(connection(http, stream, peer, handler.for_connection(), stopped.clone(), place));
    }
    drop((listener, stopped));
    drain(&stopping, limits.drain_timeout).await;
    Ok(())
}

fn builder(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.header_read_timeout(limits.header_timeout).max_header_size(limits.headers + limits.uri + HEAD_SLACK);
    http
}

/// The body of a request; most have none, and need no place for it.
fn body(incoming: Incoming) -> Body {
    if incoming.is_end_stream() { Body::empty() } else { Body::new(incoming) }
}

/// The next connection, once there is a place for it; `None` when no more will come.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Some((stream, peer, place)),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                // Out of file descriptors or memory: wait for some to come back instead of spinning.
                tracing::error!(error = ?error.to_string(), "no connection could be accepted");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(
    http: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    handler: impl Handle,
    mut stopped: watch::Receiver<()>,
    place: OwnedSemaphorePermit,
) {
    let _place = place;
    let heard = stopped.clone();
    // Answers are written whole; waiting for more only delays them.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        handler.handle(request.map(body), peer).map(Ok::<_, Infallible>)
    });
    let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let mut stopping = std::pin::pin!(stopped.changed());
    let mut is_listening = false;
    let ended = poll_fn(|cx| {
        if let Poll::Ready(ended) = connection.as_mut().poll(cx) {
            return Poll::Ready(Some(ended));
        }
        // A task keeps its waker, so one poll is enough to be woken by.
        if !is_listening || heard.has_changed().unwrap_or(true) {
            is_listening = true;
            return stopping.as_mut().poll(cx).map(|_| None);
        }
        Poll::Pending
    })
    .await;
    let ended = match ended {
        Some(ended) => ended,
        None => {
            // The request that is being answered is finished; an idle connection is closed.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, error = ?error.to_string(), "a connection ended early");
    }
}

async fn drain(stopping: &watch::Sender<()>, limit: Duration) {
    // Nobody listens when no connection is open, which is as good.
    let _ = stopping.send(());
    if tokio::time::timeout(limit, stopping.closed()).await.is_err() {
        tracing::warn!(seconds = limit.as_secs(), "requests were still open at the end of the drain time");
    }
}

/// Ctrl-C, or the signal to end.
///
/// # Errors
/// When the system does not let us wait for signals.
pub(crate) fn stop_signal() -> Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).context("the signal to end cannot be waited for")?
    };
    Ok(async move {
        let interrupt = async {
            // Without the handler, Ctrl-C ends the process at once, which is right too.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        #[cfg(unix)]
        tokio::select! { () = interrupt => {}, _ = terminate.recv() => {} }
        #[cfg(not(unix))]
        interrupt.await;
    })
}
