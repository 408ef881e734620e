//! From texts to settings. Everything that cannot be read is listed at once.

use super::source::Values;
use super::{Environment, HostPattern, Https, Limits, Secret, Settings, secret};
use crate::backend::DatabaseSettings;
use crate::error::{Error, Result};
use crate::routing::nearest;
use crate::value::Zone;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// The hosts of a debug run.
const LOCAL_HOSTS: [&str; 4] = ["localhost", ".localhost", "127.0.0.1", "[::1]"];

pub(super) fn settings(values: &Values) -> Result<Settings> {
    let mut reader = Reader { values, errors: values.unknown.clone() };
    let environment = reader.environment();
    let debug = environment == Environment::Debug;
    let settings = Settings {
        environment,
        secret_key: reader.secret_key(debug)?,
        secret_key_fallbacks: reader.list("secret_key_fallbacks").into_iter().map(Secret::new).collect(),
        hosts: reader.hosts(debug),
        trusted_origins: reader.origins(),
        database: reader.database(debug),
        databases: reader.databases(),
        bind: reader.bind(),
        https: reader.https(debug),
        limits: reader.limits(),
        static_url: reader.static_url(),
        media_root: reader.text("media_root").unwrap_or("media").into(),
        media_url: reader.media_url(),
        serve_media: reader.flag("serve_media").unwrap_or(debug),
        language: reader.text("language").unwrap_or("en").to_owned(),
        time_zone: reader.time_zone(),
        session_age: Duration::from_secs(86_400 * reader.number("session_days").unwrap_or(14)),
        file: None,
        given: Arc::default(),
    };
    if reader.errors.is_empty() {
        return Ok(settings);
    }
    Err(Error::other(format!("the settings cannot be read:\n- {}", reader.errors.join("\n- "))))
}

struct Reader<'a> {
    values: &'a Values,
    errors: Vec<String>,
}

