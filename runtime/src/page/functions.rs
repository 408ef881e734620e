//! What templates call.

use super::scope::{NoRequest, Reason, current};
use super::{PageMessage, PageUser};
use crate::field::{Field, StoredFile};
use crate::http::CSRF_FIELD;
use crate::query::url_of;
use crate::value::Value;
use askama::filters::HtmlSafe;
use std::fmt;

/// The hidden field that proves where a form came from: `{{ nuages::page::csrf()? }}` inside the form.
///
/// # Errors
/// Outside a request.
pub fn csrf() -> Result<CsrfInput, NoRequest> {
    csrf_token().map(CsrfInput)
}

/// The token alone, for scripts that send it as `X-CSRF-Token`.
///
/// # Errors
/// Outside a request.
pub fn csrf_token() -> Result<String, NoRequest> {
    current("csrf")?.csrf_token().map_err(failed)
}

/// The user who asked.
///
/// # Errors
/// Outside a request.
pub fn user() -> Result<PageUser, NoRequest> {
    let context = current("user")?;
    match context.page_user() {
        Some(user) => Ok(user.clone()),
        None => {
            context.ask_for_load();
            Err(NoRequest(Reason::NotLoaded))
        }
    }
}

/// The messages for the user. Showing them forgets them.
///
/// # Errors
/// Outside a request.
pub fn messages() -> Result<Vec<PageMessage>, NoRequest> {
    let context = current("messages")?;
    let Some(messages) = context.page_messages() else {
        context.ask_for_load();
        return Err(NoRequest(Reason::NotLoaded));
    };
    if !messages.is_empty() {
        context.note_messages_read();
    }
    Ok(messages.to_vec())
}

/// The nonce for inline scripts and styles: `<script nonce="{{ nuages::page::nonce()? }}">`.
///
/// # Errors
/// Outside a request.
pub fn nonce() -> Result<String, NoRequest> {
    current("nonce")?.nonce().map(str::to_owned).map_err(failed)
}

/// The language of the page, for `<html lang="…">`.
///
/// # Errors
/// Outside a request.
pub fn language() -> Result<String, NoRequest> {
    Ok(current("language")?.language().to_owned())
}

/// The address of a static file, with the hash of its content: `static_url("css/site.css")`.
///
/// # Errors
/// Outside a request, and when there is no such file.
pub fn static_url(path: &str) -> Result<String, NoRequest> {
    let context = current("static_url")?;
    let files = context.site().statics();
    files.url(path).map(str::to_owned).ok_or_else(|| NoRequest(Reason::NoFile(files.missing(path))))
}

/// Where browsers find a stored file: `<img src="{{ file_url(book.cover)? }}">`. Empty where there is none.
///
/// # Errors
/// Outside a request, and when the file's storage has no addresses.
pub fn file_url<T: Field<Base: StoredFile>>(file: &T) -> Result<String, NoRequest> {
    let context = current("file_url")?;
    let (Some(schema), Value::Text(name)) = (T::FILE, file.to_value()) else { return Ok(String::new()) };
    if name.is_empty() {
        return Ok(name);
    }
    url_of(context.site().database().storages(), schema.storage, &name).map_err(failed)
}

/// Where browsers find a file of a storage, while a page is rendered and if it has addresses.
pub(crate) fn stored_url(alias: &str, name: &str) -> Option<String> {
    let context = current("file_url").ok()?;
    url_of(context.site().database().storages(), alias, name).ok()
}

fn failed(error: crate::error::Error) -> NoRequest {
    NoRequest(Reason::Failed(error.to_string()))
}

/// `<input type="hidden" …>` with the token of one form.
#[derive(Clone)]
pub struct CsrfInput(String);

impl fmt::Display for CsrfInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<input type=\"hidden\" name=\"{CSRF_FIELD}\" value=\"{}\">", self.0)
    }
}

/// The token holds letters, digits, `-` and `_` only.
impl HtmlSafe for CsrfInput {}

impl fmt::Debug for CsrfInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfInput(…)")
    }
}
