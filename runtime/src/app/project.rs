//! What `main` writes down.

use crate::backend::Database;
use crate::error::Result;
use crate::http::Problem;
use crate::middleware::ContentSecurityPolicy;
use crate::page::ErrorPages;
use crate::settings::Settings;
use crate::site::{App, Command, Mount, Plugin, ProvidedMap, Site};
use crate::storage::{Storage, Storages};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::Route;
use std::convert::Infallible;
use std::sync::Arc;
use tower::{Layer, Service};

/// A project: what `main` writes down, before it runs.
///
/// ```no_run
/// # use nuages::{App, Project};
/// # fn app() -> App { App::new("shop", "shop") }
/// # #[derive(Clone)] struct Mailer;
/// # async fn example() -> nuages::Result<()> {
/// Project::from_env()?
///     .app(app().at("/shop"))                         // the crate's own models and views
///     .with(Mailer)                                   // views take `Provided<Mailer>`
///     .run()                                          // serves, or runs the command on the command line
///     .await
/// # }
/// ```
#[must_use = "a project does nothing until it is run"]
pub struct Project {
    pub(super) settings: Settings,
    pub(super) apps: Vec<App>,
    pub(super) mounts: Vec<Mount>,
    pub(super) routers: Vec<Router<Site>>,
    pub(super) layers: Vec<AddLayer>,
    pub(super) commands: Vec<Command>,
    pub(super) provided: ProvidedMap,
    pub(super) error_pages: ErrorPages,
    pub(super) csp: ContentSecurityPolicy,
    pub(super) database: Option<Database>,
    pub(super) storages: Storages,
}

/// Puts one layer around a router.
pub(super) type AddLayer = Box<dyn FnOnce(Router<Site>) -> Router<Site> + Send>;

impl Project {
    /// A project with the settings of the environment and `nuages.toml`.
    ///
    /// # Errors
    /// Lists every setting that cannot be read.
    pub fn from_env() -> Result<Self> {
        Settings::from_env().map(Self::new)
    }

    /// A project with these settings.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            apps: Vec::new(),
            mounts: Vec::new(),
            routers: Vec::new(),
            layers: Vec::new(),
            commands: Vec::new(),
            provided: ProvidedMap::default(),
            error_pages: ErrorPages::default(),
            csp: ContentSecurityPolicy::strict(),
            database: None,
            storages: Storages::new(),
        }
    }

    /// Lists an app: `shop::app()`, or `shop::app().at("/shop")`.
    pub fn app(mut self, app: App) -> Self {
        self.apps.push(app);
        self
    }

    /// Mounts a plugin with pages: `.mount("/admin", nuages_admin::site())`.
    pub fn mount(mut self, prefix: &str, plugin: impl Plugin) -> Self {
        let prefix = format!("/{}", prefix.trim_matches('/'));
        self.mounts.push(Mount { prefix: Some(prefix), plugin: Arc::new(plugin) });
        self
    }

    /// Adds a plugin without pages of its own.
    pub fn plug(mut self, plugin: impl Plugin) -> Self {
        self.mounts.push(Mount { prefix: None, plugin: Arc::new(plugin) });
        self
    }

    /// Gives a value to the views, which take it as `Provided<T>`.
    pub fn with<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.provided.insert(value);
        self
    }

    /// Adds any router of axum. The default stack stands around it too, so that what it
    /// changes is protected against requests from other sites.
    pub fn merge(mut self, router: impl Into<Router<Site>>) -> Self {
        self.routers.push(router.into());
        self
    }

    /// Puts a layer of tower around every route, inside the default stack. The last one is the outermost.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        self.layers.push(Box::new(move |router| router.layer(layer)));
        self
    }

    /// Adds a command to the binary's own.
    pub fn command(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    /// The project's own page for a status, such as 404, shown in production.
    pub fn error_page<R: IntoResponse>(
        mut self,
        status: StatusCode,
        make: impl Fn(&Problem) -> R + Send + Sync + 'static,
    ) -> Self {
        self.error_pages.insert(status, make);
        self
    }

    /// What pages may load and run, if more than the site's own files.
    pub fn content_security_policy(mut self, policy: ContentSecurityPolicy) -> Self {
        self.csp = policy;
        self
    }

    /// Uses a database that is open already, such as a test's.
    pub fn database(mut self, database: Database) -> Self {
        self.database = Some(database);
        self
    }

    /// Gives a storage an alias: `.storage("private", FileSystemStorage::new("private"))`. Files of a field
    /// `File<Private>` lie there. The alias `default` takes the place of the folder `media_root`.
    pub fn storage(mut self, alias: &str, storage: impl Storage) -> Self {
        self.storages = self.storages.with(alias, Arc::new(storage));
        self
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
