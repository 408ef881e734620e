//! What the wrapper of a view calls: one request, taken apart argument by argument.

use super::{Methods, PathArg};
use crate::error::{Error, ErrorKind, Result};
use crate::http::{RequestContext, Verified};
use crate::site::Site;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

/// What the wrappers of views make.
pub type MethodRouter = axum::routing::MethodRouter<Site>;

/// A request on its way into a view. A refusal of one argument is the answer, and the view is not called.
pub struct Call {
    context: RequestContext,
    parts: Parts,
    body: Body,
    params: Option<RawPathParams>,
}

impl FromRequest<Site> for Call {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let context = RequestContext::of(&parts.extensions)?.clone();
        let params = RawPathParams::from_request_parts(&mut parts, site).await.ok();
        Ok(Self { context, parts, body, params })
    }
}

#[expect(clippy::result_large_err, reason = "the error is the response, and is answered at once")]
impl Call {
    /// The argument at a position of the pattern; 404 if it does not parse.
    ///
    /// # Errors
    /// The response to give instead of calling the view.
    pub fn arg<T: PathArg>(&self, position: usize) -> Result<T, Response> {
        let text = self.params.as_ref().and_then(|params| params.iter().nth(position));
        text.and_then(|(_, text)| T::parse(text)).ok_or_else(refuse)
    }

    /// An argument that does not read the body.
    ///
    /// # Errors
    /// The response to give instead of calling the view.
    pub async fn part<T: FromRequestParts<Site>>(&mut self) -> Result<T, Response> {
        T::from_request_parts(&mut self.parts, self.context.site()).await.map_err(IntoResponse::into_response)
    }

    /// The last argument, which may read the body.
    ///
    /// # Errors
    /// The response to give instead of calling the view.
    pub async fn last<T: FromRequest<Site, M>, M>(&mut self) -> Result<T, Response> {
        let (empty, ()) = axum::http::Request::new(()).into_parts();
        let parts = std::mem::replace(&mut self.parts, empty);
        let request = Request::from_parts(parts, std::mem::take(&mut self.body));
        T::from_request(request, self.context.site()).await.map_err(IntoResponse::into_response)
    }

    /// The last argument of a view that changes something: it proves where the request came from.
    ///
    /// # Errors
    /// The response to give instead of calling the view.
    pub async fn verified<T: FromRequest<Site, M> + Verified, M>(&mut self) -> Result<T, Response> {
        self.last().await
    }

    /// What the parts of the request share.
    #[must_use]
    pub fn context(&self) -> &RequestContext {
        &self.context
    }

    /// The view's answer as a response. A `Page` is rendered here, with the request at hand.
    ///
    /// # Errors
    /// Never; it is a `Result` so that the wrapper's `?` has something to stand in.
    pub async fn respond(self, answer: impl IntoResponse) -> Result<Response, Response> {
        Ok(crate::page::finish(&self.context, answer.into_response()).await)
    }
}

fn refuse() -> Response {
    Error::new(ErrorKind::NotFound, "a part of the address is not what the view takes").into_response()
}

/// A method router for a view's wrapper.
pub fn on<H: Handler<T, Site>, T: 'static>(methods: Methods, handler: H) -> MethodRouter {
    match methods.filter() {
        Some(filter) => axum::routing::on(filter, handler),
        None => MethodRouter::new(),
    }
}
