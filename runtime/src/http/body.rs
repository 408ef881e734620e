//! A request's body under limits: bytes are counted while they are read, against one deadline.

use super::{BodyOutcome, RequestContext};
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, header};
use hyper::body::{Frame, SizeHint};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::time::{Instant, Sleep, sleep_until};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Puts a body under the limits of its request. A request without one costs nothing.
pub(crate) fn guard(body: Body, headers: &HeaderMap, context: &RequestContext) -> Body {
    if body.is_end_stream() {
        return body;
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    Body::new(Guarded { body, context: context.clone(), announced: length, read: 0, deadline: None })
}

struct Guarded {
    body: Body,
    context: RequestContext,
    /// What the client says it will send.
    announced: Option<usize>,
    read: usize,
    /// Set at the first read. It never moves, however slowly the bytes come.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Guarded {
    /// Whether the deadline has passed; asks to be woken when it does.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        let context = &self.context;
        let deadline = self.deadline.get_or_insert_with(|| {
            let limit = context.site().settings().limits.body_timeout;
            Box::pin(sleep_until(Instant::from_std(context.started() + limit)))
        });
        deadline.as_mut().poll(cx).is_ready()
    }

    fn is_too_large(&self) -> bool {
        let limit = self.context.body_limit();
        self.read > limit || self.announced.is_some_and(|announced| announced > limit)
    }

    fn refuse(&self, outcome: BodyOutcome) -> BoxError {
        self.context.note_body(outcome);
        Box::new(Refused(outcome))
    }
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.is_too_large() {
            return Poll::Ready(Some(Err(self.refuse(BodyOutcome::TooLarge))));
        }
        let frame = match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(frame) => frame,
            Poll::Pending if self.is_late(cx) => {
                return Poll::Ready(Some(Err(self.refuse(BodyOutcome::TooSlow))));
            }
            Poll::Pending => return Poll::Pending,
        };
        let Some(frame) = frame.transpose()? else { return Poll::Ready(None) };
        self.read += frame.data_ref().map_or(0, Bytes::len);
        if self.is_too_large() {
            return Poll::Ready(Some(Err(self.refuse(BodyOutcome::TooLarge))));
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The error that readers of the body see; the response is made from the context's note.
#[derive(Debug)]
struct Refused(BodyOutcome);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            BodyOutcome::TooLarge => "the body has more bytes than allowed",
            BodyOutcome::TooSlow => "the body took longer than allowed",
        })
    }
}

impl std::error::Error for Refused {}
