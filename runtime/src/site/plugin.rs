//! What plugs into a project: the admin, migrations, authentication, or a crate of your own.

use super::{App, Command, Finding, Repair, RequestHook, Site};
use crate::error::Result;
use axum::Router;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// A part of a project that is more than an app. Every method has a default that adds nothing.
pub trait Plugin: Send + Sync + 'static {
    /// The name, such as `admin`; [`Site::mounted_at`] finds the plugin by it.
    fn name(&self) -> &'static str;

    /// Apps that come with it.
    fn apps(&self) -> Vec<App> {
        Vec::new()
    }

    /// Its pages, with addresses relative to `prefix` (the router is nested below it).
    fn router(&self, prefix: &str) -> Option<Router<Site>> {
        let _ = prefix;
        None
    }

    /// Its commands.
    fn commands(&self) -> Vec<Command> {
        Vec::new()
    }

    /// What it does around requests.
    fn hooks(&self) -> Vec<Arc<dyn RequestHook>> {
        Vec::new()
    }

    /// What is wrong with the project, as far as this plugin is concerned. An error refuses the start.
    fn check<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Vec<Finding>> {
        let _ = site;
        Box::pin(async { Vec::new() })
    }

    /// Work before the server starts, such as migrating in debug on SQLite.
    ///
    /// # Errors
    /// An error keeps the server from starting.
    fn start<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Result<()>> {
        let _ = site;
        Box::pin(async { Ok(()) })
    }

    /// Work after migrations were applied and the database is where they lead, such as making permissions.
    /// It may run more than once.
    ///
    /// # Errors
    /// An error is the answer of the `migrate` command, and keeps a server that migrates at start from starting.
    fn post_migrate<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Result<()>> {
        let _ = site;
        Box::pin(async { Ok(()) })
    }

    /// What keeps pages from working and can be put right with a click. Asked for the page of a failed
    /// request, in debug only.
    ///
    /// # Errors
    /// An error counts as nothing to repair: the page shows the one that it is about.
    fn find_repair<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Result<Option<Repair>>> {
        let _ = site;
        Box::pin(async { Ok(None) })
    }

    /// Does what [`find_repair`](Self::find_repair) offered: a developer clicked its button, in debug.
    ///
    /// # Errors
    /// An error is shown as that of any page.
    fn repair<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Result<()>> {
        let _ = site;
        Box::pin(async { Ok(()) })
    }

    /// Lines to print when the server has started, such as how to make a superuser.
    fn announce<'a>(&'a self, site: &'a Site) -> BoxFuture<'a, Vec<String>> {
        let _ = site;
        Box::pin(async { Vec::new() })
    }
}

/// A plugin that is part of every project it is linked into (`use nuages_migrate as _;`).
pub struct RegisteredPlugin {
    /// Makes the plugin.
    pub make: fn() -> Arc<dyn Plugin>,
}

inventory::collect!(RegisteredPlugin);
