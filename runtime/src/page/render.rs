//! Rendering a page when its request is at hand.

use super::scope::within;
use crate::error::{Context, Error, Result};
use crate::http::RequestContext;
use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// A response made from an askama template.
///
/// ```
/// use askama::Template;
/// use nuages::page::Page;
///
/// #[derive(Template)]
/// #[template(source = "<h1>{{ title }}</h1>", ext = "html")]
/// struct Home { title: &'static str }
///
/// async fn home() -> Page<Home> {
///     Page(Home { title: "Books" })
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Page<T>(pub T);

/// A page that waits in the extensions of its response. Templates render by reference, so twice is no harm.
#[derive(Clone)]
struct Waiting(Arc<dyn Renderer>);

trait Renderer: Send + Sync {
    fn render(&self) -> askama::Result<String>;
}

impl<T: Template + Send + Sync> Renderer for T {
    fn render(&self) -> askama::Result<String> {
        Template::render(self)
    }
}

impl<T: Template + Send + Sync + 'static> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(Waiting(Arc::new(self.0)));
        response
    }
}

/// Whether a page waits in a response to be rendered.
pub(crate) fn is_waiting(response: &Response) -> bool {
    response.extensions().get::<Waiting>().is_some()
}

/// Renders the page that waits in a response, if one does.
pub(crate) async fn finish(context: &RequestContext, mut response: Response) -> Response {
    let Some(Waiting(page)) = response.extensions_mut().remove::<Waiting>() else { return response };
    match render(context, &*page).await {
        Ok(text) => {
            *response.body_mut() = text.into();
            // A handler of plain axum has passed a router, which wrote down the length of the empty body.
            response.headers_mut().remove(header::CONTENT_LENGTH);
            response.headers_mut().entry(header::CONTENT_TYPE).or_insert(HTML);
            response
        }
        Err(error) => error.context("the page could not be rendered").into_response(),
    }
}

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// Renders. If the template asked for the user or the messages, they are read and it is rendered again.
async fn render(context: &RequestContext, page: &dyn Renderer) -> Result<String> {
    match within(context, || page.render()) {
        Ok(text) => Ok(text),
        Err(error) => {
            if !context.load_if_asked().await.context("the user could not be read")? {
                return Err(Error::from(error));
            }
            Ok(within(context, || page.render())?)
        }
    }
}

/// A page of our own, rendered now.
pub(crate) fn html(context: &RequestContext, template: &impl Template) -> Result<Response> {
    let text = within(context, || template.render())?;
    Ok(([(header::CONTENT_TYPE, HTML)], text).into_response())
}
