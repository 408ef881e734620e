//! Transactions and savepoints.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use nuages_schema::Backend;
use tracing::Instrument;

use super::Db;
use super::connector::Role;
use super::session::{Hook, OUTSIDE, Session, Turn, failed};
use crate::{Error, ErrorKind, Result};

/// How often a transaction is tried.
const TRIES: u32 = 5;

/// How much transactions see of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Isolation {
    /// Each statement sees what is committed.
    ReadCommitted,
    /// The transaction sees one state throughout.
    RepeatableRead,
    /// As if one transaction ran after the other. SQLite is always so.
    Serializable,
}

/// Options of [`Db::atomic_with`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtomicOptions {
    /// The isolation level, where it is not the database's default. Only for the outermost transaction.
    pub isolation: Option<Isolation>,
    /// Refuse to run inside another transaction, so that `Ok` means written for good.
    pub durable: bool,
    /// Only read: what writes is an error before it is sent, and the database need not prepare for it. Where there are
    /// replicas one of them is read, as long as the session has not written.
    pub read_only: bool,
}

impl Db {
    /// Runs the closure in a transaction: committed when it returns `Ok`, rolled back when it returns `Err`, panics
    /// or is dropped. Inside another one it is a savepoint.
    ///
    /// The closure is given the handle to use. Until it ends, calls on the outer one are refused at once.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> nuages::Result<()> {
    /// # let database = nuages::Database::connect(&nuages::DatabaseSettings::new("sqlite::memory:")).await?;
    /// # let db = database.session();
    /// # db.execute("CREATE TABLE t (n integer)".into()).await?;
    /// let failed: nuages::Result<()> = db
    ///     .atomic(async |db| {
    ///         db.execute("INSERT INTO t VALUES (1)".into()).await?;
    ///         Err(nuages::Error::other("changed my mind"))
    ///     })
    ///     .await;
    /// assert!(failed.is_err());
    /// assert!(db.fetch("SELECT n FROM t".into()).await?.is_empty());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// What the closure returns, or what the database says to BEGIN and COMMIT.
    pub async fn atomic<T>(&self, f: impl AsyncFnOnce(Self) -> Result<T>) -> Result<T> {
        self.atomic_with(AtomicOptions::default(), f).await
    }

    /// As [`atomic`](Self::atomic), with options.
    ///
    /// # Errors
    /// As [`atomic`](Self::atomic); and [`NotSupported`](ErrorKind::NotSupported) for an isolation level that the
    /// database does not have.
    pub async fn atomic_with<T>(
        &self,
        options: AtomicOptions,
        f: impl AsyncFnOnce(Self) -> Result<T>,
    ) -> Result<T> {
        let level = self.begin(options).await?;
        let outcome = f(level.db()).await;
        level.end(outcome).await
    }

