//! The commands: `makemigrations`, `migrate`, `showmigrations`, `sqlmigrate`.

mod check;
mod django;
mod inspect;
mod make;
mod migrate;
mod plan;
mod prune;
mod show;
mod sql;
mod squash;

use std::borrow::Cow;
use std::collections::BTreeSet;

use nuages::clap::{Arg, ArgAction};
use nuages::site::{Command, Site};
use nuages::{Error, Result};

pub(crate) use migrate::apply;

use crate::project::{Goal, Migrations, Target};
use crate::run::{Record, guard, records};

pub(crate) fn all() -> Vec<Command> {
    vec![
        django::command(),
        inspect::command(),
        make::command(),
        migrate::command(),
        show::command(),
        sql::command(),
        squash::command(),
    ]
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

/// The same for a program that starts to serve: while a new version is being rolled out it may have migrated the
/// database already, and the old one, when it is started again, goes on with what it knows.
///
/// # Errors
/// As [`open`], but for migrations that come after the program's last one.
pub(crate) async fn open_for_serving(site: &Site, migrations: &Migrations) -> Result<Vec<String>> {
    let mut records = records(&site.database().session()).await?;
    let applied = records.iter().map(Record::label).collect();
    let (settled, _) = migrations.settled(&applied)?;
    records.retain(|record| {
        let ahead = guard::is_ahead(&settled, &applied, record);
        if ahead {
            tracing::warn!(migration = %record.label(), "a newer version of this program has migrated the database");
        }
        !ahead
    });
    let (migrations, applied) = agreed(migrations, &records)?;
    let plan = migrations.plan(&Goal { target: Target::Everything, applied: &applied })?;
    Ok(plan.iter().map(|one| one.migration.label()).collect())
}

/// The migrations as this database takes them, and those that are applied.
async fn settled<'a>(
    site: &Site,
    migrations: &'a Migrations,
) -> Result<(Cow<'a, Migrations>, BTreeSet<String>)> {
    agreed(migrations, &records(&site.database().session()).await?)
}

fn agreed<'a>(
    migrations: &'a Migrations,
    records: &[Record],
) -> Result<(Cow<'a, Migrations>, BTreeSet<String>)> {
    let mut applied: BTreeSet<String> = records.iter().map(Record::label).collect();
    let (migrations, done) = migrations.settled(&applied)?;
    guard::agree(&migrations, records)?;
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
