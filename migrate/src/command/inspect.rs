//! `inspectdb`: prints models for the tables that are there.

use nuages::Result;
use nuages::clap::{Arg, ArgAction};
use nuages::site::{Command, CommandContext};

use super::flag;
use crate::inspect::{Inspection, inspect};

pub(super) fn command() -> Command {
    Command::new("inspectdb", "Prints models for the tables of the database, to be put into a models.rs", run)
        .arg(Arg::new("table").action(ArgAction::Append).help("Only these tables"))
        .arg(Arg::new("app").long("app").value_name("LABEL").help(
            "The app that they are for: its label in front of a table's name is left out of the model's",
        ))
        .arg(flag("managed", "Migrations manage the models whose tables are as they would make them"))
}

async fn run(context: CommandContext) -> Result<()> {
    let tables = context.arguments.get_many::<String>("table").unwrap_or_default().cloned().collect();
    let app = context.text("app").unwrap_or_default().to_owned();
    let inspection = Inspection { tables, app, managed: context.flag("managed") };
    print!("{}", inspect(&context.site.database().session(), &inspection).await?);
    Ok(())
}
