//! The admin as a part of a project: its addresses and what stands behind each.

use std::time::Duration;

use axum::Router;
use axum::extract::Extension;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use nuages::http::RequestContext;
use nuages::site::{App, Plugin, Site};
use nuages::{Error, ErrorKind, Result};

use crate::address::Address;
use crate::asked::{Asked, Posted, PostedRow};
use crate::{account, actions, assets, delete, edit, history, home, list, shell};

/// How long a statement of a list may take when nothing else is said.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(2);

/// The admin. [`site`](crate::site()) makes it.
#[derive(Clone, Copy, Debug)]
pub struct Admin {
    pub(crate) limit: Option<Duration>,
    pub(crate) site_header: Option<&'static str>,
    pub(crate) site_title: Option<&'static str>,
    pub(crate) index_title: Option<&'static str>,
}

impl Admin {
    pub(crate) const fn new() -> Self {
        Self { limit: Some(STATEMENT_TIMEOUT), site_header: None, site_title: None, index_title: None }
    }

    /// The name at the top of every page and above the login: the first app's when nothing is said.
    ///
    /// ```
    /// let admin = nuages_admin::site().site_header("Paper & Ink").index_title("What we have");
    /// ```
    #[must_use]
    pub const fn site_header(mut self, name: &'static str) -> Self {
        self.site_header = Some(name);
        self
    }

    /// The name at the end of every page's title, in the browser's tab: the site header when nothing is said.
    #[must_use]
    pub const fn site_title(mut self, name: &'static str) -> Self {
        self.site_title = Some(name);
        self
    }

    /// The heading of the first page.
    #[must_use]
    pub const fn index_title(mut self, title: &'static str) -> Self {
        self.index_title = Some(title);
        self
    }

