//! A browser without a window: it keeps cookies, knows the CSRF token and does not follow redirects.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST};
use axum::http::{Method, Request};

use super::TestResponse;
use crate::Result;
use crate::app::Server;
use crate::http::{CSRF_FIELD, CSRF_HEADER};
use crate::session::{CsrfSecret, SessionToken};

/// A visitor of a [`TestSite`](super::TestSite).
///
/// ```no_run
/// # async fn f(site: nuages::test::TestSite, user: nuages::auth::User) -> nuages::Result<()> {
/// let mut client = site.client();
/// assert_eq!(client.get("/books/1").await?.status(), 404);
/// client.login(&user).await?;
/// let answer = client.post("/books/add", &[("title", "Dune")]).await?;
/// assert_eq!(answer.redirect(), Some("/books/1"));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client {
    server: Server,
    cookies: BTreeMap<String, String>,
    csrf: bool,
    headers: Vec<(String, String)>,
}

impl Client {
    /// A visitor of a project that was put together by hand, for the host `testserver`.
    #[must_use]
    pub fn of(server: Server) -> Self {
        Self { server, cookies: BTreeMap::new(), csrf: true, headers: Vec::new() }
    }

    /// From here on no CSRF token is sent along, as from a page of somebody else.
    #[must_use]
    pub fn without_csrf(mut self) -> Self {
        self.csrf = false;
        self
    }

    /// From here on this header is sent along.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The page at an address.
    ///
    /// # Errors
    /// If the answer cannot be read.
    pub async fn get(&mut self, path: &str) -> Result<TestResponse> {
        let request = self.request(Method::GET, path);
        self.send(request.body(Body::empty())?).await
    }

    /// Sends a form, as a page of the site would.
    ///
    /// # Errors
    /// If the answer cannot be read.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<TestResponse> {
        let token = if self.csrf { Some(self.csrf_token()?) } else { None };
        let token = token.as_deref().map(|token| (CSRF_FIELD, token));
        let body = serialize(fields.iter().copied().chain(token));
        self.post_body(path, "application/x-www-form-urlencoded", body).await
    }

    /// Sends any body, with the CSRF token as a header.
    ///
    /// # Errors
    /// If the answer cannot be read.
    pub async fn post_body(&mut self, path: &str, kind: &str, body: impl Into<Body>) -> Result<TestResponse> {
        let mut request = self.request(Method::POST, path).header(CONTENT_TYPE, kind);
        if self.csrf && kind != "application/x-www-form-urlencoded" {
            request = request.header(CSRF_HEADER, self.csrf_token()?);
        }
        self.send(request.body(body.into())?).await
    }

    /// Sends any request, with the cookies of earlier answers.
    ///
    /// # Errors
    /// If the answer cannot be read.
    pub async fn send(&mut self, mut request: Request<Body>) -> Result<TestResponse> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(COOKIE, cookies.join("; ").parse()?);
        }
        let answer = TestResponse::read(self.server.answer(request).await).await?;
        for (name, value) in answer.cookies() {
            if value.is_empty() {
                self.cookies.remove(&name);
            } else {
                self.cookies.insert(name, value);
            }
        }
        Ok(answer)
    }

    /// The value of a cookie, if the site has set one.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Sets a cookie as if the site had.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// A token as it stands in a form of a page that this client was shown.
    ///
    /// # Errors
    /// When the operating system has no random bytes.
    pub fn csrf_token(&mut self) -> Result<String> {
        let site = self.server.site();
        let (settings, keys) = (site.settings(), site.keyring());
        let held = |name: &str| self.cookies.get(name).and_then(|value| SessionToken::parse(value));
        if let Some(session) = held(settings.session_cookie()) {
            return Ok(CsrfSecret::of_session(keys, &session).masked()?);
        }
        let name = settings.cookie_name("csrf");
        let visitor = held(&name).map_or_else(SessionToken::generate, Ok)?;
        let token = CsrfSecret::of_visitor(keys, &visitor).masked()?;
        self.cookies.insert(name, visitor.expose().to_owned());
        Ok(token)
    }

    pub(super) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(HOST, "testserver");
        self.headers.iter().fold(request, |request, (name, value)| request.header(name, value))
    }
}

fn serialize<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = fields.map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Everything but letters and digits, in the form of a form.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::serialize;

    #[test]
    fn fields_are_written_as_a_browser_writes_them() {
        let fields = [("a b", "ü&="), ("c", "x-y_z.~")];
        assert_eq!(serialize(fields.into_iter()), "a+b=%C3%BC%26%3D&c=x-y_z.%7E");
    }
}
