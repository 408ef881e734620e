//! Which databases there are to test on.

use std::env;

use nuages_schema::Backend;
use tokio::sync::OnceCell;

use crate::{Database, DatabaseSettings, Error, Result};

/// A place where tests may make databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    backend: Backend,
    url: String,
}

/// Asked once per process; a server that goes away later is an error of the test that needs it.
static FOUND: OnceCell<Vec<Server>> = OnceCell::const_new();

impl Server {
    /// SQLite, which needs no server.
    #[must_use]
    pub const fn sqlite() -> Self {
        Self { backend: Backend::Sqlite, url: String::new() }
    }

    /// A server at a URL that names a user who may create databases.
    ///
    /// # Errors
    /// If the URL names no server.
    pub fn at(url: &str) -> Result<Self> {
        let scheme = url.split(':').next().unwrap_or_default();
        let backend = match scheme {
            "postgres" | "postgresql" => Backend::Postgres,
            "mysql" | "mariadb" => Backend::Mysql,
            _ => return Err(Error::other("a test server's address begins with `postgres:` or `mysql:`")),
        };
        Ok(Self { backend, url: url.to_owned() })
    }

    /// The kind of database.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        self.backend
    }

    /// The server's address; empty for SQLite.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The databases that were built in and answer.
    ///
    /// # Errors
    /// If one does not answer and `NUAGES_REQUIRE_DATABASES` is set.
    pub async fn found() -> Result<&'static [Self]> {
        FOUND.get_or_try_init(find).await.map(Vec::as_slice)
    }

    /// Those that were built in, wherever they should be.
    fn expected() -> Result<Vec<Self>> {
        let mut servers = Vec::new();
        if cfg!(feature = "sqlite") {
            servers.push(Self::sqlite());
        }
        if cfg!(feature = "postgres") {
            let default = "postgres://postgres@127.0.0.1:5432/postgres";
            servers
                .push(Self::at(&variable("NUAGES_TEST_POSTGRES_URL").unwrap_or_else(|| default.to_owned()))?);
        }
        if cfg!(feature = "mysql") {
            let default = "mysql://root@127.0.0.1:3306/mysql";
            servers.push(Self::at(&variable("NUAGES_TEST_MYSQL_URL").unwrap_or_else(|| default.to_owned()))?);
        }
        Ok(servers)
    }

    async fn answers(&self) -> Result<()> {
        if self.backend == Backend::Sqlite {
            return Ok(());
        }
        let database = Database::connect(&DatabaseSettings::new(&self.url)).await?;
        let outcome = database.session().execute_script("SELECT 1").await;
        database.close().await;
        outcome
    }
}

async fn find() -> Result<Vec<Server>> {
    let required = variable("NUAGES_REQUIRE_DATABASES").is_some_and(|value| value != "0");
    let mut found = Vec::new();
    for server in Server::expected()? {
        match server.answers().await {
            Ok(()) => found.push(server),
            Err(error) if required => {
                return Err(
                    error.context(format!("{} is required and does not answer", server.backend.title()))
                );
            }
            Err(error) => {
                let title = server.backend.title();
                super::not_tested(format!("anything on {title}: {error}\n*** start it, or say where it is"));
            }
        }
    }
    Ok(found)
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
