//! What migrations add to a project: commands, a check, and migrating at start.

use std::io::{IsTerminal, Write};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use nuages::site::{Command, Finding, Plugin, RegisteredPlugin, Repair, Site};
use nuages::{Error, Result};
use nuages_schema::Backend;

use crate::command;
use crate::load::{Pending, load};
use crate::project::Migrations;

/// The plugin. It registers itself where this crate is linked (`use nuages_migrate as _;`).
#[derive(Clone, Copy, Debug, Default)]
pub struct MigratePlugin;

/// The plugin, to be plugged in by hand: `Project::…().plug(nuages_migrate::plugin())`.
#[must_use]
pub fn plugin() -> MigratePlugin {
    MigratePlugin
}

nuages::__private::inventory::submit!(RegisteredPlugin { make: || Arc::new(MigratePlugin) });

impl Plugin for MigratePlugin {
    fn name(&self) -> &'static str {
        "migrate"
    }

    fn commands(&self) -> Vec<Command> {
        command::all()
    }

    /// Files that disagree are found without a database.
    fn check<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Vec<Finding>> {
        Box::pin(async move {
            match load(site, Pending::Leave) {
                Ok(_) => Vec::new(),
                Err(error) => vec![Finding::error("nuages.migrate.E001", error.to_string())],
            }
        })
    }

    fn start<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Result<()>> {
        Box::pin(start(site))
    }

    fn find_repair<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Result<Option<Repair>>> {
        Box::pin(async move {
            let migrations = load(site, Pending::Leave)?;
            let mut steps = command::open(site, &migrations).await?;
            steps.extend(
                unsealed(&migrations).map(|app| format!("{app}: what the build wrote is sealed first")),
            );
            let (title, button) = match steps.len() {
                0 => return Ok(None),
                1 => ("A migration is not applied".to_owned(), "Apply it now"),
                n => (format!("{n} migrations are not applied"), "Apply them now"),
            };
            let command = format!("{} migrate", program(site));
            Ok(Some(Repair { title, steps, button: button.to_owned(), command }))
        })
    }

    fn repair<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { command::apply(site, &load(site, Pending::Seal)?).await })
    }
}

/// In debug on SQLite the database follows the models; elsewhere it is asked, or said.
async fn start(site: &Site) -> Result<()> {
    let quick = site.is_debug() && site.database().backend() == Backend::Sqlite;
    let migrations = load(site, if quick { Pending::Seal } else { Pending::Leave })?;
    let open = if site.is_debug() {
        command::open(site, &migrations).await?
    } else {
        command::open_for_serving(site, &migrations).await?
    };
    if open.is_empty() && unsealed(&migrations).is_none() {
        return Ok(());
    }
    if quick {
        return command::apply(site, &migrations).await;
    }
    if site.is_debug() && std::io::stdin().is_terminal() && ask(&open)? {
        return command::apply(site, &load(site, Pending::Seal)?).await;
    }
    let what = match open.as_slice() {
        [] => "the models are ahead of the sealed migrations".to_owned(),
        [one] => format!("migration {one} is not applied"),
        [first, ..] => format!("{} migrations are not applied, from {first} on", open.len()),
    };
    Err(Error::other(format!("{what}: run `{} migrate`", program(site))))
}

fn unsealed(migrations: &Migrations) -> Option<&str> {
    migrations.apps().iter().find(|app| app.pending.is_some()).map(|app| app.label.as_str())
}

fn ask(open: &[String]) -> Result<bool> {
    print!("{} migrations to apply. Apply them now? [y/N] ", open.len().max(1));
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// How this program is called.
fn program(site: &Site) -> String {
    if site.is_debug() {
        return "cargo run --".to_owned();
    }
    std::env::args().next().unwrap_or_else(|| "the program".to_owned())
}
