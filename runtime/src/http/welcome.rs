//! The page at `/` in debug, as long as the project has no view.

use super::RequestContext;
use crate::error::Result;
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "welcome.html")]
struct Welcome {
    version: &'static str,
    database: &'static str,
    apps: Vec<&'static str>,
    mounts: Vec<(&'static str, String)>,
}

pub(super) fn page(context: &RequestContext) -> Result<Response> {
    let site = context.site();
    let mounts = site.mounts().iter();
    let welcome = Welcome {
        version: env!("CARGO_PKG_VERSION"),
        database: site.database().backend().title(),
        apps: site.apps().iter().map(crate::site::App::label).collect(),
        mounts: mounts.filter_map(|mount| Some((mount.plugin.name(), mount.prefix.clone()?))).collect(),
    };
    crate::page::html(context, &welcome)
}
