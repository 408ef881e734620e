//! Arguments of views: the database session, the site, the request's context.

use super::RequestContext;
use crate::backend::Db;
use crate::error::{Error, Result};
use crate::site::Site;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;

/// The database session of the request. It takes a connection at the first query.
impl<S: Send + Sync> FromRequestParts<S> for Db {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Ok(RequestContext::of(&parts.extensions)?.db().clone())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Self::of(&parts.extensions).cloned()
    }
}

impl FromRequestParts<Site> for Site {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        Ok(site.clone())
    }
}
