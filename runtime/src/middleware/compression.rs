//! Compression of large texts.
//!
//! Pages that hold a CSRF token are compressed too: the token is masked anew
//! each time, so its length tells nothing (BREACH).

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use std::convert::Infallible;
use tower::{ServiceExt, service_fn};
use tower_http::compression::Compression;

/// Below this many bytes compression costs more than it saves.
const LEAST: u64 = 1024;

/// Whether the client takes gzip.
pub(super) fn wanted(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|text| text.split(',').any(|one| is_gzip(one.trim())))
}

fn is_gzip(encoding: &str) -> bool {
    let mut parts = encoding.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
    named && !parts.any(|part| part.replace(' ', "").trim_end_matches(['0', '.']) == "q=")
}

/// The response, compressed.
pub(super) async fn compress(response: Response) -> Response {
    let mut ready = Some(response);
    let inner = service_fn(move |_: Request| {
        let response = ready.take().unwrap_or_default();
        async move { Ok::<_, Infallible>(response) }
    });
    let mut request = Request::new(Body::empty());
    request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    match Compression::new(inner).oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}

/// Whether a response is large enough, and of a kind that gets smaller.
pub(super) fn is_worth_it(response: &Response) -> bool {
    let headers = response.headers();
    let large = response.body().size_hint().exact().is_none_or(|bytes| bytes >= LEAST);
    let whole =
        response.status() != StatusCode::PARTIAL_CONTENT && !headers.contains_key(header::CONTENT_RANGE);
    large && whole && !headers.contains_key(header::CONTENT_ENCODING) && is_text(headers)
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    // Events are sent one by one, and a compressor would hold them back.
    let text = kind.starts_with("text/") && kind != "text/event-stream";
    text || ["application/json", "application/xml", "application/javascript", "image/svg+xml"].contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(text: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(text));
        wanted(&headers)
    }

    #[test]
    fn the_client_chooses() {
        assert!(accepts("gzip") && accepts("br, GZIP;q=0.5") && accepts("deflate,gzip"));
        assert!(!accepts("br") && !accepts("gzip;q=0") && !accepts("gzip; q=0.0") && !accepts("xgzip"));
        assert!(accepts("gzip;q=0.01"));
    }

    #[tokio::test]
    async fn only_large_texts_are_compressed() {
        let response = |kind: &'static str, length: usize| {
            let body = "a".repeat(length);
            Response::builder().header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap()
        };
        let encoded = async |response| {
            is_worth_it(&response)
                && compress(response).await.headers().contains_key(header::CONTENT_ENCODING)
        };
        assert!(encoded(response("text/html; charset=utf-8", 5000)).await);
        assert!(!encoded(response("text/html", 500)).await);
        assert!(!encoded(response("image/png", 5000)).await);
        assert!(!encoded(response("text/event-stream", 5000)).await);
    }
}
