//! The token in forms: made from what the browser holds, masked anew for every form.
//!
//! The header check in `middleware::csrf` stands before this one and covers
//! every request; the token covers clients that send neither header.

use super::RequestContext;
use crate::error::{Error, ErrorKind, Result};
use crate::session::{CsrfSecret, SessionToken};
use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use std::sync::Arc;
use std::time::Duration;

/// The name of the form's field.
pub const CSRF_FIELD: &str = "csrf_token";
/// The header, for requests made by scripts.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// The cookie of a visitor without a session.
const COOKIE: &str = "csrf";
const COOKIE_AGE: Duration = Duration::from_secs(365 * 86_400);

/// The last argument of a view that changes something: taking one proves that the request came from our page.
#[diagnostic::on_unimplemented(
    message = "a view that changes something must prove that the request came from our own page",
    label = "this is not proof",
    note = "take `Form<T>` or `Csrf` as the last argument, or write `csrf_exempt = \"reason\"` in `#[view(…)]`"
)]
pub trait Verified {}

/// Proof that a request came from our own page, for views that read no form:
/// the token stood in the header `X-CSRF-Token` or in the field `csrf_token`.
#[derive(Clone, Copy, Debug)]
pub struct Csrf(());

impl Verified for Csrf {}

impl<S: Send + Sync> FromRequest<S> for Csrf {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let context = RequestContext::of(request.extensions())?.clone();
        let header = request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok());
        if header.is_some() {
            context.verify_csrf(header)?;
            return Ok(Self(()));
        }
        let token = field(request, context.body_limit()).await?;
        context.verify_csrf(token.as_deref())?;
        Ok(Self(()))
    }
}

/// The token in the body of a plain form.
async fn field(request: Request, limit: usize) -> Result<Option<String>> {
    let form = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !form.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        return Ok(None);
    }
    let body = to_bytes(request.into_body(), limit).await.map_err(|error| {
        Error::from_source(ErrorKind::BadRequest, error).context("the body could not be read")
    })?;
    let name = format!("{CSRF_FIELD}=");
    let mut pairs = body.split(|byte| *byte == b'&');
    let value = pairs.find_map(|pair| pair.strip_prefix(name.as_bytes()));
    // A token of ours holds no character that a form would encode.
    Ok(value.and_then(|value| std::str::from_utf8(value).ok()).map(str::to_owned))
}

impl RequestContext {
    /// A token for one form on the page being made.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn csrf_token(&self) -> Result<String> {
        self.mark_personal();
        let secret = self.csrf_secret()?;
        Ok(secret.masked()?)
    }

    /// Checks the token of a form or header.
    ///
    /// # Errors
    /// [`PermissionDenied`](ErrorKind::PermissionDenied) if it is missing or belongs to somebody else.
    pub fn verify_csrf(&self, token: Option<&str>) -> Result<()> {
        let Some(token) = token else {
            return Err(refusal("the form holds no CSRF token; write {{ nuages::page::csrf()? }} inside it"));
        };
        if self.known_secrets().any(|secret| secret.verify(token)) {
            return Ok(());
        }
        Err(refusal("the CSRF token is not from this browser's session; load the page again"))
    }

    /// Uses another secret from here on: that of the session that was just started.
    /// The visitor's cookie from before is forgotten, so that its tokens end too.
    pub fn use_session_csrf(&self, session: &SessionToken) {
        *self.csrf_slot() = Some(Arc::new(CsrfSecret::of_session(self.site().keyring(), session)));
        self.remove_cookie(self.site().settings().cookie_name(COOKIE));
    }

    /// Forgets the secret, at logout: the next form gets a new one.
    pub fn forget_csrf(&self) {
        *self.csrf_slot() = None;
        self.remove_cookie(self.site().settings().cookie_name(COOKIE));
    }

    fn csrf_secret(&self) -> Result<Arc<CsrfSecret>> {
        if let Some(secret) = &*self.csrf_slot() {
            return Ok(secret.clone());
        }
        let secret = Arc::new(match self.known_secrets().next() {
            Some(secret) => secret,
            None => self.new_visitor()?,
        });
        *self.csrf_slot() = Some(secret.clone());
        Ok(secret)
    }

    /// The secrets that a token of this browser may be made from: the session's, and that of the visitor's
    /// cookie, which forms carry that were open when the session began. Login removes that cookie.
    fn known_secrets(&self) -> impl Iterator<Item = CsrfSecret> {
        let settings = self.site().settings();
        let keys = self.site().keyring();
        let session = self.cookie(settings.session_cookie()).and_then(SessionToken::parse);
        let visitor = self.cookie(&settings.cookie_name(COOKIE)).and_then(SessionToken::parse);
        let session = session.map(|token| CsrfSecret::of_session(keys, &token));
        session.into_iter().chain(visitor.map(|token| CsrfSecret::of_visitor(keys, &token)))
    }

    fn new_visitor(&self) -> Result<CsrfSecret> {
        let token = SessionToken::generate()?;
        self.set_cookie(self.site().settings().cookie_name(COOKIE), token.expose(), Some(COOKIE_AGE));
        Ok(CsrfSecret::of_visitor(self.site().keyring(), &token))
    }
}

fn refusal(text: &'static str) -> Error {
    Error::new(ErrorKind::PermissionDenied, text)
}
