//! `changepassword`: another password for a user, who is logged out everywhere.

use super::create_superuser::{new_password, refused};
use super::prompt;
use crate::auth::validators::UserAttributes;
use crate::auth::{AuthSettings, UserEntry, find_user, set_password};
use crate::site::{Command, CommandContext};
use crate::{Error, ErrorKind, Result};
use clap::Arg;

pub(super) fn command() -> Command {
    Command::new("changepassword", "Gives a user another password", run)
        .arg(Arg::new("username").required(true).help("What the user logs in with"))
}

async fn run(context: CommandContext) -> Result<()> {
    let settings = AuthSettings::of(&context.site);
    let db = context.site.database().session();
    let name = context.text("username").unwrap_or_default();
    let user = find_user(&db, UserEntry::current(), name).await?;
    let unknown = || Error::new(ErrorKind::DoesNotExist, format!("there is no user `{name}`"));
    let user = user.ok_or_else(unknown)?;
    let attributes = user.personal().into_iter();
    let attributes = attributes.fold(UserAttributes::new(), |all, (label, value)| all.with(label, value));
    let password = password(&settings, &attributes).await?;
    set_password(&db, &settings.hasher, &*user, &password).await?;
    println!("The password of {} was changed; all sessions of this user ended.", user.login_name());
    Ok(())
}

async fn password(settings: &AuthSettings, user: &UserAttributes) -> Result<String> {
    if let Some(password) = prompt::from_environment() {
        let problems = settings.password_policy.validate(&password, user);
        return if problems.is_empty() { Ok(password) } else { Err(refused(&problems)) };
    }
    while prompt::is_interactive() {
        let Some(password) = new_password(&settings.password_policy, user).await? else { break };
        if let Some(password) = password {
            return Ok(password);
        }
    }
    Err(prompt::no_terminal("set"))
}
