//! `migrate --check`: models, migrations, recorded history and live catalogue against each other.

use std::collections::BTreeSet;

use nuages::backend::Statement;
use nuages::site::Site;
use nuages::{Database, DatabaseSettings, Error, Result};
use nuages_build::Operation;

use super::settled;
use crate::drift::drift;
use crate::introspect::{introspect, is_there};
use crate::project::{AppMigrations, Migrations};
use crate::run::{DataSteps, Options, Quiet, migrate, records, state_of};

/// Prints every difference; an error says how many there are, so that a script can tell.
pub(super) async fn run(site: &Site, migrations: &Migrations, shadow: Option<&str>) -> Result<()> {
    let mut found: Vec<String> = migrations.apps().iter().flat_map(of_files).collect();
    let mut notes = Vec::new();
    of_database(site, migrations, &mut found, &mut notes).await?;
    if let Some(url) = shadow {
        of_shadow(migrations, url, &mut found).await?;
    }
    for note in &notes {
        println!("note: {note}");
    }
    for one in &found {
        println!("{one}");
    }
    match found.len() {
        0 => println!("Models, migrations, history and database agree."),
        1 => return Err(Error::other("there is one difference")),
        count => return Err(Error::other(format!("there are {count} differences"))),
    }
    Ok(())
}

/// Models against migrations: what the build wrote and nobody sealed.
fn of_files(app: &AppMigrations) -> Vec<String> {
    let pending = app.pending.iter().map(|pending| {
        let operations: Vec<String> = pending.operations.iter().map(Operation::describe).collect();
        format!("models: `{}` is ahead of its migrations: {}", app.label, operations.join(", "))
    });
    let drafts = app.history.migrations().iter().filter(|one| one.sealed.is_none());
    pending.chain(drafts.map(|one| format!("migrations: {} is not sealed", one.label()))).collect()
}

async fn of_database(
    site: &Site,
    migrations: &Migrations,
    found: &mut Vec<String>,
    notes: &mut Vec<String>,
) -> Result<()> {
    let db = site.database().session();
    records(&db).await?;
    let (migrations, applied) = match settled(site, migrations).await {
        Ok(settled) => settled,
        Err(error) => {
            // Without a history that can be replayed nobody knows what the tables should be.
            found.push(format!("history: {error}"));
            return Ok(());
        }
    };
    for migration in migrations.ordered().filter(|one| !applied.contains(&one.label())) {
        found.push(format!("history: migration {} is not applied", migration.label()));
    }
    if is_there(&db, "nuages_migration_journal").await? {
        let half = "SELECT app, name FROM nuages_migration_journal ORDER BY app, name";
        for row in db.fetch(Statement::new(half, Vec::new())).await? {
            let (app, name) = (row.text(0)?.unwrap_or_default(), row.text(1)?.unwrap_or_default());
            found.push(format!("history: migration {app}.{name} is half applied; `migrate` goes on with it"));
        }
    }
    let state = state_of(&migrations, &applied)?;
    for one in drift(&db, &state).await? {
        let list = if one.harmless { &mut *notes } else { &mut *found };
        list.push(format!("database: {one}"));
    }
    Ok(())
}

/// All migrations on an empty database: they must run, and lead to what they say.
async fn of_shadow(migrations: &Migrations, url: &str, found: &mut Vec<String>) -> Result<()> {
    let database = Database::connect(&DatabaseSettings::new(url)).await?;
    let outcome = replay(&database, migrations, found).await;
    database.close().await;
    outcome.map_err(|error| error.context("the shadow database"))
}

async fn replay(database: &Database, migrations: &Migrations, found: &mut Vec<String>) -> Result<()> {
    let db = database.session();
    if !introspect(&db).await?.is_empty() {
        return Err(Error::other("it must be empty, because all migrations are applied to it"));
    }
    drop(db);
    if let Err(error) =
        migrate(database, migrations, &DataSteps::registered(), &Options::default(), &Quiet).await
    {
        found.push(format!("migrations: on an empty database they fail: {error}"));
        return Ok(());
    }
    let (taken, _) = migrations.settled(&BTreeSet::new())?;
    let all = taken.ordered().map(nuages_build::file::Migration::label).collect();
    let state = state_of(&taken, &all)?;
    let differences = drift(&database.session(), &state).await?;
    found.extend(
        differences.iter().map(|one| format!("migrations: on an empty database they lead elsewhere: {one}")),
    );
    Ok(())
}
