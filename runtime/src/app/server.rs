//! A project that is put together and can answer.

use crate::error::{Context, Result};
use crate::http::serve;
use crate::middleware::Stack;
use crate::site::Site;
use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use tokio::net::TcpListener;

/// A project that is put together and can answer. Made by [`Project::build`](super::Project::build).
#[derive(Clone)]
pub struct Server {
    site: Site,
    stack: Stack,
}

impl Server {
    pub(super) fn new(site: Site, stack: Stack) -> Self {
        Self { site, stack }
    }

    /// The project.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Answers one request, without a network.
    pub async fn answer(&self, request: Request) -> Response {
        self.stack.answer(request, None).await
    }

    /// As a router of axum, with the default stack around it.
    pub fn router(&self) -> Router {
        Router::new().fallback_service(self.stack.clone())
    }

    /// Serves on an open listener until `stop` is done and open requests have finished.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<()> {
        serve(listener, self.stack.clone(), &self.site.settings().limits, stop).await
    }

    /// Serves on the address of the settings until Ctrl-C or the signal to end.
    pub(super) async fn run(&self, announce: impl AsyncFnOnce(&Site, std::net::SocketAddr)) -> Result<()> {
        let bind = self.site.settings().bind;
        let listener = TcpListener::bind(bind).await.with_context(|| {
            format!("the server cannot listen on {bind}; name another address with --bind or NUAGES_BIND")
        })?;
        let stop = crate::http::stop_signal()?;
        announce(&self.site, listener.local_addr()?).await;
        self.serve(listener, stop).await?;
        self.site.database().close().await;
        Ok(())
    }
}
