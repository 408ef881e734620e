//! What pages need that do not know who asks, and the headers of every answer.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use nuages::admin::Tone;
use nuages::http::RequestContext;
use nuages::site::Site;
use nuages::{Error, Result};

use crate::page::Link;
use crate::page::error::ErrorPage;
use crate::page::shell::{Assets, Shell, Theme};
use crate::registry::words;
use crate::site::Admin;

/// The cookie of the theme.
pub(crate) const THEME_COOKIE: &str = "nuages_theme";
/// The cookie of the rows' height.
pub(crate) const DENSITY_COOKIE: &str = "nuages_density";

/// Nothing from elsewhere, nothing inline: the pages need no more.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Where the admin is mounted, without a slash at the end.
pub(crate) fn root(site: &Site) -> String {
    site.mounted_at("admin").unwrap_or("/admin").trim_end_matches('/').to_owned()
}

/// A frame without navigation and user.
pub(crate) fn plain(context: &RequestContext, admin: Admin) -> Shell {
    let site = context.site();
    let root = root(site);
    let header = admin.site_header.map_or_else(|| name(site), str::to_owned);
    let language = context.language().to_owned();
    Shell {
        site_title: admin.site_title.map_or_else(|| header.clone(), str::to_owned),
        site: header,
        assets: Assets::of(&root),
        root,
        environment: site.is_debug().then(|| (Tone::Note, "Debug".to_owned())),
        theme: context.cookie(THEME_COOKIE).map_or(Theme::System, Theme::from_word),
        compact: context.cookie(DENSITY_COOKIE) == Some("compact"),
        // The admin's own words are English yet; the project's labels and all that is in its tables are not.
        right_to_left: is_right_to_left(&language),
        language,
        ..Shell::default()
    }
}

/// What a site is called that says no name.
fn name(site: &Site) -> String {
    let mut labels = site.apps().iter().map(nuages::site::App::label);
    words(labels.find(|label| !matches!(*label, "auth" | "admin")).unwrap_or("admin"))
}

/// Whether a language such as `he` or `ar-EG` is written from right to left.
fn is_right_to_left(language: &str) -> bool {
    let first = language.split(['-', '_']).next().unwrap_or_default();
    ["ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"].contains(&first)
}

/// A template as an answer.
pub(crate) fn html(status: StatusCode, page: &impl Template) -> Result<Response> {
    let text = page.render().map_err(|error| Error::from(error).context("the page could not be drawn"))?;
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    Ok((status, kind, text).into_response())
}

/// The page for somebody who is logged in and may not be here.
pub(crate) fn refuse(context: &RequestContext, admin: Admin, text: &str) -> Response {
    let shell = plain(context, admin);
    let page = ErrorPage {
        status: 403,
        text: vec![text.to_owned(), "Log in with another account, or ask a superuser.".to_owned()],
        links: vec![Link::new("Log in with another account", format!("{}/login/", shell.root))],
        shell: Shell { title: "You may not do this".to_owned(), ..shell },
    };
    html(StatusCode::FORBIDDEN, &page).unwrap_or_else(IntoResponse::into_response)
}

/// The headers of every page.
pub(crate) fn headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set =
        |name: header::HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::CACHE_CONTROL, "no-store");
    response
}
