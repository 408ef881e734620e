//! Lifetimes of sessions.

use super::SessionToken;
use std::time::Duration;

/// One day.
const DAY: Duration = Duration::from_secs(86_400);

/// How long sessions live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSettings {
    /// A session ends when it was not used for so long.
    pub idle: Duration,
    /// A session ends so long after login, used or not.
    pub absolute: Duration,
    /// Whether the cookie goes when the browser closes.
    pub expire_at_browser_close: bool,
}

/// Two weeks without use, ninety days in all.
impl Default for SessionSettings {
    fn default() -> Self {
        Self { idle: DAY * 14, absolute: DAY * 90, expire_at_browser_close: false }
    }
}

/// How long one session lives without use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionExpiry {
    /// As the settings say.
    Default,
    /// As the settings say, and no longer than the browser is open.
    BrowserClose,
    /// So long, but never beyond the absolute lifetime.
    After(Duration),
}

/// What the browser is to do with the session's cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CookieChange {
    /// Nothing.
    Keep,
    /// Hold this token, for so long or until the browser closes.
    Set(SessionToken, Option<Duration>),
    /// Forget it.
    Remove,
}
