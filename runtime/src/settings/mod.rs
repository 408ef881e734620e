//! Settings: from the environment and an optional `nuages.toml`.
//!
//! A variable of the environment goes before the file, the file before the
//! default. [`KEYS`] lists every setting. In production a project
//! with unsafe settings does not start, and says everything that is unsafe at once.

mod build;
mod hosts;
mod production;
mod secret;
mod source;

pub use hosts::HostPattern;
pub(crate) use hosts::is_host;
pub use secret::Secret;
pub use source::{KEYS, Key};

use crate::backend::DatabaseSettings;
use crate::error::Result;
use crate::value::Zone;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Everything that may differ between two runs of one binary.
///
/// ```
/// use nuages::settings::Settings;
///
/// let settings = Settings::from_pairs([("ENV", "debug"), ("DATABASE_URL", "sqlite::memory:")]).unwrap();
/// assert!(settings.is_debug());
/// assert!(!format!("{settings:?}").contains(settings.secret_key.expose()));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// Debug or production.
    pub environment: Environment,
    /// What signs cookies and tokens.
    pub secret_key: Secret,
    /// Older keys that are still accepted.
    pub secret_key_fallbacks: Vec<Secret>,
    /// The host names that the project answers to.
    pub hosts: Vec<HostPattern>,
    /// Other sites that may send forms here, such as `https://pay.example.org`.
    pub trusted_origins: Vec<String>,
    /// How to reach the database.
    pub database: DatabaseSettings,
    /// Other databases by name, for [`Db::using`](crate::Db::using).
    pub databases: BTreeMap<String, DatabaseSettings>,
    /// The address that the server listens on.
    pub bind: SocketAddr,
    /// How the site is reached over TLS.
    pub https: Https,
    /// Limits on requests and connections.
    pub limits: Limits,
    /// Where static files are served, with a slash at both ends.
    pub static_url: String,
    /// The folder of uploaded files.
    pub media_root: std::path::PathBuf,
    /// Where browsers find uploaded files, with a slash at its end.
    pub media_url: String,
    /// The program itself answers with uploaded files; in debug it does, unless told otherwise.
    pub serve_media: bool,
    /// The language of pages, such as `en`.
    pub language: String,
    /// The zone in which forms, pages and the admin show and read times.
    pub time_zone: Zone,
    /// How long an unused session lives.
    pub session_age: Duration,
    /// Where the settings file was, if there was one.
    pub file: Option<std::path::PathBuf>,
    /// What they were read from.
    given: Arc<source::Values>,
}

/// Debug or production.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Error pages show everything, defaults are convenient.
    Debug,
    /// Error pages show an id, defaults are safe or missing.
    Production,
}

/// How the site is reached over TLS. The server itself speaks plain HTTP, behind a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Https {
    /// Browsers reach the site by https: cookies are `Secure` and `__Host-`.
    pub on: bool,
    /// How long browsers remember to use https only; `None` if nobody decided.
    pub hsts: Option<Duration>,
    /// HSTS for subdomains too, and preloading.
    pub hsts_subdomains: bool,
    /// Requests that came by http are sent to https.
    pub redirect: bool,
    /// A proxy in front sets `X-Forwarded-Proto` and `X-Forwarded-For`, and drops what clients send.
    pub trust_proxy: bool,
}

/// Limits on requests and connections.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most connections at a time; more wait in the system's queue.
    pub connections: usize,
    /// How long a client may take to send a request's head.
    pub header_timeout: Duration,
    /// How long a client may take to send a request's body.
    pub body_timeout: Duration,
    /// How long a view may take.
    pub request_timeout: Duration,
    /// How long open requests may go on after the signal to stop.
    pub drain_timeout: Duration,
    /// The most bytes of an address.
    pub uri: usize,
    /// The most bytes of all headers.
    pub headers: usize,
    /// The most bytes of a body. A view that takes files may raise it.
    pub body: usize,
    /// The most bytes of a body of forms that take files, and of the admin's.
    pub upload: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(10),
            uri: 8 * 1024,
            headers: 16 * 1024,
            body: 2_621_440,
            upload: 20_971_520,
        }
    }
}

impl Settings {
    /// Reads the environment, and `nuages.toml` (or the file that `NUAGES_SETTINGS` names).
    ///
    /// # Errors
    /// Lists every setting that cannot be read.
    pub fn from_env() -> Result<Self> {
        let named = std::env::var_os("NUAGES_SETTINGS").map(std::path::PathBuf::from);
        let file = named.or_else(|| Some(Path::new("nuages.toml").to_owned()).filter(|path| path.exists()));
        let mut values = source::Values::default();
        if let Some(path) = &file {
            values.read_file(path)?;
        }
        values.read_env(std::env::vars_os());
        let settings = build::settings(&values)?;
        Ok(Self { file, given: Arc::new(values), ..settings })
    }

    /// Settings from names and texts, as in the environment but without `NUAGES_`; for tests.
    ///
    /// # Errors
    /// Lists every setting that cannot be read.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut values = source::Values::default();
        for (name, value) in pairs {
            values.set(name, value);
        }
        let settings = build::settings(&values)?;
        Ok(Self { given: Arc::new(values), ..settings })
    }

    /// What the same environment and file are to a production run.
    pub(crate) fn as_production(&self) -> Result<Self> {
        let mut values = source::Values::clone(&self.given);
        values.set("ENV", "production");
        build::settings(&values)
    }

    /// Whether this is a debug run.
    #[must_use]
    pub fn is_debug(&self) -> bool {
        self.environment == Environment::Debug
    }

    /// What keeps a production run from starting; empty if nothing does, and in debug.
    #[must_use]
    pub fn unsafe_settings(&self) -> Vec<String> {
        if self.is_debug() { Vec::new() } else { production::findings(self) }
    }

    /// The name of a cookie: with `__Host-` before it where cookies are for https only.
    #[must_use]
    pub fn cookie_name(&self, name: &str) -> String {
        if self.https.on { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// The name of the session's cookie.
    #[must_use]
    pub fn session_cookie(&self) -> &'static str {
        if self.https.on { "__Host-sessionid" } else { "sessionid" }
    }

    /// Whether requests for this host name are answered.
    #[must_use]
    pub fn allows_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|pattern| pattern.matches(host))
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
