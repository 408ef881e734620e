//! A session on a database: what queries are sent through.

use std::fmt;
use std::sync::Arc;

use nuages_schema::Backend;

use super::session::{OUTSIDE, Session};
use super::{Capabilities, Database, QueryRecord, Row, Statement};
use crate::Result;
use crate::storage::Storages;

/// A session on a database.
///
/// Clones share the session. It takes a connection for a statement or a transaction and gives it back after,
/// so it may be kept as long as one likes. Statements of one session go one after the other; for work that is to
/// go beside it there is [`detached`](Self::detached).
#[derive(Clone)]
pub struct Db {
    pub(super) session: Arc<Session>,
    /// The transaction or savepoint that this handle belongs to.
    pub(super) level: u32,
}

impl Db {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self { session, level: OUTSIDE }
    }

    /// The database of this session.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.session.database
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.database().backend()
    }

    /// What the server can do.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        self.database().capabilities()
    }

    /// Where the files lie whose names its rows hold.
    #[must_use]
    pub fn storages(&self) -> &Storages {
        self.database().storages()
    }

    /// Another session on the same database, for work that runs beside this one.
    #[must_use]
    pub fn detached(&self) -> Self {
        self.database().session()
    }

    /// Another session, on another database of the project: `Book::objects().all(&db.using("archive")?)`.
    ///
    /// The two have nothing in common: a transaction here holds nothing there.
    ///
    /// # Errors
    /// The settings name no such database.
    pub fn using(&self, name: &str) -> Result<Self> {
        Ok(self.database().named(name)?.session())
    }

    /// The same session, reading from the database itself and not from its replicas any more, as after a write: for a
    /// request that must see what an earlier one wrote.
    #[must_use]
    pub fn primary(&self) -> Self {
        self.session.read_fresh();
        self.clone()
    }

    /// Whether this handle belongs to a transaction.
    #[must_use]
    pub fn is_atomic(&self) -> bool {
        self.level != OUTSIDE
    }

    /// All rows of a statement.
    ///
    /// # Errors
    /// The database refuses it, or no connection is free in time.
    pub async fn fetch(&self, statement: Statement) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        let mut sink = |row| {
            rows.push(row);
            Ok(())
        };
        self.session.run(self.level, statement, &mut sink).await?;
        Ok(rows)
    }

    /// Gives the rows to `each` as they arrive; an error from it ends the statement.
    ///
    /// # Errors
    /// As [`fetch`](Self::fetch), and what `each` returns.
    pub async fn fetch_each(
        &self,
        statement: Statement,
        each: &mut (dyn FnMut(&Row) -> Result<()> + Send),
    ) -> Result<()> {
        let mut sink = |row| each(&row);
        self.session.run(self.level, statement, &mut sink).await?;
        Ok(())
    }

    /// The first row of a statement, if it has one. The statement itself should ask for no more than it needs.
    ///
    /// # Errors
    /// As [`fetch`](Self::fetch).
    pub async fn fetch_optional(&self, mut statement: Statement) -> Result<Option<Row>> {
        statement.first = true;
        let mut first = None;
        let mut sink = |row| {
            first.get_or_insert(row);
            Ok(())
        };
        self.session.run(self.level, statement, &mut sink).await?;
        Ok(first)
    }

    /// Runs a statement and says how many rows it changed.
    ///
    /// # Errors
    /// As [`fetch`](Self::fetch).
    pub async fn execute(&self, statement: Statement) -> Result<u64> {
        let done = self.session.run(self.level, statement, &mut |_| Ok(())).await?;
        Ok(done.affected)
    }

    /// Runs an INSERT and says how many rows it made, and which key the database gave: SQLite to the last row,
    /// MySQL to the first. PostgreSQL says 0; there one asks with RETURNING.
    ///
    /// # Errors
    /// As [`fetch`](Self::fetch).
    pub async fn execute_insert(&self, statement: Statement) -> Result<(u64, i64)> {
        let done = self.session.run(self.level, statement, &mut |_| Ok(())).await?;
        Ok((done.affected, done.last_insert_id))
    }

    /// Runs several statements in one text, without values: for scripts of the schema, never with text from outside.
    ///
    /// # Errors
    /// As [`fetch`](Self::fetch).
    pub async fn execute_script(&self, sql: impl Into<String>) -> Result<()> {
        self.session.script(self.level, sql.into()).await
    }

    /// Ends a [dedicated](Database::dedicated) session: its connection is closed, and the server lets go of
    /// its locks when it has heard of it.
    /// Other sessions hold no connection between statements, so for them it does nothing.
    ///
    /// # Errors
    /// A transaction of the session is still running.
    pub async fn close(&self) -> Result<()> {
        self.session.close(self.level).await
    }

    /// Starts or stops keeping the texts and times of statements.
    pub fn record_queries(&self, on: bool) {
        self.session.log.record(on);
    }

    /// What was kept while recording was on, in order.
    #[must_use]
    pub fn queries(&self) -> Vec<QueryRecord> {
        self.session.log.records()
    }

    /// How many statements this session has sent.
    #[must_use]
    pub fn query_count(&self) -> u64 {
        self.session.log.count()
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Db").field("backend", &self.backend()).field("atomic", &self.is_atomic()).finish()
    }
}
