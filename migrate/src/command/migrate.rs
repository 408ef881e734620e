//! `migrate`: brings the database to where the migrations lead.

use nuages::clap::Arg;
use nuages::site::{Command, CommandContext, Site};
use nuages::{Error, Result};

use super::{argument, flag, open, settled};
use crate::load::{Pending, load};
use crate::project::{Direction, Goal, Migrations, Target};
use crate::run::{DataSteps, Options, Terminal, migrate};

pub(super) fn command() -> Command {
    Command::new("migrate", "Applies migrations, or takes them back", run)
        .arg(argument("app", "Only this app, and what it needs"))
        .arg(argument("name", "The migration to end at, or the start of its name; `zero` for none"))
        .arg(flag("plan", "Shows what would run"))
        .arg(flag("fake", "Records without running, for a schema that is there already"))
        .arg(
            Arg::new("lock-timeout")
                .long("lock-timeout")
                .value_name("SECONDS")
                .help("How long to wait for another migrator (60)"),
        )
        .arg(
            flag("unsealed", "Applies migrations that are not sealed, for databases that are thrown away")
                .hide(true),
        )
}

async fn run(context: CommandContext) -> Result<()> {
    let pending = match (context.flag("plan"), context.flag("unsealed")) {
        (true, _) => Pending::Leave,
        (_, true) => Pending::Apply,
        _ => Pending::Seal,
    };
    let migrations = load(&context.site, pending)?;
    let target = target(&context);
    if context.flag("plan") {
        return plan(&context.site, &migrations, target).await;
    }
    let mut options = Options { target, fake: context.flag("fake"), ..Options::default() };
    if let Some(seconds) = context.text("lock-timeout") {
        options.lock_timeout = std::time::Duration::from_secs(seconds_of(seconds)?);
    }
    go(&context.site, &migrations, &options).await
}

fn seconds_of(text: &str) -> Result<u64> {
    let wrong = |_| Error::other(format!("`--lock-timeout` takes a number of seconds, and `{text}` is none"));
    text.parse().map_err(wrong)
}

fn target(context: &CommandContext) -> Target {
    match (context.text("app"), context.text("name")) {
        (None, _) => Target::Everything,
        (Some(app), None) => Target::App(app.to_owned()),
        (Some(app), Some("zero")) => Target::Zero(app.to_owned()),
        (Some(app), Some(name)) => Target::At(app.to_owned(), name.to_owned()),
    }
}

/// Applies everything.
pub(crate) async fn apply(site: &Site, migrations: &Migrations) -> Result<()> {
    go(site, migrations, &Options::default()).await
}

/// Runs, and lets plugins follow once the database is where the migrations lead.
async fn go(site: &Site, migrations: &Migrations, options: &Options) -> Result<()> {
    migrate(site.database(), migrations, &DataSteps::registered(), options, &Terminal::default()).await?;
    if open(site, migrations).await?.is_empty() {
        for mount in site.mounts() {
            mount.plugin.post_migrate(site).await?;
        }
    }
    Ok(())
}

async fn plan(site: &Site, migrations: &Migrations, target: Target) -> Result<()> {
    let (migrations, applied) = settled(site, migrations).await?;
    let plan = migrations.plan(&Goal { target, applied: &applied })?;
    if plan.is_empty() {
        println!("Nothing to migrate.");
    }
    for one in plan {
        let word = if one.direction == Direction::Forward { "Apply" } else { "Take back" };
        println!("{word} {}", one.migration.label());
        for operation in &one.migration.operations {
            println!("  - {}", operation.describe());
        }
    }
    for pending in migrations.apps().iter().filter_map(|app| app.pending.as_ref()) {
        println!("Not sealed yet, `migrate` in a debug build does it: {}", pending.app);
        pending.operations.iter().for_each(|operation| println!("  - {}", operation.describe()));
    }
    Ok(())
}
