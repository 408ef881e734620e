//! Nuages: annotated structs become tables, typed queries, forms, pages and an admin.

// Generated code names `::nuages`; inside this crate that is the crate itself.
extern crate self as nuages;

pub mod admin;
pub mod auth;
pub mod backend;
mod error;
pub mod expr;
pub mod field;
pub mod messages;
pub mod model;
pub mod path;
pub mod prelude;
pub mod query;
pub mod session;
pub mod signing;
pub(crate) mod sql;
#[cfg(feature = "test")]
pub mod test;
pub mod value;

#[doc(hidden)]
pub mod __private;

pub use nuages_schema as schema;

pub use backend::{Database, DatabaseSettings, Db};
pub use error::{Context, Error, ErrorKind, Result, Violation};
pub use model::Model;

pub use nuages_macros::{Choices, Field, Model, Row, command, dec, receiver, view};
