//! Answering requests for static files.

use super::StaticFiles;
use crate::error::{Error, ErrorKind};
use crate::site::Site;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A name with a hash never changes its content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A name without one is asked for again each time.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// The view behind `/static/{*path}`.
pub(crate) async fn serve(
    State(site): State<Site>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    answer(site.statics(), &path, &headers)
}

/// The name is looked up in a table and never put into a path, so nothing else can be reached.
fn answer(files: &StaticFiles, name: &str, headers: &HeaderMap) -> Response {
    let Some((file, for_ever)) = files.find(name) else {
        return Error::new(ErrorKind::NotFound, files.missing(name)).into_response();
    };
    let caching = [
        (header::ETAG, file.etag.clone()),
        (header::CACHE_CONTROL, if for_ever { FOR_EVER } else { ASK_AGAIN }),
    ];
    if knows(headers, &file.etag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    (caching, [(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type))], file.bytes)
        .into_response()
}

/// Whether the client has this content already.
fn knows(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let Some(known) = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let etag = etag.to_str().unwrap_or_default();
    known.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == etag)
}

#[cfg(test)]
mod tests {
    use super::super::files::tests::files;
    use super::*;

    fn get(name: &str, etag: Option<&HeaderValue>) -> Response {
        let all = files(&[("site.css", b"a{}"), ("run.unknown", b"MZ")]);
        let mut headers = HeaderMap::new();
        if let Some(etag) = etag {
            headers.insert(header::IF_NONE_MATCH, etag.clone());
        }
        answer(&all, name, &headers)
    }

    #[test]
    fn the_plain_name_is_checked_and_the_hashed_one_is_kept() {
        let plain = get("site.css", None);
        assert_eq!(plain.headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(plain.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        let url = files(&[("site.css", b"a{}")]).url("site.css").unwrap().to_owned();
        let hashed = get(url.strip_prefix("/static/").unwrap(), None);
        assert!(hashed.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let again = get("site.css", Some(&plain.headers()[header::ETAG]));
        assert_eq!(again.status(), 304);
        assert_eq!(get("site.css", Some(&HeaderValue::from_static("\"other\""))).status(), 200);
    }

    #[test]
    fn nothing_else_is_reached() {
        for name in
            ["", "..", "../Cargo.toml", "/etc/passwd", "site.css/", "./site.css", "x.css", "site.css\0"]
        {
            assert_eq!(get(name, None).status(), 404, "{name:?}");
        }
        assert_eq!(get("run.unknown", None).headers()[header::CONTENT_TYPE], "application/octet-stream");
    }
}
