//! `createsuperuser`: somebody who may do everything.

use super::prompt;
use crate::auth::validators::{PasswordPolicy, UserAttributes};
use crate::auth::{AuthSettings, NewAccount, UserEntry, find_user};
use crate::site::{Command, CommandContext};
use crate::{Db, Error, ErrorKind, Result};
use clap::{Arg, ArgAction};

const INSTEAD: &str = "use --noinput, and set";

pub(super) fn command() -> Command {
    let flag = |name, help| Arg::new(name).long(name).help(help);
    Command::new("createsuperuser", "Makes a user who may do everything", run)
        .arg(flag("username", "What the user logs in with"))
        .arg(flag("email", "The e-mail address"))
        .arg(
            flag(
                "noinput",
                "Asks nothing: what is not given stands in NUAGES_SUPERUSER_USERNAME, _EMAIL and _PASSWORD; \
                 without a password nobody can log in until `changepassword` gives one",
            )
            .action(ArgAction::SetTrue),
        )
}

async fn run(context: CommandContext) -> Result<()> {
    let settings = AuthSettings::of(&context.site);
    let db = context.site.database().session();
    let asks = !context.flag("noinput");
    if asks && !prompt::is_interactive() && context.text("username").is_none() {
        return Err(prompt::no_terminal(INSTEAD));
    }
    let name = name(&context, &db, asks).await?;
    let email = email(&context, asks).await?;
    let password = password(&settings.password_policy, &name, &email, asks).await?;
    let has_password = password.is_some();
    let account = NewAccount { name, email, password, is_staff: true, is_superuser: true };
    let user = account.create(&db, &settings.hasher).await?;
    println!("The superuser {} was made.", user.login_name());
    if !has_password {
        println!("It has no password yet: `changepassword {}` gives it one.", user.login_name());
    }
    Ok(())
}

async fn name(context: &CommandContext, db: &Db, asks: bool) -> Result<String> {
    let entry = UserEntry::current();
    let field = entry.name_field();
    if let Some(name) = context.text("username") {
        return Ok(name.trim().to_owned());
    }
    if !asks {
        return prompt::of_environment(field).ok_or_else(|| prompt::missing(field, "username"));
    }
    loop {
        let Some(name) = prompt::line(sentence(field)).await? else { break };
        let name = name.trim();
        if name.is_empty() {
            eprintln!("It must not be empty.");
        } else if find_user(db, entry, name).await?.is_some() {
            eprintln!("There is a user {name:?} already.");
        } else {
            return Ok(name.to_owned());
        }
    }
    Err(prompt::no_terminal(INSTEAD))
}

/// Not asked for where it is the name, or where the model has no field for it.
async fn email(context: &CommandContext, asks: bool) -> Result<String> {
    let entry = UserEntry::current();
    match context.text("email") {
        Some(email) => Ok(email.trim().to_owned()),
        None if asks && entry.email_field().is_some_and(|field| field != entry.name_field()) => {
            Ok(prompt::line("E-mail address".into()).await?.unwrap_or_default().trim().to_owned())
        }
        None => Ok(prompt::of_environment("email").unwrap_or_default()),
    }
}

/// There is no default password: it is asked for, or in the environment. As in Django, a superuser that is
/// made without being asked may have none.
async fn password(policy: &PasswordPolicy, name: &str, email: &str, asks: bool) -> Result<Option<String>> {
    let user = UserAttributes::new().with("username", name).with("e-mail address", email);
    if let Some(password) = prompt::from_environment() {
        let problems = policy.validate(&password, &user);
        return if problems.is_empty() { Ok(Some(password)) } else { Err(refused(&problems)) };
    }
    if !asks {
        return Ok(None);
    }
    if !prompt::is_interactive() {
        return Err(prompt::no_terminal(INSTEAD));
    }
    loop {
        let Some(password) = new_password(policy, &user).await? else {
            return Err(prompt::no_terminal(INSTEAD));
        };
        if password.is_some() {
            return Ok(password);
        }
    }
}

/// Asks twice. The inner `None` is for a password that will not do, the outer for the end of the input.
pub(super) async fn new_password(
    policy: &PasswordPolicy,
    user: &UserAttributes,
) -> Result<Option<Option<String>>> {
    let Some(password) = prompt::password("Password").await? else { return Ok(None) };
    let Some(again) = prompt::password("Password (again)").await? else { return Ok(None) };
    if password != again {
        eprintln!("The two passwords are not the same.");
        return Ok(Some(None));
    }
    let problems = policy.validate(&password, user);
    problems.iter().for_each(|problem| eprintln!("{problem}"));
    Ok(Some(Some(password).filter(|_| problems.is_empty())))
}

pub(super) fn refused(problems: &[String]) -> Error {
    Error::new(ErrorKind::Validation, format!("the password will not do: {}", problems.join(" ")))
}

fn sentence(field: &str) -> String {
    let mut letters = field.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str().replace('_', " "))
}
