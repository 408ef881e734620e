//! From a URL to an open connection.

use nuages_schema::Backend;

use super::DatabaseSettings;
use super::connection::Connection;
use super::unreachable;
use crate::{Error, ErrorKind, Result};

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Everything.
    Writer,
    /// SQLite: reads beside the one writer.
    Reader,
    /// Reads from a copy, which may be a little behind.
    Replica,
}

/// The database that a URL names.
pub(super) fn backend_of(url: &str) -> Result<Backend> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Backend::Sqlite),
        Some("postgres" | "postgresql") => Ok(Backend::Postgres),
        Some("mysql" | "mariadb") => Ok(Backend::Mysql),
        None if url.trim().is_empty() => Err(Error::new(
            ErrorKind::NotSupported,
            "no database is named: set DATABASE_URL, such as `sqlite:db.sqlite3` or `postgres://user:password@host/name`",
        )),
        // The rest of the URL may hold a password.
        _ => Err(Error::new(
            ErrorKind::NotSupported,
            "DATABASE_URL begins with none of `sqlite:`, `postgres:`, `mysql:`, `mariadb:`; write it such as \
             `sqlite:db.sqlite3` or `postgres://user:password@host/name`",
        )),
    }
}

/// Whether the database lives in memory, and so in a single connection.
pub(super) fn is_memory(settings: &DatabaseSettings) -> bool {
    settings.url.starts_with("sqlite:")
        && (settings.url.contains(":memory:") || settings.url.contains("mode=memory"))
}

/// Opens a connection.
#[allow(unused_variables, reason = "not used when no database is linked")]
pub(super) async fn connect(settings: &DatabaseSettings, role: Role) -> Result<Connection> {
    let backend = backend_of(&settings.url)?;
    let opened = match backend {
        #[cfg(feature = "sqlite")]
        Backend::Sqlite => super::sqlite::connect(settings, role).await,
        #[cfg(feature = "postgres")]
        Backend::Postgres => super::postgres::connect(settings).await,
        #[cfg(feature = "mysql")]
        Backend::Mysql => super::mysql::connect(settings).await,
        #[allow(unreachable_patterns, reason = "reached when a feature is off")]
        missing => Err(not_linked(missing)),
    };
    // What was not linked says so itself.
    opened.map_err(|error| match error.kind() {
        ErrorKind::NotSupported => error,
        _ => {
            let text = unreachable::describe(backend, &settings.url, &error.to_string());
            error.context(text)
        }
    })
}

#[cold]
fn not_linked(backend: Backend) -> Error {
    let text = format!(
        "this program was built without {}; switch on the feature `{}` of `nuages` in Cargo.toml",
        backend.title(),
        backend.word()
    );
    Error::new(ErrorKind::NotSupported, text)
}
