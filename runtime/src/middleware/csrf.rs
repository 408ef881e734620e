//! The CSRF header check, over everything: a request that changes something must not come from another site.
//!
//! Browsers say in `Sec-Fetch-Site` where a request comes from; older ones send
//! `Origin`. A request with neither does not come from a browser's page; the
//! token of [`crate::http::Csrf`] covers what is left.

use super::host::without_port;
use crate::error::ErrorKind;
use crate::http::{RequestHead, fail};
use crate::site::Site;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;

/// Refuses what another site's page sends, unless that site is trusted or the view takes such requests.
#[expect(clippy::result_large_err, reason = "it is returned as the response at once")]
pub(super) fn check(site: &Site, request: &Request, head: &RequestHead) -> Result<(), Response> {
    if is_safe(&head.method) || comes_from_here(request.headers(), head) {
        return Ok(());
    }
    if is_trusted(site, request.headers()) || is_exempt(site, head) {
        return Ok(());
    }
    let text = "the request comes from a page of another site; if that site may send it, add its origin to \
                NUAGES_TRUSTED_ORIGINS";
    Err(fail(StatusCode::FORBIDDEN, ErrorKind::PermissionDenied, text))
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

fn comes_from_here(headers: &HeaderMap, head: &RequestHead) -> bool {
    match headers.get("sec-fetch-site").map(|value| value.as_bytes()) {
        Some(b"same-origin" | b"none") => true,
        Some(_) => false,
        None => match headers.get(header::ORIGIN) {
            None => true,
            Some(origin) => origin.to_str().is_ok_and(|origin| is_own(origin, head)),
        },
    }
}

/// Whether an origin is that of the request. The scheme is left out where only a proxy knows it.
fn is_own(origin: &str, head: &RequestHead) -> bool {
    let Some((scheme, host)) = origin.split_once("://") else { return false };
    let own = head.host.to_str().unwrap_or_default();
    let same_scheme = !head.secure || scheme == "https";
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    let bare = |host: &str| host.strip_suffix(default_port).unwrap_or(host).to_ascii_lowercase();
    same_scheme && !without_port(own).is_empty() && bare(own) == bare(host)
}

fn is_trusted(site: &Site, headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let trusted = &site.settings().trusted_origins;
    origin.is_some_and(|origin| trusted.iter().any(|known| known.eq_ignore_ascii_case(origin)))
}

/// Looked up only for requests that would be refused.
fn is_exempt(site: &Site, head: &RequestHead) -> bool {
    let entry = site.routes().find(&head.method, head.uri.path());
    entry.is_some_and(|entry| entry.route.csrf_exempt_reason().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn passes(pairs: &[(&'static str, &'static str)], secure: bool) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        let head = RequestHead {
            method: Method::POST,
            uri: "/".parse().unwrap(),
            host: HeaderValue::from_static("example.org:8000"),
            secure,
            peer: None,
            client: None,
            cookie: None,
        };
        comes_from_here(&headers, &head)
    }

    #[test]
    fn pages_of_other_sites_are_told_apart() {
        assert!(passes(&[], false));
        assert!(passes(&[("sec-fetch-site", "same-origin")], false));
        assert!(passes(&[("sec-fetch-site", "none")], false));
        assert!(passes(&[("origin", "http://example.org:8000")], false));
        assert!(passes(&[("origin", "https://EXAMPLE.org:8000")], true));
        for refused in ["cross-site", "same-site", "", "nonsense"] {
            assert!(
                !passes(&[("sec-fetch-site", refused), ("origin", "http://example.org:8000")], false),
                "{refused}"
            );
        }
        for origin in [
            "null",
            "http://evil.example",
            "http://example.org",
            "http://example.org:8000.evil.example",
            "http://",
        ] {
            assert!(!passes(&[("origin", origin)], false), "{origin}");
        }
        assert!(!passes(&[("origin", "http://example.org:8000")], true));
    }
}
