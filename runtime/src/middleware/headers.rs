//! Headers of every response: the request's id, and what keeps browsers careful.

use super::ContentSecurityPolicy;
use super::csp::NOTHING;
use crate::http::{RequestContext, RequestId};
use crate::settings::Https;
use axum::http::HeaderValue;
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::response::Response;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The headers of every response that depend on nothing but the settings, written once.
pub(super) struct SecurityHeaders {
    page: Template,
    json: Template,
    other: Template,
    csp: ContentSecurityPolicy,
}

/// The headers of responses of one type, this type among them.
struct Template {
    kind: &'static str,
    headers: HeaderMap,
}

impl SecurityHeaders {
    pub(super) fn new(https: &Https, csp: ContentSecurityPolicy) -> Self {
        let template = |kind, csp| Template { kind, headers: headers(https, kind, csp) };
        Self {
            page: template("text/html; charset=utf-8", csp.plain()),
            json: template("application/json", NOTHING),
            other: template("", NOTHING),
            csp,
        }
    }

    fn template(&self, kind: Option<&HeaderValue>) -> &Template {
        match kind {
            Some(kind) if is_page(kind) => &self.page,
            Some(kind) if kind == self.json.kind => &self.json,
            _ => &self.other,
        }
    }

    /// Sets what the response has not set itself. Copying what is always the same is cheaper than setting it.
    pub(super) fn set(&self, response: &mut Response, context: &RequestContext) {
        let kind = response.headers().get(header::CONTENT_TYPE);
        let template = self.template(kind);
        let is_typed = kind.is_some();
        let has_usual_type = kind.is_some_and(|kind| kind == template.kind);
        let headers = response.headers_mut();
        let mut own = std::mem::replace(headers, template.headers.clone());
        // Nearly every response has a type and a length, and nothing else.
        if let Some(length) = own.remove(header::CONTENT_LENGTH) {
            headers.insert(header::CONTENT_LENGTH, length);
        }
        if !has_usual_type || own.len() > 1 {
            add(headers, own, is_typed);
        }
        if std::ptr::eq(template, &self.page) && context.used_nonce().is_some() {
            headers.insert(header::CONTENT_SECURITY_POLICY, self.csp.header(context));
        }
        set_id(headers, context.id());
        if context.is_personal() {
            personal(headers);
        }
    }
}

fn headers(https: &Https, kind: &'static str, csp: HeaderValue) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(ROOM);
    // The id is replaced in every copy, and is found at once where it stands first.
    headers.insert(REQUEST_ID, HeaderValue::from_static(""));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    if let Some(value) = transport(https) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, csp);
    headers
}

/// Puts the response's own headers over those of the template.
fn add(headers: &mut HeaderMap, mut own: HeaderMap, is_typed: bool) {
    if !is_typed {
        headers.remove(header::CONTENT_TYPE);
    }
    own.remove(REQUEST_ID);
    headers.extend(own);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
}

fn set_id(headers: &mut HeaderMap, id: RequestId) {
    let Ok(id) = HeaderValue::from_bytes(&id.digits()) else { return };
    match headers.iter_mut().next() {
        Some((name, value)) if *name == REQUEST_ID => *value = id,
        _ => drop(headers.insert(REQUEST_ID, id)),
    }
}

/// Ours, and as many of the response's own as is usual: with a place for them, no copy has to grow.
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
