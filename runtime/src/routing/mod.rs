//! Routes: from `#[view(get, "/books/{id}")]` to a checked table and a router.
//!
//! The attribute leaves the function as it is and adds a static [`Route`],
//! which [`RouteTable`] collects at start. Arguments in the pattern are
//! [`PathArg`]s; `url()` takes them by [`UrlArg`].

mod arg;
mod call;
mod encode;
mod nearest;
mod pattern;
mod route;
mod table;

pub use arg::{PathArg, PathRest, Slug, UrlArg};
pub use call::{Call, MethodRouter, on};
pub use encode::encode_segment;
pub use route::{Methods, Route, Url};
pub use table::{RouteEntry, RouteTable};

pub(crate) use nearest::nearest;
