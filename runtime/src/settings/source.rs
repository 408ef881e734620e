//! Where settings come from: names with texts, out of the environment and a file.

use crate::error::{Context, Error, Result};
use crate::routing::nearest;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::Path;

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name in the file; in the environment it is upper case with `NUAGES_` before it.
    pub name: &'static str,
    /// Whether the environment may leave `NUAGES_` out, because other tools use the name too.
    pub plain: bool,
    /// What it is for.
    pub about: &'static str,
}

const fn key(name: &'static str, about: &'static str) -> Key {
    Key { name, plain: false, about }
}

const fn plain(name: &'static str, about: &'static str) -> Key {
    Key { name, plain: true, about }
}

/// Every setting.
pub const KEYS: &[Key] = &[
    key("env", "`debug` or `production`; without it, what the binary was built as"),
    plain("secret_key", "signs cookies and tokens: 50 random characters or more"),
    key("secret_key_fallbacks", "older secret keys that are still accepted, separated by commas"),
    key("hosts", "the host names the site answers to, such as `example.org, .example.net`"),
    key("trusted_origins", "other sites that may send forms here, such as `https://pay.example.org`"),
    plain("database_url", "`sqlite:path`, `postgres://…` or `mysql://…`"),
    key("database_replicas", "copies of the database to read from, separated by commas"),
    key("databases", "other databases, such as `archive=postgres://db/archive, log=sqlite:log.db`"),
    key("database_connections", "the most connections to the database"),
    key("database_wait", "seconds to wait for a free connection"),
    key("bind", "the address to listen on, such as `127.0.0.1:8000`"),
    plain("port", "the port to listen on, on every address"),
    key("https", "whether browsers reach the site by https (`true` or `false`)"),
    key("allow_http_cookies", "`true` to run in production without https, such as in a closed network"),
    key("hsts_seconds", "how long browsers remember to use https only; 0 for not at all"),
    key("hsts_subdomains", "`true` to include subdomains and preloading"),
    key("https_redirect", "`true` to send requests that came by http to https"),
    key("trust_proxy", "`true` if a proxy in front sets X-Forwarded-Proto and X-Forwarded-For"),
    key("max_connections", "the most clients connected at a time"),
    key("max_body", "the most bytes of a request's body"),
    key("max_upload", "the most bytes of a form with files, 20 MiB if not given"),
    key("request_timeout", "seconds that a view may take"),
    key("drain_timeout", "seconds that open requests may go on after the signal to stop"),
    key("static_url", "where static files are served, `/static/` if not given"),
    key("media_root", "the folder of uploaded files, `media` if not given"),
    key(
        "media_url",
        "where browsers find uploaded files: `/media/` if not given, or `https://files.example.org/`",
    ),
    key("serve_media", "whether the program itself answers with uploaded files; only in debug if not given"),
    key("language", "the language of pages, `en` if not given"),
    key("time_zone", "the zone of forms and pages, such as `Europe/Berlin` or `+01:00`; `UTC` if not given"),
    key("session_days", "how long an unused session lives, 14 if not given"),
];

/// Variables of ours that are not settings.
const NOT_SETTINGS: &[&str] = &["settings", "log"];

/// A text, and where it was given.
type Given = (String, String);

/// The texts that were given, by the name of the setting, with where each came from.
#[derive(Clone, Default)]
pub(super) struct Values {
    texts: BTreeMap<&'static str, Given>,
    /// Names that no setting has.
    pub unknown: Vec<String>,
}

/// The texts may be secret.
impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Values(…)")
    }
}

impl Values {
    /// The text of a setting and where it came from.
    pub(super) fn get(&self, name: &str) -> Option<(&str, &str)> {
        self.texts.get(name).map(|(text, place)| (text.as_str(), place.as_str()))
    }

    /// Sets one, with the name as in the environment but without `NUAGES_`.
    pub(super) fn set(&mut self, name: &str, text: &str) {
        self.put(&name.to_ascii_lowercase(), text.to_owned(), name.to_owned());
    }

    fn put(&mut self, name: &str, text: String, place: String) {
        match KEYS.iter().find(|key| key.name == name) {
            Some(key) => {
                self.texts.insert(key.name, (text, place));
            }
            None => self.unknown.push(unknown(name, &place)),
        }
    }

    pub(super) fn read_env(&mut self, vars: impl Iterator<Item = (OsString, OsString)>) {
        for (name, text) in vars {
            let (Some(name), Some(text)) = (name.to_str(), text.to_str()) else { continue };
            match name.strip_prefix("NUAGES_") {
                Some(rest) => self.put_ours(&rest.to_ascii_lowercase(), text, name),
                None => self.put_plain(name, text),
            }
        }
    }

    /// The build and the tests have variables of their own; only a near miss is a mistake.
    fn put_ours(&mut self, rest: &str, text: &str, name: &str) {
        let known = KEYS.iter().any(|key| key.name == rest);
        let near = !NOT_SETTINGS.contains(&rest) && nearest(rest, KEYS.iter().map(|key| key.name)).is_some();
        if known || near {
            self.put(rest, text.to_owned(), name.to_owned());
        }
    }

    /// A name that other tools use too. Ours goes first, in whatever order they come.
    fn put_plain(&mut self, name: &str, text: &str) {
        let key = KEYS.iter().find(|key| key.plain && key.name.to_ascii_uppercase() == name);
        let Some(key) = key else { return };
        if !self.get(key.name).is_some_and(|(_, place)| place.starts_with("NUAGES_")) {
            self.put(key.name, text.to_owned(), name.to_owned());
        }
    }

    pub(super) fn read_file(&mut self, path: &Path) -> Result<()> {
        let place = path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(|| format!("{place} cannot be read"))?;
        let table: toml::Table = text.parse().with_context(|| format!("{place} is not TOML"))?;
        for (name, value) in table {
            let text = plain_text(&value).ok_or_else(|| {
                Error::other(format!(
                    "`{name}` in {place} must be a text, a number, true, false, or a list of texts"
                ))
            })?;
            self.put(&name, text, format!("{name} in {place}"));
        }
        Ok(())
    }
}

fn unknown(name: &str, place: &str) -> String {
    match nearest(name, KEYS.iter().map(|key| key.name)) {
        Some(known) => format!("{place}: there is no setting `{name}`; did you mean `{known}`?"),
        None => format!("{place}: there is no setting `{name}`"),
    }
}

fn plain_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(list) => {
            let texts: Option<Vec<_>> = list.iter().map(plain_text).collect();
            Some(texts?.join(","))
        }
        _ => None,
    }
}
