//! Arguments of views: the session, the messages, the user, a permission.

use super::AuthSettings;
use super::request::RequestAuth;
use super::request_user::RequestUser;
use super::user::{AuthUser, UserEntry};
use crate::http::{Redirect, RequestContext, redirect};
use crate::messages::Messages;
use crate::model::Model;
use crate::routing::encode_segment;
use crate::session::Session;
use crate::{Error, ErrorKind, Result};
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use std::marker::PhantomData;
use std::ops::Deref;

/// The user who is logged in. A visitor who is not is sent to the login page, and comes back after.
///
/// ```
/// use nuages::auth::User;
/// use nuages::prelude::*;
///
/// #[view(get, "/profile")]
/// async fn show_profile(user: Login<User>) -> String {
///     format!("Hello {}", user.username)
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
pub struct Login<U = super::User>(pub U);

/// The user who is logged in, if one is.
#[derive(Clone, Debug)]
pub struct MaybeLogin<U = super::User>(pub Option<U>);

/// The user who is logged in and has a permission: `Permit<Change<Book>>`. Another one is refused.
#[derive(Clone, Debug)]
pub struct Permit<G> {
    user: RequestUser,
    guard: PhantomData<fn() -> G>,
}

/// A permission as a type. [`Add`], [`Change`], [`Delete`] and [`View`] are those of a model.
pub trait Guard: Send + Sync + 'static {
    /// The permission, such as `shop.publish_book`.
    fn permission() -> String;
}

macro_rules! guards {
    ($($(#[$doc:meta])* $name:ident = $action:literal;)*) => {$(
        $(#[$doc])*
        pub struct $name<M>(PhantomData<fn() -> M>);

        impl<M: Model> Guard for $name<M> {
            fn permission() -> String {
                super::permission_name(M::schema(), $action)
            }
        }
    )*};
}

guards! {
    /// To add rows of a model.
    Add = "add";
    /// To change rows of a model.
    Change = "change";
    /// To delete rows of a model.
    Delete = "delete";
    /// To see rows of a model.
    View = "view";
}

/// Why a request was not let through.
#[derive(Debug)]
pub enum Denied {
    /// To the login page.
    Login(Redirect),
    /// Refused, or the database failed.
    Error(Error),
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        match self {
            Self::Login(redirect) => redirect.into_response(),
            Self::Error(error) => error.into_response(),
        }
    }
}

impl From<Error> for Denied {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// The user, or the way to the login page.
///
/// # Errors
/// The response to give instead.
pub async fn require_login(context: &RequestContext) -> Result<RequestUser, Denied> {
    match RequestAuth::load(context).await?.user() {
        Some(user) => Ok(user),
        None => Err(Denied::Login(redirect(login_url_with_next(context)))),
    }
}

/// The user, if it has this permission. A visitor is sent to the login page; a user without it is refused.
///
/// # Errors
/// The response to give instead.
pub async fn require_permission(context: &RequestContext, permission: &str) -> Result<RequestUser, Denied> {
    let user = require_login(context).await?;
    user.require(context.db(), permission).await?;
    Ok(user)
}

/// The login page, with the way back. Only what a browser can ask for again is a way back.
fn login_url_with_next(context: &RequestContext) -> String {
    let mut url = AuthSettings::of(context.site()).login_url(context.site());
    let head = context.head();
    if head.method == Method::GET || head.method == Method::HEAD {
        let next = head.uri.path_and_query().map_or("/", |path| path.as_str());
        url.push_str(if url.contains('?') { "&next=" } else { "?next=" });
        let mut encoded = String::new();
        encode_segment(next, &mut encoded);
        // A segment may hold what separates the parts of a query.
        url.push_str(&encoded.replace('&', "%26").replace('+', "%2B").replace('=', "%3D"));
    }
    url
}

impl<S: Send + Sync> FromRequestParts<S> for Session {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let context = RequestContext::of(&parts.extensions)?;
        Ok(RequestAuth::load(context).await?.session().clone())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Messages {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let context = RequestContext::of(&parts.extensions)?;
        context.touch();
        Ok(RequestAuth::of(context).messages().clone())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestUser {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Denied> {
        require_login(RequestContext::of(&parts.extensions)?).await
    }
}

impl<U: AuthUser, S: Send + Sync> FromRequestParts<S> for Login<U> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Denied> {
        let user = require_login(RequestContext::of(&parts.extensions)?).await?;
        Ok(Self(typed(&user)?))
    }
}

impl<U: AuthUser, S: Send + Sync> FromRequestParts<S> for MaybeLogin<U> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let context = RequestContext::of(&parts.extensions)?;
        let user = RequestAuth::load(context).await?.user();
        user.as_ref().map(typed).transpose().map(Self)
    }
}

impl<G: Guard, S: Send + Sync> FromRequestParts<S> for Permit<G> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Denied> {
        let context = RequestContext::of(&parts.extensions)?;
        let user = require_permission(context, &G::permission()).await?;
        Ok(Self { user, guard: PhantomData })
    }
}

fn typed<U: AuthUser>(user: &RequestUser) -> Result<U> {
    user.get::<U>().cloned().ok_or_else(|| {
        let (asked, current) = (U::schema().name, UserEntry::current().schema().name);
        let text =
            format!("the view takes a `{asked}`, but the project's users are of the model `{current}`");
        Error::new(ErrorKind::Other, text)
    })
}

impl<U> Deref for Login<U> {
    type Target = U;

    fn deref(&self) -> &U {
        &self.0
    }
}

impl<G> Deref for Permit<G> {
    type Target = RequestUser;

    fn deref(&self) -> &RequestUser {
        &self.user
    }
}
