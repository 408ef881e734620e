//! The line that one database takes, where migrations stand for others.

use std::borrow::Cow;
use std::collections::BTreeSet;

use nuages::{Error, Result};
use nuages_build::file::Migration;

use super::{AppMigrations, Migrations};

impl Migrations {
    /// The migrations as one database takes them, and those of them that are done because all that they stand for is.
    ///
    /// # Errors
    /// When a database is in the middle of what was squashed, and the old files are gone.
    pub fn settled(&self, applied: &BTreeSet<String>) -> Result<(Cow<'_, Self>, Vec<Migration>)> {
        let stands = |one: &Migration| !one.replaces.is_empty();
        if !self.ordered().any(stands) {
            return Ok((Cow::Borrowed(self), Vec::new()));
        }
        let mut done = Vec::new();
        let mut apps = Vec::with_capacity(self.apps.len());
        for app in &self.apps {
            let is_applied = |name: &str| applied.contains(&format!("{}.{name}", app.label));
            let line = app.history.line_for(is_applied).map_err(Error::other)?;
            let new = line.history.migrations().iter().filter(|one| line.done.contains(&one.name));
            done.extend(new.cloned());
            apps.push(AppMigrations { history: line.history, ..app.clone() });
        }
        Ok((Cow::Owned(Self::new(apps, self.user.clone())?), done))
    }
}
