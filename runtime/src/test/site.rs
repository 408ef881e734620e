//! A whole project on a database of its own.

use super::{Client, TestDatabase};
use crate::app::{Project, Server};
use crate::settings::Settings;
use crate::site::{CommandContext, Site};
use crate::{Db, Error, Result};

/// A project put together on a fresh database whose migrations are applied.
#[derive(Clone)]
pub struct TestSite {
    server: Server,
}

impl TestSite {
    /// Puts a project together on a database and migrates it, as its `migrate` command does.
    ///
    /// # Errors
    /// What keeps the project from starting.
    pub async fn on(database: &TestDatabase, make: impl FnOnce(Project) -> Project) -> Result<Self> {
        let settings = Settings::from_pairs([
            ("ENV", "debug"),
            ("DATABASE_URL", database.url()),
            ("HOSTS", "testserver"),
        ])?;
        let project = make(Project::new(settings).database(database.database().clone()));
        let server = project.merge(super::login::door()).build().await?;
        let site = Self { server };
        // A test seals nothing: what the build wrote stays as it is.
        site.call("migrate", &["--unsealed"]).await?;
        Ok(site)
    }

    /// A session on the database, apart from those of requests.
    #[must_use]
    pub fn db(&self) -> Db {
        self.site().database().session()
    }

    /// The project.
    #[must_use]
    pub fn site(&self) -> &Site {
        self.server.site()
    }

    /// A visitor nobody knows.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::of(self.server.clone())
    }

    /// Runs a command of a plugin, such as `site.call("migrate", &["shop", "0001"])`; one that no
    /// plugin has is left out when it is `migrate`, for projects without migrations.
    ///
    /// # Errors
    /// What the command answers, or that there is none of the name.
    pub async fn call(&self, name: &str, arguments: &[&str]) -> Result<()> {
        let commands = self.site().mounts().iter().flat_map(|mount| mount.plugin.commands());
        let Some(command) = commands.into_iter().find(|command| command.name() == name) else {
            return if name == "migrate" {
                Ok(())
            } else {
                Err(Error::other(format!("there is no command `{name}`")))
            };
        };
        let words = std::iter::once(name).chain(arguments.iter().copied());
        let arguments = command.clap().clone().try_get_matches_from(words)?;
        command.run(CommandContext { site: self.site().clone(), arguments }).await
    }
}
