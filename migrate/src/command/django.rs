//! `adoptdjango`: takes over the tables of Django's users.

use nuages::Result;
use nuages::site::{Command, CommandContext};

use crate::load::{Pending, load};
use crate::run::{Options, Terminal, adopt_django};

pub(super) fn command() -> Command {
    Command::new(
        "adoptdjango",
        "Takes over the users, groups and permissions of a Django database; every row is kept",
        run,
    )
}

async fn run(context: CommandContext) -> Result<()> {
    let migrations = load(&context.site, Pending::Leave)?;
    adopt_django(context.site.database(), &migrations, &Options::default(), &Terminal::default()).await?;
    println!("Django's users, groups and permissions are ours now. Next: `migrate --fake-initial`.");
    Ok(())
}
