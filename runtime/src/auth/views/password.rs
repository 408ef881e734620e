//! Changing one's own password.

use super::login::read;
use crate::auth::{Attempt, AuthSettings, Denied, RequestUser, change_password, password_problems};
use crate::http::{RequestContext, redirect};
use crate::page::Page;
use crate::{Error, Result};
use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// The page with the form.
#[derive(Template, Default)]
#[template(path = "auth/password_change.html")]
struct PasswordPage {
    name: String,
    help: Vec<String>,
    old_errors: Vec<String>,
    new_errors: Vec<String>,
    again_errors: Vec<String>,
}

/// The page after.
#[derive(Template)]
#[template(path = "auth/password_change_done.html")]
pub(super) struct DonePage {
    home: String,
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    csrf_token: String,
    old_password: String,
    new_password1: String,
    new_password2: String,
}

pub(super) async fn show(context: RequestContext, user: RequestUser) -> Response {
    let settings = AuthSettings::of(context.site());
    Page(PasswordPage::new(&settings, &user)).into_response()
}

pub(super) async fn submit(
    context: RequestContext,
    user: RequestUser,
    form: Result<Form<PasswordForm>, FormRejection>,
) -> Result<Response, Denied> {
    let form = read(form)?;
    context.verify_csrf(Some(&form.csrf_token))?;
    let settings = AuthSettings::of(context.site());
    let mut page = PasswordPage::new(&settings, &user);
    page.old_errors = old_problems(&context, &settings, &user, &form.old_password).await?;
    page.new_errors = password_problems(&settings, &**user.any(), &form.new_password1);
    if form.new_password1 != form.new_password2 {
        page.again_errors.push("The two passwords are not the same.".into());
    }
    if !page.is_valid() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response());
    }
    change_password(&context, &user, &form.new_password1).await?;
    let path = context.head().uri.path().trim_end_matches('/');
    Ok(redirect(format!("{path}/done")).into_response())
}

pub(super) async fn done(context: RequestContext, _user: RequestUser) -> Page<DonePage> {
    let home = AuthSettings::of(context.site()).login_redirect_url.clone();
    Page(DonePage { home })
}

/// Guessing the old password in an open session is bounded as guessing at the door is.
async fn old_problems(
    context: &RequestContext,
    settings: &AuthSettings,
    user: &RequestUser,
    password: &str,
) -> Result<Vec<String>> {
    let db = context.db();
    let attempt = Attempt::begin(db, &settings.throttle, user.name(), context.head().client).await?;
    if attempt.retry_after().is_some() {
        return Ok(vec!["Too many attempts. Try again later.".into()]);
    }
    let checked = settings.hasher.verify(password, user.any().stored_password()).await;
    match checked {
        Ok(checked) if checked.matches => attempt.succeeded(db).await.map(|()| Vec::new()),
        Ok(_) | Err(crate::auth::hash::HashError::TooLong) => {
            Ok(vec!["Your old password was entered incorrectly.".into()])
        }
        Err(error) => Err(Error::from(error)),
    }
}

impl PasswordPage {
    fn new(settings: &AuthSettings, user: &RequestUser) -> Self {
        Self { name: user.name().to_owned(), help: settings.password_policy.help_texts(), ..Self::default() }
    }

    fn is_valid(&self) -> bool {
        self.old_errors.is_empty() && self.new_errors.is_empty() && self.again_errors.is_empty()
    }
}
