//! Connections that sessions share.
//!
//! The last one given back is the first one handed out, so few stay warm.
//! Nothing is sent to the server in between. Each taker holds a [`Lease`];
//! when it ends in any doubt about what the server is doing (a transaction is
//! open, a statement was dropped half way), the connection is cleaned or
//! closed before its place in the pool is free again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::DatabaseSettings;
use super::connection::Connection;
use super::connector::{self, Role};
use crate::{Error, ErrorKind, Result};

/// How long the server may take to answer a ping or a ROLLBACK before the connection is given up.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) struct Pool {
    settings: Arc<DatabaseSettings>,
    role: Role,
    size: u32,
    wait: Duration,
    /// The database lives in its one connection, which must not be closed.
    memory: bool,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: Connection,
    end_of_life: Instant,
    since: Instant,
    /// It was given back where nothing could be awaited; whoever takes it cleans it first.
    doubtful: bool,
}

/// A connection on loan.
pub(super) struct Lease {
    held: Option<Held>,
    /// A transaction is open, or was asked for.
    pub(super) in_transaction: bool,
    /// A statement is under way; still set when the lease ends, it was dropped half way.
    pub(super) busy: bool,
    /// The connection does not work any more.
    pub(super) broken: bool,
}

struct Held {
    connection: Connection,
    end_of_life: Instant,
    /// Where it goes back to; a dedicated connection is closed instead.
    home: Option<(Arc<Pool>, OwnedSemaphorePermit)>,
}

impl Pool {
    pub(super) fn new(settings: Arc<DatabaseSettings>, role: Role, size: u32) -> Arc<Self> {
        let memory = connector::is_memory(&settings);
        let size = if memory { 1 } else { size.max(1) };
        // A writer of SQLite queues for the one connection as it would for the file's lock.
        let sqlite_writer = role == Role::Writer && settings.url.starts_with("sqlite:");
        let wait = if sqlite_writer {
            settings.acquire_timeout.max(settings.busy_timeout)
        } else {
            settings.acquire_timeout
        };
        let permits = Arc::new(Semaphore::new(size as usize));
        Arc::new(Self { settings, role, size, wait, memory, permits, idle: Mutex::default() })
    }

    /// Waits for a place, first come first served, then hands out a connection that works.
    pub(super) async fn take(self: &Arc<Self>) -> Result<Lease> {
        match self.take_at_hand() {
            Some(lease) => Ok(lease),
            // Seldom; nobody else has to move the future of it along.
            None => Box::pin(self.take_or_open()).await,
        }
    }

