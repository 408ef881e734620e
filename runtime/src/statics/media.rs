//! Answering requests for uploaded files: in debug, and for sites that are small enough.

use super::kind;
use crate::error::{Error, ErrorKind, Result};
use crate::site::Site;
use crate::storage::{DEFAULT, check_name};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// What somebody uploaded never runs as a page of the site.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
/// No name is ever used for another content.
const A_WHILE: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// What browsers show as a picture and as nothing else.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// The view behind `/media/{*path}`.
pub(crate) async fn serve_media(State(site): State<Site>, Path(path): Path<String>) -> Response {
    answer(&site, &path).await.unwrap_or_else(Error::into_response)
}

async fn answer(site: &Site, name: &str) -> Result<Response> {
    check_name(name).map_err(|_| Error::new(ErrorKind::NotFound, "there is no such file"))?;
    let content = site.database().storages().get(DEFAULT)?.open(name).await?;
    let content_type = kind::content_type(name);
    let shown = if PICTURES.contains(&content_type) { "inline" } else { "attachment" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(shown)),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, A_WHILE),
    ];
    Ok((headers, content).into_response())
}
