//! Nuages.

pub mod backend;
mod error;
pub mod value;

pub use backend::{Database, DatabaseSettings, Db};
pub use error::{Context, Error, ErrorKind, Result, Violation};
