//! From what `main` wrote down to a running site: everything is checked against everything first.

use super::project::AddLayer;
use super::{Project, Server, builtin, checks};
use crate::backend::{Database, DatabaseSettings};
use crate::error::{Context, Error, Result};
use crate::middleware::{Stack, install_panic_hook, not_found};
use crate::routing::RouteTable;
use crate::signing::{Keyring, random_token};
use crate::site::{App, Mount, Site, SiteParts};
use crate::statics::{self, StaticFiles};
use crate::storage::{DEFAULT, FileSystemStorage, Storages};
use axum::Router;
use axum::routing::get;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

impl Project {
    /// Puts the project together, connects to the database and checks what can be checked.
    ///
    /// # Errors
    /// Lists what is wrong: unsafe settings in production, two views for one address, two apps with
    /// one label, an app that is not listed, a model that cannot live on the database.
    pub async fn build(self) -> Result<Server> {
        refuse_unsafe(&self)?;
        self.assemble(false).await
    }

    /// As [`build`](Self::build) for a command: as in Django, settings that are not safe to serve with keep
    /// no command from running, and one that is offline connects to no database.
    pub(super) async fn assemble(mut self, offline: bool) -> Result<Server> {
        install_panic_hook(self.settings.is_debug());
        if self.settings.is_debug() {
            Error::keep_traces();
        }
        self.add_plugins();
        checks::apps(&self.apps)?;
        let routes = RouteTable::collect(&self.apps)?;
        checks::states(&self.provided)?;
        let statics = self.statics()?;
        let others = others(self.settings.databases.clone(), offline).await?;
        let database = self.open(offline).await?.with_others(others).with_storages(self.storages());
        checks::databases(&self.apps, database.backend())?;
        let hooks = self.mounts.iter().flat_map(|mount| mount.plugin.hooks()).collect();
        let site = Site::new(SiteParts {
            keyring: keyring(&self)?,
            settings: self.settings,
            database,
            apps: self.apps,
            mounts: self.mounts,
            routes: Arc::new(routes),
            hooks,
            statics: Arc::new(statics),
            error_pages: self.error_pages,
            provided: Arc::new(self.provided),
        });
        let router = router(&site, self.routers, self.layers)?;
        Ok(Server::new(site.clone(), Stack::new(site, router, self.csp)))
    }

    /// The project as a router of axum, with its default stack, to nest or to test.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub async fn router(self) -> Result<Router> {
        Ok(self.build().await?.router())
    }

    /// A plugin that somebody mounted is not added once more because it is linked.
    pub(super) fn add_plugins(&mut self) {
        for mount in builtin::plugins() {
            if !self.mounts.iter().any(|known| known.plugin.name() == mount.plugin.name()) {
                self.mounts.push(mount);
            }
        }
        let more: Vec<App> = self.mounts.iter().flat_map(|mount| mount.plugin.apps()).collect();
        self.apps.extend(more);
    }

    fn statics(&self) -> Result<StaticFiles> {
        let folders: Vec<_> =
            self.apps.iter().filter_map(|app| Some((app.label(), app.statics()?))).collect();
        StaticFiles::collect(&self.settings.static_url, &folders)
    }

    /// The project's storages; `default` is the folder of the settings, unless the project says another.
    fn storages(&self) -> Storages {
        let (settings, own) = (&self.settings, self.storages.clone());
        if own.get(DEFAULT).is_ok() {
            return own;
        }
        own.with(DEFAULT, Arc::new(FileSystemStorage::new(&settings.media_root).at(&settings.media_url)))
    }

    async fn open(&mut self, offline: bool) -> Result<Database> {
        match self.database.take() {
            Some(database) => Ok(database),
            None if offline => Database::unconnected(&self.settings.database),
            None => {
                Database::connect(&self.settings.database).await.context("the database cannot be reached")
            }
        }
    }
}

/// The other databases that the settings name.
async fn others(
    settings: BTreeMap<String, DatabaseSettings>,
    offline: bool,
) -> Result<BTreeMap<String, Database>> {
    let mut others = BTreeMap::new();
    for (name, settings) in settings {
        let database = if offline {
            Database::unconnected(&settings)?
        } else {
            let opened = Database::connect(&settings).await;
            opened.with_context(|| format!("the database `{name}` cannot be reached"))?
        };
        others.insert(name, database);
    }
    Ok(others)
}

fn refuse_unsafe(project: &Project) -> Result<()> {
    let found = project.settings.unsafe_settings();
    if found.is_empty() {
        return Ok(());
    }
    Err(Error::other(format!("these settings are not safe for production:\n- {}", found.join("\n- "))))
}

fn keyring(project: &Project) -> Result<Keyring> {
    let keys = match project.settings.secret_key.expose() {
        // Only a command gets here. What it signs nobody accepts, and nobody can forge.
        "" => Keyring::new(&random_token()?),
        key => Keyring::new(key),
    };
    let fallbacks = project.settings.secret_key_fallbacks.iter();
    Ok(fallbacks.fold(keys, |keys, old| keys.with_fallback(old.expose())))
}

/// axum panics on two routes for one address; ours were checked, those of others are told here.
fn router(site: &Site, others: Vec<Router<Site>>, layers: Vec<AddLayer>) -> Result<Router> {
    let make = AssertUnwindSafe(|| join(site, others, layers));
    catch_unwind(make).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned().unwrap_or_default();
        Error::other(format!("two routers answer one address: {text}"))
    })
}

fn join(site: &Site, others: Vec<Router<Site>>, layers: Vec<AddLayer>) -> Router {
    let mut router = site.routes().router();
    if !site.statics().is_empty() {
        let address = format!("{}{{*path}}", site.settings().static_url);
        router = router.route(&address, get(statics::serve));
    }
    if site.settings().serve_media && site.settings().media_url.starts_with('/') {
        let address = format!("{}{{*path}}", site.settings().media_url);
        router = router.route(&address, get(statics::serve_media));
    }
    for mount in site.mounts() {
        router = nest(router, mount);
    }
    if site.is_debug() {
        router = router.merge(crate::http::repairs());
    }
    router = others.into_iter().fold(router, Router::merge).fallback(not_found);
    let router = layers.into_iter().fold(router, |router, layer| layer(router));
    router.with_state(site.clone())
}

fn nest(router: Router<Site>, mount: &Mount) -> Router<Site> {
    let Some(prefix) = &mount.prefix else { return router };
    match mount.plugin.router(prefix) {
        None => router,
        Some(pages) if prefix == "/" => router.merge(pages),
        // `/admin/` is the first page of the plugin, and `/admin` leads there.
        Some(pages) => {
            let home = format!("{prefix}/");
            let to_home = home.clone();
            router.nest(&home, pages).route(prefix, get(async move || crate::http::redirect(to_home)))
        }
    }
}
