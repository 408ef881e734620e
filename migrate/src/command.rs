//! The commands: `makemigrations`, `migrate`, `showmigrations`, `sqlmigrate`.

mod make;
mod migrate;
mod show;
mod sql;
mod squash;

use std::collections::BTreeSet;

use nuages::clap::{Arg, ArgAction};
use nuages::site::{Command, Site};
use nuages::{Error, Result};

pub(crate) use migrate::apply;

use crate::project::{Goal, Migrations, Target};
use crate::run::{Record, guard, records};

pub(crate) fn all() -> Vec<Command> {
    vec![make::command(), migrate::command(), show::command(), sql::command(), squash::command()]
}

/// The migrations that are not applied, as `app.NNNN_name`: one query.
///
/// # Errors
/// When the history in the database and the files disagree.
pub(crate) async fn open(site: &Site, migrations: &Migrations) -> Result<Vec<String>> {
    let (migrations, applied) = settled(site, migrations).await?;
    let plan = migrations.plan(&Goal { target: Target::Everything, applied: &applied })?;
    Ok(plan.iter().map(|one| one.migration.label()).collect())
}

/// The migrations as this database takes them, and those that are applied.
async fn settled(site: &Site, migrations: &Migrations) -> Result<(Migrations, BTreeSet<String>)> {
    let records = records(&site.database().session()).await?;
    let mut applied: BTreeSet<String> = records.iter().map(Record::label).collect();
    let (migrations, done) = migrations.settled(&applied)?;
    guard::agree(&migrations, &records)?;
    applied.extend(done.iter().map(nuages_build::file::Migration::label));
    Ok((migrations, applied))
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}

fn argument(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).help(help)
}

/// Refuses an app that is not listed, with the names of those that are.
fn known<'a>(migrations: &'a Migrations, app: &str) -> Result<&'a crate::project::AppMigrations> {
    let labels: Vec<&str> = migrations.apps().iter().map(|app| app.label.as_str()).collect();
    let missing = || Error::other(format!("there is no app `{app}`; there are {}", labels.join(", ")));
    migrations.app(app).ok_or_else(missing)
}
