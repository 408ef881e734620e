//! What the handles of one session share: the slot for a connection, and how deep in transactions it is.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use tracing::Instrument;

use super::connection::{Done, Sink};
use super::connector::Role;
use super::failure::Effect;
use super::pool::Lease;
use super::record::QueryLog;
use super::statement::{Verb, verb};
use super::{Database, Statement};
use crate::{Error, ErrorKind, Result};

/// Runs after the outermost commit.
pub(super) type Hook = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

/// The number of a handle that stands outside every transaction.
pub(super) const OUTSIDE: u32 = 0;

pub(super) struct Session {
    pub(super) database: Database,
    pub(super) log: QueryLog,
    /// The session keeps its connection between statements.
    dedicated: bool,
    /// It has written, or wants to read what others wrote: no copy will do any more.
    fresh: AtomicBool,
    /// Filled while a statement or a transaction runs. Statements of one session go one after the other.
    slot: Arc<tokio::sync::Mutex<Option<Lease>>>,
    /// The number of the innermost transaction or savepoint, [`OUTSIDE`] if there is none.
    current: AtomicU32,
    levels: Mutex<Levels>,
}

#[derive(Default)]
pub(super) struct Levels {
    pub(super) stack: Vec<Level>,
    last: u32,
    undo: Undo,
    /// The depth from which on the server takes no more statements, 1 for the whole transaction.
    pub(super) failed: Option<usize>,
    /// The transaction only reads.
    read_only: bool,
}

/// A transaction, or a savepoint inside it.
pub(super) struct Level {
    pub(super) number: u32,
    /// For after the commit.
    pub(super) hooks: Vec<Hook>,
    /// For when it is rolled back.
    pub(super) undo: Vec<Hook>,
}

/// What was to run after levels that ended.
#[derive(Default)]
pub(super) struct Ended {
    pub(super) hooks: Vec<Hook>,
    pub(super) undo: Vec<Hook>,
}

impl Ended {
    /// Runs what was to run if it is rolled back, in a task of its own; the last first.
    pub(super) fn undone(self) {
        if self.undo.is_empty() || tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        let task = async move {
            for hook in self.undo.into_iter().rev() {
                hook().await;
            }
        };
        tokio::spawn(task.in_current_span());
    }
}

/// What an abandoned level (its future was dropped, or panicked) has left to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Undo {
    #[default]
    Nothing,
    /// Back to this savepoint, before the next statement.
    Savepoint(usize),
    /// The connection is given up, and cleaned by the pool.
    Transaction,
}

impl Session {
    pub(super) fn new(database: Database) -> Self {
        Self::with(database, false, None)
    }

    pub(super) fn dedicated(database: Database, lease: Lease) -> Self {
        Self::with(database, true, Some(lease))
    }

    fn with(database: Database, dedicated: bool, lease: Option<Lease>) -> Self {
        let fresh = AtomicBool::new(dedicated || !database.has_replicas());
        Self {
            database,
            log: QueryLog::default(),
            dedicated,
            fresh,
            slot: Arc::new(tokio::sync::Mutex::new(lease)),
            current: AtomicU32::new(OUTSIDE),
            levels: Mutex::default(),
        }
    }

    pub(super) fn levels(&self) -> MutexGuard<'_, Levels> {
        self.levels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_current(&self, level: u32) -> bool {
        self.current.load(Ordering::Acquire) == level
    }

    /// Checks that a handle may speak now.
    pub(super) fn check(&self, level: u32) -> Result<()> {
        if self.is_current(level) { Ok(()) } else { Err(self.wrong_handle(level)) }
    }

    #[cold]
    fn wrong_handle(&self, level: u32) -> Error {
        let outer = level == OUTSIDE || self.levels().stack.iter().any(|known| known.number == level);
        Error::other(if outer {
            "a transaction that was started from this `Db` is still running; inside `atomic`, use the `Db` that the \
             closure was given, or `detached()` for work that does not belong to it"
        } else {
            "the transaction of this `Db` has ended; use the `Db` that `atomic` was called on"
        })
    }

