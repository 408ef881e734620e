//! Logging in and out, and changing one's password.

use super::authenticate::{authenticate_with, write_password};
use super::hash::PasswordHasher;
use super::request::RequestAuth;
use super::request_user::RequestUser;
use super::user::{AnyUser, AuthUser, UserEntry};
use super::validators::UserAttributes;
use super::{Attempt, AuthSettings};
use crate::http::RequestContext;
use crate::query::update_row;
use crate::session::{SessionStore, key_text};
use crate::{Db, Error, ErrorKind, Result};
use chrono::Utc;
use std::sync::Arc;
use std::time::Duration;

/// What became of a name and a password.
#[derive(Clone, Debug)]
pub enum LoginOutcome {
    /// Logged in.
    LoggedIn(RequestUser),
    /// No such user, another password, or one who may not log in: nobody learns which.
    Refused,
    /// Too many attempts; nothing was compared. Wait so long.
    Throttled(Duration),
}

/// Logs in with a name and a password: counts the attempt, compares, begins the session.
///
/// ```no_run
/// # async fn example(request: &nuages::http::RequestContext) -> nuages::Result<()> {
/// use nuages::auth::{LoginOutcome, log_in};
///
/// match log_in(request, "ada", "analytical engine").await? {
///     LoginOutcome::LoggedIn(user) => println!("hello {}", user.display_name()),
///     LoginOutcome::Refused => println!("name or password is wrong"),
///     LoginOutcome::Throttled(wait) => println!("try again in {} s", wait.as_secs()),
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When the database fails.
pub async fn log_in(context: &RequestContext, name: &str, password: &str) -> Result<LoginOutcome> {
    let (db, settings) = (context.db(), AuthSettings::of(context.site()));
    let attempt = Attempt::begin(db, &settings.throttle, name, context.head().client).await?;
    if let Some(wait) = attempt.retry_after() {
        return Ok(LoginOutcome::Throttled(wait));
    }
    let found = authenticate_with(db, &settings.hasher, UserEntry::current(), name, password).await?;
    let Some(user) = found else { return Ok(LoginOutcome::Refused) };
    attempt.succeeded(db).await?;
    login_any(context, user).await.map(LoginOutcome::LoggedIn)
}

/// Logs a user in who has proved who it is. The session gets a new token.
///
/// # Errors
/// When the database fails, or the user may not log in.
pub async fn login<U: AuthUser>(context: &RequestContext, user: &U) -> Result<RequestUser> {
    login_any(context, Arc::new(user.clone())).await
}

/// As [`login`], for a user without type.
///
/// # Errors
/// When the database fails, or the user may not log in.
pub async fn login_any(context: &RequestContext, user: Arc<dyn AnyUser>) -> Result<RequestUser> {
    if !user.active() {
        return Err(Error::new(ErrorKind::PermissionDenied, "this account is not active"));
    }
    let auth = RequestAuth::load(context).await?;
    let user = begin(context, &auth, user)?;
    note_login(context, &user).await?;
    Ok(user)
}

/// Ends the session of this request, at once and for good.
///
/// # Errors
/// When the database fails.
pub async fn logout(context: &RequestContext) -> Result<()> {
    let auth = RequestAuth::of(context);
    auth.session().flush(context.db()).await?;
    auth.set_user(None);
    context.forget_csrf();
    context.mark_personal();
    context.touch();
    Ok(())
}

/// The user who asks, if one is logged in.
///
/// # Errors
/// When the database fails.
pub async fn get_user(context: &RequestContext) -> Result<Option<RequestUser>> {
    Ok(RequestAuth::load(context).await?.user())
}

/// Keeps this session when the user's password was changed, which ends all the others.
///
/// # Errors
/// When the database fails.
pub async fn update_session_auth_hash(
    context: &RequestContext,
    user: Arc<dyn AnyUser>,
) -> Result<RequestUser> {
    let auth = RequestAuth::load(context).await?;
    let mine = auth.session().token();
    SessionStore::end_all_of(context.db(), user.key_value(), mine.as_ref()).await?;
    begin(context, &auth, user)
}

/// Gives a user another password and keeps only this request's session.
///
/// The password must have been [checked](password_problems) before.
///
/// # Errors
/// When the database fails.
pub async fn change_password(
    context: &RequestContext,
    user: &RequestUser,
    password: &str,
) -> Result<RequestUser> {
    let (db, settings) = (context.db(), AuthSettings::of(context.site()));
    let entry = user.any().entry();
    let stored = settings.hasher.hash(password).await?;
    write_password(db, entry, &**user.any(), stored, None).await?;
    let fresh = super::find_user_by_key(db, entry, user.key()).await?;
    let gone = || Error::new(ErrorKind::DoesNotExist, "the user does not exist any more");
    update_session_auth_hash(context, fresh.ok_or_else(gone)?).await
}

/// Gives a user another password outside a request, and ends every session of the user.
///
/// The password must have been [checked](password_problems) before.
///
/// # Errors
/// When the database fails.
pub async fn set_password(
    db: &Db,
    hasher: &PasswordHasher,
    user: &dyn AnyUser,
    password: &str,
) -> Result<()> {
    let stored = hasher.hash(password).await?;
    write_password(db, user.entry(), user, stored, None).await?;
    SessionStore::end_all_of(db, user.key_value(), None).await.map(drop)
}

/// What is wrong with a new password for this user, by the project's rules.
#[must_use]
pub fn password_problems(settings: &AuthSettings, user: &dyn AnyUser, password: &str) -> Vec<String> {
    let known = user.personal().into_iter();
    let attributes = known.fold(UserAttributes::new(), |all, (label, value)| all.with(label, value));
    settings.password_policy.validate(password, &attributes)
}

/// Binds the session to the user, under a new token.
fn begin(context: &RequestContext, auth: &RequestAuth, user: Arc<dyn AnyUser>) -> Result<RequestUser> {
    let token = auth.session().log_in(key_text(&user.key_value()), auth.auth_hash(&*user))?;
    context.use_session_csrf(&token);
    context.touch();
    let user = RequestUser::new(user);
    auth.set_user(Some(user.clone()));
    Ok(user)
}

/// Writes down when the user logged in, where the model has a field for it.
async fn note_login(context: &RequestContext, user: &RequestUser) -> Result<()> {
    let entry = user.any().entry();
    let Some(position) = entry.last_login_position()? else { return Ok(()) };
    let now = vec![(position, Utc::now().into())];
    Box::pin(update_row(context.db(), entry.model(), user.key(), now)).await.map(drop)
}
