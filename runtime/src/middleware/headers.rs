//! Headers of every response: the request's id, and what keeps browsers careful.

use super::ContentSecurityPolicy;
use super::csp::NOTHING;
use crate::http::RequestContext;
use crate::settings::Https;
use axum::http::HeaderValue;
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::response::Response;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Sets what the response has not set itself.
pub(super) fn secure(response: &mut Response, context: &RequestContext, csp: &ContentSecurityPolicy) {
    let page = is_page(response.headers());
    let headers = response.headers_mut();
    headers.reserve(8);
    if let Ok(id) = HeaderValue::from_bytes(&context.id().digits()) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set(headers, header::X_FRAME_OPTIONS, || HeaderValue::from_static("DENY"));
    set(headers, header::REFERRER_POLICY, || HeaderValue::from_static("same-origin"));
    set(headers, OPENER_POLICY, || HeaderValue::from_static("same-origin"));
    set(headers, RESOURCE_POLICY, || HeaderValue::from_static("same-origin"));
    set(headers, header::CONTENT_SECURITY_POLICY, || if page { csp.header(context) } else { NOTHING });
    transport(headers, &context.site().settings().https);
    if context.is_personal() {
        personal(headers);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: impl FnOnce() -> HeaderValue) {
    headers.entry(name).or_insert_with(value);
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn transport(headers: &mut HeaderMap, https: &Https) {
    let Some(age) = https.hsts.filter(|age| https.on && !age.is_zero()) else { return };
    let more = if https.hsts_subdomains { "; includeSubDomains; preload" } else { "" };
    if let Ok(value) = HeaderValue::from_str(&format!("max-age={}{more}", age.as_secs())) {
        set(headers, header::STRICT_TRANSPORT_SECURITY, || value);
    }
}

/// A response that depends on who asks is kept by no cache.
fn personal(headers: &mut HeaderMap) {
    set(headers, header::CACHE_CONTROL, || HeaderValue::from_static("no-store, private"));
    let varies = |value: &HeaderValue| {
        value
            .to_str()
            .is_ok_and(|text| text.split(',').any(|name| name.trim().eq_ignore_ascii_case("cookie")))
    };
    if !headers.get_all(header::VARY).iter().any(varies) {
        headers.append(header::VARY, HeaderValue::from_static("Cookie"));
    }
}
