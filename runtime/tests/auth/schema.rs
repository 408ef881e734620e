//! The tables of the framework's own models, made by their migrations.

use nuages::{Db, Result};
use nuages_migrate::run::Quiet;
use nuages_migrate::{AppMigrations, DataSteps, Migrations, Options, migrate};

/// Makes the tables of users, permissions, sessions and logins.
pub(crate) async fn create(db: &Db) -> Result<()> {
    let app = AppMigrations::parse(nuages::auth::app().migrations())?;
    let migrations = Migrations::new(vec![app], None)?;
    migrate(db.database(), &migrations, &DataSteps::default(), &Options::default(), &Quiet).await.map(drop)
}
