//! Redirects that stay on the site unless somebody says otherwise.

use crate::error::{Error, ErrorKind};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::borrow::Cow;
use std::fmt::Write;

/// A redirect. [`redirect`] makes one to an address of this site.
///
/// ```
/// use nuages::http::{Redirect, redirect};
/// use axum::response::IntoResponse;
///
/// let response = redirect("/books/7").into_response();
/// assert_eq!(response.status(), 303);
/// assert_eq!(response.headers()["location"], "/books/7");
///
/// // What a client put into `?next=` is followed only inside the site.
/// let response = Redirect::to_next(Some("https://evil.example/"), "/").into_response();
/// assert_eq!(response.headers()["location"], "/");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    location: String,
    status: StatusCode,
}

/// To an address of this site, such as `book_detail::url(7)`. The browser asks for it with GET.
pub fn redirect(url: impl Into<String>) -> Redirect {
    Redirect { location: url.into(), status: StatusCode::SEE_OTHER }
}

impl Redirect {
    /// To an address that came from a client, if it is one of this site; else to `otherwise`.
    pub fn to_next(next: Option<&str>, otherwise: impl Into<String>) -> Self {
        match next {
            Some(next) if is_local_url(next) => redirect(next),
            _ => redirect(otherwise),
        }
    }

    /// For good: browsers remember it.
    #[must_use]
    pub fn permanent(mut self) -> Self {
        self.status = StatusCode::PERMANENT_REDIRECT;
        self
    }

    /// To another site. The address must not come from a client.
    pub fn external(url: impl Into<String>) -> Self {
        Self { location: url.into(), status: StatusCode::FOUND }
    }
}

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        let external = self.status == StatusCode::FOUND;
        match HeaderValue::from_str(&as_uri(&self.location)) {
            Ok(location) if external || is_local_url(&self.location) => {
                (self.status, [(header::LOCATION, location)]).into_response()
            }
            _ => {
                let text = format!(
                    "`{}` is not an address of this site; write `Redirect::external(…)` to leave it on purpose",
                    self.location.escape_debug()
                );
                Error::new(ErrorKind::Other, text).into_response()
            }
        }
    }
}

/// Whether a browser that follows this address stays on the site: it starts with one slash,
/// and holds nothing that browsers read as a host.
#[must_use]
pub fn is_local_url(url: &str) -> bool {
    let starts_well = url.starts_with('/') && !url.starts_with("//");
    // Browsers drop tabs and line ends and take a backslash for a slash.
    starts_well && !url.contains('\\') && !url.contains(|c: char| c.is_control())
}

/// An address as a header may hold it: what is no printable ASCII is written as the bytes of its UTF-8, as browsers
/// and Django's `iri_to_uri` do.
fn as_uri(address: &str) -> Cow<'_, str> {
    let is_plain = |byte: &u8| byte.is_ascii_graphic();
    // A control character is no part of an address; the caller refuses it.
    if address.bytes().all(|byte| is_plain(&byte)) || address.contains(|c: char| c.is_control()) {
        return Cow::Borrowed(address);
    }
    let write = |mut text: String, byte: u8| {
        if is_plain(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    };
    Cow::Owned(address.bytes().fold(String::with_capacity(address.len() * 2), write))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_site_are_local() {
        for url in ["/", "/a?next=//b", "/a#b", "/ä"] {
            assert!(is_local_url(url), "{url}");
        }
        for url in [
            "",
            "a",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\r\nSet-Cookie: a=b",
            "\u{0}/",
            " //evil.example",
            "http:///evil",
        ] {
            assert!(!is_local_url(url), "{url:?}");
        }
    }

    #[test]
    fn a_redirect_never_leaves_by_accident() {
        let response = redirect("//evil.example").into_response();
        assert_eq!(response.status(), 500);
        assert!(response.headers().get("location").is_none());
        assert_eq!(Redirect::external("https://pay.example/").into_response().status(), 302);
        let accented = redirect("/ä b?q=ö#1").into_response();
        assert_eq!(
            (accented.status(), &accented.headers()["location"]),
            (StatusCode::SEE_OTHER, &HeaderValue::from_static("/%C3%A4%20b?q=%C3%B6#1"))
        );
        assert_eq!(redirect("/a").permanent().into_response().status(), 308);
    }
}
