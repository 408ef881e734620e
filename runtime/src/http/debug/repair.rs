//! The buttons of the developer's page: what plugins offer to put right, and doing it.

use crate::error::{Error, ErrorKind, Result};
use crate::http::{Csrf, Redirect, RequestContext};
use crate::site::{Repair, Site};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::Method;
use axum::routing::post;
use serde::Deserialize;

/// Where the buttons lead. There only in debug.
const ADDRESS: &str = "/__nuages__/repair";

/// What one plugin offers.
pub(crate) struct Offer {
    pub repair: Repair,
    pub address: String,
}

/// What the plugins offer for a request that the database failed.
pub(crate) async fn offers(context: &RequestContext, error: Option<&Error>) -> Vec<Offer> {
    let mut offers = Vec::new();
    if error.is_none_or(|error| error.kind() != ErrorKind::Database) {
        return offers;
    }
    let site = context.site();
    for mount in site.mounts() {
        if let Ok(Some(repair)) = mount.plugin.find_repair(site).await {
            offers.push(Offer { repair, address: address(context, mount.plugin.name()) });
        }
    }
    offers
}

/// Back to the page afterwards, where that is one which a browser can simply ask for again.
fn address(context: &RequestContext, plugin: &str) -> String {
    let head = context.head();
    let next =
        if head.method == Method::GET { head.uri.path_and_query().map(|all| all.as_str()) } else { None };
    let next: String = form_urlencoded::byte_serialize(next.unwrap_or("/").as_bytes()).collect();
    format!("{ADDRESS}/{plugin}?next={next}")
}

/// The route of the buttons, for debug runs.
pub(crate) fn router() -> Router<Site> {
    Router::new().route(&format!("{ADDRESS}/{{plugin}}"), post(run))
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn run(
    context: RequestContext,
    Path(plugin): Path<String>,
    Query(Next { next }): Query<Next>,
    _csrf: Csrf,
) -> Result<Redirect> {
    let site = context.site();
    let mount = site.mounts().iter().find(|mount| mount.plugin.name() == plugin);
    let unknown = || Error::new(ErrorKind::NotFound, "there is no such plugin");
    mount.ok_or_else(unknown)?.plugin.repair(site).await?;
    Ok(Redirect::to_next(Some(&next), "/"))
}
