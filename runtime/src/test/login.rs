//! The side door: a user comes in without a password.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request};
use axum::http::Method;
use axum::routing::get;

use super::Client;
use crate::auth::{AnyUser, AuthUser, login_any};
use crate::http::RequestContext;
use crate::site::Site;
use crate::{Error, Result};

/// A route that only a test's site has.
const DOOR: &str = "/__nuages_test__/login";

pub(super) fn door() -> Router<Site> {
    Router::new().route(DOOR, get(let_in))
}

/// Logs in the user who came along with the request.
async fn let_in(Extension(user): Extension<Arc<dyn AnyUser>>, request: Request) -> Result<&'static str> {
    login_any(RequestContext::of(request.extensions())?, user).await?;
    Ok("")
}

impl Client {
    /// Logs a user in, without a password: what happens after the login form.
    ///
    /// # Errors
    /// If the user may not log in.
    pub async fn login<U: AuthUser>(&mut self, user: &U) -> Result<()> {
        let user: Arc<dyn AnyUser> = Arc::new(user.clone());
        let request = self.request(Method::GET, DOOR).extension(user);
        let answer = self.send(request.body(Body::empty())?).await?;
        let text = format!("the user may not log in: {}", answer.status());
        if answer.status() == 200 { Ok(()) } else { Err(Error::other(text)) }
    }
}