    /// As [`atomic`](Self::atomic), and again from the start, five times at most, when the database gave up
    /// because of other transactions. Inside another transaction it runs once: only the outermost can be repeated.
    ///
    /// # Errors
    /// As [`atomic`](Self::atomic).
    pub async fn atomic_retry<T, F, Fut>(&self, f: F) -> Result<T>
    where
        F: Fn(Self) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let mut tries = if self.is_atomic() { TRIES } else { 1 };
        loop {
            let level = self.begin(AtomicOptions::default()).await?;
            let outcome = f(level.db()).await;
            match level.end(outcome).await {
                Err(error) if error.is_serialization() && tries < TRIES => {
                    tokio::time::sleep(pause(tries)).await;
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    /// Runs `f` after the outermost commit, once the connection is free again; never, if what it was registered in
    /// is rolled back. Outside a transaction it is started at once, in a task of its own.
    pub fn on_commit<F, Fut>(&self, f: F)
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.add_hook(Box::new(move || Box::pin(f())));
    }

    /// Runs `f` when what it was registered in is rolled back: a file that was written beside the row is removed.
    /// Outside a transaction nothing is rolled back, and it never runs.
    pub fn on_rollback<F, Fut>(&self, f: F)
    where
        F: FnOnce() -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let mut levels = self.session.levels();
        if let Some(level) = levels.stack.iter_mut().find(|level| level.number == self.level) {
            level.undo.push(Box::new(move || Box::pin(f())));
        }
    }

    fn add_hook(&self, hook: Hook) {
        let mut levels = self.session.levels();
        if self.level == OUTSIDE {
            drop(levels);
            if tokio::runtime::Handle::try_current().is_ok() {
                tokio::spawn(hook().in_current_span());
            }
        } else if let Some(level) = levels.stack.iter_mut().find(|level| level.number == self.level) {
            level.hooks.push(hook);
        } else {
            tracing::warn!(
                "a function was to run after the commit of a transaction that has ended; it is not run"
            );
        }
    }

    fn begin(&self, options: AtomicOptions) -> BoxFuture<'_, Result<RunningLevel>> {
        Box::pin(async move {
            self.session.check(self.level)?;
            let mut turn = self.session.enter().await;
            self.session.check(self.level)?;
            let depth = self.session.levels().stack.len();
            if depth == 0 {
                let commands = begin_commands(self.backend(), options)?;
                turn.ready(self.session.role_of(options.read_only)).await?;
                // From here on it may be open, whatever becomes of this future.
                turn.lease()?.in_transaction = true;
                for command in commands {
                    turn.command(command).await?;
                }
            } else {
                nested(options)?;
                turn.ready(Role::Writer).await?;
                if turn_failed(&self.session) {
                    return Err(failed());
                }
                turn.command(format!("SAVEPOINT nuages_{depth}")).await?;
            }
            let number = self.session.push(options.read_only);
            Ok(RunningLevel { session: Arc::clone(&self.session), number, ended: false })
        })
    }
}

fn turn_failed(session: &Session) -> bool {
    session.levels().failed.is_some()
}

fn nested(options: AtomicOptions) -> Result<()> {
    if options.durable {
        return Err(Error::other("a durable transaction cannot run inside another one"));
    }
    if options.isolation.is_some() {
        return Err(Error::other("the isolation level is set by the outermost transaction"));
    }
    if options.read_only {
        return Err(Error::other("whether a transaction only reads is said by the outermost one"));
    }
    Ok(())
}

/// MySQL takes the level for the next transaction; PostgreSQL with BEGIN.
fn begin_commands(backend: Backend, options: AtomicOptions) -> Result<Vec<String>> {
    let level = options.isolation.map(|level| match level {
        Isolation::ReadCommitted => "READ COMMITTED",
        Isolation::RepeatableRead => "REPEATABLE READ",
        Isolation::Serializable => "SERIALIZABLE",
    });
    let only = if options.read_only { " READ ONLY" } else { "" };
    Ok(match (backend, level) {
        (Backend::Sqlite, Some(level)) if level != "SERIALIZABLE" => {
            let text = "SQLite has no isolation level but serializable";
            return Err(Error::new(ErrorKind::NotSupported, text));
        }
        (Backend::Sqlite, _) if options.read_only => vec!["BEGIN".to_owned()],
        // A deferred transaction that reads and then writes fails at once when another one wrote in between.
        (Backend::Sqlite, _) => vec!["BEGIN IMMEDIATE".to_owned()],
        (Backend::Postgres, None) => vec![format!("BEGIN{only}")],
        (Backend::Postgres, Some(level)) => vec![format!("BEGIN ISOLATION LEVEL {level}{only}")],
        (Backend::Mysql, None) => vec![format!("START TRANSACTION{only}")],
        (Backend::Mysql, Some(level)) => {
            vec![format!("SET TRANSACTION ISOLATION LEVEL {level}"), format!("START TRANSACTION{only}")]
        }
    })
}

/// Longer from try to try, and never the same for two that met.
fn pause(tries: u32) -> Duration {
    let random = getrandom::u32().unwrap_or(u32::MAX / 2);
    let most = 10_u64 << tries;
    Duration::from_millis(most / 4 + u64::from(random) % most)
}

