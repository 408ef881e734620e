//! The three databases: connections, sessions, statements and rows.
//!
//! Nothing outside this folder names the driver. A [`Database`] is what a
//! process opens once; a [`Db`] is what a request or a task talks to; a
//! [`Statement`] goes in and a [`Row`] comes out.

mod settings;
mod database;
mod db;
mod atomic;
mod session;
mod pool;
mod connector;
mod connection;
mod capabilities;
mod record;
mod quote;
mod statement;
mod row;
mod cell;
mod moment;
mod failure;

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "mysql")]
mod mysql_failure;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod postgres_array;
#[cfg(feature = "postgres")]
mod postgres_failure;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
mod sqlite_failure;

pub use atomic::{AtomicOptions, Isolation};
pub use capabilities::Capabilities;
pub use database::Database;
pub use db::Db;
pub use nuages_schema::Backend;
pub use quote::quote_identifier;
pub use record::QueryRecord;
pub use row::Row;
pub use settings::DatabaseSettings;
pub use statement::Statement;
