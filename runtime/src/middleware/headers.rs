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

/// The headers of every response that depend on nothing but the settings, written once.
pub(super) struct SecurityHeaders {
    /// Of a page.
    page: HeaderMap,
    /// Of everything else.
    other: HeaderMap,
    csp: ContentSecurityPolicy,
}

impl SecurityHeaders {
    pub(super) fn new(https: &Https, csp: ContentSecurityPolicy) -> Self {
        let mut other = HeaderMap::with_capacity(ROOM);
        // These two are always replaced; with a place for them, no copy of the map has to grow.
        other.insert(REQUEST_ID, HeaderValue::from_static(""));
        other.insert(header::CONTENT_TYPE, HeaderValue::from_static(""));
        other.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
        other.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        other.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        other.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
        other.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
        if let Some(value) = transport(https) {
            other.insert(header::STRICT_TRANSPORT_SECURITY, value);
        }
        let mut page = other.clone();
        page.insert(header::CONTENT_SECURITY_POLICY, csp.plain());
        other.insert(header::CONTENT_SECURITY_POLICY, NOTHING);
        Self { page, other, csp }
    }

    /// Sets what the response has not set itself. Copying what is always the same is cheaper than setting it.
    pub(super) fn set(&self, response: &mut Response, context: &RequestContext) {
        let kind = response.headers().get(header::CONTENT_TYPE);
        let (typed, page) = (kind.is_some(), kind.is_some_and(is_page));
        let headers = response.headers_mut();
        let own = std::mem::replace(headers, if page { self.page.clone() } else { self.other.clone() });
        if !typed {
            headers.remove(header::CONTENT_TYPE);
        }
        if page && context.used_nonce().is_some() {
            headers.insert(header::CONTENT_SECURITY_POLICY, self.csp.header(context));
        }
        let more = own.len() > 1;
        headers.extend(own);
        if more {
            headers.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
        }
        let id = HeaderValue::from_bytes(&context.id().digits());
        headers.insert(REQUEST_ID, id.unwrap_or_else(|_| HeaderValue::from_static("")));
        if context.is_personal() {
            personal(headers);
        }
    }
}

/// Ours, and as many of the response's own as is usual.
const ROOM: usize = 12;
const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");

fn set(headers: &mut HeaderMap, name: HeaderName, value: impl FnOnce() -> HeaderValue) {
    headers.entry(name).or_insert_with(value);
}

fn is_page(kind: &HeaderValue) -> bool {
    kind.as_bytes().starts_with(b"text/html")
}

fn transport(https: &Https) -> Option<HeaderValue> {
    let age = https.hsts.filter(|age| https.on && !age.is_zero())?;
    let more = if https.hsts_subdomains { "; includeSubDomains; preload" } else { "" };
    HeaderValue::from_str(&format!("max-age={}{more}", age.as_secs())).ok()
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
