//! `migrate`: brings the database to where the migrations lead.

use nuages::clap::Arg;
use nuages::site::{Command, CommandContext, Site};
use nuages::{Error, Result};
use nuages_schema::Backend;

use super::{argument, check, flag, open, plan, prune};
use crate::load::{Pending, load};
use crate::project::{Migrations, Target};
use crate::run::{DataSteps, Lock, Options, Stop, Terminal, migrate};

pub(super) fn command() -> Command {
    Command::new("migrate", "Applies migrations, or takes them back", run)
        .arg(argument("app", "Only this app, and what it needs"))
        .arg(argument("name", "The migration to end at, or the start of its name; `zero` for none"))
        .arg(flag("plan", "Shows what would run, the locks it takes and on how many rows"))
        .arg(flag("check", "Compares models, migrations, history and database; fails if anything differs"))
        .arg(
            Arg::new("shadow")
                .long("shadow")
                .value_name("URL")
                .num_args(0..=1)
                .default_missing_value("sqlite::memory:")
                .requires("check")
                .help("With --check: applies all migrations to this empty database too, and compares"),
        )
        .arg(flag("fake", "Records without running, for a schema that is there already"))
        .arg(flag(
            "fake-initial",
            "Records an app's first migration if its tables are there as it makes them",
        ))
        .arg(flag("prune", "Forgets records of an app whose migrations are gone from the source"))
        .arg(
            Arg::new("database")
                .long("database")
                .value_name("NAME")
                .help("Another database, by the name that the setting `databases` gives it"),
        )
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
    let looks = ["plan", "check", "prune"].iter().any(|name| context.flag(name));
    let pending = match (looks, context.flag("unsealed")) {
        (true, _) => Pending::Leave,
        (_, true) => Pending::Apply,
        _ => Pending::Seal,
    };
    let site = match context.text("database") {
        Some(name) => context.site.with_database(name)?,
        None => context.site.clone(),
    };
    let migrations = load(&site, pending)?;
    let target = target(&context);
    if context.flag("check") {
        return check::run(&site, &migrations, context.text("shadow")).await;
    }
    if context.flag("plan") {
        return plan::run(&site, &migrations, target).await;
    }
    if context.flag("prune") {
        return prune::run(&site, &migrations, context.text("app")).await;
    }
    let (fake, fake_initial) = (context.flag("fake"), context.flag("fake-initial"));
    let mut options = Options { target, fake, fake_initial, ..Options::default() };
    if let Some(seconds) = context.text("lock-timeout") {
        options.lock_timeout = std::time::Duration::from_secs(seconds_of(seconds)?);
    }
    go(&site, &migrations, &options).await
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

/// Runs, heeding Ctrl-C all the while.
async fn go(site: &Site, migrations: &Migrations, options: &Options) -> Result<()> {
    let watch = tokio::spawn(stop_on_interrupt(options.stop.clone()));
    let outcome = run_and_follow(site, migrations, options).await;
    watch.abort();
    outcome
}

/// Runs, and lets plugins follow once the database is where the migrations lead.
async fn run_and_follow(site: &Site, migrations: &Migrations, options: &Options) -> Result<()> {
    migrate(site.database(), migrations, &DataSteps::registered(), options, &Terminal::default()).await?;
    match open(site, migrations).await?.is_empty() {
        true => follow(site, options).await,
        false => Ok(()),
    }
}

/// What plugins do after it, one migrator at a time: two would make the same permissions.
async fn follow(site: &Site, options: &Options) -> Result<()> {
    let db = site.database().dedicated().await?;
    let lock = Lock::take(&db, options.lock_timeout, &Terminal::default()).await?;
    // SQLite's lock is a file, and a database in memory has one connection for everybody.
    let holder = match db.backend() {
        Backend::Sqlite => db.close().await.map(|()| None)?,
        _ => Some(db),
    };
    let outcome = post_migrate(site).await;
    match holder {
        Some(db) => {
            lock.release(&db).await;
            outcome.and(db.close().await)
        }
        None => outcome,
    }
}

async fn post_migrate(site: &Site) -> Result<()> {
    for mount in site.mounts() {
        mount.plugin.post_migrate(site).await?;
    }
    Ok(())
}

/// The first Ctrl-C ends the run after the step under way; the second ends the process, which loses nothing
/// either.
async fn stop_on_interrupt(stop: Stop) {
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    stop.ask();
    eprintln!("Stopping after the step under way. Once more ends at once; `migrate` goes on from there too.");
    if tokio::signal::ctrl_c().await.is_ok() {
        std::process::exit(130);
    }
}
