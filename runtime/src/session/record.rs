//! A session as the database has it.

use super::{SessionExpiry, SessionSettings, SessionToken};
use crate::backend::Row;
use crate::value::{DateTime, Json, Value};
use crate::{Error, Result};
use chrono::{TimeDelta, Utc};
use serde_json::Map;
use std::time::Duration;

/// What a session holds, by key.
pub(super) type Data = Map<String, Json>;

/// The key under which an expiry of its own is kept.
const EXPIRY: &str = "_expiry";

/// One row of the table.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) token: SessionToken,
    pub(super) user: Option<SessionUser>,
    pub(super) data: Data,
    pub(super) created: DateTime,
    pub(super) expires: DateTime,
    pub(super) version: i64,
}

/// Who is logged in, and the proof that the password is still the same.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SessionUser {
    /// The user's key as text: which type it has is the project's choice, and one table holds them all.
    pub(super) key: String,
    pub(super) auth_hash: String,
}

impl Record {
    /// The columns in the order in which [`read`](Self::read) wants them.
    pub(super) const COLUMNS: &'static str =
        "s.user_id, s.auth_hash, s.data, s.created, s.expires, s.version";

    /// How many columns these are.
    pub(super) const WIDTH: usize = 6;

    /// Reads a row that begins with [`COLUMNS`](Self::COLUMNS).
    pub(super) fn read(row: &Row, token: SessionToken) -> Result<Self> {
        let missing = || Error::other("a column of the session is NULL that never should be");
        let user = match row.text(0)? {
            None => None,
            Some(key) => Some(SessionUser { key, auth_hash: row.text(1)?.unwrap_or_default() }),
        };
        Ok(Self {
            token,
            user,
            data: parse_data(&row.text(2)?.ok_or_else(missing)?)?,
            created: row.datetime(3)?.ok_or_else(missing)?,
            expires: row.datetime(4)?.ok_or_else(missing)?,
            version: row.i64(5)?.ok_or_else(missing)?,
        })
    }
}

/// The key of a user as the table of sessions has it; the statement that reads session and user turns it back.
pub(crate) fn key_text(key: &Value) -> String {
    match key {
        Value::Int(key) => key.to_string(),
        Value::Text(key) => key.clone(),
        Value::Uuid(key) => key.simple().to_string(),
        other => format!("{other:?}"),
    }
}

/// The data as the database keeps it.
pub(super) fn parse_data(text: &str) -> Result<Data> {
    Ok(serde_json::from_str(text)?)
}

/// The lifetime that the data asks for.
pub(super) fn expiry(data: &Data) -> SessionExpiry {
    match data.get(EXPIRY).and_then(Json::as_u64) {
        None => SessionExpiry::Default,
        Some(0) => SessionExpiry::BrowserClose,
        Some(seconds) => SessionExpiry::After(Duration::from_secs(seconds)),
    }
}

/// The entry that keeps a lifetime; `None` takes the entry away.
pub(super) fn expiry_entry(expiry: SessionExpiry) -> (String, Option<Json>) {
    let seconds = match expiry {
        SessionExpiry::Default => None,
        SessionExpiry::BrowserClose => Some(Json::from(0)),
        SessionExpiry::After(time) => Some(Json::from(time.as_secs().max(1))),
    };
    (EXPIRY.to_owned(), seconds)
}

/// When a session that is used now ends: by idleness, or by age.
pub(super) fn expires(settings: &SessionSettings, data: &Data, created: DateTime) -> DateTime {
    let idle = later(Utc::now(), idle_time(settings, data));
    idle.min(later(created, settings.absolute))
}

/// How long it lives without use.
pub(super) fn idle_time(settings: &SessionSettings, data: &Data) -> Duration {
    match expiry(data) {
        SessionExpiry::After(time) => time,
        SessionExpiry::Default | SessionExpiry::BrowserClose => settings.idle,
    }
}

/// The age that its cookie is given; none, if it goes when the browser closes.
pub(super) fn cookie_age(settings: &SessionSettings, data: &Data, expires: DateTime) -> Option<Duration> {
    let closes = match expiry(data) {
        SessionExpiry::Default => settings.expire_at_browser_close,
        SessionExpiry::BrowserClose => true,
        SessionExpiry::After(_) => false,
    };
    if closes { None } else { Some((expires - Utc::now()).to_std().unwrap_or_default()) }
}

/// Far future instead of an overflow.
fn later(start: DateTime, by: Duration) -> DateTime {
    let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
    start.checked_add_signed(by).unwrap_or(start + TimeDelta::days(36_500))
}
