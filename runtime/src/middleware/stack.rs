//! The stack itself: the checks in their order, as one future.

use super::answer::{Answer, Client};
use super::headers::SecurityHeaders;
use super::view::View;
use super::{ContentSecurityPolicy, csrf, host, limits};
use crate::error::{Error, ErrorKind, Result};
use crate::http::{
    BodyOutcome, Failure, Handle, RequestContext, RequestHead, RequestRecord, Wants, answer_problem, fail,
    guard_body,
};
use crate::site::Site;
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::future::{FutureExt as _, Map};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tower::Service;

/// A project's router with everything that stands around it. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Stack(Arc<Parts>);

/// Of a connection: what its requests share with no other processor.
struct Parts {
    site: Site,
    router: Mutex<Router>,
    common: Arc<Common>,
}

/// Of all connections.
struct Common {
    router: Router,
    headers: SecurityHeaders,
}

impl Stack {
    pub(crate) fn new(site: Site, router: Router, csp: ContentSecurityPolicy) -> Self {
        let headers = SecurityHeaders::new(&site.settings().https, csp);
        Self::of(site, Arc::new(Common { router, headers }))
    }

    fn of(site: Site, common: Arc<Common>) -> Self {
        let router = Mutex::new(common.router.clone());
        Self(Arc::new(Parts { site, router, common }))
    }

    /// Answers one request.
    pub(crate) fn answer(&self, request: Request, peer: Option<SocketAddr>) -> Answer {
        let settings = self.0.site.settings();
        let record = settings.is_debug().then(|| Box::new(RequestRecord::of(&request)));
        let context = RequestContext::new(self.0.site.clone(), head(settings, &request, peer), record);
        let client = Client::of(&request);
        let view = match self.admit(&request, &context) {
            Ok(()) => self.start(request, &context),
            Err(refusal) => Err(refusal),
        };
        Answer::new(self.clone(), context, client, view)
    }

    pub(super) fn headers(&self) -> &SecurityHeaders {
        &self.0.common.headers
    }

    /// The checks that need nothing but the head.
    #[expect(clippy::result_large_err, reason = "it is returned as the response at once")]
    fn admit(&self, request: &Request, context: &RequestContext) -> Result<(), Response> {
        let settings = self.0.site.settings();
        limits::check_head(&settings.limits, request)?;
        host::check(settings, context.head())?;
        csrf::check(&self.0.site, request, context.head())
    }

    /// Hands the request to the view.
    #[expect(clippy::result_large_err, reason = "it is returned as the response at once")]
    fn start(&self, mut request: Request, context: &RequestContext) -> Result<View, Response> {
        request.extensions_mut().insert(context.clone());
        if let Some(peer) = context.head().peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let has_body = !request.body().is_end_stream();
        if has_body {
            // Ours counts for every reader of the body; axum's would stand in its way.
            DefaultBodyLimit::disable().apply(&mut request);
            let (parts, body) = request.into_parts();
            let body = guard_body(body, &parts.headers, context);
            request = Request::from_parts(parts, body);
        }
        let limit = self.0.site.settings().limits.request_timeout;
        let started = context.started();
        match self.0.router.try_lock() {
            Ok(mut router) => View::start(&mut router, request, started, limit),
            Err(_) => View::start(&mut self.0.common.router.clone(), request, started, limit),
        }
    }

