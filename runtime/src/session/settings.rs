//! Lifetimes and cookies of sessions.

use super::SessionToken;
use cookie::time::Duration as CookieDuration;
use cookie::{Cookie, SameSite};
use std::time::Duration;

/// One day.
const DAY: Duration = Duration::from_secs(86_400);

/// How sessions live, and what their cookies look like.
#[derive(Clone, Debug)]
pub struct SessionSettings {
    /// Whether the site is served over HTTPS. Then cookies are `Secure` and have the `__Host-`
    /// prefix, with which no other host, and nobody without TLS, can plant one.
    pub secure: bool,
    /// The cookie's name without that prefix.
    pub cookie_name: String,
    /// When other sites' requests carry the cookie.
    pub same_site: SameSite,
    /// A session ends when it was not used for so long.
    pub idle: Duration,
    /// A session ends so long after login, used or not.
    pub absolute: Duration,
    /// Whether the cookie goes when the browser closes.
    pub expire_at_browser_close: bool,
}

/// Two weeks without use, ninety days in all, `Lax` cookies for HTTPS.
impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            secure: true,
            cookie_name: "session".into(),
            same_site: SameSite::Lax,
            idle: DAY * 14,
            absolute: DAY * 90,
            expire_at_browser_close: false,
        }
    }
}

/// How long one session lives without use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionExpiry {
    /// As the settings say.
    Default,
    /// As the settings say, and no longer than the browser is open.
    BrowserClose,
    /// So long, but never beyond the absolute lifetime.
    After(Duration),
}

impl SessionSettings {
    /// The full name of the session's cookie.
    #[must_use]
    pub fn session_cookie(&self) -> String {
        self.prefixed(&self.cookie_name)
    }

    /// The full name of the cookie that visitors without a session get for
    /// [CSRF protection](super::CsrfSecret::of_visitor).
    #[must_use]
    pub fn visitor_cookie(&self) -> String {
        self.prefixed("visitor")
    }

    /// The session's token among the values of `Cookie` headers.
    #[must_use]
    pub fn session_token<'a>(&self, headers: impl IntoIterator<Item = &'a str>) -> Option<SessionToken> {
        find(headers, &self.session_cookie())
    }

    /// The visitor's token among the values of `Cookie` headers.
    #[must_use]
    pub fn visitor_token<'a>(&self, headers: impl IntoIterator<Item = &'a str>) -> Option<SessionToken> {
        find(headers, &self.visitor_cookie())
    }

    /// The cookie for a visitor without a session; it goes when the browser closes.
    #[must_use]
    pub fn visitor(&self, token: &SessionToken) -> Cookie<'static> {
        self.cookie(self.visitor_cookie(), token.expose(), None)
    }

    /// The session's cookie; without an age it goes when the browser closes.
    pub(super) fn session(&self, token: &SessionToken, age: Option<Duration>) -> Cookie<'static> {
        self.cookie(self.session_cookie(), token.expose(), age)
    }

    /// The cookie that makes the browser forget the session's.
    pub(super) fn removal(&self) -> Cookie<'static> {
        self.cookie(self.session_cookie(), String::new(), Some(Duration::ZERO))
    }

    fn cookie(&self, name: String, value: String, age: Option<Duration>) -> Cookie<'static> {
        let mut cookie = Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(self.same_site)
            .build();
        if let Some(age) = age {
            let seconds = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
            cookie.set_max_age(CookieDuration::seconds(seconds));
        }
        cookie
    }

    fn prefixed(&self, name: &str) -> String {
        if self.secure { format!("__Host-{name}") } else { name.to_owned() }
    }
}

/// The first cookie of this name that holds a token. Longer headers than the server
/// accepts do not come this far.
fn find<'a>(headers: impl IntoIterator<Item = &'a str>, name: &str) -> Option<SessionToken> {
    headers
        .into_iter()
        .flat_map(Cookie::split_parse)
        .flatten()
        .filter(|cookie| cookie.name() == name)
        .find_map(|cookie| SessionToken::parse(cookie.value()))
}

#[cfg(test)]
mod tests {
    use super::{SessionSettings, SessionToken};
    use std::time::Duration;

    #[test]
    fn secure_cookies_carry_every_mark() {
        let settings = SessionSettings::default();
        let token = SessionToken::generate().unwrap();
        let text = settings.session(&token, Some(Duration::from_secs(60))).to_string();
        let value = token.expose();
        assert_eq!(
            text,
            format!("__Host-session={value}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60")
        );
        assert_eq!(
            settings.removal().to_string(),
            "__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0"
        );
    }

    #[test]
    fn without_tls_the_prefix_would_make_browsers_drop_it() {
        let settings = SessionSettings { secure: false, ..SessionSettings::default() };
        let token = SessionToken::generate().unwrap();
        let text = settings.visitor(&token).to_string();
        assert_eq!(text, format!("visitor={}; HttpOnly; SameSite=Lax; Path=/", token.expose()));
    }

    #[test]
    fn tokens_are_found_among_other_cookies() {
        let settings = SessionSettings::default();
        let token = SessionToken::generate().unwrap();
        let value = token.expose();
        let find = |headers: &[&str]| settings.session_token(headers.iter().copied());
        assert_eq!(find(&[&format!("a=b; __Host-session={value}; c")]), Some(token.clone()));
        assert_eq!(
            find(&["a=b", &format!("__Host-session=forged; __Host-session={value}")]),
            Some(token.clone())
        );
        assert_eq!(find(&[&format!("session={value}")]), None);
        assert_eq!(find(&[&format!("__host-session={value}")]), None);
        assert_eq!(find(&["__Host-session=", ";;;=;", ""]), None);
        assert_eq!(settings.visitor_token([&*format!("__Host-visitor={value}")]), Some(token));
    }
}
