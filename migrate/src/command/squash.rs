//! `squashmigrations`: several migrations as one, which stands for them.

use nuages::clap::Arg;
use nuages::site::{Command, CommandContext};
use nuages::{Error, Result};
use nuages_build::folder::Folder;
use nuages_build::squash::squash;

use super::{argument, flag, known};
use crate::load::{Pending, load, shown};
use crate::project::{AppMigrations, Migrations};

pub(super) fn command() -> Command {
    Command::new("squashmigrations", "Writes one migration that stands for several", run)
        .offline()
        .arg(argument("app", "The app").required(true))
        .arg(Arg::new("from").help("The first migration, or the start of its name").required(true))
        .arg(Arg::new("to").help("The last migration, or the start of its name").required(true))
        .arg(flag("check", "Writes nothing; says what would become of the operations"))
}

async fn run(context: CommandContext) -> Result<()> {
    let migrations = load(&context.site, Pending::Leave)?;
    let text = |name| context.text(name).unwrap_or_default();
    let app = known(&migrations, text("app"))?;
    let squashed = squash(&app.history, text("from"), text("to")).map_err(Error::other)?;
    let (before, after) = (squashed.operations, squashed.migration.operations.len());
    println!(
        "{} migrations with {before} operations become one with {after}:",
        squashed.migration.replaces.len()
    );
    squashed.migration.operations.iter().for_each(|operation| println!("  - {}", operation.describe()));
    in_order(&migrations, app, &squashed.migration)?;
    if context.flag("check") {
        return Ok(());
    }
    let path = app.folder.as_deref().ok_or_else(|| {
        Error::other("this binary was built where nothing may be written (release, CI or a package): run it in a debug build")
    })?;
    let folder = Folder::load(path, &app.label).map_err(Error::other)?;
    let written = folder.write_squashed(squashed.migration)?;
    println!("Wrote {}.", shown(&folder.file(&written.name)));
    println!("Commit it beside the old files. Delete those once every database has run `migrate` with it.");
    Ok(())
}

/// Apps that need each other in turns can get into a knot when the turns become one.
fn in_order(
    migrations: &Migrations,
    app: &AppMigrations,
    squashed: &nuages_build::file::Migration,
) -> Result<()> {
    let all = [app.history.migrations(), app.history.replaced(), std::slice::from_ref(squashed)].concat();
    let mut apps = migrations.apps().to_vec();
    for one in apps.iter_mut().filter(|one| one.label == app.label) {
        *one = AppMigrations { folder: one.folder.clone(), ..AppMigrations::new(&app.label, all.clone())? };
    }
    Migrations::new(apps, migrations.user().cloned()).map(drop).map_err(|error| {
        error.context("squashed like this, the migrations of the apps have no order; squash a smaller part")
    })
}
