//! `sqlmigrate`: the statements of one migration, as this database would get them.

use nuages::Result;
use nuages::clap::Arg;
use nuages::site::{Command, CommandContext};

use super::{argument, flag};
use crate::load::{Pending, load};
use crate::project::Direction;
use crate::run::{hazards, statements};

pub(super) fn command() -> Command {
    Command::new("sqlmigrate", "Shows the SQL of a migration", run)
        .arg(argument("app", "The app").required(true))
        .arg(Arg::new("name").help("The migration, or the start of its name").required(true))
        .arg(flag("backwards", "The SQL that takes it back"))
}

async fn run(context: CommandContext) -> Result<()> {
    let migrations = load(&context.site, Pending::Apply)?;
    let (app, name) = (context.text("app").unwrap_or_default(), context.text("name").unwrap_or_default());
    let migration = migrations.migration(app, name)?;
    let direction = if context.flag("backwards") { Direction::Backward } else { Direction::Forward };
    let database = context.site.database();
    if direction == Direction::Forward {
        let found = hazards(&migrations, migration)?;
        for hazard in found.iter().filter(|hazard| hazard.concerns(database.backend())) {
            println!("-- {}: {hazard}", migration.operations[hazard.operation].describe());
        }
    }
    for sql in statements(&migrations, migration, direction, database.backend(), database.capabilities())? {
        println!("{};", sql.trim_end_matches(';'));
    }
    Ok(())
}
