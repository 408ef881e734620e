//! What a failed request is answered with: a page, JSON or plain text.

use super::failure::{Failure, log};
use super::{DebugPage, RequestContext, RequestId};
use crate::error::{Error, ErrorKind, Result};
use crate::middleware::Panicked;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// A failed request, as the project's own pages for errors see it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Problem {
    /// The status of the response.
    pub status: StatusCode,
    /// The id under which the log has the details.
    pub id: RequestId,
    /// The address that was asked for.
    pub path: String,
    /// What the client may be told: what is wrong with its request, or just the status in words.
    pub text: String,
}

/// What a client wants to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    Html,
    Json,
    Text,
}

impl Wants {
    /// From the `Accept` header.
    pub(crate) fn of(accept: Option<&HeaderValue>) -> Self {
        let accept = accept.and_then(|value| value.to_str().ok()).unwrap_or_default();
        if accept.contains("text/html") {
            Self::Html
        } else if accept.contains("json") {
            Self::Json
        } else {
            Self::Text
        }
    }
}

/// Answers a failed request: the developer's page in debug, the project's own or ours in production.
pub(crate) async fn answer(context: &RequestContext, mut failed: Response, wants: Wants) -> Response {
    let error = failed.extensions_mut().remove::<Failure>().map(|failure| failure.0);
    let panicked = failed.extensions_mut().remove::<Panicked>();
    let status = failed.status();
    log(context, status, error.as_deref());
    let problem = Problem {
        status,
        id: context.id(),
        path: context.head().uri.path().to_owned(),
        text: public_text(status, error.as_deref()),
    };
    let mut page = if context.site().is_debug() {
        debug(context, &problem, error, panicked, wants).await
    } else {
        production(context, &problem, wants).await
    };
    *page.status_mut() = status;
    for name in [header::ALLOW, header::RETRY_AFTER, header::SET_COOKIE] {
        if let Some(value) = failed.headers_mut().remove(&name) {
            page.headers_mut().insert(name, value);
        }
    }
    page.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    page
}

/// What is wrong with the client's own request may be told; anything else is the status in words.
fn public_text(status: StatusCode, error: Option<&Error>) -> String {
    match error {
        Some(error) if matches!(error.kind(), ErrorKind::BadRequest | ErrorKind::Validation) => {
            error.to_string()
        }
        _ => status.canonical_reason().unwrap_or("Error").to_owned(),
    }
}

async fn production(context: &RequestContext, problem: &Problem, wants: Wants) -> Response {
    if let Some(own) = context.site().error_pages().make(problem) {
        let own = crate::page::finish(context, own).await;
        match own.extensions().get::<Failure>() {
            None => return own,
            Some(failure) => log(context, problem.status, Some(&failure.0)),
        }
    }
    match wants {
        Wants::Html => crate::page::html(context, &ErrorPage { problem }).unwrap_or_else(|_| text(problem)),
        Wants::Json => json(problem, None),
        Wants::Text => text(problem),
    }
}

async fn debug(
    context: &RequestContext,
    problem: &Problem,
    error: Option<Arc<Error>>,
    panicked: Option<Panicked>,
    wants: Wants,
) -> Response {
    if wants == Wants::Json {
        let detail = error.map(|error| error.to_string());
        return json(problem, detail.as_deref());
    }
    let offers = super::debug::offers(context, error.as_deref()).await;
    let page = DebugPage::new(context, problem, error.as_deref(), panicked.as_ref(), offers);
    match wants {
        Wants::Html => html_or(context, &page, problem).unwrap_or_else(|_| text(problem)),
        _ => page.markdown().into_response(),
    }
}

fn html_or(context: &RequestContext, page: &DebugPage, problem: &Problem) -> Result<Response> {
    if problem.status == StatusCode::NOT_FOUND && problem.path == "/" && context.site().routes().is_empty() {
        return super::welcome::page(context);
    }
    crate::page::html(context, page)
}

fn text(problem: &Problem) -> Response {
    format!("{} {}\nrequest {}\n", problem.status.as_u16(), problem.text, problem.id).into_response()
}

fn json(problem: &Problem, detail: Option<&str>) -> Response {
    let mut body = serde_json::json!({
        "status": problem.status.as_u16(),
        "error": problem.text,
        "id": problem.id.to_string(),
    });
    if let Some(detail) = detail {
        body["detail"] = detail.into();
    }
    axum::Json(body).into_response()
}

/// The page of production: the status in words, what the visitor can do, and the id.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    problem: &'a Problem,
}

impl ErrorPage<'_> {
    fn heading(&self) -> &str {
        self.problem.status.canonical_reason().unwrap_or("Error")
    }

    /// Of a mistake in the request its own text, which says more.
    fn advice(&self) -> &str {
        match self.problem.status.as_u16() {
            404 => "There is nothing at this address. It may have moved, or the link may be mistyped.",
            403 => {
                "You are not allowed to do this. If you logged in or out in another window, load the page again."
            }
            405 => "This page cannot be asked for in this way.",
            409 => {
                "Somebody else changed this at the same moment. Go back, load the page again, and try once more."
            }
            503 => "There is too much to do just now. Try again in a moment.",
            500.. => {
                "Something broke on our side, and it was noted. If it happens again, tell us the reference below."
            }
            _ if self.problem.text != self.heading() => &self.problem.text,
            _ => "The request could not be understood.",
        }
    }
}
