//! `showmigrations`: what there is, and what is applied.

use nuages::Result;
use nuages::site::{Command, CommandContext};

use super::{argument, settled};
use crate::load::{Pending, load};

pub(super) fn command() -> Command {
    Command::new("showmigrations", "Lists the migrations and whether each is applied", run)
        .arg(argument("app", "Only this app"))
}

async fn run(context: CommandContext) -> Result<()> {
    let migrations = load(&context.site, Pending::Leave)?;
    let (migrations, applied) = settled(&context.site, &migrations).await?;
    let only = context.text("app");
    if let Some(app) = only {
        super::known(&migrations, app)?;
    }
    for app in migrations.apps().iter().filter(|app| only.is_none_or(|only| app.label == only)) {
        println!("{}", app.label);
        for migration in app.history.migrations() {
            let mark = if applied.contains(&migration.label()) { 'X' } else { ' ' };
            let draft = if migration.sealed.is_none() { " (not sealed)" } else { "" };
            println!("  [{mark}] {}{draft}", migration.name);
        }
        match &app.pending {
            Some(pending) => println!("  [ ] pending: {} operations, not sealed", pending.operations.len()),
            None if app.history.migrations().is_empty() => println!("  (none)"),
            None => {}
        }
    }
    Ok(())
}
