//! The migrations of all apps of a project, in one order.

mod order;
mod plan;
mod settle;

use std::path::PathBuf;

use nuages::site::MigrationFolder;
use nuages::{Error, Result};
use nuages_build::History;
use nuages_build::file::{Migration, PENDING};
use nuages_build::state::ModelRef;

pub use plan::{Direction, Goal, Move, Target};

/// The migrations of one app.
#[derive(Clone, Debug)]
pub struct AppMigrations {
    /// The app's label.
    pub label: String,
    /// Where the files lie in the source, if the build may write there.
    pub folder: Option<PathBuf>,
    /// The sealed migrations and drafts, first to last.
    pub history: History,
    /// The migration that nobody sealed.
    pub pending: Option<Migration>,
}

/// The migrations of all apps of a project.
#[derive(Clone, Debug, Default)]
pub struct Migrations {
    apps: Vec<AppMigrations>,
    user: Option<ModelRef>,
    /// All migrations, each after those that it needs, as positions of app and migration.
    order: Vec<(usize, usize)>,
    /// For each entry of `order`, the entries that it needs.
    needs: Vec<Vec<usize>>,
}

impl AppMigrations {
    /// Reads what the build embedded.
    ///
    /// # Errors
    /// A file that does not parse, was edited, or is not in the line of the others.
    pub fn parse((label, folder, files): MigrationFolder) -> Result<Self> {
        let mut sealed = Vec::new();
        let mut pending = None;
        for (name, text) in files {
            let migration = Migration::parse(label, name, text)
                .map_err(|error| Error::other(format!("migration {label}.{name}: {error}")))?;
            refuse_edited(&migration)?;
            match *name {
                PENDING => pending = Some(migration),
                _ => sealed.push(migration),
            }
        }
        let history = History::new(sealed).map_err(Error::other)?;
        let folder = (!folder.is_empty()).then(|| PathBuf::from(folder));
        Ok(Self { label: label.to_owned(), folder, history, pending })
    }

    /// An app with these migrations, for tests and for apps that are not built by cargo.
    ///
    /// # Errors
    /// When one was edited, or they are not one line.
    pub fn new(label: &str, migrations: Vec<Migration>) -> Result<Self> {
        migrations.iter().try_for_each(refuse_edited)?;
        let history = History::new(migrations).map_err(Error::other)?;
        Ok(Self { label: label.to_owned(), folder: None, history, pending: None })
    }
}

/// From here on the checksum that a sealed file says is the one that it has.
fn refuse_edited(migration: &Migration) -> Result<()> {
    if !migration.was_edited() {
        return Ok(());
    }
    Err(Error::other(format!(
        "migration {} was edited after it was sealed: restore it from version control, and write the change into a \
         new migration",
        migration.label()
    )))
}

impl Migrations {
    /// Puts the migrations of all apps in one order.
    ///
    /// # Errors
    /// When one needs a model or migration that no listed app has, or two need each other.
    pub fn new(mut apps: Vec<AppMigrations>, user: Option<ModelRef>) -> Result<Self> {
        apps.sort_by(|a, b| a.label.cmp(&b.label));
        apps.dedup_by(|a, b| a.label == b.label);
        let (order, needs) = order::order(&apps, user.as_ref())?;
        Ok(Self { apps, user, order, needs })
    }

    /// The apps by label.
    #[must_use]
    pub fn apps(&self) -> &[AppMigrations] {
        &self.apps
    }

    /// One app.
    #[must_use]
    pub fn app(&self, label: &str) -> Option<&AppMigrations> {
        self.apps.iter().find(|app| app.label == label)
    }

    /// All migrations, each after those that it needs.
    pub fn ordered(&self) -> impl Iterator<Item = &Migration> {
        (0..self.order.len()).map(|at| self.at(at))
    }

    /// The project's user model.
    #[must_use]
    pub fn user(&self) -> Option<&ModelRef> {
        self.user.as_ref()
    }

    fn at(&self, at: usize) -> &Migration {
        let (app, migration) = self.order[at];
        &self.apps[app].history.migrations()[migration]
    }
}
