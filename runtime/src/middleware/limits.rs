//! Limits on the head of a request and on the time of a view. Those on the body are in `http::body`.

use crate::error::ErrorKind;
use crate::http::fail;
use crate::settings::Limits;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use std::time::Duration;

/// Refuses an address or headers that are too long.
#[expect(clippy::result_large_err, reason = "it is returned as the response at once")]
pub(super) fn check_head(limits: &Limits, request: &Request) -> Result<(), Response> {
    let uri = request.uri();
    if uri.path().len() + uri.query().map_or(0, str::len) > limits.uri {
        let text = format!("the address has more than {} bytes", limits.uri);
        return Err(fail(StatusCode::URI_TOO_LONG, ErrorKind::BadRequest, text));
    }
    if size(request.headers()) > limits.headers {
        let text = format!("the headers have more than {} bytes", limits.headers);
        return Err(fail(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, ErrorKind::BadRequest, text));
    }
    Ok(())
}

/// As on the wire: each with a colon, a space and a line end.
fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// The answer when a view takes too long. What it was doing is dropped.
#[cold]
pub(super) fn too_long(limit: Duration) -> Response {
    let text = format!("the view took longer than {} seconds", limit.as_secs());
    fail(StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Other, text)
}
