//! How to reach a database, and how many connections to keep.

use std::time::Duration;

/// How to reach a database, and how to treat it.
///
/// ```
/// use nuages::DatabaseSettings;
///
/// let settings = DatabaseSettings { max_connections: 20, ..DatabaseSettings::new("sqlite:shop.db") };
/// assert_eq!(settings.synchronous_normal, false);
/// ```
#[derive(Clone)]
pub struct DatabaseSettings {
    /// `sqlite:path`, `sqlite::memory:`, `postgres://…`, `mysql://…` or `mariadb://…`.
    pub url: String,
    /// The most connections at a time; on SQLite the most readers, beside the one writer, and no more than there are
    /// processors.
    pub max_connections: u32,
    /// How long a call waits for a free connection before it fails with
    /// [`PoolTimeout`](crate::ErrorKind::PoolTimeout).
    pub acquire_timeout: Duration,
    /// How long a connection may lie unused before it is asked whether it still lives.
    pub idle_ping: Duration,
    /// How old a connection may grow, give or take a fifth.
    pub max_lifetime: Duration,
    /// The prepared statements that a connection keeps.
    pub statement_cache: usize,
    /// SQLite: how long a statement waits for another process's lock.
    pub busy_timeout: Duration,
    /// Copies of the database that follow it, by their URLs: a session reads from them, one after the other, until it
    /// writes; from then on it reads what it wrote. See [`Db::primary`](crate::Db::primary).
    pub replicas: Vec<String>,
    /// SQLite: `synchronous=NORMAL`. Commits are much faster, and the last ones may be lost
    /// (never corrupted) when the power fails. Off is `FULL`.
    pub synchronous_normal: bool,
}

impl DatabaseSettings {
    /// The defaults for this URL.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 10,
            acquire_timeout: Duration::from_secs(3),
            idle_ping: Duration::from_secs(30),
            max_lifetime: Duration::from_secs(30 * 60),
            statement_cache: 1024,
            busy_timeout: Duration::from_secs(5),
            replicas: Vec::new(),
            synchronous_normal: false,
        }
    }
}

/// The URL is left out, because it may hold a password.
impl std::fmt::Debug for DatabaseSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseSettings")
            .field("max_connections", &self.max_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .finish_non_exhaustive()
    }
}
