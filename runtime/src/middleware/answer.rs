//! The answer to one request as a future: the view, then what stands between it and the wire.
//!
//! It is written by hand. An `async` block would hold the view twice, once as what it was made with and once as
//! what it awaits, and every request would move both.

use super::stack::Stack;
use super::view::View;
use super::{compression, stack};
use crate::http::{RequestContext, Wants};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::future::BoxFuture;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The answer to one request, under way.
pub(crate) struct Answer {
    stack: Stack,
    context: RequestContext,
    client: Client,
    step: Step,
}

/// What the client said of the answer it wants, kept until it is known whether that matters.
pub(super) struct Client {
    accept: Option<HeaderValue>,
    takes_gzip: bool,
}

#[expect(
    clippy::large_enum_variant,
    reason = "nearly every request is at its view, which a box would cost an allocation"
)]
enum Step {
    View(View),
    /// What only some responses need.
    Leave(BoxFuture<'static, Response>),
    Compress(BoxFuture<'static, Response>),
}

impl Client {
    pub(super) fn of(request: &Request) -> Self {
        let headers = request.headers();
        Self { accept: headers.get(header::ACCEPT).cloned(), takes_gzip: compression::wanted(headers) }
    }
}

impl Answer {
    /// From the view that answers, or the response that stands in its place.
    pub(super) fn new(
        stack: Stack,
        context: RequestContext,
        client: Client,
        view: Result<View, Response>,
    ) -> Self {
        let step = match view {
            Ok(view) => Step::View(view),
            Err(refusal) => leave(&stack, &context, &client, refusal),
        };
        Self { stack, context, client, step }
    }

    /// The view has answered. Most answers need nothing more than the headers.
    fn viewed(&mut self, response: Response) -> Option<Response> {
        if stack::is_plain(&response, &self.context) {
            return self.ready(response);
        }
        self.step = leave(&self.stack, &self.context, &self.client, response);
        None
    }

    /// The last part: headers, and compression where it is worth it.
    fn ready(&mut self, mut response: Response) -> Option<Response> {
        self.context.report_repeats();
        self.stack.headers().set(&mut response, &self.context);
        if self.client.takes_gzip && compression::is_worth_it(&response) {
            self.step = Step::Compress(Box::pin(compression::compress(response)));
            return None;
        }
        Some(response)
    }
}

fn leave(stack: &Stack, context: &RequestContext, client: &Client, response: Response) -> Step {
    let wants = Wants::of(client.accept.as_ref());
    Step::Leave(Box::pin(stack.clone().leave(response, context.clone(), wants)))
}

impl Future for Answer {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        loop {
            let answered = match &mut self.step {
                Step::View(view) => {
                    let response = ready!(Pin::new(view).poll(cx));
                    self.viewed(response)
                }
                Step::Leave(leaving) => {
                    let response = ready!(leaving.as_mut().poll(cx));
                    self.ready(response)
                }
                Step::Compress(compressing) => return compressing.as_mut().poll(cx),
            };
            if let Some(response) = answered {
                return Poll::Ready(response);
            }
        }
    }
}
