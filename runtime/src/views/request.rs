//! What a view as a type is given: the request in parts that can be shared.

use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::Method;

use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::form::FormData;
use crate::http::{RequestContext, Verified};

/// A request for a view as a type. If it changes something, its CSRF token was verified.
#[derive(Clone, Debug)]
pub struct ViewRequest {
    context: RequestContext,
    db: Db,
    params: Vec<(String, String)>,
    query: FormData,
    data: Option<FormData>,
}

impl<S: Send + Sync> FromRequest<S> for ViewRequest {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let context = RequestContext::of(&parts.extensions)?.clone();
        let params = RawPathParams::from_request_parts(&mut parts, state).await;
        let params = params.iter().flatten().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        let query = FormData::from_urlencoded(parts.uri.query().unwrap_or_default().as_bytes())?;
        let is_safe = matches!(parts.method, Method::GET | Method::HEAD);
        let data = match is_safe {
            true => None,
            false => Some(FormData::from_request(Request::from_parts(parts, body), state).await?),
        };
        Ok(Self { db: context.db().clone(), context, params, query, data })
    }
}

impl Verified for ViewRequest {}

impl ViewRequest {
    /// What the parts of the request share.
    #[must_use]
    pub const fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The database session.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// A parameter of the address.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// What stands behind the `?` of the address.
    #[must_use]
    pub const fn query(&self) -> &FormData {
        &self.query
    }

    /// The body of a request that changes something.
    #[must_use]
    pub const fn data(&self) -> Option<&FormData> {
        self.data.as_ref()
    }
}

/// There is nothing at the address.
pub(super) fn not_found(text: &'static str) -> Error {
    Error::new(ErrorKind::NotFound, text)
}
