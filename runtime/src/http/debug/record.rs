//! What is kept of a request for the developer's page, in debug only.

use super::mask::{masked, masked_query};
use crate::http::RequestContext;
use axum::extract::Request;
use axum::http::HeaderMap;

/// The headers of a request.
pub(crate) struct RequestRecord {
    headers: HeaderMap,
}

impl RequestRecord {
    pub(crate) fn of(request: &Request) -> Self {
        Self { headers: request.headers().clone() }
    }

    /// Names and values, secrets masked.
    pub(super) fn headers(&self) -> Vec<(String, String)> {
        let pairs = self.headers.iter().map(|(name, value)| {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.to_string(), masked(name.as_str(), &text).to_owned())
        });
        pairs.collect()
    }
}

/// The request in a few lines.
pub(super) fn summary(context: &RequestContext) -> Vec<(String, String)> {
    let head = context.head();
    let query = head.uri.query().map(|query| format!("?{}", masked_query(query))).unwrap_or_default();
    let mut lines = vec![("address".to_owned(), format!("{} {}{query}", head.method, head.uri.path()))];
    if let Some(client) = head.client {
        lines.push(("client".to_owned(), client.to_string()));
    }
    let elapsed = context.started().elapsed().as_secs_f64() * 1000.0;
    lines.push(("time".to_owned(), format!("{elapsed:.1} ms")));
    lines.push(("language".to_owned(), context.language().to_owned()));
    if let Some(user) = context.page_user() {
        let name = if user.is_authenticated { user.name.clone() } else { "nobody logged in".to_owned() };
        lines.push(("user".to_owned(), name));
    }
    lines
}