    /// Everything between the view and the headers, of which a [plain](is_plain) response needs nothing.
    pub(super) async fn leave(
        self,
        mut response: Response,
        context: RequestContext,
        wants: Wants,
    ) -> Response {
        let context = &context;
        if crate::page::is_waiting(&response) {
            response = crate::page::finish(context, response).await;
        }
        response = body_refusal(response, context);
        response = options(response, context.head());
        response = tell(response, context, wants).await;
        // As in Django: what a request that failed did to its session and messages is as if it had not been.
        if context.is_touched()
            && !response.status().is_server_error()
            && let Err(error) = self.save(context).await
        {
            response = answer_problem(context, error.into_response(), wants).await;
        }
        for cookie in context.take_cookies() {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// Sessions and the like save before the response leaves; what they cannot save is not answered as done.
    async fn save(&self, context: &RequestContext) -> Result<()> {
        for hook in self.0.site.hooks() {
            hook.save(context).await?;
        }
        Ok(())
    }
}

/// Whether a response can go as it is: nothing waits in it, and the request has left nothing to save or to tell.
pub(super) fn is_plain(response: &Response, context: &RequestContext) -> bool {
    response.extensions().is_empty()
        && response.status() != StatusCode::METHOD_NOT_ALLOWED
        && context.is_quiet()
}

/// The page for a response that failed; any other stays as it is.
async fn tell(response: Response, context: &RequestContext, wants: Wants) -> Response {
    if response.extensions().get::<Failure>().is_some() || is_bare_refusal(&response) {
        return answer_problem(context, response, wants).await;
    }
    response
}

impl Handle for Stack {
    type Answer = Answer;

    fn for_connection(&self) -> Self {
        Self::of(self.0.site.fork(), Arc::clone(&self.0.common))
    }

    fn handle(&self, request: Request, peer: SocketAddr) -> Answer {
        self.answer(request, Some(peer))
    }
}

/// As a service for routers of axum: `Project::router`.
impl Service<Request> for Stack {
    type Response = Response;
    type Error = Infallible;
    type Future = Map<Answer, fn(Response) -> Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
        self.answer(request, peer).map(Ok)
    }
}

fn head(settings: &crate::settings::Settings, request: &Request, peer: Option<SocketAddr>) -> RequestHead {
    let headers = request.headers();
    let trusted = settings.https.trust_proxy;
    RequestHead {
        method: request.method().clone(),
        uri: request.uri().clone(),
        host: host::of(request),
        secure: trusted && host::forwarded_proto(headers) == Some("https"),
        peer,
        client: host::client(headers, peer, trusted),
        cookie: headers.get(header::COOKIE).cloned(),
    }
}

/// What the reader of a body made of a refused one is replaced: only we know which status is right.
fn body_refusal(response: Response, context: &RequestContext) -> Response {
    match context.body_outcome() {
        None => response,
        Some(BodyOutcome::TooLarge) => {
            let text = format!("the body has more than {} bytes", context.body_limit());
            fail(StatusCode::PAYLOAD_TOO_LARGE, ErrorKind::BadRequest, text)
        }
        Some(BodyOutcome::TooSlow) => {
            fail(StatusCode::REQUEST_TIMEOUT, ErrorKind::BadRequest, "the body took too long to arrive")
        }
    }
}

/// OPTIONS is answered with the methods there are, where no route answers it itself.
fn options(mut response: Response, head: &RequestHead) -> Response {
    const OPTIONS: HeaderValue = HeaderValue::from_static("OPTIONS");
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    if head.method == Method::OPTIONS {
        *response.status_mut() = StatusCode::NO_CONTENT;
        *response.body_mut() = Body::empty();
    }
    if let Some(allow) = response.headers_mut().get_mut(header::ALLOW) {
        let more = allow.to_str().map(|known| format!("{known},OPTIONS")).ok();
        *allow = more.and_then(|text| HeaderValue::from_str(&text).ok()).unwrap_or(OPTIONS);
    }
    response
}

/// A 405 that the router made, without a word in it.
fn is_bare_refusal(response: &Response) -> bool {
    response.status() == StatusCode::METHOD_NOT_ALLOWED && response.body().is_end_stream()
}

/// What a router answers where there is no route.
pub(crate) async fn not_found(context: RequestContext) -> Result<Response> {
    let path = context.head().uri.path();
    if let Some(other) = context.site().routes().slash_redirect(path) {
        let query = context.head().uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        return Ok(crate::http::redirect(format!("{other}{query}")).permanent().into_response());
    }
    Err(Error::new(ErrorKind::NotFound, "there is nothing at this address"))
}
