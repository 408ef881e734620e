//! The content security policy: what a page may load and run.

use crate::http::RequestContext;
use axum::http::HeaderValue;
use std::fmt::Write;

/// What pages may load and run. Nothing but the site's own files and what carries the nonce, by default.
///
/// ```
/// use nuages::middleware::ContentSecurityPolicy;
///
/// let policy = ContentSecurityPolicy::strict().allow("img-src", "https://images.example.org");
/// assert!(policy.to_string().contains("img-src 'self' data: https://images.example.org"));
/// ```
#[derive(Clone, Debug)]
pub struct ContentSecurityPolicy {
    directives: Vec<(String, Vec<String>)>,
    /// The text without a nonce, ready to send.
    plain: HeaderValue,
}

/// The policy of everything that is not a page.
pub(super) const NOTHING: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// The directives that a nonce belongs to.
const WITH_NONCE: [&str; 2] = ["script-src", "style-src"];

impl ContentSecurityPolicy {
    /// The default: own files only, no inline script without the nonce, no frames, no plugins.
    #[must_use]
    pub fn strict() -> Self {
        let own = [
            ("default-src", "'none'"),
            ("script-src", "'self'"),
            ("style-src", "'self'"),
            ("img-src", "'self' data:"),
            ("font-src", "'self'"),
            ("connect-src", "'self'"),
            ("media-src", "'self'"),
            ("manifest-src", "'self'"),
            ("form-action", "'self'"),
            ("base-uri", "'none'"),
            ("object-src", "'none'"),
            ("frame-ancestors", "'none'"),
        ];
        let directives =
            own.iter().map(|(name, source)| ((*name).to_owned(), vec![(*source).to_owned()])).collect();
        Self { directives, plain: NOTHING }.with_text()
    }

    /// Also allows a source for a directive, such as `img-src`.
    #[must_use]
    pub fn allow(mut self, directive: &str, source: &str) -> Self {
        let known = self.directives.iter_mut().find(|(name, _)| name == directive);
        match known {
            Some((_, sources)) => {
                sources.retain(|known| known != "'none'");
                sources.push(source.to_owned());
            }
            None => self.directives.push((directive.to_owned(), vec![source.to_owned()])),
        }
        self.with_text()
    }

    fn with_text(mut self) -> Self {
        // What no header can hold is left out by falling back to nothing at all.
        self.plain = HeaderValue::from_str(&self.text(None)).unwrap_or(NOTHING);
        self
    }

    fn text(&self, nonce: Option<&str>) -> String {
        let mut out = String::new();
        for (name, sources) in &self.directives {
            let between = if out.is_empty() { "" } else { "; " };
            let _ = write!(out, "{between}{name} {}", sources.join(" "));
            if let Some(nonce) = nonce.filter(|_| WITH_NONCE.contains(&name.as_str())) {
                let _ = write!(out, " 'nonce-{nonce}'");
            }
        }
        out
    }

    /// The header for a page without a nonce.
    pub(super) fn plain(&self) -> HeaderValue {
        self.plain.clone()
    }

    /// The header for a page of this request, with its nonce if a template used it.
    pub(super) fn header(&self, context: &RequestContext) -> HeaderValue {
        match context.used_nonce() {
            None => self.plain.clone(),
            Some(nonce) => HeaderValue::from_str(&self.text(Some(nonce))).unwrap_or(NOTHING),
        }
    }
}

impl std::fmt::Display for ContentSecurityPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(None))
    }
}

impl Default for ContentSecurityPolicy {
    fn default() -> Self {
        Self::strict()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_stands_with_scripts_and_styles_only() {
        let text = ContentSecurityPolicy::strict().text(Some("abc"));
        assert!(
            text.contains(
                "script-src 'self' 'nonce-abc'; style-src 'self' 'nonce-abc'; img-src 'self' data:;"
            ),
            "{text}"
        );
        assert_eq!(text.matches("nonce").count(), 2);
        assert!(!text.contains("unsafe"));
    }

    #[test]
    fn a_source_that_no_header_can_hold_opens_nothing() {
        let policy = ContentSecurityPolicy::strict().allow("img-src", "x\r\nSet-Cookie: a=b");
        assert_eq!(policy.plain, NOTHING);
    }
}
