//! The default stack around every request, foreign routers included.
//!
//! In order, from the outside in:
//!
//! 1. request id and security headers (`headers`) on every response,
//! 2. limits (`limits`): address, headers, body, time,
//! 3. the host (`host`),
//! 4. the CSRF header check (`csrf`),
//! 5. the panic guard (`panic`),
//! 6. the layers of the project, then its router;
//!
//! and on the way out sessions, messages and authentication save what changed
//! ([`crate::site::RequestHook`]), errors become pages, large texts are compressed
//! (`compression`). All of it is one service and one future (`answer`): a check is a
//! function, so a request that needs none of the rest pays for none of it. What can
//! be done before the first await is done outside the future, because what a future
//! holds is moved with it.

mod answer;
mod compression;
mod csp;
mod csrf;
mod headers;
mod host;
mod limits;
mod panic;
mod stack;
mod view;

pub use csp::ContentSecurityPolicy;
pub(crate) use panic::{Panicked, install_hook as install_panic_hook};
pub(crate) use stack::{Stack, not_found};
