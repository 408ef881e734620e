//! `clearsessions`: what has ended by itself is deleted.

use crate::Result;
use crate::auth::{Attempt, AuthSettings};
use crate::session::SessionStore;
use crate::site::{Command, CommandContext};

pub(super) fn command() -> Command {
    Command::new("clearsessions", "Deletes sessions that have ended, and old counts of failed logins", run)
}

async fn run(context: CommandContext) -> Result<()> {
    let db = context.site.database().session();
    let settings = AuthSettings::of(&context.site);
    let sessions = SessionStore::clear_expired(&db).await?;
    let counts = Attempt::clear_expired(&db, &settings.throttle).await?;
    println!("{sessions} sessions and {counts} counts of failed logins were deleted.");
    Ok(())
}