    /// A connection that needs no word with the server first, if one lies there.
    fn take_at_hand(self: &Arc<Self>) -> Option<Lease> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        let idle = self.idle().pop_if(|idle| !idle.doubtful && (self.memory || self.is_fresh(idle)))?;
        Some(self.lease(idle.connection, idle.end_of_life, permit))
    }

    fn is_fresh(&self, idle: &Idle) -> bool {
        let now = Instant::now();
        now < idle.end_of_life && now.duration_since(idle.since) < self.settings.idle_ping
    }

    async fn take_or_open(self: &Arc<Self>) -> Result<Lease> {
        let permit = self.permit().await?;
        while let Some(mut idle) = self.pop() {
            if self.still_good(&mut idle).await {
                return Ok(self.lease(idle.connection, idle.end_of_life, permit));
            }
        }
        let connecting = connector::connect(&self.settings, self.role);
        match tokio::time::timeout(self.wait.max(PATIENCE), connecting).await {
            Ok(connection) => Ok(self.lease(connection?, self.end_of_life(), permit)),
            Err(_) => Err(Error::new(ErrorKind::PoolTimeout, "the database server did not answer in time")),
        }
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => return Ok(permit),
            Err(TryAcquireError::Closed) => return Err(closed()),
            Err(TryAcquireError::NoPermits) => {}
        }
        match tokio::time::timeout(self.wait, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(permit) => permit.map_err(|_| closed()),
            Err(_) => Err(self.exhausted()),
        }
    }

    #[cold]
    fn exhausted(&self) -> Error {
        let text = format!(
            "no database connection became free within {:?}; all {} are in use (is one held by a transaction that waits for this?)",
            self.wait, self.size
        );
        Error::new(ErrorKind::PoolTimeout, text)
    }

    fn lease(
        self: &Arc<Self>,
        connection: Connection,
        end_of_life: Instant,
        permit: OwnedSemaphorePermit,
    ) -> Lease {
        Lease::new(Held { connection, end_of_life, home: Some((Arc::clone(self), permit)) })
    }

    fn pop(&self) -> Option<Idle> {
        self.idle().pop()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn still_good(&self, idle: &mut Idle) -> bool {
        if self.memory {
            return !idle.doubtful || clean(&mut idle.connection).await.is_ok();
        }
        let now = Instant::now();
        if now >= idle.end_of_life {
            return false;
        }
        if idle.doubtful {
            return in_time(clean(&mut idle.connection)).await;
        }
        now.duration_since(idle.since) < self.settings.idle_ping || in_time(idle.connection.ping()).await
    }

    /// A fifth more or less than the setting, so that connections opened together do not end together.
    fn end_of_life(&self) -> Instant {
        let share = getrandom::u32().map_or(0.5, |random| f64::from(random) / f64::from(u32::MAX));
        Instant::now() + self.settings.max_lifetime.mul_f64(0.8 + 0.4 * share)
    }

    fn put_back(&self, connection: Connection, end_of_life: Instant, doubtful: bool) {
        if !self.permits.is_closed() {
            self.idle().push(Idle { connection, end_of_life, since: Instant::now(), doubtful });
        }
    }

    /// The server went away, so the other connections did too; without this each would fail once.
    fn forget_idle(&self) {
        if !self.memory {
            self.idle().clear();
        }
    }

    /// Refuses new takers, waits for those under way, and closes what there is.
    pub(super) async fn close(&self) {
        let all = tokio::time::timeout(self.wait, self.permits.acquire_many(self.size)).await;
        self.permits.close();
        drop(all);
        let idle: Vec<Idle> = self.idle().drain(..).collect();
        for idle in idle {
            idle.connection.close().await;
        }
    }
}

impl Lease {
    fn new(held: Held) -> Self {
        Self { held: Some(held), in_transaction: false, busy: false, broken: false }
    }

    /// A connection of its own, which is closed in the end.
    pub(super) fn dedicated(connection: Connection) -> Self {
        Self::new(Held { connection, end_of_life: Instant::now(), home: None })
    }

    pub(super) fn connection(&mut self) -> Result<&mut Connection> {
        match &mut self.held {
            Some(held) => Ok(&mut held.connection),
            None => Err(Error::new(ErrorKind::Database, "this connection was given back already")),
        }
    }

    /// Closes a dedicated connection, and waits for it.
    pub(super) async fn close(mut self) {
        match self.held.take() {
            Some(Held { connection, home: None, .. }) => connection.close().await,
            held => self.held = held,
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(Held { connection, end_of_life, home }) = self.held.take() else { return };
        let Some((pool, permit)) = home else { return };
        match () {
            () if self.broken => pool.forget_idle(),
            // A network protocol may be in the middle of a message; SQLite finishes the statement by itself.
            () if self.busy && !connection.is_embedded() => {}
            () if self.busy || self.in_transaction => return recover(connection, end_of_life, pool, permit),
            () => pool.put_back(connection, end_of_life, false),
        }
        // The place is free only now that the connection is back, or gone.
        drop(permit);
    }
}

/// Rolls back in a task of its own, which keeps the place in the pool until it is done.
fn recover(mut connection: Connection, end_of_life: Instant, pool: Arc<Pool>, permit: OwnedSemaphorePermit) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        if pool.memory {
            pool.put_back(connection, end_of_life, true);
        }
        return drop(permit);
    };
    runtime.spawn(async move {
        // A database in memory is worth waiting for: it cannot be opened again.
        let clean = if pool.memory {
            clean(&mut connection).await.is_ok()
        } else {
            in_time(clean(&mut connection)).await
        };
        if clean {
            pool.put_back(connection, end_of_life, false);
        }
        drop(permit);
    });
}

async fn clean(connection: &mut Connection) -> Result<()> {
    connection.rollback().await?;
    connection.reset().await
}

async fn in_time(work: impl Future<Output = Result<()>>) -> bool {
    matches!(tokio::time::timeout(PATIENCE, work).await, Ok(Ok(())))
}

#[cold]
fn closed() -> Error {
    Error::new(ErrorKind::PoolTimeout, "the database was closed; the program is shutting down")
}
