//! A database that belongs to one test.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use nuages_schema::Backend;

use super::Server;
use crate::{Database, DatabaseSettings, Db, Result};

/// Numbers the databases of this process.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A fresh database, empty until the test fills it.
#[derive(Debug)]
pub struct TestDatabase {
    server: Server,
    name: String,
    url: String,
    database: Database,
}

impl TestDatabase {
    /// Makes a database on a server, with a name that no other test has.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn create(server: &Server) -> Result<Self> {
        let name = format!("nuages_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let url = match server.backend() {
            Backend::Sqlite => format!("sqlite:{}", file(&name)?.display()),
            _ => {
                on_server(server, &format!("CREATE DATABASE {name}")).await?;
                with_database(server.url(), &name)
            }
        };
        let database = Database::connect(&settings(&url)).await?;
        Ok(Self { server: server.clone(), name, url, database })
    }

    /// The address, for what opens it by itself.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The connections.
    #[must_use]
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// A session on it.
    #[must_use]
    pub fn session(&self) -> Db {
        self.database.session()
    }

    /// Closes the connections and removes the database.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn remove(self) -> Result<()> {
        self.database.close().await;
        match self.server.backend() {
            Backend::Sqlite => {
                for end in ["", "-wal", "-shm", "-migrate"] {
                    let mut file = file(&self.name)?.into_os_string();
                    file.push(end);
                    // The two beside the database are there only while it is open.
                    std::fs::remove_file(file).ok();
                }
                Ok(())
            }
            Backend::Postgres => {
                on_server(&self.server, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await
            }
            Backend::Mysql => on_server(&self.server, &format!("DROP DATABASE {}", self.name)).await,
        }
    }
}

/// Few connections, because many tests run at a time, and no waiting for the disk.
fn settings(url: &str) -> DatabaseSettings {
    DatabaseSettings { max_connections: 4, synchronous_normal: true, ..DatabaseSettings::new(url) }
}

fn file(name: &str) -> Result<PathBuf> {
    let folder = std::env::temp_dir().join("nuages-tests");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{name}.sqlite3")))
}

async fn on_server(server: &Server, sql: &str) -> Result<()> {
    let database = Database::connect(&DatabaseSettings::new(server.url())).await?;
    let outcome = database.session().execute_script(sql).await;
    database.close().await;
    outcome
}

/// The same server and options, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) =
        url.split_once('?').map_or((url, None), |(address, options)| (address, Some(options)));
    let start = address.find("://").map_or(0, |at| at + 3);
    let end = address[start..].find('/').map_or(address.len(), |at| start + at);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{}/{name}{options}", &address[..end])
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_of_an_address_is_replaced() {
        for (given, wanted) in [
            ("postgres://u@h:1/old", "postgres://u@h:1/new"),
            ("mysql://h", "mysql://h/new"),
            ("mysql://u:p@h/old?ssl-mode=disabled", "mysql://u:p@h/new?ssl-mode=disabled"),
        ] {
            assert_eq!(with_database(given, "new"), wanted);
        }
    }
}
