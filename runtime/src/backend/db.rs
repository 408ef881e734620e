//! A database, and sessions on it.

use std::future::Future;
use std::time::Duration;

use nuages_schema::Backend;

use super::{DatabaseSettings, Row, Statement};
use crate::{Error, ErrorKind, Result};

/// An open database: connections that sessions share. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Database;

/// A session on a database.
#[derive(Clone, Debug)]
pub struct Db;

/// What the connected server can do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// `INSERT … RETURNING`.
    pub returning: bool,
    /// `UPDATE … RETURNING` and `DELETE … RETURNING`.
    pub returning_changes: bool,
    /// The server is MariaDB.
    pub mariadb: bool,
    /// The server's version: major, minor, patch.
    pub version: (u32, u32, u32),
    /// `SELECT … FOR UPDATE`.
    pub for_update: bool,
    /// `FOR UPDATE SKIP LOCKED` and `NOWAIT`.
    pub skip_locked: bool,
    /// `SELECT DISTINCT ON (…)`.
    pub distinct_on: bool,
    /// Changes of the schema belong to transactions.
    pub ddl_transactional: bool,
    /// The most placeholders in one statement.
    pub max_parameters: usize,
    /// `ORDER BY … NULLS FIRST`.
    pub nulls_first_last: bool,
}

/// How much transactions see of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees what is committed.
    ReadCommitted,
    /// The transaction sees one state throughout.
    RepeatableRead,
    /// As if one transaction ran after the other.
    Serializable,
}

/// Options of [`Db::atomic_with`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtomicOptions {
    /// The isolation level, where it is not the database's default.
    pub isolation: Option<Isolation>,
    /// Refuse to run inside another transaction, so that `Ok` means written for good.
    pub durable: bool,
}

/// One statement that ran, kept while recording is on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueryRecord {
    /// The text.
    pub sql: String,
    /// How many values it had.
    pub args: usize,
    /// How long it took.
    pub elapsed: Duration,
    /// Rows read, or rows changed.
    pub rows: u64,
}

fn later<T>() -> Result<T> {
    Err(Error::new(ErrorKind::NotSupported, "connections follow in the next commit"))
}

#[allow(missing_docs, clippy::missing_errors_doc, unused_variables, clippy::unused_async)]
impl Database {
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self> {
        later()
    }
    pub fn session(&self) -> Db {
        Db
    }
    pub async fn dedicated(&self) -> Result<Db> {
        later()
    }
    pub fn backend(&self) -> Backend {
        Backend::Sqlite
    }
    pub async fn close(&self) {}
}

#[allow(missing_docs, clippy::missing_errors_doc, unused_variables, clippy::unused_async)]
impl Db {
    pub fn backend(&self) -> Backend {
        Backend::Sqlite
    }
    pub fn capabilities(&self) -> &Capabilities {
        unreachable!()
    }
    pub fn database(&self) -> &Database {
        &Database
    }
    pub async fn fetch(&self, statement: Statement) -> Result<Vec<Row>> {
        later()
    }
    pub async fn fetch_each(
        &self,
        statement: Statement,
        each: &mut (dyn FnMut(&Row) -> Result<()> + Send),
    ) -> Result<()> {
        later()
    }
    pub async fn fetch_optional(&self, statement: Statement) -> Result<Option<Row>> {
        later()
    }
    pub async fn execute(&self, statement: Statement) -> Result<u64> {
        later()
    }
    pub async fn execute_insert(&self, statement: Statement) -> Result<(u64, i64)> {
        later()
    }
    pub async fn execute_script(&self, sql: &str) -> Result<()> {
        later()
    }
    pub async fn atomic<T>(&self, f: impl AsyncFnOnce(Db) -> Result<T>) -> Result<T> {
        f(self.clone()).await
    }
    pub async fn atomic_with<T>(
        &self,
        options: AtomicOptions,
        f: impl AsyncFnOnce(Db) -> Result<T>,
    ) -> Result<T> {
        f(self.clone()).await
    }
    pub async fn atomic_retry<T, F, Fut>(&self, f: F) -> Result<T>
    where
        F: Fn(Db) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        f(self.clone()).await
    }
    pub fn on_commit<F, Fut>(&self, f: F)
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
    }
    pub fn is_atomic(&self) -> bool {
        false
    }
    pub fn detached(&self) -> Db {
        self.clone()
    }
    pub fn record_queries(&self, on: bool) {}
    pub fn queries(&self) -> Vec<QueryRecord> {
        Vec::new()
    }
    pub fn query_count(&self) -> u64 {
        0
    }
}
