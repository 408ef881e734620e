//! A database that a process has opened.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use nuages_schema::Backend;

use super::connector::{self, Role};
use super::pool::{Lease, Pool};
use super::replicas::Replicas;
use super::session::Session;
use super::{Capabilities, DatabaseSettings, Db, Statement};
use crate::storage::Storages;
use crate::{Error, ErrorKind, Result};

/// An open database: connections that sessions share. Cloning is cheap.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> nuages::Result<()> {
/// use nuages::{Database, DatabaseSettings};
///
/// let database = Database::connect(&DatabaseSettings::new("sqlite::memory:")).await?;
/// let db = database.session();
/// let rows = db.fetch("SELECT 1 + 1".into()).await?;
/// assert_eq!(rows[0].i64(0)?, Some(2));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    settings: Arc<DatabaseSettings>,
    backend: Backend,
    capabilities: Capabilities,
    writers: Arc<Pool>,
    /// SQLite on disk: what only reads need not wait for the writer.
    readers: Option<Arc<Pool>>,
    /// Copies that sessions read from until they write.
    replicas: Replicas,
    /// The other databases of the project, by name.
    others: OnceLock<BTreeMap<String, Database>>,
    /// Where the files lie whose names its rows hold.
    storages: OnceLock<Storages>,
}

impl Database {
    /// Opens a database and asks it what it can do.
    ///
    /// # Errors
    /// The URL names no database that this program was built for, or the database cannot be reached.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self> {
        let mut database = Self::unconnected(settings)?;
        let capabilities = probe(database.0.backend, &database.0.writers).await?;
        // Nobody else has it yet.
        if let Some(inner) = Arc::get_mut(&mut database.0) {
            inner.capabilities = capabilities;
        }
        Ok(database)
    }

    /// A database that is not asked for anything yet, for commands that need none. What it can do is
    /// taken to be the least that its kind can.
    pub(crate) fn unconnected(settings: &DatabaseSettings) -> Result<Self> {
        let backend = connector::backend_of(&settings.url)?;
        let settings = Arc::new(settings.clone());
        let on_disk = backend == Backend::Sqlite && !connector::is_memory(&settings);
        let writers = if on_disk { 1 } else { settings.max_connections };
        let writers = Pool::new(Arc::clone(&settings), Role::Writer, writers);
        let readers = on_disk.then(|| Pool::new(Arc::clone(&settings), Role::Reader, readers(&settings)));
        let capabilities = Capabilities::of(backend, "");
        let replicas = Replicas::of(&settings)?;
        let (others, storages) = (OnceLock::new(), OnceLock::new());
        let inner = Inner { settings, backend, capabilities, writers, readers, replicas, others, storages };
        Ok(Self(Arc::new(inner)))
    }

    /// A session for a request or a task. It takes a connection when it needs one.
    #[must_use]
    pub fn session(&self) -> Db {
        Db::new(Arc::new(Session::new(self.clone())))
    }

    /// A session with a connection of its own outside the pool, kept from the first statement to the last and
    /// closed in the end: for migrations, which set PRAGMAs outside transactions and hold locks of the session.
    ///
    /// A database in memory has only one connection; there, this is that one, and others wait.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn dedicated(&self) -> Result<Db> {
        let lease = if connector::is_memory(&self.0.settings) {
            let mut lease = self.0.writers.take().await?;
            // Whatever was set on it is put back when it ends.
            lease.in_transaction = true;
            lease
        } else {
            Lease::dedicated(connector::connect(&self.0.settings, Role::Writer).await?)
        };
        Ok(Db::new(Arc::new(Session::dedicated(self.clone(), lease))))
    }

    /// Gives this database's sessions the others of a project, for [`Db::using`]. Only the first call counts.
    #[must_use]
    pub fn with_others(self, others: BTreeMap<String, Self>) -> Self {
        self.0.others.get_or_init(|| others);
        self
    }

    /// Says where the files lie whose names its rows hold. Only the first call counts.
    #[must_use]
    pub fn with_storages(self, storages: Storages) -> Self {
        for other in self.0.others.get().into_iter().flat_map(BTreeMap::values) {
            other.0.storages.get_or_init(|| storages.clone());
        }
        self.0.storages.get_or_init(|| storages);
        self
    }

    /// Where the files lie whose names its rows hold.
    #[must_use]
    pub fn storages(&self) -> &Storages {
        static NONE: OnceLock<Storages> = OnceLock::new();
        // Who asks too early does not keep the project from saying it.
        self.0.storages.get().unwrap_or_else(|| NONE.get_or_init(Storages::new))
    }

    /// Another database of the project, by the name the settings give it.
    ///
    /// # Errors
    /// There is none of the name; the error lists those that are there.
    pub fn named(&self, name: &str) -> Result<&Self> {
        let others = self.0.others.get();
        others.and_then(|others| others.get(name)).ok_or_else(|| unknown(name, others))
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.0.backend
    }

    /// What the server can do.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        &self.0.capabilities
    }

    /// The settings it was opened with.
    #[must_use]
    pub fn settings(&self) -> &DatabaseSettings {
        &self.0.settings
    }

    /// Refuses new statements, waits a little for those under way, and closes all connections.
    pub async fn close(&self) {
        if let Some(readers) = &self.0.readers {
            readers.close().await;
        }
        self.0.replicas.close().await;
        self.0.writers.close().await;
        for other in self.0.others.get().into_iter().flat_map(BTreeMap::values) {
            Box::pin(other.close()).await;
        }
    }

    /// Whether what is read may be older than what was written.
    pub(super) fn has_replicas(&self) -> bool {
        !self.0.replicas.is_empty()
    }

    pub(super) async fn take(&self, role: Role) -> Result<Lease> {
        match (&self.0.readers, role) {
            (_, Role::Replica) => match self.0.replicas.take().await {
                Some(lease) => Ok(lease),
                None => Box::pin(self.take(Role::Reader)).await,
            },
            (Some(readers), Role::Reader) => readers.take().await,
            _ => self.0.writers.take().await,
        }
    }
}

/// A reader of SQLite works on a processor, not somewhere else; more of them than processors only wait for each
/// other's locks.
fn readers(settings: &DatabaseSettings) -> u32 {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    settings.max_connections.min(u32::try_from(processors).unwrap_or(u32::MAX).max(2))
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("backend", &self.0.backend).finish_non_exhaustive()
    }
}

#[cold]
fn unknown(name: &str, others: Option<&BTreeMap<String, Database>>) -> Error {
    let known: Vec<&str> = others.into_iter().flat_map(BTreeMap::keys).map(String::as_str).collect();
    let known = if known.is_empty() { "none".to_owned() } else { format!("`{}`", known.join("`, `")) };
    let text = format!("there is no other database `{name}`; the setting `databases` names {known}");
    Error::new(ErrorKind::NotSupported, text)
}

async fn probe(backend: Backend, pool: &Arc<Pool>) -> Result<Capabilities> {
    let sql = match backend {
        Backend::Sqlite => "SELECT sqlite_version(), sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS')",
        Backend::Postgres => "SHOW server_version",
        Backend::Mysql => "SELECT VERSION()",
    };
    let mut lease = pool.take().await?;
    let mut version = String::new();
    let mut maths = backend != Backend::Sqlite;
    let mut sink = |row: super::Row| {
        version = row.text(0)?.unwrap_or_default();
        maths = maths || row.i64(1)? == Some(1);
        Ok(())
    };
    lease.connection()?.run(&mut Statement::from(sql), &mut sink).await?;
    Ok(Capabilities { maths, ..Capabilities::of(backend, &version) })
}