    /// How long a statement of a list may take: 2 seconds when nothing is said. What takes longer is broken off
    /// by the database; the page still comes, in the order of the primary key, and says what would help.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let admin = nuages_admin::site().statement_timeout(Duration::from_millis(500));
    /// ```
    #[must_use]
    pub const fn statement_timeout(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl Default for Admin {
    fn default() -> Self {
        Self::new()
    }
}

impl Plugin for Admin {
    fn name(&self) -> &'static str {
        "admin"
    }

    fn apps(&self) -> Vec<App> {
        vec![crate::app()]
    }

    fn router(&self, _: &str) -> Option<Router<Site>> {
        Some(router().layer(Extension(*self)))
    }
}

fn router() -> Router<Site> {
    let pages = Router::new()
        .route("/", get(index))
        .slashed("/login", get(login).post(login_posted))
        .slashed("/logout", post(logout))
        .slashed("/password", get(password).post(password_posted))
        .slashed("/preferences", post(preferences))
        .slashed("/{app}/{model}", get(rows).post(action))
        .slashed("/{app}/{model}/add", get(add).post(add_posted))
        .slashed("/{app}/{model}/options", get(options))
        .slashed("/{app}/{model}/{key}", get(change).post(change_posted))
        .slashed("/{app}/{model}/{key}/history", get(past))
        .slashed("/{app}/{model}/{key}/delete", get(remove).post(remove_posted))
        .fallback(nowhere)
        .layer(map_response(async |response: Response| shell::headers(response)));
    pages.route("/assets/{name}", get(asset))
}

/// An address with and without a slash at its end.
trait Slashed {
    fn slashed(self, path: &str, method: MethodRouter<Site>) -> Self;
}

impl Slashed for Router<Site> {
    fn slashed(self, path: &str, method: MethodRouter<Site>) -> Self {
        self.route(path, method.clone()).route(&format!("{path}/"), method)
    }
}

type Model = Path<(String, String)>;
type Object = Path<(String, String, String)>;

fn address(query: Option<String>) -> Address {
    Address::parse(&query.unwrap_or_default())
}

fn said(result: Result<Response>) -> Response {
    result.unwrap_or_else(Error::into_response)
}

async fn index(asked: Asked) -> Response {
    asked.answer(home::show(&asked).await)
}

/// An address that leads nowhere; who is not logged in learns not even that.
async fn nowhere(asked: Asked) -> Response {
    asked.answer(Err(Error::new(ErrorKind::NotFound, "There is no such page in the admin.")))
}

async fn login(
    context: RequestContext,
    Extension(admin): Extension<Admin>,
    RawQuery(query): RawQuery,
) -> Response {
    said(account::login(&context, admin, &address(query)).await)
}

async fn login_posted(
    context: RequestContext,
    Extension(admin): Extension<Admin>,
    posted: Posted,
) -> Response {
    said(account::login_posted(&context, admin, &posted).await)
}

async fn logout(context: RequestContext, _: Posted) -> Response {
    said(account::logout_posted(&context).await)
}

async fn password(asked: Asked) -> Response {
    asked.answer(account::password(&asked))
}

async fn password_posted(asked: Asked, posted: Posted) -> Response {
    asked.answer(account::password_posted(&asked, &posted).await)
}

async fn preferences(asked: Asked, posted: Posted) -> Response {
    account::preferences(&asked, &posted)
}

async fn rows(asked: Asked, Path((app, model)): Model, RawQuery(query): RawQuery) -> Response {
    let page = async { list::show(&asked, asked.model(&app, &model, "view")?, address(query)).await };
    asked.answer(page.await)
}

async fn action(
    asked: Asked,
    Path((app, model)): Model,
    RawQuery(query): RawQuery,
    posted: Posted,
) -> Response {
    let page =
        async { actions::run(&asked, asked.model(&app, &model, "view")?, address(query), &posted).await };
    asked.answer(page.await)
}

async fn add(asked: Asked, Path((app, model)): Model, RawQuery(query): RawQuery) -> Response {
    let page = async { edit::add(&asked, asked.model(&app, &model, "add")?, &address(query)).await };
    asked.answer(page.await)
}

async fn add_posted(asked: Asked, Path((app, model)): Model, PostedRow(posted): PostedRow) -> Response {
    let page = async { edit::add_posted(&asked, asked.model(&app, &model, "add")?, posted).await };
    asked.answer(page.await)
}

async fn options(asked: Asked, Path((app, model)): Model, RawQuery(query): RawQuery) -> Response {
    let address = address(query);
    let (words, relation) = (address.get("q").unwrap_or_default(), address.get("for"));
    let page = async { edit::options(&asked, asked.model(&app, &model, "view")?, words, relation).await };
    asked.answer(page.await)
}

async fn change(asked: Asked, Path((app, model, key)): Object, RawQuery(query): RawQuery) -> Response {
    let page =
        async { edit::change(&asked, asked.model(&app, &model, "view")?, &key, &address(query)).await };
    asked.answer(page.await)
}

async fn change_posted(
    asked: Asked,
    Path((app, model, key)): Object,
    PostedRow(posted): PostedRow,
) -> Response {
    let page =
        async { edit::change_posted(&asked, asked.model(&app, &model, "change")?, &key, posted).await };
    asked.answer(page.await)
}

async fn past(asked: Asked, Path((app, model, key)): Object, RawQuery(query): RawQuery) -> Response {
    let page =
        async { history::show(&asked, asked.model(&app, &model, "view")?, &key, &address(query)).await };
    asked.answer(page.await)
}

async fn remove(asked: Asked, Path((app, model, key)): Object) -> Response {
    let page = async { delete::one(&asked, asked.model(&app, &model, "delete")?, &key).await };
    asked.answer(page.await)
}

async fn remove_posted(asked: Asked, Path((app, model, key)): Object, posted: Posted) -> Response {
    let page =
        async { delete::one_posted(&asked, asked.model(&app, &model, "delete")?, &key, &posted).await };
    asked.answer(page.await)
}

/// The name holds a hash of the content, so that browsers may keep it for ever.
async fn asset(Path(name): Path<String>) -> Response {
    let Some(asset) = assets::find(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, asset.content).into_response()
}
