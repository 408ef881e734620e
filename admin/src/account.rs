//! Logging in and out, changing one's password, theme and rows.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use nuages::Result;
use nuages::auth::{
    Attempt, AuthSettings, LoginOutcome, authenticate, change_password, get_user, log_in, logout,
    password_problems,
};
use nuages::form::{FormField, FormState};
use nuages::http::{CSRF_FIELD, Redirect, RequestContext, redirect};

use crate::address::Address;
use crate::asked::{Asked, Posted};
use crate::page::login::LoginPage;
use crate::page::password::PasswordPage;
use crate::page::shell::{Csrf, Shell, Theme};
use crate::shell::{self, DENSITY_COOKIE, THEME_COOKIE};
use crate::site::Admin;

/// How long a browser keeps a preference.
const YEAR: Duration = Duration::from_secs(365 * 86_400);

/// The door.
pub(crate) async fn login(context: &RequestContext, admin: Admin, address: &Address) -> Result<Response> {
    let root = shell::root(context.site());
    let next = address.get("next").unwrap_or_default();
    if get_user(context).await?.is_some_and(|user| user.is_staff()) {
        return Ok(Redirect::to_next(Some(next), format!("{root}/")).into_response());
    }
    door(context, admin, StatusCode::OK, "", next, None).await
}

/// A name and a password.
pub(crate) async fn login_posted(
    context: &RequestContext,
    admin: Admin,
    posted: &Posted,
) -> Result<Response> {
    let root = shell::root(context.site());
    let next = posted.get("next").unwrap_or_default();
    let (name, password) =
        (posted.get("username").unwrap_or_default(), posted.get("password").unwrap_or_default());
    let refused = "That username and password do not match an account that may log in here.";
    let error = match log_in(context, name, password).await? {
        LoginOutcome::LoggedIn(user) if user.is_staff() => {
            return Ok(Redirect::to_next(Some(next), format!("{root}/")).into_response());
        }
        // Nobody learns by this page whether the password was right.
        LoginOutcome::LoggedIn(_) => {
            logout(context).await?;
            refused.to_owned()
        }
        LoginOutcome::Refused => refused.to_owned(),
        LoginOutcome::Throttled(wait) => {
            let text = format!("Too many attempts. Try again in {} seconds.", wait.as_secs() + 1);
            return door(context, admin, StatusCode::TOO_MANY_REQUESTS, name, next, Some(text)).await;
        }
    };
    door(context, admin, StatusCode::UNPROCESSABLE_ENTITY, name, next, Some(error)).await
}

async fn door(
    context: &RequestContext,
    admin: Admin,
    status: StatusCode,
    name: &str,
    next: &str,
    error: Option<String>,
) -> Result<Response> {
    let username = FormField::of::<String>("username").autocomplete("username").required(false);
    let mut form = FormState::new([
        username,
        password_field("password", "Password", "current-password").required(false),
    ]);
    form.show_typed("username", vec![name.to_owned()]);
    let plain = shell::plain(context, admin);
    let page = LoginPage {
        first_run: first_run(context).await?,
        shell: Shell { title: "Log in".to_owned(), csrf: csrf(context)?, ..plain },
        form,
        error,
        next: next.to_owned(),
    };
    shell::html(status, &page)
}

fn password_field(name: &'static str, label: &'static str, autocomplete: &'static str) -> FormField {
    FormField::of::<String>(name).label(label).widget("password").autocomplete(autocomplete)
}

/// How to make the first user, in debug and as long as there is none.
async fn first_run(context: &RequestContext) -> Result<Option<String>> {
    if !context.site().is_debug() {
        return Ok(None);
    }
    let schema = nuages::auth::UserEntry::current().schema();
    let mut any = nuages::query::Select::of(schema).only_key();
    any.limit = Some(1);
    let none = nuages::admin::rows::count(context.db(), &any).await? == 0;
    Ok(none.then(|| "cargo run -- createsuperuser".to_owned()))
}

fn csrf(context: &RequestContext) -> Result<Csrf> {
    Ok(Csrf { name: CSRF_FIELD.to_owned(), token: context.csrf_token()? })
}

/// Out.
pub(crate) async fn logout_posted(context: &RequestContext) -> Result<Response> {
    logout(context).await?;
    Ok(redirect(format!("{}/login/", shell::root(context.site()))).into_response())
}

/// The page for another password.
pub(crate) fn password(asked: &Asked) -> Result<Response> {
    asked.page(&password_page(asked, Vec::new())?)
}

/// Another password.
pub(crate) async fn password_posted(asked: &Asked, posted: &Posted) -> Result<Response> {
    let typed = |name| posted.get(name).unwrap_or_default();
    let mut problems: Vec<(&str, String)> = Vec::new();
    let settings = AuthSettings::of(asked.context.site());
    problems.extend(old_problem(asked, &settings, typed("old")).await?.map(|problem| ("old", problem)));
    let weak = password_problems(&settings, &**asked.user.any(), typed("new"));
    problems.extend(weak.into_iter().map(|problem| ("new", problem)));
    if typed("new") != typed("again") {
        problems.push(("again", "The two new passwords are not the same.".to_owned()));
    }
    if !problems.is_empty() {
        return asked.page_with(StatusCode::UNPROCESSABLE_ENTITY, &password_page(asked, problems)?);
    }
    change_password(&asked.context, &asked.user, typed("new")).await?;
    asked.tell(true, "Your password was changed. You are logged out everywhere else.", None)?;
    Ok(redirect(format!("{}/", asked.root)).into_response())
}

/// Guessing the old password in an open session is bounded as guessing at the door is.
async fn old_problem(asked: &Asked, settings: &AuthSettings, old: &str) -> Result<Option<String>> {
    let client = asked.context.head().client;
    let attempt = Attempt::begin(&asked.db, &settings.throttle, asked.user.name(), client).await?;
    if attempt.retry_after().is_some() {
        return Ok(Some("Too many attempts. Try again later.".to_owned()));
    }
    if authenticate(&asked.db, asked.user.name(), old).await?.is_none() {
        return Ok(Some("This is not your password.".to_owned()));
    }
    attempt.succeeded(&asked.db).await.map(|()| None)
}

fn password_page(asked: &Asked, problems: Vec<(&str, String)>) -> Result<PasswordPage> {
    let mut form = FormState::new([
        password_field("old", "Current password", "current-password"),
        password_field("new", "New password", "new-password"),
        password_field("again", "New password again", "new-password"),
    ]);
    problems.into_iter().for_each(|(name, problem)| form.add_error(name, problem));
    Ok(PasswordPage {
        shell: asked.shell("Change password", &[("Change password", "")], None)?,
        form,
        cancel: format!("{}/", asked.root),
    })
}

/// Keeps a theme or the height of rows in a cookie.
pub(crate) fn preferences(asked: &Asked, posted: &Posted) -> Response {
    if let Some(theme) = posted.get("theme") {
        asked.context.set_cookie(THEME_COOKIE, Theme::from_word(theme).word(), Some(YEAR));
    }
    if let Some(density) = posted.get("density") {
        let known = if density == "compact" { "compact" } else { "comfortable" };
        asked.context.set_cookie(DENSITY_COOKIE, known, Some(YEAR));
    }
    asked.context.touch();
    Redirect::to_next(posted.get("next"), format!("{}/", asked.root)).into_response()
}