    /// Waits for the session's turn.
    pub(super) async fn enter(&self) -> Turn<'_> {
        let slot = Arc::clone(&self.slot).lock_owned().await;
        Turn { session: self, slot: Some(slot) }
    }

    /// One statement of a handle at this level. The future is boxed, so that no caller sees into the driver.
    pub(super) fn run<'a>(
        &'a self,
        level: u32,
        statement: Statement,
        sink: &'a mut Sink<'a>,
    ) -> BoxFuture<'a, Result<Done>> {
        Box::pin(async move {
            let role = self.role(&statement.sql)?;
            self.check(level)?;
            let mut turn = self.enter().await;
            // While this waited, somebody may have gone a level deeper.
            self.check(level)?;
            if role == Role::Writer && level != OUTSIDE && self.levels().read_only {
                return Err(only_reads());
            }
            turn.ready(role).await?;
            turn.run(statement, sink).await
        })
    }

    /// Several statements in one text, without values.
    pub(super) fn script(&self, level: u32, sql: String) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.check(level)?;
            let mut turn = self.enter().await;
            self.check(level)?;
            turn.ready(Role::Writer).await?;
            let outside = self.is_current(OUTSIDE);
            // Nobody knows what such a text leaves behind, so the connection is cleaned before others get it.
            turn.lease()?.in_transaction |= outside && !self.dedicated;
            turn.script(sql).await
        })
    }

    pub(super) async fn close(&self, level: u32) -> Result<()> {
        self.check(level)?;
        let mut turn = self.enter().await;
        if let Some(lease) = turn.slot()?.take() {
            lease.close().await;
        }
        Ok(())
    }

    /// Whether a statement is sent a second time, should the connection have prepared it for a table as it was
    /// before: only where no transaction is lost with it, and not the whole of a bulk insert.
    fn may_run_again(&self, statement: &Statement) -> bool {
        statement.columns.is_empty()
            && self.database.backend() == nuages_schema::Backend::Postgres
            && !self.dedicated
            && self.is_current(OUTSIDE)
    }

    fn role(&self, sql: &str) -> Result<Role> {
        match verb(sql) {
            Verb::Read if self.fresh.load(Ordering::Relaxed) => Ok(Role::Reader),
            Verb::Read => Ok(Role::Replica),
            Verb::Transaction if !self.dedicated => Err(Error::other(
                "transactions are started and ended with `atomic`, not with SQL; on `Database::dedicated()` both work",
            )),
            Verb::Write | Verb::Transaction => Ok(Role::Writer),
        }
    }

    /// From here on the session reads from the database itself.
    pub(super) fn read_fresh(&self) {
        self.fresh.store(true, Ordering::Relaxed);
    }

    /// What a transaction needs a connection for.
    pub(super) fn role_of(&self, read_only: bool) -> Role {
        match (read_only, self.fresh.load(Ordering::Relaxed)) {
            (false, _) => Role::Writer,
            (true, true) => Role::Reader,
            (true, false) => Role::Replica,
        }
    }

    pub(super) fn push(&self, read_only: bool) -> u32 {
        let mut levels = self.levels();
        levels.read_only = if levels.stack.is_empty() { read_only } else { levels.read_only };
        levels.last = levels.last.wrapping_add(1).max(1);
        let number = levels.last;
        levels.stack.push(Level { number, hooks: Vec::new(), undo: Vec::new() });
        self.current.store(number, Ordering::Release);
        number
    }

    /// Ends the level at this depth, counted from 0, and everything inside it.
    pub(super) fn pop(&self, levels: &mut Levels, depth: usize) -> Ended {
        let mut ended = Ended::default();
        for level in levels.stack.drain(depth..) {
            ended.hooks.extend(level.hooks);
            ended.undo.extend(level.undo);
        }
        let outer = levels.stack.last().map_or(OUTSIDE, |level| level.number);
        self.current.store(outer, Ordering::Release);
        if levels.failed.is_some_and(|failed| failed > depth) {
            levels.failed = None;
        }
        ended
    }

    /// A level ended without a word: its future was dropped, or panicked.
    pub(super) fn abandon(&self, number: u32) {
        let mut levels = self.levels();
        let Some(depth) = levels.stack.iter().position(|level| level.number == number) else { return };
        // The server may be in the middle of it, so a failure inside is not forgotten before the undoing.
        let failed = levels.failed;
        let ended = self.pop(&mut levels, depth);
        levels.failed = failed;
        levels.undo = match (depth, levels.undo) {
            (0, _) | (_, Undo::Transaction) => Undo::Transaction,
            (depth, Undo::Savepoint(known)) => Undo::Savepoint(depth.min(known)),
            (depth, Undo::Nothing) => Undo::Savepoint(depth),
        };
        drop(levels);
        ended.undone();
        self.sweep();
    }

    /// Gives up the connection of an abandoned transaction, if nobody is using the slot; who is, does it on leaving.
    fn sweep(&self) {
        // A dedicated connection stays; it is rolled back before its next statement, or ends with the session.
        if self.dedicated || self.levels().undo != Undo::Transaction {
            return;
        }
        if let Ok(mut slot) = Arc::clone(&self.slot).try_lock_owned() {
            self.give_up(&mut slot);
        }
    }

    fn give_up(&self, slot: &mut Option<Lease>) {
        let mut levels = self.levels();
        levels.undo = Undo::Nothing;
        levels.failed = None;
        drop(levels);
        drop(slot.take());
    }
}

