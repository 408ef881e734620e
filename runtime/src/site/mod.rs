//! What a running project is: its database, settings and apps, and the parts that plug into it.
//!
//! [`Site`] is the state of the router, so every handler can have it.
//! [`App`], [`Plugin`], [`Command`], [`RequestHook`] and [`Finding`] are what a
//! project is put together from; `Project` in [`mod@crate::app`] does the putting together.

mod app;
mod command;
mod finding;
mod hook;
mod plugin;
mod provided;
mod repair;

pub(crate) use app::owner;
pub use app::{App, MigrationFolder};
pub use command::{Command, CommandContext, RegisteredCommand};
pub use finding::{Finding, Severity};
pub use futures_util::future::BoxFuture;
pub use hook::RequestHook;
pub use plugin::{Plugin, RegisteredPlugin};
pub(crate) use provided::ProvidedMap;
pub use provided::{Provided, RegisteredState, state};
pub use repair::Repair;

use crate::backend::Database;
use crate::page::ErrorPages;
use crate::routing::RouteTable;
use crate::settings::Settings;
use crate::signing::Keyring;
use crate::statics::StaticFiles;
use std::sync::Arc;

/// A running project. The state of the router: take it as an argument of a view, or `State<Site>`.
#[derive(Clone)]
#[expect(
    clippy::redundant_allocation,
    reason = "the outer one counts the holders of one connection, see `fork`"
)]
pub struct Site(Arc<Arc<SiteParts>>);

/// What a [`Site`] is made of.
#[derive(Clone)]
pub(crate) struct SiteParts {
    pub settings: Settings,
    pub database: Database,
    pub keyring: Keyring,
    pub apps: Vec<App>,
    pub mounts: Vec<Mount>,
    pub routes: Arc<RouteTable>,
    pub hooks: Vec<Arc<dyn RequestHook>>,
    pub statics: Arc<StaticFiles>,
    pub error_pages: ErrorPages,
    pub provided: Arc<ProvidedMap>,
}

/// A plugin and the address it was mounted at, if it has one.
#[derive(Clone)]
pub struct Mount {
    /// The address, such as `/admin`; `None` for a plugin without pages.
    pub prefix: Option<String>,
    /// What was mounted.
    pub plugin: Arc<dyn Plugin>,
}

impl Site {
    pub(crate) fn new(parts: SiteParts) -> Self {
        Self(Arc::new(Arc::new(parts)))
    }

    /// The same site with a count of holders of its own: a connection's requests count on that one, instead of all
    /// processors on the same.
    pub(crate) fn fork(&self) -> Self {
        Self(Arc::new((*self.0).clone()))
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The pool of connections. A view takes a `Db` instead.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The same project on another of its databases, as for `migrate --database archive`.
    ///
    /// # Errors
    /// The settings name no such database.
    pub fn with_database(&self, name: &str) -> crate::Result<Self> {
        let database = self.database().named(name)?.clone();
        let parts = SiteParts { database, ..SiteParts::clone(&self.0) };
        Ok(Self(Arc::new(Arc::new(parts))))
    }

    /// The keys for signing, made from the secret key and its fallbacks.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    /// The apps, in the order in which they were listed.
    #[must_use]
    pub fn apps(&self) -> &[App] {
        &self.0.apps
    }

    /// The app with this label.
    #[must_use]
    pub fn app(&self, label: &str) -> Option<&App> {
        self.0.apps.iter().find(|app| app.label() == label)
    }

    /// The plugins with their addresses.
    #[must_use]
    pub fn mounts(&self) -> &[Mount] {
        &self.0.mounts
    }

    /// The address that the plugin with this name is mounted at, such as `/admin`.
    #[must_use]
    pub fn mounted_at(&self, name: &str) -> Option<&str> {
        self.0.mounts.iter().find(|mount| mount.plugin.name() == name)?.prefix.as_deref()
    }

    /// The routes of the apps' views.
    #[must_use]
    pub fn routes(&self) -> &RouteTable {
        &self.0.routes
    }

    /// The static files of all apps.
    #[must_use]
    pub fn statics(&self) -> &StaticFiles {
        &self.0.statics
    }

    /// What `Project::with` was given of this type.
    ///
    /// A view takes [`Provided<T>`](Provided), or `State<T>` of what [`state!`](crate::state) names.
    #[must_use]
    pub fn provided<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.provided.get()
    }

    /// Whether this is a debug run: error pages show everything.
    #[must_use]
    pub fn is_debug(&self) -> bool {
        self.0.settings.is_debug()
    }

    pub(crate) fn hooks(&self) -> &[Arc<dyn RequestHook>] {
        &self.0.hooks
    }

    pub(crate) fn error_pages(&self) -> &ErrorPages {
        &self.0.error_pages
    }
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let labels: Vec<_> = self.0.apps.iter().map(App::label).collect();
        f.debug_struct("Site").field("apps", &labels).finish_non_exhaustive()
    }
}
