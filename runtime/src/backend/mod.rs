//! The three databases: connections, sessions, statements and rows.
//!
//! Nothing outside this folder names the driver. A [`Database`] is what a
//! process opens once; a [`Db`] is what a request or a task talks to; a
//! [`Statement`] goes in and a [`Row`] comes out.

mod atomic;
mod capabilities;
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, unused_imports, unused_variables, reason = "each database uses its part")
)]
mod cell;
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, unused_imports, unused_variables, reason = "each database uses its part")
)]
mod connection;
mod connector;
mod database;
mod db;
#[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "only PostgreSQL has arrays"))]
mod elements;
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, unused_imports, unused_variables, reason = "each database uses its part")
)]
mod failure;
mod limit;
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, unused_imports, unused_variables, reason = "each database uses its part")
)]
mod moment;
pub(crate) use moment::{read_date, read_datetime, read_time, write_date, write_datetime, write_time};
mod place;
pub(crate) use place::located;
pub use place::{FoundBy, Place, Purpose};
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, unused_imports, unused_variables, reason = "each database uses its part")
)]
mod pool;
mod quote;
mod record;
mod replicas;
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, unused_imports, unused_variables, reason = "each database uses its part")
)]
mod row;
mod session;
mod settings;
mod statement;
pub(crate) mod text;
mod unreachable;

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
pub(crate) use elements::Elements;
pub use nuages_schema::Backend;
pub(crate) use quote::push_identifier;
pub use quote::quote_identifier;
pub use record::QueryRecord;
pub use row::Row;
pub use settings::DatabaseSettings;
pub use statement::Statement;

/// How much of the driver's own words a log holds: what PostgreSQL notes by the way (that a table is there
/// already, that no transaction was open) is no news.
pub(crate) const LOG_FILTER: &str = "sqlx=warn,sqlx::postgres::notice=error";
