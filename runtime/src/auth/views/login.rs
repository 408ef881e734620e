//! Logging in and out.

use crate::auth::{AuthSettings, LoginOutcome, UserEntry, log_in};
use crate::http::{Redirect, RequestContext, redirect};
use crate::page::Page;
use crate::{Error, ErrorKind, Result};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::time::Duration;

/// The page with the form.
#[derive(Template)]
#[template(path = "auth/login.html")]
struct LoginPage {
    next: String,
    name: String,
    label: &'static str,
    kind: &'static str,
    error: Option<String>,
}

/// Where to go after.
#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct LoginForm {
    #[serde(default)]
    csrf_token: String,
    #[serde(default)]
    next: String,
    username: String,
    password: String,
}

/// The one text for every way to fail, so that nobody learns which names exist.
const REFUSED: &str =
    "Please enter a correct name and password. Note that the password distinguishes upper and lower case.";

pub(super) async fn show(next: Result<Query<Next>, QueryRejection>) -> Response {
    let next = next.map(|Query(next)| next.next).unwrap_or_default();
    page(next, String::new(), None).into_response()
}

pub(super) async fn submit(
    context: RequestContext,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Result<Response> {
    let form = read(form)?;
    context.verify_csrf(Some(&form.csrf_token))?;
    let settings = AuthSettings::of(context.site());
    match log_in(&context, form.username.trim(), &form.password).await? {
        LoginOutcome::LoggedIn(_) => {
            Ok(Redirect::to_next(Some(&form.next), &*settings.login_redirect_url).into_response())
        }
        LoginOutcome::Refused => {
            let page = page(form.next, form.username, Some(REFUSED.into()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        LoginOutcome::Throttled(wait) => Ok(throttled(form, wait)),
    }
}

pub(super) async fn logout(
    context: RequestContext,
    form: Result<Form<LogoutForm>, FormRejection>,
) -> Result<Redirect> {
    let form = read(form)?;
    context.verify_csrf(Some(&form.csrf_token))?;
    crate::auth::logout(&context).await?;
    let settings = AuthSettings::of(context.site());
    let home = settings.logout_redirect_url.clone();
    let home = home.unwrap_or_else(|| settings.login_url(context.site()));
    Ok(match form.next.is_empty() {
        true => redirect(home),
        false => Redirect::to_next(Some(&form.next), home),
    })
}

/// What the button sends.
#[derive(Deserialize)]
pub(super) struct LogoutForm {
    #[serde(default)]
    csrf_token: String,
    #[serde(default)]
    next: String,
}

/// The form, or 400 for what is none.
pub(super) fn read<T>(form: Result<Form<T>, FormRejection>) -> Result<T> {
    match form {
        Ok(Form(form)) => Ok(form),
        Err(error) => {
            Err(Error::from_source(ErrorKind::BadRequest, error).context("the form could not be read"))
        }
    }
}

fn throttled(form: LoginForm, wait: Duration) -> Response {
    let minutes = wait.as_secs().div_ceil(60).max(1);
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    let text = format!("Too many attempts. Try again in {minutes} {unit}.");
    let retry = [(header::RETRY_AFTER, wait.as_secs().to_string())];
    (StatusCode::TOO_MANY_REQUESTS, retry, page(form.next, form.username, Some(text))).into_response()
}

fn page(next: String, name: String, error: Option<String>) -> Page<LoginPage> {
    let entry = UserEntry::current();
    let by_mail = entry.email_field() == Some(entry.name_field());
    let (label, kind) = if by_mail { ("E-mail address", "email") } else { ("Username", "text") };
    Page(LoginPage { next, name, label, kind, error })
}
