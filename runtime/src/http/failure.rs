//! An error as a response. The page is made further out, where the whole request is at hand.

use super::RequestContext;
use crate::error::{Error, ErrorKind};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The error that a response stands for, left in its extensions.
#[derive(Clone)]
pub(crate) struct Failure(pub Arc<Error>);

/// Seconds after which a client may try again when no connection was free.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let kind = self.kind();
        let mut response = status(kind).into_response();
        if kind == ErrorKind::PoolTimeout {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response.extensions_mut().insert(Failure(Arc::new(self)));
        response
    }
}

/// The status that an error is answered with.
fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::DoesNotExist | ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
        ErrorKind::BadRequest => StatusCode::BAD_REQUEST,
        ErrorKind::Validation => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::PoolTimeout | ErrorKind::Timeout => StatusCode::SERVICE_UNAVAILABLE,
        // A row that another one refuses: the client's request conflicts with what is there.
        ErrorKind::Unique | ErrorKind::ForeignKey | ErrorKind::Serialization | ErrorKind::Conflict => {
            StatusCode::CONFLICT
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A failure with a status of its own, such as 431.
pub(crate) fn fail(
    status: StatusCode,
    kind: ErrorKind,
    text: impl Into<std::borrow::Cow<'static, str>>,
) -> Response {
    let mut response = Error::new(kind, text).into_response();
    *response.status_mut() = status;
    response
}

/// Longer paths are cut in the log.
const LOGGED_PATH: usize = 200;

/// Writes a failure into the log, with the request's id. Texts are escaped, so that nobody can write lines of it.
pub(super) fn log(context: &RequestContext, status: StatusCode, error: Option<&Error>) {
    let head = context.head();
    let path: String = head.uri.path().chars().take(LOGGED_PATH).collect();
    let (id, method, code) = (context.id(), &head.method, status.as_u16());
    let text = error.map(ToString::to_string).unwrap_or_default();
    if status.is_server_error() {
        let kind = error.map(Error::kind);
        tracing::error!(%id, %method, ?path, status = code, ?kind, error = ?text, "request failed");
    } else {
        tracing::info!(%id, %method, ?path, status = code, error = ?text, "request refused");
    }
}
