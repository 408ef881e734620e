//! One connection to one of the three databases.
//!
//! The driver's generic code is instantiated here, once for each database.

use std::borrow::Cow;

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use {
    futures_util::StreamExt,
    sqlx::{AssertSqlSafe, Connection as _, Executor},
};

use super::failure::Failure;
use super::{Row, Statement};
use crate::{Error, Result};

/// Takes the rows of an answer, one by one.
pub(super) type Sink<'a> = dyn FnMut(Row) -> Result<()> + Send + 'a;

/// What a statement did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Done {
    /// Rows handed to the sink.
    pub(super) rows: u64,
    /// Rows changed.
    pub(super) affected: u64,
    /// The key that the database made for the last row inserted; 0 on PostgreSQL, which uses RETURNING.
    pub(super) last_insert_id: i64,
}

/// An open connection.
pub(super) enum Connection {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgConnection),
    #[cfg(feature = "mysql")]
    Mysql(sqlx::MySqlConnection),
    /// Keeps the type inhabited by name when no database is linked.
    #[allow(dead_code, reason = "never made")]
    None(std::convert::Infallible),
}

/// Does the same with each driver's connection.
macro_rules! each {
    ($self:expr, $connection:ident => $do:expr) => {
        match $self {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite($connection) => $do,
            #[cfg(feature = "postgres")]
            Connection::Postgres($connection) => $do,
            #[cfg(feature = "mysql")]
            Connection::Mysql($connection) => $do,
            Connection::None(never) => impossible(&never),
        }
    };
}

fn impossible(never: &std::convert::Infallible) -> ! {
    match *never {}
}

/// Sends a statement and gives its rows to the sink.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
macro_rules! run {
    ($connection:expr, $row:ident, $sql:expr, $arguments:expr, $sink:expr, $id:expr) => {{
        let mut steps = $connection.fetch_many((AssertSqlSafe($sql), Some($arguments)));
        let mut done = Done::default();
        while let Some(step) = steps.next().await {
            match step.map_err(Failure::from_driver)? {
                sqlx::Either::Left(result) => {
                    done.affected += result.rows_affected();
                    done.last_insert_id = $id(&result);
                }
                sqlx::Either::Right(row) => {
                    done.rows += 1;
                    $sink(Row::$row(row))?;
                }
            }
        }
        Ok(done)
    }};
}

impl Connection {
    /// Sends one statement with its values, prepared and kept by the connection. On PostgreSQL the statement is
    /// whole afterwards, and can be sent again; elsewhere its values are gone.
    #[allow(unused_variables, reason = "not used when no database is linked")]
    pub(super) async fn run(
        &mut self,
        statement: &mut Statement,
        sink: &mut Sink<'_>,
    ) -> Result<Done, Failure> {
        let sql = statement.sql.clone();
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(connection) => {
                let arguments = super::sqlite::arguments(std::mem::take(&mut statement.args))?;
                // What writes has to run to its end; what reads need not be heard out, which would be one more
                // change of threads.
                if statement.first && super::statement::verb(&sql) == super::statement::Verb::Read {
                    let row = connection.fetch_optional((AssertSqlSafe(sql), Some(arguments))).await;
                    let row = row.map_err(Failure::from_driver)?;
                    let rows = u64::from(row.is_some());
                    row.map(|row| sink(Row::Sqlite(row))).transpose()?;
                    return Ok(Done { rows, ..Done::default() });
                }
                run!(connection, Sqlite, sql, arguments, sink, super::sqlite::last_insert_id)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(connection) => {
                let sql = super::postgres::typed(sql, statement);
                let arguments = super::postgres::arguments(statement)?;
                run!(connection, Postgres, sql, arguments, sink, super::postgres::last_insert_id)
            }
            #[cfg(feature = "mysql")]
            Self::Mysql(connection) => {
                let arguments = super::mysql::arguments(std::mem::take(&mut statement.args))?;
                run!(connection, Mysql, sql, arguments, sink, super::mysql::last_insert_id)
            }
            Self::None(never) => impossible(never),
        }
    }

    /// Sends text without values, which may be several statements.
    #[allow(unused_variables, reason = "not used when no database is linked")]
    pub(super) async fn script(&mut self, sql: Cow<'static, str>) -> Result<(), Failure> {
        each!(self, connection => {
            let mut steps = connection.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql)));
            while let Some(step) = steps.next().await {
                step.map_err(Failure::from_driver)?;
            }
            Ok(())
        })
    }

    /// Forgets what is prepared: the tables are no longer what it was prepared for.
    pub(super) async fn forget_statements(&mut self) -> Result<()> {
        each!(self, connection => {
            connection.clear_cached_statements().await.map_err(|error| Error::from(Failure::from_driver(error)))
        })
    }

    /// Asks whether the server is still there.
    pub(super) async fn ping(&mut self) -> Result<()> {
        each!(self, connection => connection.ping().await.map_err(|error| Error::from(Failure::from_driver(error))))
    }

    /// Ends the connection politely.
    pub(super) async fn close(self) {
        each!(self, connection => {
            if let Err(error) = connection.close().await {
                tracing::debug!(%error, "a connection did not close in good order");
            }
        });
    }

    /// Ends whatever transaction is open. Harmless where none is.
    pub(super) async fn rollback(&mut self) -> Result<()> {
        match self.script("ROLLBACK".into()).await {
            Err(failure) if failure.is_no_transaction() => Ok(()),
            other => other.map_err(Error::from),
        }
    }

    /// Puts back what a migration may have switched off. (SQLite; elsewhere such a connection is closed.)
    pub(super) async fn reset(&mut self) -> Result<()> {
        if !self.is_embedded() {
            return Ok(());
        }
        self.script("PRAGMA foreign_keys = ON".into()).await.map_err(Error::from)
    }

    /// Whether the database runs inside this process.
    pub(super) fn is_embedded(&self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => true,
            #[allow(unreachable_patterns, reason = "not reached when only SQLite is linked")]
            _ => false,
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connection")
    }
}