/// A transaction or savepoint that is open. Dropped before its end, it is undone.
struct RunningLevel {
    session: Arc<Session>,
    number: u32,
    ended: bool,
}

impl RunningLevel {
    fn db(&self) -> Db {
        Db { session: Arc::clone(&self.session), level: self.number }
    }

    async fn end<T>(self, outcome: Result<T>) -> Result<T> {
        match outcome {
            Ok(value) => self.commit().await.map(|()| value),
            Err(error) => {
                self.roll_back().await;
                Err(error)
            }
        }
    }

    /// What must happen after the commit happens even if the caller goes away meanwhile, so it gets its own task.
    fn commit(self) -> BoxFuture<'static, Result<()>> {
        let has_hooks = {
            let levels = self.session.levels();
            levels.stack.len() == 1 && levels.stack.iter().any(|level| !level.hooks.is_empty())
        };
        if !has_hooks {
            return Box::pin(async move { self.commit_now().await.map(drop) });
        }
        let task = async move {
            for hook in self.commit_now().await? {
                if let Err(error) = tokio::spawn(hook().in_current_span()).await {
                    tracing::error!(%error, "a function that was to run after the commit panicked");
                }
            }
            Ok(())
        };
        Box::pin(async move { tokio::spawn(task.in_current_span()).await? })
    }

    async fn commit_now(mut self) -> Result<Vec<Hook>> {
        let session = Arc::clone(&self.session);
        let mut turn = session.enter().await;
        turn.settle().await?;
        let depth = self.depth()?;
        if turn_failed(&session) {
            self.undo(&mut turn, depth).await;
            return Err(failed());
        }
        let command =
            if depth == 0 { "COMMIT".to_owned() } else { format!("RELEASE SAVEPOINT nuages_{depth}") };
        if let Err(error) = turn.command(command).await {
            self.undo(&mut turn, depth).await;
            return Err(error);
        }
        self.ended = true;
        let mut levels = session.levels();
        let ended = session.pop(&mut levels, depth);
        if let Some(outer) = levels.stack.last_mut() {
            outer.hooks.extend(ended.hooks);
            outer.undo.extend(ended.undo);
            return Ok(Vec::new());
        }
        drop(levels);
        turn.lease()?.in_transaction = false;
        Ok(ended.hooks)
    }

    /// The position of this level, which must be the innermost.
    fn depth(&self) -> Result<usize> {
        let levels = self.session.levels();
        let depth = levels.stack.iter().position(|level| level.number == self.number);
        match depth {
            Some(depth) if depth + 1 == levels.stack.len() => Ok(depth),
            _ => Err(Error::other(
                "a transaction inside this one is still running; await it before this one ends. It was rolled back",
            )),
        }
    }

    fn roll_back(mut self) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let session = Arc::clone(&self.session);
            let mut turn = session.enter().await;
            let settled = turn.settle().await;
            // If this cannot go in good order, dropping the level gives up the connection.
            if let (Ok(()), Ok(depth)) = (settled, self.depth()) {
                self.undo(&mut turn, depth).await;
            }
        })
    }

    /// Rolls back and ends the level. If even that fails, dropping the level gives up the connection.
    async fn undo(&mut self, turn: &mut Turn<'_>, depth: usize) {
        if turn.lease().is_err() {
            // It was given up already, and is rolled back by that.
            return self.ended_at(depth);
        }
        let outcome = if depth == 0 { turn.roll_back().await } else { turn.back_to(depth).await };
        match outcome {
            Ok(()) => self.ended_at(depth),
            Err(error) => tracing::warn!(%error, "a transaction could not be rolled back in good order"),
        }
    }

    fn ended_at(&mut self, depth: usize) {
        self.ended = true;
        let mut levels = self.session.levels();
        let ended = self.session.pop(&mut levels, depth);
        drop(levels);
        ended.undone();
    }
}

impl Drop for RunningLevel {
    fn drop(&mut self) {
        if !self.ended {
            self.session.abandon(self.number);
        }
    }
}
