//! Requests and responses: the context of a request, errors as responses, redirects, the server.
//!
//! [`RequestContext`] is what the parts of a request share. Extractors and
//! responses of axum work beside everything here.

mod body;
mod context;
mod cookies;
mod csrf;
mod debug;
mod extract;
mod failure;
mod form;
mod problem;
mod redirect;
mod request_id;
mod server;
mod timer;
mod welcome;

pub use context::{RequestContext, RequestHead};
pub use csrf::{CSRF_FIELD, CSRF_HEADER, Csrf, Verified};
pub use problem::Problem;
pub use redirect::{Redirect, is_local_url, redirect};
pub use request_id::RequestId;

pub(crate) use body::guard as guard_body;
pub(crate) use context::BodyOutcome;
pub(crate) use debug::{DebugPage, RequestRecord, router as repairs};
pub(crate) use failure::{Failure, fail};
pub(crate) use problem::{Wants, answer as answer_problem};
pub(crate) use server::{Handle, serve, stop_signal};
