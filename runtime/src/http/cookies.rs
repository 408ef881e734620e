//! Reading the `Cookie` header and writing `Set-Cookie`.

use axum::http::HeaderValue;
use cookie::{Cookie, SameSite};
use std::time::Duration;

/// The value of a cookie in a `Cookie` header, without decoding. Of two with one name, the first.
pub(super) fn find<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header.split(';').find_map(|pair| {
        let (found, value) = pair.split_once('=')?;
        (found.trim() == name).then(|| value.trim().trim_matches('"'))
    })
}

/// A cookie to set.
pub(super) struct NewCookie {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) max_age: Option<Duration>,
}

impl NewCookie {
    /// The header's value; `None` if name or value hold what a header cannot.
    pub(super) fn header(&self, secure: bool) -> Option<HeaderValue> {
        let fits =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && !b";,\\\"".contains(&byte));
        if self.name.is_empty() || !fits(&self.name) || self.name.contains('=') || !fits(&self.value) {
            tracing::error!(name = ?self.name, "a cookie was not set: it holds characters that a header cannot");
            return None;
        }
        let mut cookie = Cookie::build((self.name.as_str(), self.value.as_str()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(secure);
        if let Some(age) = self.max_age {
            let seconds = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
            cookie = cookie.max_age(cookie::time::Duration::seconds(seconds));
        }
        HeaderValue::from_str(&cookie.build().to_string()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        assert_eq!(find("a=1; sessionid=abc; b=2", "sessionid"), Some("abc"));
        assert_eq!(find("xsessionid=1", "sessionid"), None);
        assert_eq!(find("sessionid=a=b", "sessionid"), Some("a=b"));
        assert_eq!(find("sessionid; ;;", "sessionid"), None);
    }

    #[test]
    fn cookies_are_closed_to_scripts_and_other_sites() {
        let cookie =
            NewCookie { name: "a".into(), value: "b".into(), max_age: Some(Duration::from_secs(60)) };
        let text = cookie.header(true).unwrap().to_str().unwrap().to_owned();
        for word in ["a=b", "HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=60"] {
            assert!(text.contains(word), "{word} is missing in {text}");
        }
        assert!(!cookie.header(false).unwrap().to_str().unwrap().contains("Secure"));
    }

    #[test]
    fn nothing_can_be_smuggled_into_the_header() {
        for (name, value) in
            [("a", "b\r\nX: y"), ("a", "b; Domain=evil"), ("a=b", "c"), ("", "c"), ("ä", "c")]
        {
            let cookie = NewCookie { name: name.into(), value: value.into(), max_age: None };
            assert!(cookie.header(true).is_none(), "{name}={value}");
        }
    }
}
