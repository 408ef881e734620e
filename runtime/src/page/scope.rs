//! Which request the page being rendered on this thread belongs to.

use crate::error::Result;
use crate::http::RequestContext;
use std::cell::RefCell;
use std::fmt;

thread_local! {
    /// Rendering never awaits, so a thread renders one page at a time.
    static CURRENT: RefCell<Option<RequestContext>> = const { RefCell::new(None) };
}

/// Runs `render` with this request as the current one.
pub(super) fn within<T>(context: &RequestContext, render: impl FnOnce() -> T) -> T {
    let before = CURRENT.replace(Some(context.clone()));
    let _restore = Restore(before);
    render()
}

/// Puts back what was there, also when rendering panics.
struct Restore(Option<RequestContext>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

/// The current request.
pub(super) fn current(function: &'static str) -> Result<RequestContext, NoRequest> {
    CURRENT.with_borrow(Clone::clone).ok_or(NoRequest(Reason::Outside(function)))
}

/// A function of a page was called where it has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoRequest(pub(super) Reason);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// No page of a view is being rendered.
    Outside(&'static str),
    /// The user and the messages are not read yet. The page is rendered again when they are.
    NotLoaded,
    /// There is no such static file.
    NoFile(String),
    /// The operating system has no random bytes, or the like.
    Failed(String),
}

impl fmt::Display for NoRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Outside(function) => write!(
                f,
                "`nuages::page::{function}` was called outside a request; it works while a view's `Page(…)` is rendered"
            ),
            Reason::NotLoaded => f.write_str("the user and the messages are not read yet"),
            Reason::NoFile(text) | Reason::Failed(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for NoRequest {}