impl<'a> Reader<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.values.get(name).map(|(text, _)| text.trim()).filter(|text| !text.is_empty())
    }

    fn list(&self, name: &str) -> Vec<&'a str> {
        let text = self.text(name).unwrap_or_default();
        text.split(',').map(str::trim).filter(|one| !one.is_empty()).collect()
    }

    fn wrong(&mut self, name: &str, want: &str) {
        let place = self.values.get(name).map_or(name, |(_, place)| place);
        self.errors.push(format!("{place}: {want}"));
    }

    fn number(&mut self, name: &str) -> Option<u64> {
        let text = self.text(name)?;
        let number = text.replace('_', "").parse().ok();
        if number.is_none() {
            self.wrong(name, "write a whole number");
        }
        number
    }

    fn flag(&mut self, name: &str) -> Option<bool> {
        match self.text(name)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => {
                self.wrong(name, "write `true` or `false`");
                None
            }
        }
    }

    fn environment(&mut self) -> Environment {
        match self.text("env") {
            Some("production" | "prod") => Environment::Production,
            Some("debug" | "development" | "dev") => Environment::Debug,
            None if cfg!(debug_assertions) => Environment::Debug,
            None => Environment::Production,
            Some(_) => {
                self.wrong("env", "write `debug` or `production`");
                Environment::Production
            }
        }
    }

    /// In production a missing key is empty here, which the production check refuses.
    fn secret_key(&mut self, debug: bool) -> Result<Secret> {
        match self.text("secret_key") {
            Some(text) => Ok(Secret::new(text)),
            None if debug => secret::debug_key(),
            None => Ok(Secret::new("")),
        }
    }

    fn hosts(&mut self, debug: bool) -> Vec<HostPattern> {
        let mut names = self.list("hosts");
        if debug {
            names.extend(LOCAL_HOSTS);
        }
        let mut hosts = Vec::new();
        for name in names {
            match HostPattern::parse(name) {
                Ok(host) => hosts.push(host),
                Err(text) => self.wrong("hosts", &text),
            }
        }
        hosts
    }

    fn origins(&mut self) -> Vec<String> {
        let mut origins = Vec::new();
        for text in self.list("trusted_origins") {
            let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
            if host.is_some_and(|host| !host.is_empty() && !host.contains('/')) {
                origins.push(text.to_ascii_lowercase());
            } else {
                self.wrong("trusted_origins", &format!("`{text}` is no origin; write `https://example.org`"));
            }
        }
        origins
    }

    fn database(&mut self, debug: bool) -> DatabaseSettings {
        // In production a missing URL is empty here, which the production check refuses.
        let default = if debug { "sqlite:db.sqlite3" } else { "" };
        let mut database = DatabaseSettings::new(self.text("database_url").unwrap_or(default));
        if let Some(most) = self.number("database_connections") {
            database.max_connections = u32::try_from(most).unwrap_or(u32::MAX).max(1);
        }
        if let Some(seconds) = self.number("database_wait") {
            database.acquire_timeout = Duration::from_secs(seconds);
        }
        database.replicas = self.list("database_replicas").into_iter().map(str::to_owned).collect();
        database
    }

    /// Further databases by name.
    fn databases(&mut self) -> BTreeMap<String, DatabaseSettings> {
        let mut databases = BTreeMap::new();
        for text in self.list("databases") {
            match text.split_once('=').map(|(name, url)| (name.trim(), url.trim())) {
                Some((name, url)) if !name.is_empty() && !url.is_empty() && !name.contains(':') => {
                    databases.insert(name.to_owned(), DatabaseSettings::new(url));
                }
                _ => self.wrong(
                    "databases",
                    "write a name and a URL for each, such as `archive=postgres://db/archive`",
                ),
            }
        }
        databases
    }

    fn bind(&mut self) -> SocketAddr {
        let local = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8000);
        if let Some(text) = self.text("bind") {
            return text.parse().unwrap_or_else(|_| {
                self.wrong("bind", "write an address with a port, such as `127.0.0.1:8000`");
                local
            });
        }
        match self.number("port").map(u16::try_from) {
            Some(Ok(port)) => SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port),
            Some(Err(_)) => {
                self.wrong("port", "write a number below 65536");
                local
            }
            None => local,
        }
    }

    fn https(&mut self, debug: bool) -> Https {
        let given = self.flag("https");
        let http_is_fine = self.flag("allow_http_cookies").unwrap_or(false);
        Https {
            on: given.unwrap_or(!debug && !http_is_fine),
            hsts: match self.number("hsts_seconds") {
                Some(seconds) => Some(Duration::from_secs(seconds)),
                // Who said that there is no https anywhere has decided on HSTS too.
                None if http_is_fine => Some(Duration::ZERO),
                None => None,
            },
            hsts_subdomains: self.flag("hsts_subdomains").unwrap_or(false),
            redirect: self.flag("https_redirect").unwrap_or(false),
            trust_proxy: self.flag("trust_proxy").unwrap_or(false),
        }
    }

    fn limits(&mut self) -> Limits {
        let mut limits = Limits::default();
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        if let Some(most) = self.number("max_connections") {
            limits.connections = size(most).clamp(1, 1 << 20);
        }
        if let Some(most) = self.number("max_body") {
            limits.body = size(most);
        }
        if let Some(most) = self.number("max_upload") {
            limits.upload = size(most);
        }
        if let Some(seconds) = self.number("request_timeout") {
            limits.request_timeout = Duration::from_secs(seconds);
        }
        if let Some(seconds) = self.number("drain_timeout") {
            limits.drain_timeout = Duration::from_secs(seconds);
        }
        limits
    }

    fn static_url(&mut self) -> String {
        let text = self.text("static_url").unwrap_or("/static/").trim_matches('/');
        if text.is_empty() || text.contains(['{', '}', '?', '#', ':']) {
            self.wrong("static_url", "write an address on this site, such as `/static/`");
            return "/static/".to_owned();
        }
        format!("/{text}/")
    }

    fn media_url(&mut self) -> String {
        let text = self.text("media_url").unwrap_or("/media/").trim_end_matches('/');
        let is_here = text.starts_with('/') && !text.starts_with("//") && !text.contains(':');
        if !(is_here || text.starts_with("https://") || text.starts_with("http://"))
            || text.contains(['{', '}', '?', '#'])
        {
            self.wrong("media_url", "write an address such as `/media/` or `https://files.example.org/`");
        }
        format!("{text}/")
    }

    fn time_zone(&mut self) -> Zone {
        let Some(text) = self.text("time_zone") else { return Zone::UTC };
        text.parse().unwrap_or_else(|error: String| {
            let near = nearest(text, Zone::names()).map(|name| format!("; did you mean `{name}`?"));
            self.wrong("time_zone", &format!("{error}{}", near.unwrap_or_default()));
            Zone::UTC
        })
    }
}