/// A session's turn: the slot is locked. Whatever happens, leaving it puts things in order.
pub(super) struct Turn<'s> {
    session: &'s Session,
    slot: Option<tokio::sync::OwnedMutexGuard<Option<Lease>>>,
}

impl Turn<'_> {
    fn slot(&mut self) -> Result<&mut Option<Lease>> {
        self.slot.as_deref_mut().ok_or_else(|| Error::other("this turn is over"))
    }

    pub(super) fn lease(&mut self) -> Result<&mut Lease> {
        self.slot()?.as_mut().ok_or_else(lost)
    }

    /// Undoes what was abandoned, and sees that there is a connection.
    pub(super) async fn ready(&mut self, role: Role) -> Result<()> {
        let session = self.session;
        if session.levels().undo != Undo::Nothing {
            // Seldom; nobody else has to move the future of it along.
            Box::pin(self.settle()).await?;
        }
        if self.slot()?.is_some() {
            return Ok(());
        }
        if session.dedicated || !session.is_current(OUTSIDE) {
            return Err(lost());
        }
        if role == Role::Writer {
            session.read_fresh();
        }
        let lease = session.database.take(role).await?;
        *self.slot()? = Some(lease);
        Ok(())
    }

    /// Undoes what was abandoned.
    pub(super) async fn settle(&mut self) -> Result<()> {
        let session = self.session;
        let undo = session.levels().undo;
        match undo {
            Undo::Nothing => Ok(()),
            Undo::Transaction => {
                let slot = self.slot()?;
                if session.dedicated {
                    // The connection must stay the same one: roll back here.
                    if slot.is_some() {
                        self.roll_back().await?;
                    }
                    let mut levels = session.levels();
                    (levels.undo, levels.failed) = (Undo::Nothing, None);
                } else {
                    session.give_up(slot);
                }
                Ok(())
            }
            Undo::Savepoint(depth) => {
                self.back_to(depth).await?;
                session.levels().undo = Undo::Nothing;
                Ok(())
            }
        }
    }

    /// Rolls back to the savepoint of this depth and forgets it.
    pub(super) async fn back_to(&mut self, depth: usize) -> Result<()> {
        if self.session.levels().failed == Some(1) {
            // The server has ended the transaction; there is no savepoint any more.
            return Ok(());
        }
        self.command(format!("ROLLBACK TO SAVEPOINT nuages_{depth}")).await?;
        self.command(format!("RELEASE SAVEPOINT nuages_{depth}")).await?;
        let mut levels = self.session.levels();
        if levels.failed.is_some_and(|failed| failed > depth) {
            levels.failed = None;
        }
        Ok(())
    }

    /// Rolls back the whole transaction.
    pub(super) async fn roll_back(&mut self) -> Result<()> {
        let lease = self.lease()?;
        lease.busy = true;
        let outcome = lease.connection()?.rollback().await;
        lease.busy = false;
        lease.in_transaction &= outcome.is_err();
        outcome
    }

    async fn run(&mut self, mut statement: Statement, sink: &mut Sink<'_>) -> Result<Done> {
        let session = self.session;
        self.refuse_after_failure()?;
        let lease = self.lease()?;
        let running = session.log.start(&statement.sql, statement.args.len() + statement.columns.len());
        lease.busy = true;
        let mariadb = session.database.capabilities().mariadb;
        let mut outcome = lease.connection()?.run_statement(&mut statement, mariadb, sink).await;
        if outcome.as_ref().is_err_and(|failure| failure.effect() == Effect::Stale) {
            Box::pin(lease.connection()?.forget_statements()).await?;
            if session.may_run_again(&statement) {
                // The server refused it before the first row, so nothing is handed out twice.
                let again = lease.connection()?.run_statement(&mut statement, mariadb, sink);
                outcome = Box::pin(again).await;
            }
        }
        lease.busy = false;
        match outcome {
            Ok(done) => {
                session.log.end(running, done.rows.max(done.affected));
                Ok(done)
            }
            Err(failure) => {
                session.log.end(running, 0);
                self.note(failure.effect());
                Err(failure.into_error(&statement.sql))
            }
        }
    }

    async fn script(&mut self, sql: String) -> Result<()> {
        self.refuse_after_failure()?;
        self.command(sql).await
    }

    /// Sends text without values as part of the session's own work.
    pub(super) async fn command(&mut self, sql: impl Into<Cow<'static, str>>) -> Result<()> {
        let sql = sql.into();
        let session = self.session;
        let lease = self.lease()?;
        let running = session.log.start(&sql, 0);
        lease.busy = true;
        let outcome = lease.connection()?.script(sql.clone()).await;
        lease.busy = false;
        session.log.end(running, 0);
        outcome.map_err(|failure| {
            self.note(failure.effect());
            failure.into_error(&sql)
        })
    }

    /// PostgreSQL refuses statements after a failed one by itself, but answers COMMIT with a silent ROLLBACK.
    fn refuse_after_failure(&self) -> Result<()> {
        match self.session.levels().failed {
            Some(_) if !self.session.is_current(OUTSIDE) => Err(failed()),
            _ => Ok(()),
        }
    }

    fn note(&mut self, effect: Effect) {
        let depth = self.session.levels().stack.len();
        match effect {
            Effect::None => {}
            Effect::Level | Effect::Stale if depth > 0 => self.session.levels().failed = Some(depth),
            Effect::Transaction if depth > 0 => self.session.levels().failed = Some(1),
            Effect::Connection => {
                if let Ok(lease) = self.lease() {
                    lease.broken = true;
                }
            }
            Effect::Level | Effect::Stale | Effect::Transaction => {}
        }
    }

    /// Whether the connection has to leave the slot now.
    fn must_leave(&self, lease: &Lease) -> bool {
        let outside = self.session.is_current(OUTSIDE);
        lease.busy || lease.broken || (outside && !self.session.dedicated)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let Some(mut slot) = self.slot.take() else { return };
        if slot.as_ref().is_some_and(|lease| self.must_leave(lease)) {
            drop(slot.take());
        }
        drop(slot);
        self.session.sweep();
    }
}

#[cold]
fn only_reads() -> Error {
    Error::new(
        ErrorKind::NotSupported,
        "this transaction was said to read only; leave `read_only` out where something is written",
    )
}

#[cold]
fn lost() -> Error {
    Error::new(
        ErrorKind::Database,
        "the connection of this transaction was given up, because one of its statements was dropped half way or the \
         server went away; nothing of it was written",
    )
}

#[cold]
pub(super) fn failed() -> Error {
    Error::new(
        ErrorKind::Database,
        "a statement of this transaction failed, so it can only be rolled back; give what may fail an `atomic` of its \
         own, and return its error",
    )
}
