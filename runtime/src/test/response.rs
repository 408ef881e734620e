//! What the site answered.

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, LOCATION, SET_COOKIE};
use axum::response::Response;
use http_body_util::BodyExt;

use crate::{Error, Result};

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct TestResponse {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl TestResponse {
    pub(super) async fn read(response: Response) -> Result<Self> {
        let (head, body) = response.into_parts();
        let body =
            body.collect().await.map_err(|error| Error::other(format!("the body ended early: {error}")))?;
        let answer =
            Self { status: head.status.as_u16(), headers: head.headers, body: body.to_bytes().to_vec() };
        answer.check_length()?;
        Ok(answer)
    }

    /// A length that is not the body's breaks the connection of a real client. HEAD has one without a body.
    fn check_length(&self) -> Result<()> {
        let told = self.header(CONTENT_LENGTH.as_str()).and_then(|length| length.parse::<usize>().ok());
        match told {
            Some(told) if !self.body.is_empty() && self.body.len() != told => Err(Error::other(format!(
                "the answer says that its body has {told} bytes, and it has {}",
                self.body.len()
            ))),
            _ => Ok(()),
        }
    }

    /// The status, such as 200.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// A header's text, if it is there.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Where the answer sends the browser, if it does.
    #[must_use]
    pub fn redirect(&self) -> Option<&str> {
        self.headers.get(LOCATION).and_then(|value| value.to_str().ok())
    }

    /// The body as text; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// If it is none.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// Whether the body has a text in it.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// The cookies set, with an empty value for those removed.
    #[must_use]
    pub fn cookies(&self) -> Vec<(String, String)> {
        let lines = self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
        lines.filter_map(cookie).collect()
    }
}

fn cookie(line: &str) -> Option<(String, String)> {
    let mut parts = line.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let removed = parts.any(|part| part.trim().eq_ignore_ascii_case("max-age=0"));
    Some((name.trim().to_owned(), if removed { String::new() } else { value.trim().to_owned() }))
}
