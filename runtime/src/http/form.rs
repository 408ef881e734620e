//! Forms meet requests: what a view's last argument reads, and the token in a form that is shown.

use askama::filters::HtmlSafe;
use axum::body::to_bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use std::fmt;

use super::{CSRF_FIELD, CSRF_HEADER, RequestContext, Verified};
use crate::error::{Error, ErrorKind, Result};
use crate::form::{BoundField, Form, FormData, FormFields, FormState, UploadedFile};

/// What the request sent: its body, whose CSRF token was verified, or the query of a GET.
impl<S: Send + Sync> FromRequest<S> for FormData {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let context = RequestContext::of(request.extensions())?.clone();
        if is_safe(request.method()) {
            return Self::from_urlencoded(request.uri().query().unwrap_or_default().as_bytes());
        }
        let header =
            request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if header.is_some() {
            context.verify_csrf(header.as_deref())?;
            return read(request, &context).await;
        }
        let data = read(request, &context).await?;
        context.verify_csrf(data.get(CSRF_FIELD))?;
        Ok(data)
    }
}

impl Verified for FormData {}

/// The form as it was sent. A GET without a query has sent nothing, so the form is empty and has no errors.
impl<S: Send + Sync, T: FormFields> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let zone = RequestContext::of(request.extensions())?.zone();
        let nothing = is_safe(request.method()) && request.uri().query().is_none_or(str::is_empty);
        let form = T::new().zone(zone);
        if form.is_multipart() {
            let context = RequestContext::of(request.extensions())?;
            context.set_body_limit(context.body_limit().max(context.site().settings().limits.upload));
        }
        if nothing {
            return Ok(form);
        }
        let data = FormData::from_request(request, state).await?;
        Ok(form.bind(&data))
    }
}

impl<T> Verified for Form<T> {}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

async fn read(request: Request, context: &RequestContext) -> Result<FormData> {
    match kind(request.headers()) {
        Some("application/x-www-form-urlencoded") => {
            let body = to_bytes(request.into_body(), context.body_limit()).await.map_err(unreadable)?;
            FormData::from_urlencoded(&body)
        }
        Some("multipart/form-data") => read_parts(request).await,
        _ => Err(Error::new(
            ErrorKind::BadRequest,
            "a form is sent as `application/x-www-form-urlencoded` or `multipart/form-data`",
        )),
    }
}

/// The type without its parameters.
fn kind(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next().map(str::trim)
}

/// Reads part by part and stops at the first one too many.
async fn read_parts(request: Request) -> Result<FormData> {
    let mut parts = Multipart::from_request(request, &()).await.map_err(unreadable)?;
    let mut data = FormData::new();
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        let Some(name) = part.name().map(str::to_owned) else { continue };
        let content_type = part.content_type().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file_name) => {
                let content = part.bytes().await.map_err(unreadable)?;
                data.push_file(name, UploadedFile { name: file_name, content_type, content })?;
            }
            None => data.push(name, part.text().await.map_err(unreadable)?)?,
        }
    }
    Ok(data)
}

fn unreadable<E: std::error::Error + Send + Sync + 'static>(error: E) -> Error {
    Error::from_source(ErrorKind::BadRequest, error).context("the body could not be read")
}

/// `{{ form }}`: the token, what is wrong, and every field. Outside a request there is no token,
/// and what is sent without one is refused.
impl fmt::Display for FormState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = crate::page::csrf_token().ok();
        self.render(token.as_deref()).fmt(f)
    }
}

/// What is said of the file that a row has.
impl BoundField {
    /// Where browsers find the file that the row has, while a page is rendered and if its storage has addresses.
    #[must_use]
    pub fn file_url(&self) -> Option<String> {
        let (file, name) = (self.field.column?.options.file?, self.held_file()?);
        self.shown_url.clone().or_else(|| crate::page::stored_url(file.storage, name))
    }
}

impl HtmlSafe for FormState {}

impl<T> fmt::Display for Form<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl<T> HtmlSafe for Form<T> {}
