//! Nuages.

pub mod auth;
pub mod backend;
mod error;
pub mod messages;
pub mod session;
pub mod signing;
#[cfg(feature = "test")]
pub mod test;
pub mod value;

pub use backend::{Database, DatabaseSettings, Db};
pub use error::{Context, Error, ErrorKind, Result, Violation};
