//! The three databases: connections, sessions, statements and rows.
//!
//! Nothing outside this folder names the driver. A [`Database`] is what a
//! process opens once; a [`Db`] is what a request or a task talks to; a
//! [`Statement`] goes in and a [`Row`] comes out.

mod cell;
mod db;
mod moment;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod postgres_array;
mod quote;
mod row;
mod settings;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statement;

pub use db::{AtomicOptions, Capabilities, Database, Db, Isolation, QueryRecord};
pub use nuages_schema::Backend;
pub use quote::quote_identifier;
pub use row::Row;
pub use settings::DatabaseSettings;
pub use statement::Statement;
