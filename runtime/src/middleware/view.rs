//! The view as a future: under the limit of time, with the panic guard around it.

use super::{limits, panic};
use crate::error::Result;
use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use tokio::time::{Sleep, sleep_until};
use tower::Service;

/// A view under way. Most are done when they are polled for the first time, so the timer is set at the second.
pub(super) struct View {
    answer: RouteFuture<Infallible>,
    started: Instant,
    limit: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl View {
    /// Hands the request to the router. A panic on the way in is an answer too.
    #[expect(clippy::result_large_err, reason = "it is returned as the response at once")]
    pub(super) fn start(
        router: &mut Router,
        request: Request,
        started: Instant,
        limit: Duration,
    ) -> Result<Self, Response> {
        match catch_unwind(AssertUnwindSafe(|| router.call(request))) {
            Ok(answer) => Ok(Self { answer, started, limit, deadline: None }),
            Err(payload) => Err(panic::answer(&*payload)),
        }
    }

    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        // A limit beyond what the clock can say is none.
        let Some(end) = self.started.checked_add(self.limit) else { return false };
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep_until(end.into())));
        deadline.as_mut().poll(cx).is_ready()
    }
}

impl Future for View {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        let view = &mut self.answer;
        match catch_unwind(AssertUnwindSafe(|| Pin::new(view).poll(cx))) {
            Ok(Poll::Pending) if self.is_late(cx) => Poll::Ready(limits::too_long(self.limit)),
            Ok(polled) => Poll::Ready(never_fails(ready!(polled))),
            Err(payload) => Poll::Ready(panic::answer(&*payload)),
        }
    }
}

fn never_fails(result: Result<Response, Infallible>) -> Response {
    match result {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
